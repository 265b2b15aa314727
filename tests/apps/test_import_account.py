"""What comes in, what is new, the same, changed? The account of an import, and the form in which voices are kept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import in_use, landed
from huixiang.apps.feedback.accounts import Account
from huixiang.apps.feedback.classification import Entry, classify
from huixiang.apps.feedback.interpreter import read
from huixiang.apps.feedback.models import Quarantined
from huixiang.domain.feedback import Channel, Record, digest, pseudonym
from huixiang.domain.understanding.understander import VERSION, Understander
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.questions.arrivals import Known
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import MAPPING, begin, bring_in, content, counts, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database


def test_all_rows_come_in_and_the_account_adds_up(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    imported = bring_in(table(tmp_path / "a.csv", [row(number) for number in range(20)]))
    assert counts(imported) == (20, 20, 0, 0, 0)
    assert questions.count(lake, Slice(import_id=str(imported.pk))) == 20
    record = AuditRecord.objects.get(verb="import.end")
    assert (record.actor, record.detail["new"], record.outcome) == ("cli:tester", 20, "done")


def test_what_pages_will_ask_is_counted_once_many_came_in_and_no_failure_of_it_is_one_of_the_import(
    tmp_path: Path, bank: Bank, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []

    def broken(lake: Lake, waiting: object) -> None:
        raise ValueError("a customer's text stood here")

    counter: landed.Counter = lambda lake, waiting: counted.append(questions.count(lake, Slice()))  # noqa: E731
    monkeypatch.setattr(landed, "COUNTERS", landed.COUNTERS | {broken: "voices", counter: "voices"})
    monkeypatch.setattr(landed, "MANY", 3)
    bring_in(table(tmp_path / "a.csv", [row(1), row(2)]))
    assert counted == [], "a few change the newest month alone"
    imported = bring_in(table(tmp_path / "b.csv", [row(3), row(4), row(5)]))
    assert (counted, imported.fault) == ([5], None)
    assert any((lake.path / ".kept" / "voices").rglob("*.arrow")), "names in social media, of all months"


def test_a_changed_voice_becomes_a_new_version_and_the_old_one_stays(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    bring_in(table(tmp_path / "a.csv", [row(1), row(2)]))
    imported = bring_in(table(tmp_path / "b.csv", [row(1, 内容="问题解决了，谢谢。", 评分="5"), row(2), row(3)]))
    assert counts(imported) == (3, 1, 1, 1, 0)
    left = content(lake)
    changed = next(each for each in left["voices"] if each["version"] == 2)
    assert changed["text"] == "问题解决了，谢谢。"
    assert [(each["id"], each["version"]) for each in left["past_voices"]] == [(changed["id"], 1)]
    assert sorted(each["version"] for each in left["speakers"] if each["id"] == changed["id"]) == [1, 2]


def test_a_voice_whose_date_changed_moves_to_its_new_month(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    bring_in(table(tmp_path / "a.csv", [row(1, 时间="2026-03-31 23:00")]))
    bring_in(table(tmp_path / "b.csv", [row(1, 时间="2026-04-01 01:00")]))
    assert [(each["month"], each["version"]) for each in content(lake)["voices"]] == [("2026-04", 2)]


def test_only_masked_text_and_a_pseudonym_are_kept(tmp_path: Path, bank: Bank, lake: Lake, settings: object) -> None:
    secrets = ["13800138000", "11010519491231002X", "李秀兰"]
    said = "我叫李秀兰，手机13800138000，身份证11010519491231002X，柜台让我等了很久。"
    mapping = MAPPING + 'reply = "回复"\n'
    path = tmp_path / "a.csv"
    path.write_text(
        "编号,时间,机构,客户,评分,内容,回复,姓名\n"
        f"13800138000,2026-05-01,N11,C7,1,{said},李秀兰女士您好，已致电13800138000,李秀兰\n",
        "utf-8",
    )
    bring_in(path, mapping=mapping)
    left = json.dumps(content(lake), ensure_ascii=False, default=str)
    for secret in secrets:
        assert secret not in left, secret
    (speaker,) = content(lake)["speakers"]
    assert speaker["pseudonym"] == pseudonym("C7", b"demo-only-masking-key")
    files = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file() and each != path)
    assert b"13800138000" not in files  # neither journal nor lake nor lock holds it


def test_a_voice_belongs_to_the_day_in_the_banks_time_zone_whatever_its_branchs(
    tmp_path: Path, bank: Bank, lake: Lake
) -> None:
    abroad = make.unit("FRA", "branch", bank.head_office, name="法兰克福分行", time_zone="Europe/Berlin")
    at = "2026-05-01T20:30:00Z"
    bring_in(table(tmp_path / "a.csv", [row(1, 机构="FRA", 时间=at), row(2, 机构="N11", 时间=at)]))
    assert {each["said_on"] for each in content(lake)["voices"]} == {date(2026, 5, 2)}
    rows = [row(3, 机构="FRA", 时间="2026-05-07 22:30"), row(4, 机构="FRA", 时间="2026-06-08")]
    bring_in(table(tmp_path / "b.csv", rows), branch=abroad)
    days = {each["source_id"]: (each["said_on"], each["said_at"].hour) for each in content(lake)["voices"]}
    assert days["W3"] == (date(2026, 5, 8), 20), "22:30 as read by the branch's clock, 04:30 by the bank's"
    assert days["W4"][0] == date(2026, 6, 8), "a day without a time is that day"


def test_without_a_date_the_moment_of_receipt_stands_in(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    imported = bring_in(table(tmp_path / "a.csv", [row(1, 时间="")]))
    (voice,) = spoken(lake)
    assert (voice.said_precision, voice.said_at) == ("unknown", imported.created_at)


def test_who_says_the_same_is_found_within_a_file_and_across_files(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    said = "手机银行更新以后一直闪退，根本登录不上去，请尽快修复。"
    bring_in(table(tmp_path / "a.csv", [row(1, 内容=said), row(2, 内容=said + "！")]))
    bring_in(table(tmp_path / "b.csv", [row(3, 内容=said), row(4)]))
    family = {each["source_id"]: each["duplicate_of"] for each in content(lake)["voices"]}
    first = next(each["id"] for each in content(lake)["voices"] if each["source_id"] == "W1")
    assert family == {"W1": None, "W2": first, "W3": first, "W4": None}


def test_an_importer_fills_only_her_own_branches(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    analyst = make.staff("3001", bank.north_branch, "analyst")
    rows = [row(0), row(2), row(4, 机构=""), row(1)]  # N11, S11, none, N12
    imported = bring_in(table(tmp_path / "a.csv", rows), by=analyst)
    assert counts(imported) == (4, 2, 0, 0, 2)
    messages = list(Quarantined.objects.values_list("row", "message"))
    assert messages[0][0] == 3
    assert "权限范围" in messages[0][1]
    assert "没有机构号" in messages[1][1]


def test_who_lost_the_right_meanwhile_imports_nothing(tmp_path: Path, bank: Bank, lake: Lake, clerk: Staff) -> None:
    imported = bring_in(table(tmp_path / "a.csv", [row(0), row(1)]), by=clerk)
    assert counts(imported) == (2, 0, 0, 0, 2)


def test_an_unknown_branch_waits_in_quarantine_with_the_codes_that_come_near(
    tmp_path: Path, bank: Bank, lake: Lake
) -> None:
    bring_in(table(tmp_path / "a.csv", [row(0, 机构="N13"), row(1, 机构="Q")]))
    near, unknown = Quarantined.objects.order_by("row")
    assert (near.row, near.column) == (2, "机构")
    assert "N11" in near.params["near"]
    assert "N12" in near.params["near"]
    assert "请先导入机构" in unknown.message


def test_nobody_has_spoken_in_the_future(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    imported = bring_in(table(tmp_path / "a.csv", [row(0, 时间="2099-01-01"), row(1)]))
    assert counts(imported) == (2, 1, 0, 0, 1)
    assert Quarantined.objects.get().column == "时间"


def test_a_wrong_mapping_fails_at_once_instead_of_filling_quarantine(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    from huixiang.channels.contract import Fault

    path = table(tmp_path / "a.csv", [row(number, 时间="不是时间") for number in range(1_200)])
    with pytest.raises(Fault, match="映射很可能不对"):
        bring_in(path)
    imported = begin(path)  # a new one: the failed one is over
    assert not Quarantined.objects.exists()
    assert imported.state == "stopped"


def test_a_unit_that_is_not_there_yet_stops_no_import(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [row(number, 机构="NEW" if number < 1_200 else "N11") for number in range(1_210)]
    assert counts(bring_in(table(tmp_path / "a.csv", rows))) == (1_210, 10, 0, 0, 1_200)
    first = Quarantined.objects.first()
    assert first is not None
    assert (first.params["row"], first.params["column"]) == (2, "机构")


def test_a_row_that_nobody_foresaw_waits_and_the_rest_comes_in(
    tmp_path: Path, bank: Bank, lake: Lake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from huixiang.channels.recording import Recorder

    reads = Recorder._rating

    def fails(self: Recorder, row: object, said: dict[str, str]) -> float | None:
        if "W3" in said.values():
            raise ZeroDivisionError("13800138000")
        return reads(self, row, said)  # type: ignore[arg-type]

    monkeypatch.setattr(Recorder, "_rating", fails)
    imported = bring_in(table(tmp_path / "a.csv", [row(number) for number in range(6)]))
    assert counts(imported) == (6, 5, 0, 0, 1)
    assert "ZeroDivisionError" in Quarantined.objects.get().params["kind"]
    assert "13800138000" not in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_moments_at_the_end_of_time_wait(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    odd = ["9999-12-31 24:00:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "9999999999999"]
    rows = [row(number, 时间=when) for number, when in enumerate(odd)] + [row(9)]
    assert counts(bring_in(table(tmp_path / "a.csv", rows))) == (5, 1, 0, 0, 4)


KEY = b"a bank's own"
Said = st.tuples(st.integers(0, 5), st.sampled_from("甲乙丙"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is slow, not wrong
@given(before=st.dictionaries(st.integers(0, 5), st.sampled_from("甲乙丙")), rows=st.lists(Said, max_size=30))
def test_law_the_counts_add_up_and_the_last_saying_holds(before: dict[int, str], rows: list[tuple[int, str]]) -> None:
    def record(number: int, text: str) -> Record:
        return Record(Channel.OTHER, str(number), text)

    known = {
        record(number, text).voice_id(KEY): Known(record(number, text).content_hash(KEY), 1)
        for number, text in before.items()
    }
    classes = classify([Entry.of(place, record(*said), KEY) for place, said in enumerate(rows)], known)
    Account(len(rows), classes.new, classes.same, classes.changed, 0)
    last = dict(rows)
    for number, text in last.items():
        latest = classes.latest.get(record(number, text).voice_id(KEY))
        assert (latest.record.text if latest else before[number]) == text
    assert classes.new == len(set(last) - set(before))
    versions = len(classes.latest) + len(classes.passed)
    assert versions == classes.new + classes.changed


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is slow, not wrong
@given(before=st.dictionaries(st.integers(0, 5), st.sampled_from("甲乙丙")), rows=st.lists(Said, max_size=30))
def test_law_a_second_time_nothing_is_new(before: dict[int, str], rows: list[tuple[int, str]]) -> None:
    entries = [
        Entry.of(place, Record(Channel.OTHER, str(number), text), KEY) for place, (number, text) in enumerate(rows)
    ]
    first = classify(entries, {})
    known = {key: Known(entry.content_hash, entry.version) for key, entry in first.latest.items()}
    assert classify(entries, known).new == 0


@pytest.mark.parametrize(
    ("title", "text", "secret"),
    [("我的密码是", "abc123", "abc123"), ("联系电话", "62345678 请回", "62345678"), ("姓名", "王芳 投诉", "王芳")],
)
def test_what_the_title_announces_is_masked_in_the_text_and_in_the_reply(title: str, text: str, secret: str) -> None:
    told = Record(Channel.WEBSITE, "1", text, title=title, extra={"户名": "司马相如"})
    answered = Record(Channel.WEBSITE, "2", f"请问{title}", reply=text)
    kept, reply = read(in_use.Reading(Understander(), VERSION), [told, answered])
    assert f"{kept.title}\n{kept.text}" == kept.understanding.masked
    assert secret not in f"{kept.title} {kept.text} {kept.understanding.normal} {reply.reply}"
    assert "司马" not in kept.extra


def test_nothing_that_is_kept_can_be_tried_out_without_the_key(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    told = row(1, 客户="13800138000")
    bring_in(table(tmp_path / "a.csv", [told]))
    (voice,) = content(lake)["voices"]
    record = Record(Channel.WEBSITE, told["编号"], told["内容"])
    assert voice["id"] == make.voice_id(record)
    assert voice["id"] not in {digest("website", told["编号"]), record.voice_id(b"another bank's")}
    unnumbered = MAPPING.replace('source_id = "编号"\n', "")
    bring_in(table(tmp_path / "b.csv", [told]), mapping=unnumbered)
    (other,) = (each for each in content(lake)["voices"] if each["id"] != voice["id"])
    assert other["source_id"] == ""  # else it would be a hash of the customer's number among little else
