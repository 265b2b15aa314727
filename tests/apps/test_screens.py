"""Screens from file to lake: as a set and row by row alike, once however often told, what is bad kept aside."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, batches, erasing, identity, importing, keeping, quarantine
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.models import Import, Quarantined, Term
from huixiang.channels import registry
from huixiang.channels.contract import Defaults, Row
from huixiang.domain.feedback import pseudonym
from huixiang.lake.store import Lake
from tests.apps.arrivals import Silent, begin, counts
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.make import Bank

pytestmark = pytest.mark.one_database
NINE = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001  # as the bank's clock shows it
STEPS = ("登录", "填写", "完成")


def click(session: int, step: str = "登录", **told: Any) -> dict[str, Any]:
    """One try of a step, ten seconds for each, that succeeds unless told otherwise."""
    at = NINE + timedelta(minutes=session, seconds=10 * STEPS.index(step))
    row = {"session": session, "customer": f"C{session % 7}", "at": at, "channel": "手机银行", "device": "iOS"}
    row |= {"version": "8.3.0", "journey": "转账", "step": step, "ok": True, "code": "OK", "message": "成功"}
    return row | {"milliseconds": 300} | told


def session(number: int, until: str = "完成", **told: Any) -> list[dict[str, Any]]:
    """A whole one, up to a step."""
    return [click(number, step, **told) for step in STEPS[: STEPS.index(until) + 1]]


def failed(number: int, code: str = "T9999", **told: Any) -> dict[str, Any]:
    return click(number, ok=False, code=code, message="系统超时", **told)


BAD = (
    click(90, at=None),
    click(91, journey=None),
    click(92, milliseconds=-5),
    click(93, at=NINE.replace(year=2091)),
)


def parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    kinds = {"session": pa.int64(), "at": pa.timestamp("s"), "ok": pa.bool_(), "milliseconds": pa.int32()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in rows[0]])
    pq.write_table(pa.Table.from_pylist(rows, schema), path)
    return path


def table(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def came(path: Path, form: str = "clicks", settings: str = "") -> Import:
    imported = begin(path, form=form, mapping=settings)
    importing.run(Silent(), str(imported.pk))
    return Import.objects.get(pk=imported.pk)


def there(lake: Lake, name: str = "clicks") -> list[dict[str, Any]]:
    sql = f'SELECT * EXCLUDE (import_id, import_row) FROM "{lake.view(name)}" ORDER BY id'
    return list(lake.fetch(sql).to_pylist())


def test_a_set_and_single_rows_are_read_alike(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [each for number in range(20) for each in session(number)]
    rows += [failed(30), *BAD, click(3)]  # the last says the same again
    as_set = came(parquet(tmp_path / "clicks.parquet", rows))
    assert counts(as_set) == (66, 61, 1, 0, 4)
    by_set = there(lake)
    other = Lake(tmp_path / "other")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "the_lake", lambda: other)
        assert counts(came(table(tmp_path / "clicks.csv", rows)))[1] == 61
    assert there(other) == by_set
    assert [each.row for each in Quarantined.objects.filter(of=as_set).order_by("row")] == [62, 63, 64, 65]
    done = [row for row in by_set if row["done"]]
    assert {row["step"] for row in done} == {"完成"}
    assert len({row["session"] for row in by_set}) == 21
    assert done[0]["customer"].hex() in {pseudonym(f"C{each}", b"demo-only-masking-key") for each in range(7)}
    bad = next(row for row in by_set if not row["ok"])
    assert (bad["code"], bad["meaning"], bad["hour"]) == ("T9999", "系统超时", 9)


def test_a_click_has_one_id_however_it_is_read(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    came(parquet(tmp_path / "a.parquet", [failed(1)]))
    (row,) = there(lake)
    cells = {name: "" if cell is None else str(cell) for name, cell in failed(1).items()}
    read = registry.find("clicks").record(Row(1, cells), Defaults())
    assert read.voice_id(identity.voice_key()) == row["id"]


def test_told_again_it_counts_once_and_put_right_it_changes(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [each for number in range(10) for each in session(number)]
    came(parquet(tmp_path / "a.parquet", rows))
    assert counts(came(parquet(tmp_path / "b.parquet", rows))) == (30, 0, 30, 0, 0)
    rows[3]["device"] = "Android"
    assert counts(came(parquet(tmp_path / "c.parquet", rows))) == (30, 0, 29, 1, 0)
    assert sorted({row["device"] for row in there(lake)}) == ["Android", "iOS"]


@pytest.mark.parametrize("step", ["commit", "_carry", "_confirm"])
def test_killed_anywhere_each_row_counts_once(
    step: str, tmp_path: Path, bank: Bank, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [each for number in range(13) for each in session(number)] + [BAD[0]]
    imported = begin(parquet(tmp_path / "a.parquet", rows), form="clicks", mapping="")
    from huixiang.channels.tickets import parquet as reading

    monkeypatch.setattr(reading.blocks, "__defaults__", (0, 15))
    with pytest.MonkeyPatch.context() as patch:
        if step == "_carry":

            def dying(*_given: Any) -> None:
                raise Killed

            patch.setattr(batches, "_carry", dying)
        else:
            dies_after(patch, batches, step)
        with pytest.raises(Killed):
            importing.run(Silent(), str(imported.pk))
    importing.run(Silent(), str(imported.pk))
    assert counts(Import.objects.get(pk=imported.pk)) == (40, 39, 0, 0, 1)
    assert len(there(lake)) == 39


def test_a_file_nobody_described_is_known_by_its_columns(tmp_path: Path) -> None:
    chinese = {"会话号": "1", "操作时间": NINE, "业务类型": "转账", "步骤": "登录", "返回码": "0000"}
    for path in (parquet(tmp_path / "t.parquet", [click(1)]), table(tmp_path / "t.csv", [chinese])):
        assert registry.guess(path).format == "clicks"
    outage = {"故障编号": "INC1", "系统": "登录认证", "开始时间": NINE, "结束时间": NINE, "失败比例": "0.9"}
    assert registry.guess(table(tmp_path / "o.csv", [outage])).format == "downtimes"
    person = {"客户号": "C1", "开户网点": "N11", "出生年份": "1950", "客户等级": "普通"}
    assert registry.guess(table(tmp_path / "p.csv", [person])).format == "customers"


def test_goals_services_and_samples_are_the_banks_own(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    settings = 'format = "clicks"\none_in = 6\n[services]\n"转账" = "转账汇款"\n[goals]\n"转账汇款" = "填写"\n'
    came(parquet(tmp_path / "a.parquet", session(1, "填写")), settings=settings)
    rows = there(lake)
    assert {(row["service"], row["weight"]) for row in rows} == {("转账汇款", 6.0)}
    assert [row["step"] for row in rows if row["done"]] == ["填写"]


def test_an_outage_that_ends_later_is_the_same_outage(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    outage = {"故障编号": "INC1", "系统": "登录认证", "开始时间": NINE, "结束时间": "", "失败比例": "90%"}
    machine = {
        "设备编号": "ATM-7",
        "机构号": "N11",
        "开始时间": NINE,
        "结束时间": NINE + timedelta(hours=2),
        "原因": "卡钞",
    }
    assert counts(came(table(tmp_path / "a.csv", [outage]), "downtimes"))[1] == 1
    outage["结束时间"] = str(NINE + timedelta(minutes=40))
    bad = outage | {"结束时间": "2026-03-01 09:00", "故障编号": "INC2"}
    assert counts(came(table(tmp_path / "b.csv", [outage, bad]), "downtimes")) == (2, 0, 0, 1, 1)
    assert counts(came(table(tmp_path / "c.csv", [machine]), "downtimes"))[1] == 1
    rows = {row["name"]: row for row in there(lake, "downtimes")}
    assert rows["登录认证"]["ended_at"] == datetime(2026, 3, 2, 1, 40, tzinfo=UTC)
    assert rows["登录认证"]["share"] == pytest.approx(0.9)
    assert (rows["ATM-7"]["kind"], rows["ATM-7"]["branch"], rows["ATM-7"]["reason"]) == ("device", "N11", "卡钞")


PEOPLE = [
    {"客户号": f"C{number}", "开户网点": "N11", "出生年份": 1950 + 8 * number, "客户等级": "普通"}
    for number in range(7)
]


def test_of_a_customer_only_age_band_class_and_branch_are_kept(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [*PEOPLE, PEOPLE[0] | {"客户号": "C9", "出生年份": 1750}]
    schema = pa.schema([(name, pa.int64() if name == "出生年份" else pa.string()) for name in PEOPLE[0]])
    pq.write_table(pa.Table.from_pylist(rows, schema), tmp_path / "p.parquet")
    assert counts(came(tmp_path / "p.parquet", "customers")) == (8, 7, 0, 0, 1)
    by_set = there(lake, "customers")
    assert counts(came(table(tmp_path / "p.csv", PEOPLE), "customers")) == (7, 0, 7, 0, 0)
    assert {row["band"] for row in by_set} == {"75+", "60-74", "45-59", "30-44", "0-29"}
    assert set(by_set[0]) == {"id", "customer", "branch", "band", "tier", "month"}


def test_what_a_customer_has_erased_is_gone_and_stays_out(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    rows = [each for number in range(14) for each in session(number)]
    came(parquet(tmp_path / "a.parquet", rows))
    came(table(tmp_path / "p.csv", PEOPLE), "customers")
    goes = actions.of_customer(actions.known_as("C3"), None)
    assert len(goes.screens) == 7
    erasure = actions.erase_customer(actions.known_as("C3"), reason="客户来电要求", by=quality)
    erasing.carry_out(erasure)
    erasure.refresh_from_db()
    looked = {one["place"]: (one["found"], one["left"]) for one in erasure.looked}
    assert (looked["clicks"], looked["customers"], looked["lake"]) == ((6, 0), (1, 0), (7, 0))
    assert (len(there(lake)), len(there(lake, "customers"))) == (36, 6)
    assert account(came(parquet(tmp_path / "b.parquet", rows))).erased == 6
    assert account(came(table(tmp_path / "q.csv", PEOPLE), "customers")).erased == 1
    assert (len(there(lake)), len(there(lake, "customers"))) == (36, 6)


@pytest.mark.parametrize("manner", [Term.Manner.FIGURES, Term.Manner.DELETE])
def test_what_is_over_is_only_counted_or_goes(manner: str, tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [each for number in range(14) for each in session(number)]
    came(parquet(tmp_path / "a.parquet", rows))
    sessions = {row["session"] for row in there(lake)}
    Term.objects.create(channel="clicks", months=6, manner=manner, from_on=NINE.date())
    later = datetime(2027, 3, 2, tzinfo=UTC)
    assert keeping.clear(later, "clicks") == 42
    assert keeping.clear(later, "clicks") == 0
    figures = there(lake)
    assert len(figures) == (42 if manner == Term.Manner.FIGURES else 0)
    assert all(row["customer"] is None and not row["device"] for row in figures)
    assert not sessions & {row["session"] for row in figures}
    assert {row["used_at"].minute for row in figures} <= {0}, "what a session took is kept, when it began is not"
    again = account(came(parquet(tmp_path / "b.parquet", rows)))
    assert (again.new, again.erased) == (0, 42)


def test_what_was_kept_aside_is_mended(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> None:
    imported = came(parquet(tmp_path / "a.parquet", [click(1), click(2), BAD[2]]))
    (row,) = Quarantined.objects.filter(of=imported)
    actions.mend_row(row, quarantine.fields(row) | {"milliseconds": "50"}, by=quality)
    assert sorted(each["milliseconds"] for each in there(lake)) == [50, 300, 300]
    assert account(imported).quarantined == 0
