"""What do other systems read of the voices? What the pages show, within the same reach, and each look recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback.models import Correction
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import Caller, caller
from tests.browser import voices as made

pytestmark = pytest.mark.one_database

OUTLETS = ("N11", "N12", "S11")
UNTIL = date(2026, 11, 20)
HERE, THERE = "北山的窗口排队太久，急死人", "南湖的柜员热情周到，点赞"


@pytest.fixture
def many(lake: Lake, bank: make.Bank) -> Lake:
    made.fill(lake, [*made.made_up(OUTLETS, UNTIL, count=60, days=90), *made.undated(3)])
    return lake


@pytest.fixture
def spoken(lake: Lake, bank: make.Bank) -> dict[str, str]:
    """One voice in the north, the same once more there and in the south, one of no unit. Name → id."""
    records = {
        "north": made.record(1, HERE, UNTIL, branch="N11"),
        "again": made.record(2, HERE + "！", UNTIL, branch="N12"),
        "south": made.record(3, HERE + "！！", UNTIL, branch="S11"),
        "nobody": made.record(4, THERE, UNTIL, product="手机银行", rating=4.6),
    }
    made.fill(lake, list(records.values()))
    return {name: make.voice_id(record) for name, record in records.items()}


def everything(by: Caller, **query: Any) -> list[dict[str, Any]]:
    found, after = [], ""
    while True:
        page = by.get("/voices", after=after, **query).json()
        found += page["items"]
        if not page["next"]:
            return found
        after = page["next"]


def test_the_list_read_to_its_end_holds_every_voice_once_newest_first(many: Lake, quality: Staff) -> None:
    found = everything(caller(quality), limit=7)
    assert len(found) == 63
    assert len({voice["id"] for voice in found}) == 63
    moments = [voice["said_at"] for voice in found]
    assert moments == sorted(moments, reverse=True)


def test_the_list_ends_at_ones_reach(many: Lake, manager: Staff) -> None:
    found = everything(caller(manager), limit=200)
    assert {voice["branch"] for voice in found} == {"N11", "N12"}
    for foreign in ("S11", "HQ", "nothing", "N11' OR 1=1"):
        refused = caller(manager).get("/voices", branch=foreign)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "#/branch"


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ({"channel": ["hotline", "suggestion_box"]}, Slice(channels=("hotline", "suggestion_box"))),
        ({"sentiment": ["negative", "neutral"]}, Slice(sentiments=("negative", "neutral"))),
        ({"since": "2026-10-01", "until": "2026-10-31"}, Slice(since=date(2026, 10, 1), until=date(2026, 10, 31))),
        ({"version": "8.2.0", "product": "手机银行"}, Slice(versions=("8.2.0",), products=("手机银行",))),
        ({"q": "轉圈"}, Slice(query="转圈")),
        ({"dated": "false"}, Slice(dated=False)),
        ({"once": "true"}, Slice(copies=False)),
        ({"branch": "N1"}, Slice(branches=frozenset({"N1", "N11", "N12"}))),
        ({"import_id": "00000000-0000-4000-8000-000000000000"}, Slice(import_id="none")),
    ],
)
def test_every_filter_chooses_as_the_lake_does(many: Lake, quality: Staff, query: Any, chosen: Slice) -> None:
    found = everything(caller(quality), limit=200, **query)
    assert {voice["id"] for voice in found} == {voice.id for voice in questions.stream(many, chosen)}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"since": "2026-02-30"}, "#/since"),
        ({"since": "0001-01-01"}, "#/since"),
        ({"since": "2026-02-02", "until": "2026-01-01"}, "#/since"),
        ({"sentiment": "angry"}, "#/sentiment/0"),
        ({"channel": ["hotline", "pigeon"]}, "#/channel/1"),
        ({"q": "nul\x00"}, "#/q"),
        ({"q": "长" * 101}, "#/q"),
        ({"product": "\x00"}, "#/product/0"),
        ({"import_id": "x"}, "#/import_id"),
        ({"limit": "201"}, "#/limit"),
        ({"after": "20261124T000000.000000-'; DROP"}, "#/after"),
    ],
)
def test_a_filter_with_a_fault_is_refused_and_not_ignored(many: Lake, quality: Staff, query: Any, pointer: str) -> None:
    response = caller(quality).get("/voices", **query)
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_the_worst_voices_come_surest_first_and_within_reach(many: Lake, quality: Staff, manager: Staff) -> None:
    found = caller(quality).get("/voices/worst", limit=4).json()["items"]
    assert [each["id"] for each in found] == [each.id for each in questions.worst(many, Slice(), limit=4)]
    assert {each["sentiment"] for each in found} == {"negative"}
    reach = manager.scope("voice.see")
    assert {each["branch"] for each in caller(manager).get("/voices/worst").json()["items"]} <= set(reach)
    assert AuditRecord.objects.filter(verb="voice.read", detail__place="worst").count() == 2


def test_one_voice_with_its_numbers_in_plain_units(spoken: dict[str, str], quality: Staff) -> None:
    found = caller(quality).get(f"/voices/{spoken['nobody']}").json()
    assert (found["text"], found["rating"], found["branch"]) == (THERE, 4.6, None)
    parts = [found[f"{name}_probability"] for name in ("negative", "neutral", "positive")]
    assert sum(parts) == pytest.approx(1, abs=1e-4)
    assert found["said_at"] == "2026-11-20T01:04:00Z"
    assert found["said_on"] == "2026-11-20"
    assert {"searchable", "bands", "content_hash"}.isdisjoint(found)


def test_each_look_is_recorded_with_the_token(spoken: dict[str, str], manager: Staff) -> None:
    by = caller(manager)
    for rest in ("", "/versions", "/similar"):
        assert by.get(f"/voices/{spoken['north']}{rest}").status_code == 200
    records = AuditRecord.objects.filter(verb="voice.read", on_id=spoken["north"], actor=manager.number)
    assert records.count() == 3
    assert "token:" in records[0].source


def test_a_foreign_voice_looks_like_none(spoken: dict[str, str], manager: Staff) -> None:
    by = caller(manager)
    told = []
    for voice_id in (spoken["south"], "0" * 24):
        for rest in ("", "/versions", "/similar"):
            response = by.get(f"/voices/{voice_id}{rest}")
            assert response.status_code == 404
            told.append(response.json()["title"])
        correction = {"field": "sentiment", "value": "neutral"}
        assert by.post(f"/voices/{voice_id}/corrections", correction).status_code == 404
    assert len(set(told)) == 1
    assert by.get("/voices/nonsense").status_code == 422
    assert by.get("/voices/%00").status_code == 422


def test_similar_voices_end_at_ones_reach(spoken: dict[str, str], manager: Staff, quality: Staff) -> None:
    def similar(person: Staff) -> set[str]:
        return {each["id"] for each in caller(person).get(f"/voices/{spoken['north']}/similar").json()["items"]}

    assert similar(manager) == {spoken["again"]}
    assert similar(quality) == {spoken["again"], spoken["south"]}


def test_a_correction_is_kept_recorded_and_outranks_the_machine(spoken: dict[str, str], manager: Staff) -> None:
    by, address = caller(manager), f"/voices/{spoken['north']}"
    made_one = by.post(f"{address}/corrections", {"field": "sentiment", "value": "neutral", "note": "只是描述"})
    assert made_one.status_code == 201
    assert (made_one.json()["before"], made_one.json()["after"]) == ("negative", "neutral")
    corrected = by.get(address).json()
    assert (corrected["sentiment"], corrected["understood_by"]) == ("neutral", "person")
    assert AuditRecord.objects.get(verb="voice.correct").actor == manager.number


def test_who_may_not_read_the_voice_is_not_told_what_stood_there(spoken: dict[str, str], manager: Staff) -> None:
    address, content = f"/voices/{spoken['north']}/corrections", {"field": "sentiment", "value": "neutral"}
    answer = caller(manager, "voice.correct").post(address, content)
    assert (answer.status_code, answer.json()) == (201, None)
    assert Correction.objects.get().after == "neutral"


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({"field": "text", "value": "x"}, "#/field"),
        ({"field": "product"}, "#/value"),
        ({"field": "product", "value": "长" * 401}, "#/value"),
        ({"field": "product", "value": "\x00"}, "#/value"),
        ({"field": "product", "value": "\ud800"}, "#/value"),
        ({"field": "product", "value": 7}, "#/value"),
        ({"field": "product", "value": "x", "note": "长" * 401}, "#/note"),
    ],
)
def test_a_correction_that_makes_no_sense_names_its_part(
    spoken: dict[str, str], manager: Staff, content: Any, pointer: str
) -> None:
    response = caller(manager).post(f"/voices/{spoken['north']}/corrections", content)
    assert response.status_code == 422
    assert [(error["in"], error["pointer"]) for error in response.json()["errors"]] == [("body", pointer)]


@pytest.mark.parametrize(
    ("field", "value"), [("sentiment", "angry"), ("branch", "S11"), ("branch", "nothing"), ("branch", "")]
)
def test_what_the_verb_refuses_is_told_as_on_the_page(
    spoken: dict[str, str], manager: Staff, field: str, value: str
) -> None:
    response = caller(manager).post(f"/voices/{spoken['north']}/corrections", {"field": field, "value": value})
    assert response.status_code == 422
    assert response.json()["type"] == "urn:huixiang:problem:refused"
    assert response.json()["detail"]
    assert not Correction.objects.exists()


def test_the_overview_counts_as_the_lake_does(many: Lake, quality: Staff) -> None:
    found = caller(quality).get("/overview", by="month").json()
    assert (found["voice_count"], found["undated_count"]) == (63, 3)
    assert sum(step["total_count"] for step in found["volume"]) == 60
    for step in found["volume"]:
        low, value, high = (step["negative_share"][name] for name in ("low", "value", "high"))
        assert 0 <= low <= value <= high <= 1
    assert {line["key"] for line in found["by_branch"]} == {"", "N", "S"}
    assert sum(line["total_count"] for line in found["by_channel"]) == 63
    assert found["month"]["until"] <= "2026-11-30"
    assert found["by"] == "month"


def test_an_empty_overview_says_nothing_instead_of_zero(lake: Lake, quality: Staff) -> None:
    found = caller(quality).get("/overview").json()
    assert (found["voice_count"], found["month"], found["first_on"], found["volume"]) == (0, None, None, [])


def test_a_token_for_numbers_alone_reads_those_of_the_branch_and_no_voice(many: Lake, manager: Staff) -> None:
    by = caller(manager, "overview.see")
    found = by.get("/overview").json()
    assert found["voice_count"] == questions.count(many, Slice(branches=frozenset({"N1", "N11", "N12"})))
    assert by.get("/overview", q="排队").json()["voice_count"] == found["voice_count"], "words are for readers"
    assert caller(manager).get("/overview", q="排队").json()["voice_count"] < found["voice_count"]
    assert by.get("/voices").status_code == 404


def test_voices_leave_by_the_right_to_export_alone(quality: Staff, spoken: dict[str, str]) -> None:
    assert caller(quality, "voice.see").get("/voices/export").status_code == 404
    answer = caller(quality, "voice.export").get("/voices/export", branch="N11")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(lines) == 1 + 1
    told = AuditRecord.objects.get(verb="voice.export", outcome="done").detail
    assert (told["count"], told["asked"]) == (1, {"branch": "N11"})
