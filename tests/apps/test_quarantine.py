"""What becomes of rows that could not be read? They wait sealed, are shown, exported, mended or given up."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import actions, quarantine
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.channels.contract import Fault
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import bring_in, content, counts, row, table
from tests.make import Bank

PHONE = "13800138000"


@pytest.fixture
def imported(tmp_path: Path, bank: Bank, lake: Lake) -> Import:
    """Three good rows, and three that nobody can read as they stand: a branch, a date, a rating."""
    rows = [row(number) for number in range(3)]
    rows += [row(3, 机构="N13", 内容=f"请回电{PHONE}，等太久。"), row(4, 时间="前天"), row(5, 评分="11")]
    return bring_in(table(tmp_path / "留言.csv", rows))


def mended(one: Quarantined, **fields: str) -> dict[str, str]:
    return quarantine.fields(one) | fields


def test_the_rows_wait_sealed_with_place_and_reason(imported: Import) -> None:
    assert counts(imported) == (6, 3, 0, 0, 3)
    places = list(Quarantined.objects.values_list("row", "column", "state"))
    assert places == [(5, "机构", "open"), (6, "时间", "open"), (7, "评分", "open")]
    kept = Quarantined.objects.get(row=5)
    assert PHONE.encode() not in bytes(kept.sealed)
    assert quarantine.fields(kept)["内容"] == f"请回电{PHONE}，等太久。"
    assert PHONE not in str(kept.params)


def test_a_mended_row_goes_in_once_and_the_account_still_adds_up(imported: Import, quality: Staff, lake: Lake) -> None:
    waiting = Quarantined.objects.get(row=5)
    batch = actions.mend_row(waiting, mended(waiting, 机构="N12"), by=quality, source="10.0.0.9")
    assert (batch.read, batch.new, batch.quarantined) == (0, 1, -1)
    assert counts(imported) == (6, 4, 0, 0, 2)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.closed_by) == ("mended", quality)
    voice = next(each for each in content(lake)["voices"] if each["import_row"] == 5)
    assert voice["branch"] == "N12"
    assert PHONE not in voice["text"]
    with pytest.raises(Fault, match="已由他人处理"):
        actions.mend_row(waiting, mended(waiting, 机构="N11"), by=quality)
    assert counts(imported) == (6, 4, 0, 0, 2)
    assert AuditRecord.objects.filter(verb="quarantine.mend", source="10.0.0.9").count() == 1


def test_a_row_that_is_still_wrong_says_so_and_stays(imported: Import, quality: Staff) -> None:
    waiting = Quarantined.objects.get(row=6)
    with pytest.raises(Fault) as fault:
        actions.mend_row(waiting, mended(waiting, 时间="大前天"), by=quality)
    assert fault.value.column == "时间"
    assert counts(imported) == (6, 3, 0, 0, 3)


def test_mended_in_a_spreadsheet_and_imported_again_nothing_counts_twice(
    imported: Import, quality: Staff, lake: Lake, tmp_path: Path
) -> None:
    waiting = Quarantined.objects.get(row=5)
    actions.mend_row(waiting, mended(waiting, 机构="N12"), by=quality)
    exported = "".join(quarantine.export(imported.quarantine.all())).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [each["回响：行"] for each in rows] == ["5", "6", "7"]
    assert all(each["回响：原因"] for each in rows)
    for each, repair in zip(rows, [{"机构": "N12"}, {"时间": "2026-05-01"}, {"评分": "1"}], strict=True):
        each.update(repair)
    back = tmp_path / "修正.csv"
    with back.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert counts(bring_in(back)) == (3, 2, 1, 0, 0)
    assert questions.count(lake, Slice()) == 6
    assert all("回响" not in each["extra"] for each in content(lake)["voices"])


def test_what_could_run_in_a_spreadsheet_is_made_text_and_comes_back_as_it_was(
    tmp_path: Path, bank: Bank, lake: Lake
) -> None:
    evil = '=HYPERLINK("http://evil.example","点我")'
    imported = bring_in(table(tmp_path / "a.csv", [row(1, 内容=evil, 机构="N13")]))
    exported = "".join(quarantine.export(imported.quarantine.all())).removeprefix("\ufeff")
    (out,) = csv.DictReader(io.StringIO(exported))
    assert out["内容"] == "'" + evil
    out["机构"] = "N11"
    back = tmp_path / "back.csv"
    with back.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(out))
        writer.writeheader()
        writer.writerow(out)
    bring_in(back)
    assert content(lake)["voices"][0]["text"] == evil


def test_given_up_rows_stay_in_the_account_with_their_reason(imported: Import, quality: Staff) -> None:
    rows = list(imported.quarantine.values_list("pk", flat=True))
    with pytest.raises(Fault, match="原因"):
        actions.discard_rows(imported, rows[:1], " ", by=quality)
    assert actions.discard_rows(imported, rows[:2], "测试数据", by=quality) == 2
    assert actions.discard_rows(imported, rows[:2], "又一次", by=quality) == 0
    assert counts(imported) == (6, 3, 0, 0, 3)
    assert set(imported.quarantine.values_list("state", "note")) == {("discarded", "测试数据"), ("open", "")}


def test_reasons_are_told_with_the_most_frequent_first(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [row(1, 机构="Q1"), row(2, 评分="11"), row(3, 机构="Q2"), row(4)]
    imported = bring_in(table(tmp_path / "a.csv", rows))
    found = quarantine.reasons(imported.quarantine.all())
    assert [(each.column, each.count) for each in found] == [("机构", 2), ("评分", 1)]
    assert "机构号“…”" in found[0].text


def test_only_who_may_mend_sees_the_rows_and_each_look_is_recorded(
    imported: Import, quality: Staff, manager: Staff, auditor: Staff
) -> None:
    waiting = Quarantined.objects.get(row=5)
    pages = [
        f"/imports/{imported.pk}/quarantine/",
        f"/quarantine/{waiting.pk}/",
        f"/imports/{imported.pk}/quarantine/export/",
    ]
    for person in (manager, auditor):
        for page in pages:
            assert make.client(person).get(page).status_code == 404, (person, page)
        with pytest.raises(PermissionDenied):
            actions.mend_row(waiting, {}, by=person)
    browser = make.client(quality)
    assert PHONE in browser.get(pages[1]).content.decode()
    assert PHONE in b"".join(browser.get(pages[2]).streaming_content).decode()
    assert "机构" in browser.get(pages[0]).content.decode()
    verbs = list(AuditRecord.objects.filter(outcome="done").order_by("seq").values_list("verb", flat=True))
    assert verbs[-2:] == ["quarantine.read", "quarantine.export"]


def test_a_row_is_mended_on_its_page(imported: Import, quality: Staff, lake: Lake) -> None:
    waiting = Quarantined.objects.get(row=5)
    browser = make.client(quality)
    page = browser.get(f"/quarantine/{waiting.pk}/")
    form = page.context["form"]
    sent = {field.html_name: field.initial for field in form}
    wrong = browser.post(f"/quarantine/{waiting.pk}/", sent)
    assert wrong.status_code == 422
    assert "N13" in wrong.content.decode()
    place = form.columns.index("机构")
    right = browser.post(f"/quarantine/{waiting.pk}/", sent | {f"field{place}": "N12"})
    assert right.status_code == 302
    assert right["Location"] == f"/quarantine/{Quarantined.objects.get(row=6).pk}/"
    assert counts(imported) == (6, 4, 0, 0, 2)
