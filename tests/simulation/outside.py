"""How does somebody read the exports who knows nothing of us? With pandas, lxml, webvtt and the standard library."""

from __future__ import annotations

import csv
import gzip
import json
import mailbox
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import webvtt
from lxml import etree

SPACE = "{http://www.xes-standard.org/}"
UTF, GB = "utf-8-sig", "gb18030"
TEXTS = {"通话编号": str}  # what looks like a number and is none
NUMBER = re.compile(rb'key="concept:name" value="([^"]*)"')


def table(folder: Path, name: str, encoding: str = UTF) -> pd.DataFrame:
    """A CSV file as texts and numbers; what is empty stays an empty text where texts stand."""
    return pd.read_csv(folder / name, encoding=encoding, keep_default_na=False, na_values=[""], dtype=TEXTS)


def unpacked(path: Path) -> str:
    """All words of a file, whatever it is packed in."""
    if path.suffix == ".parquet":
        found = pd.read_parquet(path).select_dtypes(exclude=["number", "datetime", "bool"])
        return "\n".join(str(value) for name in found for value in found[name].unique())
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as parts:
            return "\n".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def parquet(folder: Path, pattern: str, columns: list[str] | None = None) -> pd.DataFrame:
    """All files of one kind together."""
    parts = [pd.read_parquet(path, columns=columns) for path in sorted(folder.glob(pattern))]
    return pd.concat(parts, ignore_index=True)


def tickets(folder: Path) -> pd.DataFrame:
    """All tickets, with their lane (A ordinary, V priority, B corporate) and minutes waited and served."""
    found = parquet(folder, "queue/*.parquet")
    found["branch"], found["lane"] = found["branch"].astype(str), found["kiosk_number"].astype(str).str[0]
    gone = found["called_at"].fillna(found["left_at"])
    found["wait"] = (gone - found["arrived_at"]).dt.total_seconds() / 60
    found["handling"] = (found["ended_at"] - found["called_at"]).dt.total_seconds() / 60
    found["day"] = found["arrived_at"].dt.normalize()
    return found


def answers(folder: Path) -> pd.DataFrame:
    """The satisfaction survey after visits."""
    found = table(folder, "surveys/答卷.csv")
    found["at"] = pd.to_datetime(found["提交时间"])
    return found.rename(columns={"网点": "branch", "满意度(1-5)": "satisfied", "客户号": "customer"})


def register(folder: Path) -> pd.DataFrame:
    """The complaints register, its moments as moments."""
    found = table(folder, "complaints/投诉登记簿.csv")
    for column in ("登记时间", "首次联系时间", "答复时间", "办结时间"):
        found[column] = pd.to_datetime(found[column])
    return found


def cases(
    folder: Path, code: str, ending: tuple[str, ...] = ("",), only: frozenset[str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One process: its cases with their attributes, and its steps with start, end, person and unit.

    A sample where that will do: those whose number ends with one of these digits, or only these.
    """
    return _cases(folder, code, ending, only)


@cache
def _cases(
    folder: Path, code: str, ending: tuple[str, ...], only: frozenset[str] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    of_cases, of_events = [], []
    log = gzip.decompress((folder / f"processes/{code}.xes.gz").read_bytes())
    for found in log.split(b"<trace>")[1:]:
        number = NUMBER.search(found)[1].decode()  # type: ignore[index]
        if not number.endswith(ending) or (only is not None and number not in only):
            continue  # before it is read as XML, which takes the time
        trace = etree.fromstring(b"<trace>" + found.removesuffix(b"</log>\n"))
        of_cases.append({child.get("key"): child.get("value") for child in trace if child.tag != "event"})
        for event in trace.iterfind("event"):
            of_events.append({"case": number, **{child.get("key"): child.get("value") for child in event}})
    events = pd.DataFrame(of_events)
    events["at"] = pd.to_datetime(events["time:timestamp"]).dt.tz_localize(None)
    return pd.DataFrame(of_cases).set_index("concept:name"), _steps(events)


def _steps(events: pd.DataFrame) -> pd.DataFrame:
    """Each step once. The n-th start of an activity in a case belongs to its n-th completion."""
    events["round"] = events.groupby(["case", "concept:name", "lifecycle:transition"]).cumcount()
    key = ["case", "concept:name", "round"]
    starts = events[events["lifecycle:transition"] == "start"].rename(columns={"at": "start"})
    ends = events[events["lifecycle:transition"] == "complete"].rename(columns={"at": "end"})
    both = starts.merge(ends[[*key, "end"]], on=key, how="outer", validate="one_to_one")
    return both.rename(columns={"concept:name": "step", "org:resource": "who", "org:group": "unit"})


def truth(folder: Path) -> dict[str, Any]:
    """What was planted, and how much was written."""
    return dict(json.loads((folder / "truth.json").read_text("utf-8")))


def planted(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The planted effects of one kind."""
    return [effect for effect in truth(folder)["planted"] if effect["kind"] == kind]


def voices(folder: Path) -> list[dict[str, Any]]:
    """What is true of each text, with file and number."""
    return [json.loads(line) for line in (folder / "truth-voices.jsonl").read_text("utf-8").splitlines()]


def texts(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Every text that stands in the exports: file, number there, and the words."""
    for name, encoding, number, words in (
        ("surveys/答卷.csv", UTF, "答卷编号", "意见与建议"),
        ("complaints/投诉登记簿.csv", UTF, "投诉编号", "投诉内容"),
        ("reviews/应用市场评论.csv", GB, "评论ID", "评论内容"),
    ):
        with (folder / name).open(encoding=encoding, newline="") as file:
            yield from ((name, row[number], row[words]) for row in csv.DictReader(file))
    feed = json.loads((folder / "reviews/app-store.json").read_text("utf-8"))["feed"]["entry"]
    yield from (("reviews/app-store.json", one["id"]["label"], one["content"]["label"]) for one in feed)
    for message in json.loads((folder / "website/messages.json").read_text("utf-8")):
        yield "website/messages.json", message["id"], message["content"]
    for mail in mails(folder):
        yield "website/mails.mbox", mail["Message-ID"].strip("<>").partition("@")[0], body(mail)
    for name, number, words in (("social/posts.jsonl", "id", "text"), ("suggestions/slips.jsonl", "slip", "words")):
        for line in (folder / name).read_text("utf-8").splitlines():
            yield name, json.loads(line)[number], json.loads(line)[words]
    for path in sorted((folder / "groups").glob("*.txt")):
        for turn, line in enumerate(path.read_text("utf-8").split("\n")[2:-1], 1):
            yield "groups", f"{path.stem}#{turn}", line.partition("：")[2]
    for path in sorted((folder / "hotline/transcripts").glob("*.vtt")):
        caller = [caption.text for caption in webvtt.read(str(path)) if caption.voice == "客户"]
        yield f"hotline/transcripts/{path.name}", path.stem, "".join(caller)


def mails(folder: Path) -> list[mailbox.mboxMessage]:
    """The mails, as a mail program has them."""
    box = mailbox.mbox(folder / "website/mails.mbox", create=False)
    try:
        return list(box)
    finally:
        box.close()


def body(mail: mailbox.mboxMessage) -> str:
    """The words of a mail in the charset that it names."""
    content = mail.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode(mail.get_content_charset("ascii")).removesuffix("\n")
