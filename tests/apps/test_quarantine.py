"""What becomes of rows that could not be read? They wait sealed, are shown, exported, mended or given up."""

from __future__ import annotations

import csv
import io
import sqlite3
from pathlib import Path

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import actions, mending, quarantine, spreadsheet
from huixiang.apps.feedback.faults import veiled
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.channels.contract import Fault
from huixiang.channels.ratings import Scale
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import HEADER, bring_in, content, counts, row, table
from tests.make import Bank

PHONE = "13800138000"
CHARACTERS = st.one_of(st.sampled_from("'=+-@\t＝1%. \n,\"好"), st.characters(exclude_categories=["Cs", "Cc"]))


@pytest.fixture
def imported(tmp_path: Path, bank: Bank, lake: Lake) -> Import:
    """Three good rows, and three that nobody can read as they stand: a branch, a date, a rating."""
    rows = [row(number) for number in range(3)]
    rows += [row(3, 机构="N13", 内容=f"请回电{PHONE}，等太久。"), row(4, 时间="前天"), row(5, 评分="11")]
    return bring_in(table(tmp_path / "留言.csv", rows))


def mended(one: Quarantined, **fields: str) -> dict[str, str]:
    return quarantine.fields(one) | fields


@pytest.mark.one_database
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


@pytest.mark.one_database
def test_a_row_that_is_still_wrong_says_so_and_stays(imported: Import, quality: Staff) -> None:
    waiting = Quarantined.objects.get(row=6)
    with pytest.raises(Fault) as fault:
        actions.mend_row(waiting, mended(waiting, 时间="大前天"), by=quality)
    assert fault.value.column == "时间"
    assert counts(imported) == (6, 3, 0, 0, 3)


def sheet(imported: Import) -> list[dict[str, str]]:
    """What a person sees of the export in her spreadsheet."""
    exported = "".join(quarantine.export(imported.quarantine.all(), mending.columns(imported))).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(exported, newline="")))


def saved(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.one_database
def test_mended_in_a_spreadsheet_the_rows_land_in_their_import_and_nothing_counts_twice(
    imported: Import, quality: Staff, lake: Lake, tmp_path: Path
) -> None:
    waiting = Quarantined.objects.get(row=5)
    actions.mend_row(waiting, mended(waiting, 机构="N12"), by=quality)
    rows = sheet(imported)
    assert [each["回响：行"] for each in rows] == ["5", "6", "7"]
    assert all(each["回响：编号"].startswith("Q") and each["回响：原因"] for each in rows)
    for each, repair in zip(rows, [{"机构": "N12"}, {"时间": "2026-05-01"}, {"评分": "12"}], strict=True):
        each.update(repair)
    back = saved(tmp_path / "修正.csv", [*rows, dict.fromkeys(rows[0], "")])
    outcome, imports = actions.mend_file(back, by=quality, source="10.0.0.9")
    assert (outcome.new, outcome.still, outcome.closed, outcome.unknown) == (1, 1, 1, 0)
    assert imports == [imported]
    assert counts(imported) == (6, 5, 0, 0, 1)
    assert questions.count(lake, Slice()) == 5
    still = Quarantined.objects.get(row=7)
    assert "12" in quarantine.opened(still).reason, "why it cannot be read now"
    assert still.params["found"] == "…", "of the mended cell too nothing stands outside the seal"
    assert all("回响" not in each["extra"] for each in content(lake)["voices"])
    again, _ = actions.mend_file(back, by=quality)
    assert (again.new, again.still, again.closed) == (0, 1, 2)
    assert counts(imported) == (6, 5, 0, 0, 1)
    assert AuditRecord.objects.filter(verb="quarantine.return", source="10.0.0.9").count() == 1
    with pytest.raises(Fault, match="隔离的行"):
        bring_in(back)


@pytest.mark.one_database
def test_a_mended_table_of_another_import_is_not_taken_for_this_one(
    imported: Import, quality: Staff, manager: Staff, tmp_path: Path
) -> None:
    other = bring_in(table(tmp_path / "b.csv", [row(8, 机构="N13"), row(9)]))
    rows = sheet(imported)
    back = saved(tmp_path / "修正.csv", rows)
    outcome, _ = actions.mend_file(back, by=quality, within=other)
    assert outcome.unknown == 3
    assert actions.mend_file(back, by=manager)[0].unknown == 3, "whose right opens rows of survey answers alone"
    with pytest.raises(Fault, match="回响：编号"):
        actions.mend_file(table(tmp_path / "c.csv", [row(1)]), by=quality)


@pytest.mark.one_database
def test_rows_of_json_are_mended_in_a_spreadsheet_too(quality: Staff, bank: Bank, lake: Lake, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": "j1", "said": {"text": "=坏"}, "at": "前天"}\n{broken\n{"id": "j3", "said": {"text": "好"}}\n', "utf-8"
    )
    mapping = 'format = "jsonl"\nchannel = "website"\n[columns]\nsource_id = "id"\ntext = "said.text"\nsaid_at = "at"\n'
    imported = bring_in(path, form="jsonl", mapping=mapping)
    assert counts(imported) == (3, 1, 0, 0, 2)
    rows = sheet(imported)
    rows[0]["at"] = "2026-05-01"
    rows[1] |= {"id": "j2", "said.text": "断了"}
    book = tmp_path / "修正.xlsx"
    with xlsxwriter.Workbook(str(book)) as made:
        page = made.add_worksheet()
        for number, cells in enumerate([list(rows[0]), *(list(each.values()) for each in rows)]):
            for place, cell in enumerate(cells):
                page.write_string(number, place, cell)
    outcome, _ = actions.mend_file(book, by=quality)
    assert (outcome.new, outcome.still) == (2, 0)
    assert counts(imported) == (3, 3, 0, 0, 0)
    assert {each["text"] for each in content(lake)["voices"]} == {"=坏", "断了", "好"}


@pytest.mark.one_database
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is slow, not wrong
@given(
    names=st.lists(st.text(CHARACTERS, min_size=1, max_size=8).map(str.strip).filter(bool), min_size=1, unique=True),
    cells=st.lists(st.text(CHARACTERS, max_size=12), min_size=9, max_size=9),
)
def test_law_the_way_to_a_spreadsheet_and_back_changes_nothing(names: list[str], cells: list[str]) -> None:
    content = dict(zip([name for name in names if not name.startswith("回响：")], cells, strict=False))
    own = {spreadsheet.plain(spreadsheet.escaped(name)): spreadsheet.plain(spreadsheet.escaped(cell))
           for name, cell in content.items()}  # fmt: skip
    assert spreadsheet.merged(content, own) == content
    assert not any(spreadsheet.escaped(cell).startswith(("=", "+1+", "@", "\t")) for cell in cells)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "said", ["'=1+1", "=1+1", "''", "'", "-", "-3.5", "＝x", "\t好", "第一行\r\n第二行", '"引号"', "a,b"]
)
def test_what_could_run_in_a_spreadsheet_is_made_text_and_comes_back_as_it_was(
    said: str, tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*HEADER, "=备注", "'x"], [*row(1, 内容=said, 机构="N13").values(), said, "y"]])
    imported = bring_in(path)
    (out,) = sheet(imported)
    before = quarantine.fields(imported.quarantine.get())
    back = saved(tmp_path / "back.csv", [out])
    (stretch,) = mending.returned(back, [imported], mending.Outcome())
    assert stretch[0][1] == before
    out["机构"] = "N11"
    actions.mend_file(saved(back, [out]), by=quality)
    assert content(lake)["voices"][0]["text"] == said.strip()


def test_what_is_not_whole_stays_out_until_a_person_has_made_it_whole(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    """An unquoted comma, a letter too long, broken bytes: what stands in quarantine is less than what was said."""
    lines = [",".join(row(number).values()).encode() for number in range(3)]
    lines += [
        ",".join(row(3, 内容="排队太久,结果等了三小时,钱也没到账").values()).encode(),
        ",".join(row(4, 内容="长" * 100_001, 机构="N13").values()).encode(),
        ",".join(row(5).values()).encode().replace("反映".encode(), b"\xff\xfe"),
        ",".join(row(6, 机构="N13").values()).encode(),
    ]
    path = tmp_path / "留言.csv"
    path.write_bytes(b"\n".join([",".join(HEADER).encode(), *lines]) + b"\n")
    imported = bring_in(path)
    make.unit("N13", "outlet", bank.north_branch, name="北山三路网点")
    reasons = {each.row: quarantine.opened(each).reason for each in imported.quarantine.all()}
    rows = sheet(imported)
    outcome = actions.retry_rows(imported, imported.quarantine.all(), by=quality)
    assert (outcome.new, outcome.still, outcome.cut) == (1, 3, 3)
    assert "3 行在这里不是原件的全文" in outcome.told()
    outcome, _ = actions.mend_file(saved(tmp_path / "b.csv", rows), by=quality)
    assert (outcome.new, outcome.still, outcome.cut, outcome.closed) == (0, 3, 3, 1)
    assert {each.row: quarantine.opened(each).reason for each in imported.quarantine.filter(state="open")} == {
        number: reasons[number] for number in (5, 6, 7)
    }
    browser = make.client(quality)
    for number, column in ((5, "内容"), (6, "内容"), (7, "内容")):
        waiting = imported.quarantine.get(row=number)
        sent = {each.html_name: each.initial for each in browser.get(f"/quarantine/{waiting.pk}/").context["form"]}
        place = list(quarantine.fields(waiting)).index("机构")
        refused = browser.post(f"/quarantine/{waiting.pk}/", sent | {f"field{place}": "N12"})  # not what was cut
        assert refused.status_code == 422
        assert f"“{column}”列在这里不是原件的全文" in refused.content.decode()
        actions.mend_row(waiting, mended(waiting, 内容=f"第{number}行的全文"), by=quality)
    assert counts(imported) == (7, 7, 0, 0, 0)
    assert not any("\ufffd" in each["text"] or "长" in each["text"] for each in content(lake)["voices"])


@pytest.mark.one_database
def test_all_rows_of_one_reason_are_tried_again_once_the_unit_is_there(
    imported: Import, quality: Staff, manager: Staff, bank: Bank, lake: Lake
) -> None:
    make.unit("N13", "outlet", bank.north_branch, name="北山三路网点")
    browser = make.client(quality)
    reason = quarantine.reasons(imported.quarantine.all())
    chosen = next(each for each in reason if each.column == "机构")
    page = f"/imports/{imported.pk}/quarantine/"
    assert "重试这些行" in browser.get(page).content.decode()
    sent = {"message": chosen.message, "column": chosen.column}
    assert make.client(manager).post(page + "retry/", sent).status_code == 404
    answer = browser.post(page + "retry/", sent, follow=True)
    assert "已修正入库 1 行，仍隔离 0 行" in answer.content.decode()
    assert counts(imported) == (6, 4, 0, 0, 2)
    assert Quarantined.objects.get(row=5).state == "mended"
    outcome = actions.retry_rows(imported, imported.quarantine.all(), by=quality)
    assert (outcome.new, outcome.still) == (0, 2)
    assert AuditRecord.objects.get(verb="quarantine.retry").detail["rows"] == 1


@pytest.mark.one_database
def test_a_mended_table_is_handed_in_on_the_page_or_where_files_are_imported(
    imported: Import, quality: Staff, tmp_path: Path
) -> None:
    rows = sheet(imported)
    rows[0]["机构"], rows[1]["时间"] = "N12", "2026-05-01"
    browser = make.client(quality)
    with saved(tmp_path / "a.csv", rows[:1]).open("rb") as file:
        answer = browser.post(f"/imports/{imported.pk}/quarantine/return/", {"file": file}, follow=True)
    assert "已修正入库 1 行" in answer.content.decode()
    make.post(quality, quality.posts.get().unit, "analyst")
    with saved(tmp_path / "b.csv", rows[1:2]).open("rb") as file:
        answer = make.client(quality).post("/imports/new/", {"file": file})
    assert answer["Location"] == f"/imports/{imported.pk}/quarantine/"
    assert counts(imported) == (6, 5, 0, 0, 1)
    assert not any((tmp_path / "uploads").iterdir())
    assert Import.objects.count() == 1


@pytest.mark.one_database
def test_given_up_rows_stay_in_the_account_with_their_reason(imported: Import, quality: Staff) -> None:
    rows = imported.quarantine.filter(row__lt=7)
    with pytest.raises(Fault, match="原因"):
        actions.discard_rows(imported, rows, " ", by=quality)
    assert actions.discard_rows(imported, rows, "测试数据", by=quality) == 2
    assert actions.discard_rows(imported, rows, "又一次", by=quality) == 0
    assert counts(imported) == (6, 3, 0, 0, 3)
    assert set(imported.quarantine.values_list("state", "note")) == {("discarded", "测试数据"), ("open", "")}


def test_a_quarantine_of_any_size_is_given_up_at_once_and_a_key_that_is_none_chooses_nothing(
    imported: Import, quality: Staff
) -> None:
    like = imported.quarantine.get(row=5)
    more = range(100, 180)
    same = {name: getattr(like, name) for name in ("of", "batch", "column", "message", "params")}
    Quarantined.objects.bulk_create((Quarantined(row=row, sealed=b"", **same) for row in more), batch_size=500)
    if (
        connection.vendor == "sqlite"
    ):  # takes 250,000 values in one statement: here fewer, so that rows are quickly too many
        connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 60)
    browser, page = make.client(quality), f"/imports/{imported.pk}/quarantine/discard/"
    for key in ("²", "9" * 30, "x"):
        assert browser.post(page, {"row": key, "note": "x"}).status_code == 302
    assert not Quarantined.objects.filter(state="discarded").exists()
    browser.post(page, {"message": like.message, "column": like.column, "note": "测试数据"})
    if connection.vendor == "sqlite":
        connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 250_000)
    assert Quarantined.objects.filter(state="discarded").count() == 1 + len(more)


@pytest.mark.one_database
def test_reasons_are_told_with_the_most_frequent_first(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [row(1, 机构="Q1"), row(2, 评分="11"), row(3, 机构="Q2"), row(4)]
    imported = bring_in(table(tmp_path / "a.csv", rows))
    found = quarantine.reasons(imported.quarantine.all())
    assert [(each.column, each.count) for each in found] == [("机构", 2), ("评分", 1)]
    assert "机构号“…”" in found[0].text


@pytest.mark.one_database
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


@pytest.mark.one_database
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


@pytest.mark.one_database
def test_the_scale_may_be_told_and_what_stood_in_the_cell_may_not() -> None:
    with pytest.raises(Fault) as told:
        Scale().read("13800138000", (2, "评分"))
    assert "1 到 5" in str(veiled(told.value))
    assert "138" not in str(veiled(told.value))
