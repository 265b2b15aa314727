"""The queue from file to lake: as a set and row by row alike, once however often told, what is bad kept aside."""

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
from huixiang.channels.contract import Defaults, Fault, Row
from huixiang.domain.feedback import pseudonym
from huixiang.lake import questions
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import Silent, begin, counts
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.make import Bank

pytestmark = pytest.mark.one_database
NINE = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001  # as the kiosk's clock shows it


def ticket(number: int, wait: int = 600, **told: Any) -> dict[str, Any]:
    """One of the outlet N11 that was served, unless told otherwise."""
    at = NINE + timedelta(minutes=number)
    served = {
        "called_at": at + timedelta(seconds=wait),
        "started_at": at + timedelta(seconds=wait + 10),
        "ended_at": at + timedelta(seconds=wait + 310),
        "left_at": None,
    }
    row = {
        "branch": "N11",
        "kiosk_number": f"A{number:03d}",
        "service": "现金存取",
        "customer": f"C{number % 7}",
        "arrived_at": at,
        **served,
        "counter": 1 + number % 3,
        "teller": "100123",
    }
    return row | told


def gone(number: int, wait: int = 1_200) -> dict[str, Any]:
    at = NINE + timedelta(minutes=number)
    nothing = dict.fromkeys(("called_at", "started_at", "ended_at", "counter", "teller"))
    return ticket(number, **nothing, left_at=at + timedelta(seconds=wait))


BAD = (
    ticket(90, ended_at=NINE),
    ticket(91, branch="X99"),
    ticket(92, arrived_at=NINE.replace(year=2091), called_at=None, started_at=None, ended_at=None),
    ticket(93, kiosk_number=None),
    ticket(94, left_at=NINE + timedelta(minutes=99)),
)


def parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    moments = dict.fromkeys(("arrived_at", "called_at", "started_at", "ended_at", "left_at"), pa.timestamp("s"))
    schema = pa.schema([(name, moments.get(name, pa.string())) for name in rows[0]])
    told = [row | {"counter": None if row["counter"] is None else str(row["counter"])} for row in rows]
    pq.write_table(pa.Table.from_pylist(told, schema), path)
    return path


def table(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def came(path: Path, settings: str = "") -> Import:
    imported = begin(path, form="tickets", mapping=settings)
    importing.run(Silent(), str(imported.pk))
    return Import.objects.get(pk=imported.pk)


def there(lake: Lake) -> list[dict[str, Any]]:
    sql = f'SELECT * EXCLUDE (import_id, import_row) FROM "{lake.view("tickets")}" ORDER BY id'
    return list(lake.fetch(sql).to_pylist())


def test_a_set_and_single_rows_are_read_alike(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [*(ticket(number) for number in range(20)), gone(30), gone(31), *BAD, ticket(3), ticket(4, wait=700)]
    rows.append(ticket(5, arrived_at=NINE - timedelta(hours=1)))  # the number once more, of another
    as_set = came(parquet(tmp_path / "tickets.parquet", rows))
    assert counts(as_set) == (30, 22, 1, 0, 7)
    by_set = there(lake)
    other = Lake(tmp_path / "other")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "the_lake", lambda: other)
        assert counts(came(table(tmp_path / "tickets.csv", rows)))[1:] == (
            22,
            8,
            0,
            0,
        )  # what is refused again waits once
    assert there(other) == by_set
    reasons = [(each.row, each.message) for each in Quarantined.objects.filter(of=as_set)]
    assert [row for row, _ in reasons] == [23, 24, 25, 26, 27, 29, 30]
    served = by_set[0]
    assert (served["wait_seconds"], served["start_seconds"], served["service_seconds"]) == (600, 10, 300)
    assert (served["hour"], served["lane"], served["left"]) == (9, "A", False)
    assert served["customer"].hex() in {pseudonym(f"C{each}", b"demo-only-masking-key") for each in range(7)}


def test_a_ticket_has_one_id_however_it_is_read(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    came(parquet(tmp_path / "tickets.parquet", [ticket(1)]))
    (row,) = there(lake)
    cells = {name: "" if cell is None else str(cell) for name, cell in ticket(1).items()}
    read = registry.find("tickets").record(Row(1, cells), Defaults())
    assert read.voice_id(identity.voice_key()) == row["id"]


def test_told_again_it_counts_once_and_put_right_it_changes(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [ticket(number) for number in range(10)]
    came(parquet(tmp_path / "a.parquet", rows))
    assert counts(came(parquet(tmp_path / "b.parquet", rows))) == (10, 0, 10, 0, 0)
    rows[3]["ended_at"] += timedelta(minutes=1)
    rows[4]["arrived_at"] -= timedelta(minutes=30)
    assert counts(came(parquet(tmp_path / "c.parquet", rows))) == (10, 0, 8, 1, 1)
    assert sorted(row["service_seconds"] for row in there(lake)) == [300] * 9 + [360]


@pytest.mark.parametrize("step", ["commit", "_carry", "_confirm"])
def test_killed_anywhere_each_row_counts_once(
    step: str, tmp_path: Path, bank: Bank, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [ticket(number) for number in range(40)] + [BAD[0]]
    imported = begin(parquet(tmp_path / "a.parquet", rows), form="tickets", mapping="")
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
    assert counts(Import.objects.get(pk=imported.pk)) == (41, 40, 0, 0, 1)
    assert len(there(lake)) == 40
    assert Quarantined.objects.filter(of=imported).count() == 1


def test_a_file_nobody_described_is_known_by_its_columns(tmp_path: Path) -> None:
    chinese = {"网点号": "N11", "排队号": "A001", "业务类型": "开卡", "取号时间": NINE, "叫号时间": NINE}
    for path in (parquet(tmp_path / "t.parquet", [ticket(1)]), table(tmp_path / "t.csv", [chinese])):
        assert registry.guess(path).format == "tickets"


def test_a_customers_tickets_are_found_by_pseudonym(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    came(parquet(tmp_path / "a.parquet", [ticket(number) for number in range(14)]))
    assert len(questions.tickets_of(lake, pseudonym("C3", b"demo-only-masking-key"))) == 2


def test_what_a_customer_has_erased_is_gone_and_stays_out(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    file = parquet(tmp_path / "a.parquet", [ticket(number) for number in range(14)])
    came(file)
    goes = actions.of_customer(actions.known_as("C3"), None)
    assert (len(goes.tickets), len(goes.voices)) == (2, 0)
    erasure = actions.erase_customer(actions.known_as("C3"), reason="客户来电要求", by=quality)
    assert (erasure.voices, erasure.facts) == (0, 2)
    erasing.carry_out(erasure)
    erasure.refresh_from_db()
    looked = {one["place"]: (one["found"], one["left"]) for one in erasure.looked}
    assert looked["tickets"] == looked["lake"] == (2, 0)
    assert len(there(lake)) == 12
    assert account(came(parquet(tmp_path / "b.parquet", [ticket(number) for number in range(14)]))).erased == 2
    assert len(there(lake)) == 12


@pytest.mark.parametrize("manner", [Term.Manner.FIGURES, Term.Manner.DELETE])
def test_what_is_over_is_only_counted_or_goes(manner: str, tmp_path: Path, bank: Bank, lake: Lake) -> None:
    came(parquet(tmp_path / "a.parquet", [ticket(number) for number in range(14)]))
    Term.objects.create(channel="tickets", months=6, manner=manner, from_on=NINE.date())
    later = datetime(2027, 3, 2, tzinfo=UTC)
    assert keeping.clear(later, "tickets") == 14
    assert keeping.clear(later, "tickets") == 0
    figures = there(lake)
    assert len(figures) == (14 if manner == Term.Manner.FIGURES else 0)
    assert all(row["customer"] is None and not row["kiosk_number"] + row["teller"] for row in figures)
    assert {row["wait_seconds"] for row in figures} <= {600}
    again = account(came(parquet(tmp_path / "b.parquet", [ticket(number) for number in range(14)])))
    assert (again.new, again.erased) == (0, 14)


def test_what_was_kept_aside_is_mended_and_retried(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> None:
    imported = came(parquet(tmp_path / "a.parquet", [ticket(1), ticket(2), *BAD[:2]]))
    late, elsewhere = Quarantined.objects.filter(of=imported).order_by("row")
    cells = quarantine.fields(late) | {"ended_at": "2026-03-02 10:45:00"}
    actions.mend_row(late, cells, by=quality)
    make.unit("X99", "outlet", bank.north_branch)
    actions.retry_rows(imported, Quarantined.objects.filter(pk=elsewhere.pk), by=quality)
    assert sorted(row["kiosk_number"] for row in there(lake)) == ["A001", "A002", "A090", "A091"]
    assert account(imported).quarantined == 0
    with pytest.raises(Fault, match="早于"):
        actions.mend_row(_again(tmp_path), {**cells, "ended_at": "2026-03-02 08:00:00"}, by=quality)


def _again(folder: Path) -> Quarantined:
    return Quarantined.objects.filter(of=came(parquet(folder / "b.parquet", [ticket(1), BAD[0]]))).latest("pk")


def test_a_file_of_two_months_brings_each_ticket_once(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    rows = [ticket(number, arrived_at=NINE + timedelta(days=day)) for number, day in enumerate(range(0, 40, 3))]
    rows = [row | {name: None for name in ("called_at", "started_at", "ended_at")} for row in rows]
    rows = [row | {"left_at": row["arrived_at"] + timedelta(minutes=5)} for row in rows]
    assert counts(came(parquet(tmp_path / "a.parquet", rows)))[:2] == (14, 14)
    found = there(lake)
    assert len(found) == 14
    assert {row["month"] for row in found} == {"2026-03", "2026-04"}
    assert len({row["arrived_on"] for row in found}) == 14
