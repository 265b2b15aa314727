"""The hotline from file to page: words by side, calls once however often told, measures true, erasure whole."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.urls import reverse

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import actions, batches, hotline, identity, importing, journal
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.hotline import Rules
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import Channel, pseudonym, voice_id
from huixiang.lake import questions
from huixiang.lake.questions import CallSlice
from huixiang.lake.schema import CALLS
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import Silent, begin, counts, spoken
from tests.apps.test_erasure import done, in_any_file
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.channels.test_hotline import CALL, LOG, VTT
from tests.make import Bank

pytestmark = pytest.mark.one_database

REAL = Path(__file__).resolve().parents[3] / "shared/data/process/anonymous_bank_callcenter_1999_january.parquet"
TALK = VTT + (
    "\n3\n00:00:07.000 --> 00:00:08.000\n<v 坐席 100123>请问您的姓名是？</v>\n"
    "\n4\n00:00:08.500 --> 00:00:09.000\n<v 客户>李娜。</v>\n"
    "\n5\n00:00:09.500 --> 00:00:12.000\n<v 坐席 100123>李娜，您的身份证号是110101199003078515，对吗？</v>\n"
)
RECORDS = (
    "通话编号,技能组,进线时间,接通时间,结束时间,处理结果,客户号,主叫号码\n"
    f"{CALL},信用卡,2026-01-01 12:02:03,2026-01-01 12:02:20,2026-01-01 12:03:20,转接,C7001,13900000001\n"
)


def came(path: Path, form: str, settings: str = "", by: Staff | None = None) -> Import:
    imported = begin(path, by, form=form, mapping=settings)
    importing.run(Silent(), str(imported.pk))
    return Import.objects.get(pk=imported.pk)


@pytest.fixture
def files(tmp_path: Path, bank: Bank) -> Path:
    folder = tmp_path / "hotline"
    (folder / "transcripts").mkdir(parents=True)
    (folder / "transcripts" / f"{CALL}.vtt").write_text(TALK)
    (folder / "queue_log").write_text(LOG)
    (folder / "calls.csv").write_text(RECORDS)
    return folder


def her_call() -> str:
    return voice_id(Channel.HOTLINE, CALL, identity.voice_key())


def stays(lake: Lake) -> list[dict[str, Any]]:
    sql = f'SELECT * EXCLUDE (import_id, import_row) FROM "{lake.view("calls")}" ORDER BY entered_at, queue'
    return list(lake.fetch(sql).to_pylist())


def test_a_call_is_heard_by_side_and_joined_to_its_record(files: Path, lake: Lake, quality: Staff) -> None:
    assert counts(came(files / "transcripts", "transcripts")) == (1, 1, 0, 0, 0)
    assert counts(came(files / "queue_log", "queue-log")) == (6, 5, 0, 0, 1)
    assert counts(came(files / "transcripts", "transcripts")) == (1, 0, 1, 0, 0)
    (voice,) = spoken(lake)
    assert voice.text == "我的卡丢了，急。\n〔姓名〕。"  # only the customer's words, masked by what the agent asked
    turns = questions.dialogue(lake, voice.id)
    assert [turn.side for turn in turns] == ["agent", "customer", "agent", "customer", "agent"]
    assert turns[4].text == "〔姓名〕，您的身份证号是〔身份证〕，对吗？"
    assert "李娜" not in in_any_file(lake.path)
    browser = make.client(quality)
    page = browser.get(reverse("voice", args=[voice.id])).content.decode()
    assert page.index("坐席 100123") < page.index("17 秒") < page.index("loans")
    assert AuditRecord.objects.filter(verb="voice.read", on_id=voice.id).count() == 1
    listed = browser.get(reverse("hotline_calls") + "?all=1").content.decode()
    assert listed.count("看对话") == 2  # both stays of the one call
    told = caller(quality).get(f"/voices/{voice.id}/dialogue").json()
    assert [turn["text"] for turn in told["turns"]] == [turn.text for turn in turns]
    assert [stay["wait_seconds"] for stay in told["stays"]] == [17, 4]
    # A transcript that is put right is a new version, with its dialogue in place of the former.
    (files / "transcripts" / f"{CALL}.vtt").write_text(TALK.replace("急", "很急").partition("\n5\n")[0])
    assert counts(came(files / "transcripts", "transcripts")) == (1, 0, 0, 1, 0)
    assert [turn.number for turn in questions.dialogue(lake, voice.id)] == [1, 2, 3, 4]


def test_a_stay_counts_once_whoever_tells_it_and_in_whatever_order(files: Path, lake: Lake) -> None:
    """Logs rotated in the midst of calls and read twice, and the records of the same calls under other queue names."""
    lines = LOG.splitlines(keepends=True)
    parts = [files / "1", files / "2"]
    parts[0].write_text("".join(lines[:4]))
    parts[1].write_text("".join(lines[4:]))
    whole = Lake(files / "whole")
    for order, place in (((0, 1, 0), lake), ((1, 0, 1), whole)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(importing, "the_lake", lambda place=place: place)
            for part in order:
                came(parts[part], "queue-log")
                came(files / "calls.csv", "call-records")
            assert counts(came(parts[0], "queue-log"))[1:4] == (0, 1, 0)
            assert counts(came(files / "calls.csv", "call-records"))[1:4] == (0, 1, 0)
    assert [stay | {"id": ""} for stay in stays(lake)] == [stay | {"id": ""} for stay in stays(whole)]
    first = stays(lake)[0]
    assert len(stays(lake)) == 5
    assert (first["queue"], first["sources"], first["is_whole"]) == ("card", "queue_log,records", True)
    assert len({first["customer"], first["caller"], None}) == 3


def test_who_is_back_in_the_queue_within_seconds_has_stayed_twice(files: Path, lake: Lake) -> None:
    """Told by log and records, in either order, whole or cut in the midst."""
    log = [
        f"{1767240000 + at}|1767240000.1|card|NONE|{event}\n"
        for at, event in enumerate(["ENTERQUEUE||8|1", "EXITWITHKEY|1|1|0"] * 2)
    ]
    (files / "queue_log").write_text("".join(log))
    (files / "calls.csv").write_text(
        "通话编号,技能组,进线时间,处理结果,客户号\n"
        "1767240000.1,信用卡,2026-01-01 12:00:01,按键退出,C1\n1767240000.1,信用卡,2026-01-01 12:00:03,按键退出,C1\n"
    )
    whole = Lake(files / "whole")
    for order, place in ((("queue_log", "calls.csv"), lake), (("calls.csv", "queue_log"), whole)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(importing, "the_lake", lambda place=place: place)
            for name in order * 2:
                came(files / name, {"queue_log": "queue-log"}.get(name, "call-records"))
        assert [(stay["entered_at"].second, stay["queue"], stay["sources"]) for stay in stays(place)] == [
            (0, "card", "queue_log,records"),
            (2, "card", "queue_log,records"),
        ]


@pytest.mark.parametrize("dies", ["write", "_carry"])
def test_killed_half_way_no_stay_is_lost_or_twice(
    files: Path, lake: Lake, quality: Staff, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    imported = begin(files / "queue_log", form="queue-log", mapping="")
    with monkeypatch.context() as patch:
        dies_after(patch, journal if dies == "write" else batches, dies)
        with pytest.raises(Killed):
            importing.run(Silent(), str(imported.pk))
    importing.run(Silent(), str(imported.pk))
    assert (account(imported).new, len(stays(lake))) == (5, 5)
    # The line that nobody could read waits; filled in by hand it is a call like the others.
    row = Quarantined.objects.get()
    filled = {"call_id": "1767240500.7", "queue": "card", "entered_at": "1767240500", "outcome": "abandoned"}
    actions.mend_row(row, filled, by=quality)
    assert (account(imported).new, account(imported).quarantined, len(stays(lake))) == (6, 0, 6)


def test_what_a_customer_had_erased_is_gone_from_words_and_calls(
    files: Path, lake: Lake, quality: Staff, settings: Any
) -> None:
    """By the customer number, which only the call's record tells; it stays out whichever file comes again."""
    for name, form in (("transcripts", "transcripts"), ("queue_log", "queue-log"), ("calls.csv", "call-records")):
        came(files / name, form)
    her = pseudonym("C7001", settings.MASKING_KEY.encode())
    browser = make.client(quality)
    asked = browser.get(reverse("voice_erase", args=[her_call()])).content.decode()
    assert "1 条）与通话记录（2 条）" in asked
    erasure = done(actions.erase_customer(her, "来函", by=quality))
    assert (erasure.voices, erasure.calls) == (1, 2)
    assert questions.dialogue(lake, her_call()) == questions.stays_of(lake, her_call()) == spoken(lake) == []
    held = in_any_file(lake.path)
    assert her not in held
    assert CALL not in held
    for name, form in (("transcripts", "transcripts"), ("queue_log", "queue-log"), ("calls.csv", "call-records")):
        assert account(came(files / name, form)).erased == {"queue_log": 2}.get(name, 1)
    assert len(stays(lake)) == 3


def test_erasing_one_customer_leaves_strangers_with_whom_he_shares_a_telephone(
    files: Path, lake: Lake, quality: Staff, settings: Any
) -> None:
    """A withheld number is nobody's, a switchboard several people's; a telephone is one however it is written."""
    calls = [
        ("C1", "+86 13900000001"), ("", "013900000001"), ("", "13900000001"),  # his own telephone
        ("C1", "anonymous"), ("", "anonymous"), ("", "anonymous"),
        ("C1", "01066668888"), ("C2", "01066668888"), ("", "01066668888"),
    ]  # fmt: skip
    lines = [f"{n},card,2026-01-{n + 1:02} 09:00:00,放弃,{who},{tel}\n" for n, (who, tel) in enumerate(calls)]
    (files / "calls.csv").write_text("通话编号,技能组,进线时间,处理结果,客户号,主叫号码\n" + "".join(lines))
    came(files / "calls.csv", "call-records")
    assert questions.repeats(lake, CallSlice(), 1).calls == 5
    his = actions.known_as("C1")
    assert his == pseudonym("C1", settings.MASKING_KEY.encode())
    page = make.client(quality).post(reverse("erasure_customer"), {"customer": "C1"}).content.decode()
    assert "另有 1 次通话" in page
    assert len(actions.of_customer(actions.known_as("0139 0000 0001"), None).stays) == 3
    assert done(actions.erase_customer(his, "来函", by=quality)).calls == 5
    assert [stay["call_id"] for stay in stays(lake)] == ["4", "5", "7", "8"]


def test_page_api_command_and_export_tell_the_same_true_numbers(
    files: Path, lake: Lake, quality: Staff, manager: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    came(files / "queue_log", "queue-log")
    found = hotline.measures(lake, CallSlice(), Rules(within=4, short=2, days=1))
    total = found.total.tally
    # Three stays have ended: two answered after 17 and 4 seconds, one abandoned after 3; one is left open. An agent
    # who asks in the queue for a caller is none.
    assert (total.calls, total.stays, total.answered, total.unfinished, total.in_time) == (3, 3, 2, 1, 1)
    assert (found.total.abandoned, found.total.offered, total.transferred, total.consults) == (1, 3, 1, 1)
    assert (found.total.wait_p50, total.wait_p50, found.total.is_few) == (None, 10.5, True)
    assert hotline.measures(lake, CallSlice(), Rules(short=3)).total.offered == 2  # now it is a short one
    assert [(line.tally.key, line.tally.stays) for line in found.by_queue] == [("card", 2), ("loans", 1)]
    asked = {"since": "2026-01-01", "until": "2026-01-01", "within": 4, "short": 2, "days": 1}
    browser = make.client(quality)
    page = browser.get(reverse("hotline"), asked).content.decode()
    assert "只有 3 次进队" in page
    assert "33.3%" in page
    exported = b"".join(browser.get(reverse("hotline_export"), asked).streaming_content).decode()
    assert cli.main(["hotline", "--csv", "--within", "4", "--short", "2", "--days", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == exported.splitlines()
    line = dict(zip(*list(csv.reader(io.StringIO(exported.lstrip("\ufeff"))))[:2], strict=True))
    told = caller(quality).get("/hotline", within_seconds=4, short_seconds=2, repeat_days=1).json()["total"]
    assert (line["进队"], line["放弃率"], line["服务水平"]) == ("3", "0.333333", "0.333333")
    assert (told["stay_count"], told["consult_count"], told["in_time_share"]["value"]) == (3, 1, pytest.approx(1 / 3))
    # The hotline is the whole bank's: who sees a branch sees none of it, and may not bring its records.
    make.post(manager, manager.posts.get().unit, "analyst")
    assert make.client(manager).get(reverse("hotline")).status_code == 404
    assert caller(manager).get("/hotline").status_code == 404
    draft = actions.receive_upload("queue_log", [LOG.encode()], by=Staff.objects.get(pk=manager.pk))
    with pytest.raises(Fault, match="全行"):
        actions.begin_import(draft, actions.Choice("queue-log"), by=Staff.objects.get(pk=manager.pk))


def test_months_are_put_together_so_that_no_call_counts_twice_and_percentiles_are_of_all(
    files: Path, lake: Lake
) -> None:
    moments = ["2026-01-05 09:00", "2026-01-31 23:58", "2026-02-01 00:01", "2026-02-03 09:00"]
    rows = [f"{n or 1},{queue},{at}:00,已接听,{wait}\n" for n, queue, at, wait in zip(
        (0, 2, 2, 3), ("card", "card", "loans", "card"), moments, (10, 20, 30, 100), strict=True)]  # fmt: skip
    (files / "calls.csv").write_text("通话编号,技能组,进线时间,处理结果,等待秒数\n" + "".join(rows))
    came(files / "calls.csv", "call-records")
    for _counted_before in (False, True):
        (total,) = questions.tally(lake, CallSlice(), "", 20 + _counted_before)
        assert (total.calls, total.stays, total.in_time, total.wait_p50) == (3, 4, 2, 25.0)
        assert total.wait_p90 == pytest.approx(79.0)
    assert [line.calls for line in questions.tally(lake, CallSlice(), "queue")] == [3, 1]
    (part,) = questions.tally(lake, CallSlice(since=date(2026, 1, 31), until=date(2026, 2, 1)))
    assert (part.calls, part.stays) == (1, 2)


def test_a_wait_that_nobody_tells_is_neither_in_time_nor_too_late(files: Path, lake: Lake) -> None:
    rows = ["已接听,5", "已接听,", "已接听,", "客户放弃,", "客户放弃,40"]
    lines = [f"{n},2026-01-01 09:00:00,{row}\n" for n, row in enumerate(rows)]
    (files / "calls.csv").write_text("通话编号,进线时间,处理结果,等待秒数\n" + "".join(lines))
    came(files / "calls.csv", "call-records")
    line = hotline.measures(lake, CallSlice(), Rules()).total
    assert line.in_time_share is not None
    assert (line.offered, line.timed, line.tally.untimed, line.in_time_share.value) == (5, 2, 3, 0.5)
    assert (line.tally.waited, line.tally.gave_up, line.abandoned) == (1, 1, 2)


def test_a_repeat_is_a_call_from_the_same_telephone_within_so_many_days(lake: Lake, files: Path) -> None:
    day = 86_400
    calls = [(0, "A"), (0, "B"), (3 * day, "A"), (10 * day, "A"), (10 * day, "C"), (12 * day, "A")]
    lines = [
        f"{1767240000 + at + n}|{1767240000 + at + n}.{n}|card|NONE|{event}"
        for n, (at, who) in enumerate(calls)
        for event in (f"ENTERQUEUE||1390000000{ord(who)}|1", "ABANDON|1|1|9")
    ]
    (files / "log").write_text("\n".join(lines))
    came(files / "log", "queue-log")
    # The first five days' past is unknown: of the last three calls one came two days after another.
    assert questions.repeats(lake, CallSlice(), 5) == questions.Repeats(3, 1)
    assert questions.repeats(lake, CallSlice(), 8) == questions.Repeats(3, 2)
    assert questions.repeats(lake, CallSlice(queues=("none",)), 8) == questions.Repeats(0, 0)


@pytest.mark.skipif(not REAL.exists(), reason="the real log is not here")
def test_a_real_call_centres_month_is_counted_as_its_keepers_count(lake: Lake) -> None:
    """An Israeli bank's January 1999 (Technion): offered, served, abandoned, waiting, as its reference tells them."""
    import json

    import pyarrow.parquet as pq

    reference = json.loads(REAL.with_suffix("").with_suffix(".ref.json").read_text())
    rows = [
        each
        for each in pq.read_table(REAL).to_pylist()
        if each["outcome"] != "PHANTOM" and (each["q_time"] > 0 or each["outcome"] == "AGENT")
    ]
    lake.append_once(
        "calls", pa.Table.from_pylist([*map(_real, range(len(rows)), rows)], schema=CALLS), writer="x", batch=1
    )
    line = hotline.Line(questions.tally(lake, CallSlice(), "", 20, 0)[0])
    assert (line.offered, line.tally.answered, line.abandoned) == (
        reference["offered"],
        reference["served"],
        reference["abandoned"],
    )
    assert line.abandoned_share is not None
    assert line.in_time_share is not None
    assert line.abandoned_share.value == pytest.approx(reference["p_abandon"])
    assert line.in_time_share.value == pytest.approx(reference["served_within_20s_of_offered"])
    assert (line.wait_p90, line.talk_p50) == (reference["p90_wait_served"], reference["median_service_s"])


def _real(number: int, row: dict[str, Any]) -> dict[str, Any]:
    from datetime import UTC, datetime, time, timedelta

    second = row["q_start_s"] if row["q_start_s"] > 0 else row["vru_exit_s"]
    at = datetime.combine(row["date"], time(), UTC) + timedelta(seconds=second)
    answered = row["outcome"] == "AGENT"
    told = dict.fromkeys(CALLS.names, "") | {"caller": None, "customer": None, "hold_seconds": None}
    told |= {"rings_unanswered": 0, "continues": False, "is_whole": True, "import_row": number}
    return told | {
        "id": f"{number:024x}",
        "voice": f"{number:024x}",
        "queue": row["type"],
        "entered_at": at,
        "entered_on": row["date"],
        "hour": at.hour,
        "outcome": "answered" if answered else "abandoned",
        "wait_seconds": row["q_time"],
        "talk_seconds": row["ser_time"] if answered else None,
        "month": f"{at:%Y-%m}",
    }
