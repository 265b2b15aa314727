"""Who sees which voices? Nobody beyond his reach: not in lists, counts, exports or by guessing an address."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from huixiang.apps.access.models import AuditRecord
from tests import make
from tests.apps.api import caller
from tests.browser import voices as made

pytestmark = pytest.mark.one_database

HERE, THERE = "北山的窗口排队太久，急死人", "南湖的柜员热情周到，点赞"
FORMULA = '=HYPERLINK("http://example.com","点我")'


@pytest.fixture
def spoken(lake: Any, bank: make.Bank) -> dict[str, str]:
    """One voice in the north, one in the south, one that belongs to no unit. Name → voice id."""
    day = timezone.localdate() - timedelta(days=1)
    records = {
        "north": made.record(1, HERE, day, branch=bank.north_outlet.code),
        "south": made.record(2, THERE, day, branch=bank.south_outlet.code),
        "nobody": made.record(3, FORMULA, day, product="@手机银行"),
    }
    made.fill(lake, list(records.values()))
    return {name: make.voice_id(record) for name, record in records.items()}


def test_the_list_and_its_count_end_at_ones_reach(spoken: Any, manager: Any, quality: Any) -> None:
    page = make.client(manager).get("/voices/")
    assert HERE in page.content.decode()
    assert THERE not in page.content.decode()
    assert "<strong>1</strong>" in make.client(manager).get("/voices/count/").content.decode()
    assert "<strong>3</strong>" in make.client(quality).get("/voices/count/").content.decode()


def test_asking_for_a_foreign_unit_shows_nothing_rather_than_more(spoken: Any, manager: Any) -> None:
    for query in ("branch=S11", "branch=HQ", "since=2026-13-45", "since=2026-02-02&until=2026-01-01"):
        page = make.client(manager).get(f"/voices/?{query}").content.decode()
        assert HERE not in page
        assert THERE not in page


def test_a_foreign_voice_looks_like_none(spoken: Any, manager: Any) -> None:
    client = make.client(manager)
    assert client.get(f"/voices/{spoken['north']}/").status_code == 200
    missing, foreign = client.get(f"/voices/{'0' * 24}/"), client.get(f"/voices/{spoken['south']}/")
    assert missing.status_code == foreign.status_code == 404
    assert client.get(f"/voices/{spoken['nobody']}/").status_code == 404
    assert client.post(f"/voices/{spoken['south']}/correct/", {"sentiment": "neutral"}).status_code == 404


def test_similar_voices_end_at_ones_reach_too(lake: Any, bank: make.Bank, manager: Any) -> None:
    day = timezone.localdate()
    here = made.record(1, HERE, day, branch=bank.north_outlet.code)
    made.fill(lake, [here, made.record(2, HERE + "！！", day, branch=bank.south_outlet.code)])
    page = make.client(manager).get(f"/voices/{make.voice_id(here)}/").content.decode()
    assert "没有找到相似的声音" in page


def test_who_is_shown_similar_voices_has_looked_at_them(lake: Any, bank: make.Bank, quality: Any) -> None:
    like, copy = (made.record(n, HERE + "！" * n, timezone.localdate(), branch=bank.north_outlet.code) for n in (1, 2))
    made.fill(lake, [like, copy])
    make.client(quality).get(f"/voices/{make.voice_id(like)}/")
    caller(quality).get(f"/voices/{make.voice_id(like)}/similar")
    looks = AuditRecord.objects.filter(verb="voice.read").order_by("seq")
    similar = {"place": "similar", "count": 1, "after": "", "searched": False}
    assert [(look.on_id, look.detail) for look in looks] == 2 * [(make.voice_id(like), {}), ("", similar)]


def test_those_without_the_right_meet_a_closed_door(spoken: Any, clerk: Any, auditor: Any) -> None:
    for person in (clerk, auditor):
        assert make.client(person).get("/voices/").status_code == 404
        assert make.client(person).get("/voices/export/csv/").status_code == 404
    assert make.client().get("/voices/").status_code == 302


def test_a_clerk_sees_numbers_of_her_outlet_and_no_voice(spoken: Any, clerk: Any) -> None:
    page = make.client(clerk).get("/overview/").content.decode()
    assert "负面占比" in page
    assert HERE not in page
    assert "最新的声音" not in page


def test_reading_a_voice_is_recorded_without_its_words(spoken: Any, manager: Any) -> None:
    make.client(manager).get(f"/voices/{spoken['north']}/?q=排队")
    entry = AuditRecord.objects.get(verb="voice.read")
    assert (entry.actor, entry.on_id) == (manager.number, spoken["north"])
    assert "排队" not in str(entry.detail)


def looks(verb: str = "voice.read") -> list[dict[str, Any]]:
    return [record.detail for record in AuditRecord.objects.filter(verb=verb).order_by("seq")]


def test_each_list_shown_is_one_record_without_the_words_asked_for(spoken: Any, quality: Any) -> None:
    make.client(quality).get("/voices/", {"q": "窗口"})
    by = caller(quality)
    after = by.get("/voices", limit=2).json()["next"]
    by.get("/voices", limit=2, after=after)
    assert looks() == [
        {"place": "list", "count": 1, "after": "", "searched": True},
        {"place": "list", "count": 2, "after": "", "searched": False},
        {"place": "list", "count": 1, "after": after, "searched": False},
    ]


def test_the_overview_records_the_voices_it_shows_and_only_then(spoken: Any, quality: Any, clerk: Any) -> None:
    make.client(clerk).get("/overview/")
    assert not looks()
    make.client(quality).get("/overview/")
    (told,) = looks()
    assert (told["place"], told["searched"]) == ("overview", False)
    assert told["count"] > 2


def test_who_reads_no_voices_cannot_count_them_by_their_words(
    spoken: Any, clerk: Any, bank: make.Bank, quality: Any
) -> None:
    def counted(person: Any) -> int:
        return int(make.client(person).get("/overview/", {"q": "没有人说过的话"}).context["all_voices"])

    assert (counted(quality), counted(clerk)) == (0, 1)
    inspector = make.staff("3005", bank.north, "inspector")
    make.post(inspector, bank.head_office, "staff")
    assert counted(inspector) == 3, "who reads the north's counts all, but not by words"


def test_an_export_holds_the_slice_and_runs_no_formula(spoken: Any, quality: Any, manager: Any) -> None:
    answer = make.client(quality).get("/voices/export/csv/")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row["内容"] for row in rows} == {HERE, THERE, "'" + FORMULA}
    assert "'@手机银行" in {row["产品"] for row in rows}
    own = make.client(manager).get("/voices/export/csv/")
    assert len(list(csv.reader(io.StringIO(b"".join(own.streaming_content).decode("utf-8-sig"))))) == 2
    assert AuditRecord.objects.filter(verb="voice.export", detail__count=3).count() == 1


def test_a_workbook_keeps_text_as_text(spoken: Any, quality: Any) -> None:
    answer = make.client(quality).get("/voices/export/xlsx/?q=hyperlink")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert FORMULA in rows[1]


def test_an_unknown_kind_of_file_is_no_page(spoken: Any, quality: Any) -> None:
    assert make.client(quality).get("/voices/export/exe/").status_code == 404


def test_searched_words_stay_out_of_the_audit(spoken: Any, quality: Any) -> None:
    make.client(quality).get("/voices/export/csv/?q=王小满")
    entry = AuditRecord.objects.get(verb="voice.export")
    assert entry.detail["searched"] is True
    assert "王小满" not in str(entry.detail)


def test_a_made_up_page_address_is_no_error(spoken: Any, quality: Any) -> None:
    for text in ("x", "0", "' or 1=1", "20260101T000000.000000-" + "z" * 24, "%00"):
        assert make.client(quality).get("/voices/", {"before": text}).status_code in {200, 404}
