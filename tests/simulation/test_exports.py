"""Can the files be read by those who know nothing of us, and is what is told of their texts true?"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import r4pm
import webvtt
from lxml import etree
from PIL import Image

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import found
from huixiang.simulation.exports import groups
from huixiang.simulation.exports.slips import LINE, MARKS, has_font, lines_of
from huixiang.simulation.exports.social import WORDS
from huixiang.simulation.scenario import Scenario
from huixiang.simulation.speech import Speaker
from tests.simulation import outside

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
PROCESSES = ("account", "loan", "activation", "complaint")
SHARED = {"微博": "转发微博", "小红书": "分享笔记", "抖音": "分享视频", "知乎": "转发想法"}
IN_GB = {"people/人事.csv", "reviews/应用市场评论.csv"}


def during(moments: pd.Series) -> bool:
    """Do all of these lie within the history?"""
    found = pd.to_datetime(moments.dropna())
    return len(found) > 0 and bool(((found.dt.date >= FIRST) & (found.dt.date <= LAST)).all())


# Each file by its own reader.


def test_pandas_reads_every_csv_file(small: Path) -> None:
    files = [str(path.relative_to(small)) for path in sorted(small.rglob("*.csv"))]
    assert len(files) >= 15
    for name in files:
        found = outside.table(small, name, outside.GB if name in IN_GB else outside.UTF)
        assert len(found) > 0, name
        assert not [column for column in found.columns if "Unnamed" in column or "�" in column], name


def test_what_older_systems_write_is_in_gb18030(small: Path) -> None:
    for name in sorted(IN_GB):
        with pytest.raises(UnicodeDecodeError):
            (small / name).read_text("utf-8")
        assert re.search("[一-鿿]{2}", (small / name).read_text("gb18030"))


def test_pandas_reads_every_parquet_file(small: Path) -> None:
    files = sorted(small.rglob("*.parquet"))
    assert len(files) == 7  # six of exports, one of truth
    for path in files:
        assert len(pd.read_parquet(path)) > 1000, path
    assert during(outside.parquet(small, "digital/*.parquet", ["at"])["at"])
    assert during(outside.tickets(small)["arrived_at"])


def test_the_website_s_messages_are_json_and_mail(small: Path) -> None:
    messages = json.loads((small / "website/messages.json").read_text("utf-8"))
    assert all(datetime.fromisoformat(one["submitted_at"]).utcoffset() for one in messages)
    assert during(pd.Series([one["submitted_at"][:19] for one in messages]))
    mails = outside.mails(small)
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) > 5
    charsets = Counter(mail.get_content_charset() for mail in mails)
    assert {"utf-8", "gb18030"} <= set(charsets)
    assert all(re.search("[一-鿿]", outside.body(mail)) for mail in mails)
    senders = {mail["From"] for mail in mails}
    assert all(re.fullmatch(r"c1\d{7}@mail\.example", sender) for sender in senders)
    customers = set(outside.table(small, "customers/客户.csv")["客户号"])
    assert {sender.partition("@")[0].upper() for sender in senders} <= customers
    assert during(pd.Series([parsedate_to_datetime(mail["Date"]).replace(tzinfo=None) for mail in mails]))


def test_apple_s_feed_and_the_android_stores_give_stars_and_versions(small: Path) -> None:
    feed = json.loads((small / "reviews/app-store.json").read_text("utf-8"))["feed"]["entry"]
    assert {one["im:rating"]["label"] for one in feed} <= set("12345")
    assert all(re.fullmatch(r"\d+(\.\d+)+", one["im:version"]["label"]) for one in feed)
    assert during(pd.Series([one["updated"]["label"][:19] for one in feed]))
    android = outside.table(small, "reviews/应用市场评论.csv", outside.GB)
    bad = android["评论ID"].str.startswith("A-bad")
    assert bad.sum() == 2  # the unreadable rows that no export is free of
    assert during(pd.to_datetime(android.loc[~bad, "评论时间"], format="%Y年%m月%d日 %H:%M"))
    stores = android[~bad].groupby("机型")["应用市场"].agg(lambda some: set(some) - {"应用宝"})
    assert stores.map(len).max() == 1  # its maker's, or the one for all
    assert (android["应用市场"] == "应用宝").sum() > 5


def test_posts_and_slips_are_lines_of_json(small: Path) -> None:
    posts = pd.read_json(small / "social/posts.jsonl", lines=True)
    original = posts[posts["repost_of"].isna()]
    assert posts["id"].is_unique
    reposts = posts[posts["repost_of"].notna()]
    assert set(reposts["repost_of"]) <= set(posts["id"])  # an original, or an earlier repost of it
    assert set(reposts["id"].str.partition("-R")[0]) <= set(original["id"])
    last = reposts["text"].str.rpartition(":")[2]  # behind the hands it came through
    spoken = last.isin(WORDS)
    assert (last[~spoken] == reposts["platform"].map(SHARED)[~spoken]).all()
    feeling = {one["id"]: one["sentiment"] for one in outside.voices(small) if one["file"] == "social/posts.jsonl"}
    for_complaints = original[original["platform"] == "黑猫投诉"]["id"].map(feeling)
    assert set(for_complaints) <= {"negative"}
    assert during(posts["posted_at"].dt.tz_convert("Asia/Shanghai").dt.tz_localize(None))
    slips = pd.read_json(small / "suggestions/slips.jsonl", lines=True)
    assert during(slips["date"])


def test_focus_groups_meet_on_workdays_in_one_region_after_another(tmp_path: Path) -> None:
    bank = found(Scenario(branches=40, months=18))
    said = groups.write(tmp_path, bank, Speaker((bank.scenario.bank,)))
    heads = [path.read_text("utf-8").split("\n")[0] for path in sorted((tmp_path / "groups").glob("*.txt"))]
    days = [date.fromisoformat(re.search(r"\d{4}-\d\d-\d\d", head)[0]) for head in heads]  # type: ignore[index]
    assert len(days) == 6
    assert all(mainland().is_workday(day) for day in days)
    assert len({head.rpartition("　")[2] for head in heads[:2]}) == 2
    assert len(said) > 60


def test_words_and_stars_of_a_survey_mostly_agree(planted: Path) -> None:
    stars = outside.answers(planted).set_index("答卷编号")
    told = [one for one in outside.voices(planted) if one["file"] == "surveys/答卷.csv"]
    blame = pd.Series([one["id"] for one in told if one["sentiment"] == "negative"]).map(stars["satisfied"])
    assert len(blame) > 50
    assert (blame >= 4).mean() < 0.45
    assert (blame == 5).mean() < 0.1
    assert (stars["at"].diff() < pd.Timedelta(0)).mean() < 0.005  # a month ends, and some answer in the next


def test_who_is_too_old_for_parents_speaks_of_none_and_the_impaired_of_their_own(planted: Path) -> None:
    known = outside.table(planted, "customers/客户.csv").set_index("客户号")
    words = pd.concat([
        outside.table(planted, "surveys/答卷.csv").set_index("客户号")["意见与建议"].dropna(),
        outside.register(planted).set_index("客户号")["投诉内容"],
        pd.read_json(planted / "website/messages.json").set_index("customer_no")["content"],
    ])  # fmt: skip
    words = words[~words.str.contains("“")]  # what is quoted of a recording was said on the telephone
    old = words[words.index.map(2026 - known["出生年份"]) >= 70]
    assert len(old) > 100
    assert not old.str.contains("我[妈爸]|我[爷奶外]|岳母|我婆婆|老母亲|其[父母]亲").any()
    impaired = words.index.map(known["残障类别"].fillna(""))
    assert not words[impaired != "肢体残障"].str.contains("轮椅|坡道").any()
    assert not words[impaired != "听障"].str.contains("听不见|听力不便").any()


def test_webvtt_reads_every_transcript(small: Path) -> None:
    calls = pd.concat(outside.table(small, f"hotline/calls-2026-0{month}.csv") for month in (4, 5, 6))
    known = set(calls["通话编号"])
    paths = sorted((small / "hotline/transcripts").glob("*.vtt"))
    assert len(paths) > 30
    for path in paths:
        captions = list(webvtt.read(str(path)))
        assert path.stem in known
        assert {caption.voice.split()[0] for caption in captions} == {"坐席", "客户"}
        assert all(one.start_in_seconds <= one.end_in_seconds for one in captions)


def test_people_talk_through_most_of_a_call_and_the_caller_soon(small: Path) -> None:
    spoken = []
    for path in sorted((small / "hotline/transcripts").glob("*.vtt")):
        captions = list(webvtt.read(str(path)))
        assert next(one.start_in_seconds for one in captions if one.voice == "客户") <= 15
        assert all(one.end_in_seconds <= two.start_in_seconds + 1 for one, two in pairwise(captions))
        seconds = sum(one.end_in_seconds - one.start_in_seconds for one in captions)
        spoken.append(seconds / captions[-1].end_in_seconds)
    assert np.median(spoken) > 0.6
    assert min(spoken) > 0.25


def test_the_register_holds_what_clerks_write(small: Path) -> None:
    told = outside.register(small)
    letters = told["投诉来源"] == "监管转办"
    clerks = told["投诉内容"].str.replace("“.*”", "", regex=True)  # but for what is quoted of a recording
    assert not clerks.str.contains("我(?!行)|你|[A-Za-z！？]", regex=True).any()
    assert told.loc[letters, "投诉内容"].str.contains("监管|12378", regex=True).all()
    assert told.loc[~letters, "投诉内容"].str.contains("客户").all()


def test_the_register_quotes_the_recording_of_the_call_in_which_a_complaint_was_made(small: Path) -> None:
    calls = pd.concat(outside.table(small, f"hotline/calls-2026-0{month}.csv") for month in (4, 5, 6))
    calls = calls.set_index("通话编号")
    told = outside.register(small).set_index("投诉编号")
    true = {(one["file"], one["id"]): one for one in outside.voices(small)}
    said = {one["text"]: one for one in true.values() if one["file"].startswith("hotline/")}
    quoted = told["投诉内容"].str.extract("“(.*)”")[0].dropna()
    assert len(quoted) >= 5
    for number, words in quoted.items():
        call, entered = said[words], true["complaints/投诉登记簿.csv", number]
        assert calls.loc[call["id"], "客户号"] == told.loc[number, "客户号"]
        assert calls.loc[call["id"], "结束时间"] == str(told.loc[number, "登记时间"])
        assert entered["topics"] == call["topics"]
        assert [one["value"] for one in entered["planted"]] == [one["value"] for one in call["planted"]]
        for mine, theirs in zip(entered["opinions"], call["opinions"], strict=True):
            for part in ("aspect", "opinion"):
                spans = ((one["text"], one_of[part]) for one, one_of in ((entered, mine), (call, theirs)))
                words_of = [text[span["start"] : span["end"]] if span else None for text, span in spans]
                assert words_of[0] == words_of[1]


def test_lxml_reads_every_process_log(small: Path) -> None:
    rows = outside.truth(small)["rows"]
    for code in PROCESSES:
        cases, steps = outside.cases(small, code)
        assert cases.index.is_unique
        assert {"product", "channel", "outlet", "outcome", "customer"} <= set(cases.columns)
        assert steps[["start", "end", "step", "who"]].notna().all().all()
        assert (steps["start"] <= steps["end"]).all()
        assert during(steps["start"])
        assert during(steps["end"])
        assert rows[f"{code} events"] == 2 * len(steps)


@pytest.mark.parametrize("code", sorted(PROCESSES))
def test_a_process_log_keeps_to_the_schema(small: Path, code: str) -> None:
    schema = etree.XMLSchema(etree.parse(Path(__file__).with_name("xes.xsd")))
    schema.assertValid(etree.fromstring(gzip.decompress((small / f"processes/{code}.xes.gz").read_bytes())))


@pytest.mark.parametrize("code", ["complaint", "loan"])
def test_process_miners_of_another_house_read_a_process_log_to_the_last_attribute(
    small: Path, tmp_path: Path, code: str
) -> None:
    path = small / f"processes/{code}.xes.gz"
    read = r4pm.import_item("EventLog", str(path))
    found = r4pm.bindings.discover_dfg(read)["activities"]
    r4pm.export_item(read, str(tmp_path / "again.xes"))
    r4pm.remove_item(read)
    ours, theirs = told(gzip.decompress(path.read_bytes())), told((tmp_path / "again.xes").read_bytes())
    assert theirs == ours
    assert found == Counter(event["concept:name"] for _, events in ours for event in events)


def told(log: bytes) -> list[tuple[dict[str, str], list[dict[str, str]]]]:
    """The attributes of each trace, and of its events."""

    def attributes(of: etree._Element) -> dict[str, str]:
        return {one.get("key"): one.get("value") for one in of if one.tag != event}

    trace, event = (f"{outside.SPACE}{name}" for name in ("trace", "event"))
    traces = etree.fromstring(log).iterfind(trace)
    return [(attributes(one), [attributes(part) for part in one.iterfind(event)]) for one in traces]


def test_a_process_log_says_what_it_holds(small: Path) -> None:
    tree = etree.fromstring(gzip.decompress((small / "processes/loan.xes.gz").read_bytes()))
    assert tree.tag == f"{outside.SPACE}log"
    assert {one.get("prefix") for one in tree.iterfind(f"{outside.SPACE}extension")} == {
        "concept", "lifecycle", "time", "org",
    }  # fmt: skip
    scopes = {one.get("scope"): {part.get("key") for part in one} for one in tree.iterfind(f"{outside.SPACE}global")}
    for event in tree.iterfind(f"{outside.SPACE}trace/{outside.SPACE}event"):
        assert scopes["event"] <= {part.get("key") for part in event}


def test_a_spreadsheet_reads_the_inspections(small: Path) -> None:
    forms = pd.read_excel(small / "inspections/检查.xlsx", engine="calamine")
    items = [column for column in forms.columns if "·" in column]
    points = forms[items].where(forms[items] >= 0)
    assert len(items) > 10
    assert (points.sum(axis=1) == forms["得分"]).all()
    assert during(forms["检查时间"])


@pytest.mark.skipif(not has_font(), reason="no Chinese font that looks written: apt-get install fonts-lxgw-wenkai")
def test_no_line_of_a_slip_begins_with_a_mark() -> None:
    for said in ("空" * LINE + "，调太冷。", "等" * (LINE - 1) + "！！？好", "好。", ""):
        lines = list(lines_of(said))
        assert "".join(lines) == said
        assert not any(line[0] in MARKS for line in lines[1:])
        assert all(len(line) <= LINE for line in lines)


def test_slips_are_pictures(small: Path) -> None:
    pictures = sorted((small / "suggestions/pictures").glob("*.png"))
    slips = set(pd.read_json(small / "suggestions/slips.jsonl", lines=True)["slip"])
    assert {path.stem for path in pictures} <= slips
    for path in pictures:
        with Image.open(path) as picture:
            dark, light = picture.convert("L").getextrema()
            assert picture.format == "PNG"
            assert dark < 90
            assert light > 230


# What is told of the texts.


def test_the_truth_of_every_text_stands_beside_it(small: Path) -> None:
    written = {(file, number): text for file, number, text in outside.texts(small)}
    told = outside.voices(small)
    assert len({(one["file"], one["id"]) for one in told}) == len(told) > 500
    for one in told:
        text = written[one["file"], one["id"]]
        # On the telephone people say good day and thank you round what they have to say.
        assert one["text"] in text if one["file"].startswith("hotline") else one["text"] == text, one["id"]


def test_no_text_is_without_its_truth(small: Path) -> None:
    told = {(one["file"], one["id"]) for one in outside.voices(small)}
    untold = [(file, number) for file, number, text in outside.texts(small) if text and (file, number) not in told]
    # Reposts, talk of banks that nobody was asked for, unreadable rows, the moderator's lines.
    expected = re.compile(r"-R\d+$|^T\d{7}$|^A-bad-|^焦点小组-")
    assert not [pair for pair in untold if not expected.search(pair[1])]


def test_spans_lie_in_their_texts(small: Path) -> None:
    digits = Counter[bool]()
    for one in outside.voices(small):
        length = len(one["text"])
        spans = [opinion[part] for opinion in one["opinions"] for part in ("aspect", "opinion") if opinion[part]]
        spans += [mention["span"] for mention in one["mentions"]] + [planted["span"] for planted in one["planted"]]
        assert all(0 <= span["start"] < span["end"] <= length for span in spans), one["id"]
        assert {opinion["topic"] for opinion in one["opinions"]} <= set(one["topics"])
        for planted in one["planted"]:
            shown = one["text"][planted["span"]["start"] : planted["span"]["end"]]
            shown = unicodedata.normalize("NFKC", shown)  # some write 1３８ with the wide digits of the keyboard
            if re.fullmatch(r"[\d\s-]{11,}", shown):
                digits[re.sub(r"\D", "", shown) == re.sub(r"\D", "", planted["value"])] += 1
    assert digits[True] > 5
    assert not digits[False]
