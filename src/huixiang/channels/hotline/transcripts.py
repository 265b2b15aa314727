"""What did callers say on the line? Transcripts as WebVTT, SRT, JSON and CSV: one voice a call, and its dialogue."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, TextIO

from huixiang.channels import encoding
from huixiang.channels.contract import Defaults, Fault, Meter, Refused, Row, marked
from huixiang.channels.dates import Dates
from huixiang.channels.encoding import UNREADABLE, shown
from huixiang.channels.hotline import cues, long_files, objects, package, parting, table
from huixiang.channels.hotline.dialogue import Dialogue
from huixiang.channels.hotline.package import Member
from huixiang.channels.hotline.wording import Wording, parse
from huixiang.domain.feedback import Channel, Precision, Record, Side

FILE, TEXT = "文件", "转写"  # a row's fields: the file's name, and what stands in it
LONGEST = 1 << 20  # characters of one call
HELD = 16 << 20  # bytes of a file that is held at once: more than one call is long; longer ones are read by the call
_ASTERISK = re.compile(r"(?:[\w.\-]*-)?(?P<epoch>1\d{9})\.\d{1,9}")  # Asterisk's unique id begins with the second
_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_]?(\d{2})[-_]?(\d{2})[-_T ]?(\d{2})[-_:]?(\d{2})[-_:]?(\d{2})(?!\d)")
SUFFIXES = (".vtt", ".srt", ".json", ".jsonl", ".csv", ".tsv", ".txt", ".zip")


class Transcripts:
    """One row a call: its file's name and its text, which a person can mend as it stands."""

    name = "transcripts"
    title = marked("热线转写（WebVTT、SRT、JSON、CSV；可打成 ZIP）")
    suffixes: tuple[str, ...] = SUFFIXES

    def __init__(self, text: str = "") -> None:
        self.wording: Wording = parse(text)

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        """A call each, numbered from 1 in the order of the files' names."""
        number, seen = 0, set[str]()
        with ExitStack() as stack:
            for member in package.members(path, stack, meter):
                for name, found in self._calls(member):
                    number += 1
                    fields = {FILE: shown(name), TEXT: "" if isinstance(found, Fault) else shown(found)}
                    fault = found if isinstance(found, Fault) else _unfit(name, found, seen)
                    yield Refused(number, fault, fields, (TEXT,)) if fault else Row(number, fields)

    def record(self, row: Row, defaults: Defaults) -> Record:
        """The customer's words of the call, with the dialogue. Raises Fault with file, line and remedy."""
        name, text = row.fields.get(FILE, ""), row.fields.get(TEXT, "")
        told = self._dialogue(name, text)
        call = told.call or PurePosixPath(name).stem
        said = "\n".join(turn.text for turn in told.turns if turn.side is Side.CUSTOMER)
        if not told.turns or not said:
            raise Fault("%(place)s：没有客户说的话；请核对说话人，或放弃这一通", place=name)
        at, precision = _moment(told, call, name, defaults, row.number)
        return Record(
            channel=Channel.HOTLINE,
            source_id=call,
            text=said,
            said_at=at,
            said_precision=precision,
            branch=told.branch or defaults.branch,
            product=defaults.product,
            customer=told.customer or None,
            contact=told.caller,
            extra=dict(defaults.extra),
            turns=tuple(told.turns),
        )

    def _calls(self, member: Member) -> Iterator[tuple[str, str | Fault]]:
        """The calls of one file, each as text under a name of its own; or why it cannot be read."""
        if PurePosixPath(member.name).suffix.lower() not in SUFFIXES[:-1]:
            yield (
                member.name,
                Fault(
                    "%(place)s：不是转写文件（%(kinds)s）；请从包里去掉",
                    place=member.name,
                    kinds="、".join(SUFFIXES[:6]),
                ),
            )
            return
        try:
            yield from self._parted(member)
        except Fault as fault:
            yield member.name, fault

    def _parted(self, member: Member) -> parting.Cut:
        with member.open() as file:
            start = file.read(HELD + 1)
        if not start.strip():
            raise Fault("%(place)s：文件是空的；请检查导出是否成功", place=member.name)
        name = self.wording.encoding or encoding.guess_of(io.BytesIO(start))
        text = _decoding(io.BytesIO(start), name)
        if len(start) > HELD:
            del start  # read from the beginning once more, a piece at a time
            with member.open() as file:
                yield from self._of_long(kind(text.read(4096)), _decoding(file, name), member.name)
            return
        whole = text.read()
        match kind(whole):
            case "json":
                yield from parting.of_json(whole, member.name, self.wording)
            case "csv":
                yield from parting.of_table(whole, member.name, self.wording)
            case _:
                yield member.name, whole

    def _of_long(self, kind: str, text: TextIO, name: str) -> parting.Cut:
        match kind:
            case "json":
                return long_files.of_json(text, name, self.wording)
            case "csv":
                return long_files.of_table(text, name, self.wording)
            case _:
                return long_files.cues(name)

    def _dialogue(self, name: str, text: str) -> Dialogue:
        short = PurePosixPath(name).name
        match kind(text):
            case "json":
                return objects.read(text, short, self.wording)
            case "csv":
                return table.read(text, short, self.wording)
            case _:
                return cues.read(text, short, self.wording.speakers)


def _decoding(file: IO[bytes], name: str) -> TextIO:
    return io.TextIOWrapper(file, {"utf-8": "utf-8-sig"}.get(name, name), "huixiang-keep-apart", newline="")


def kind(text: str) -> str:
    """cues, json or csv? By the content: names of files lie."""
    start = text[:4096].lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")) and not start.startswith("[{ \\"):
        return "json"
    return "cues" if start.startswith("WEBVTT") or "-->" in start else "csv"


def _unfit(name: str, text: str, seen: set[str]) -> Fault | None:
    """Why may this text not come in as it is?"""
    if len(text) > LONGEST:
        return Fault("%(place)s：超过 %(most)s 字；一通电话没有这么长，请核对", place=name, most=LONGEST)
    if UNREADABLE.search(text):
        return Fault(
            "%(place)s：有无法解码的字节（显示为 �）；请在设置中用 encoding 指明编码，或照原件更正", place=name
        )
    stem = PurePosixPath(name).stem
    if stem in seen:
        return Fault("%(place)s：同一包里已有一通“%(call)s”；请核对哪一份是对的", place=name, call=stem)
    seen.add(stem)
    return None


def _moment(told: Dialogue, call: str, name: str, defaults: Defaults, row: int) -> tuple[datetime | None, Precision]:
    """When was it said? As the file tells; else by the call's id, where it is Asterisk's; else by the file's name."""
    if told.started_at:
        return Dates().read(told.started_at, defaults.time_zone, defaults.now, (row, "started_at"))
    if found := _ASTERISK.fullmatch(call):
        return datetime.fromtimestamp(int(found["epoch"]), UTC), Precision.TIME
    if parts := _IN_NAME.search(PurePosixPath(name).stem):
        year, month, day, hour, minute, second = parts.groups()
        written = f"{year}-{month}-{day} {hour}:{minute}:{second}"
        return Dates().read(written, defaults.time_zone, defaults.now, (row, FILE))
    return None, Precision.UNKNOWN
