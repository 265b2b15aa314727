"""Where do the facts live? Delta tables of Parquet files: every change is one atomic, numbered version."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Transaction
from deltalake import Schema as DeltaSchema
from deltalake.transaction import AddAction

from huixiang.lake import disk
from huixiang.lake.locks import held, patient
from huixiang.lake.ordering import Month, clear, ordered
from huixiang.lake.schema import (
    BULK,
    BULK_PIECE,
    DAYS,
    MANY_AN_ID,
    MEASURED,
    ORDER,
    PARTITION,
    PIECE_BYTES,
    TABLES,
    inside,
)
from huixiang.lake.snapshots import Snapshots
from huixiang.lake.spill import remove_orphans
from huixiang.lake.writing import Action, exchanged, groups, inherited, month_of, removed, widened, written

log = logging.getLogger(__name__)
SETTINGS = {"delta.checkpointInterval": "20", "delta.logRetentionDuration": "interval 7 days"}
HOOKS = PostCommitHookProperties(cleanup_expired_logs=False)  # only `tidy` does, once what follows is on the disk
APPENDS_BETWEEN_TIDYING = 16  # each adds a file to every month it touches, and each file costs every question


class Lake(Snapshots):
    """The tables of one bank. Reading needs no lock; writing waits for its turn, also among processes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._pieces = self.path / ".spill" / "ordering"
        self._writing = threading.RLock()
        self._depth = 0

    @contextmanager
    def writing(self, waiting: Callable[[], None] = patient) -> Iterator[None]:
        """Hold the lake for writing; may be nested. `waiting` is called while another process holds it."""
        with self._writing:
            if self._depth:
                yield
                return
            with held(self.path / ".lock", waiting):
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1

    def append_once(self, table: str, rows: pa.Table, *, writer: str, batch: int) -> None:
        """Add rows as one version; a batch that this writer has brought before is left out."""
        with self.writing():
            delta = self._made(table)
            if int(delta.transaction_version(writer) or 0) >= batch:
                return
            self._commit(table, self._added(table, rows), _once(writer, batch))
            self._now_and_then_compact(table)

    def upsert_once(
        self, table: str, rows: pa.Table, *, writer: str, batch: int, strayed: Collection[str] = ()
    ) -> None:
        """Add rows, in place of those with the same id wherever they lie, as one version.

        `strayed`: of these, voices that say something else now; their copies get a first among themselves before.
        """
        with self.writing():
            delta = self._made(table)
            if int(delta.transaction_version(writer) or 0) >= batch:
                return
            ids = rows["id"].to_pylist()
            self._bequeath(strayed, besides=ids)
            self._replace(table, ids, rows, _once(writer, batch))
            self._now_and_then_compact(table)

    def set_columns(self, table: str, id: str, values: Mapping[str, Any]) -> None:
        """Correct one row: a new version of the table."""
        unknown = set(values) - set(TABLES[table].names) | set(values) & {"id", PARTITION}
        if unknown:
            raise ValueError(f"{sorted(unknown)} are no columns of {table} that can be set")
        with self.writing():
            row = self.rows(table, [id])
            for name, value in values.items():
                place, field = TABLES[table].get_field_index(name), TABLES[table].field(name)
                row = row.set_column(place, field, pa.array([value] * row.num_rows, field.type))
            if row.num_rows:
                self._replace(table, [id], row)

    def delete(self, table: str, ids: Collection[str]) -> None:
        """Take these rows out of the current version; `erase` also out of the former ones."""
        if not ids or self.version(table) < 0:
            return
        with self.writing():
            self._replace(table, ids, TABLES[table].empty_table())

    def exchange(self, table: str, ids: Collection[str], rows: pa.Table) -> None:
        """These rows in place of those, as one version; copies of voices that go get a first among themselves."""
        with self.writing():
            if table == "voices":
                self._bequeath(ids, besides=ids)
            self._replace(table, ids, rows)

    def holds(self, ids: Collection[str]) -> set[str]:
        """Of which of these does any table's current version still know? Only while holding the lake for writing."""
        wanted, found = pa.array(sorted(ids), pa.string()), set[str]()
        for table in TABLES:
            found.update(*self.engine.holding(self.files(table), wanted).values())
        return found

    def retire(self, ids: Collection[str]) -> None:
        """These are no voices any more, as their source tells them now: their copies get a first among themselves."""
        with self.writing():
            self._bequeath(ids, besides=ids)
            self.delete("voices", ids)

    def erase(self, ids: Collection[str]) -> None:
        """A customer's right to erasure: out of every table and every former version, for good.

        Copies of an erased voice stay: the earliest becomes their first.
        """
        with self.writing():
            self._bequeath(ids, besides=ids)
            for table in TABLES:
                self.delete(table, ids)
            self.forget_former(TABLES)

    def forget_former(self, tables: Iterable[str]) -> None:
        """No version of these but the present one is there any more, and no entry of a log that tells of one."""
        with self.writing():
            for table in tables:
                self.purge(table, older_than_hours=0)
                self._forget_log(table)

    def rewrite(self, table: str, month: str, change: Callable[[pa.Table], pa.Table]) -> None:
        """All of a month changed in one version, a row group at a time; whatever has no row left goes."""
        with self.writing():
            place, schema, actions = self.path / table, inside(TABLES[table]), []
            for file in [each for each in self.files(table) if month_of(each) == month]:
                pieces = (change(each) for each in groups(file, schema))
                actions += [*written(place, month, (each for each in pieces if each.num_rows)), removed(place, file)]
            if actions:
                self._commit(table, actions)

    def unname(self, ids: Collection[str]) -> None:
        """Who said these is known no longer, in no former version either; what was said stays, its address does not."""
        with self.writing():
            self.delete("speakers", ids)
            if posts := self.rows("posts", ids).to_pylist() if self.version("posts") >= 0 else []:
                nameless = [row | {"author": None, "url": ""} for row in posts if row["author"] or row["url"]]
                self._replace("posts", [row["id"] for row in nameless], pa.Table.from_pylist(nameless, TABLES["posts"]))
            self.forget_former(("speakers", "posts"))

    def tidy(self, older_than_hours: int = 168, fewest_files: int = 2) -> int:
        """Put each month's small files together in order, and remove files no version of the last days needs.

        Returns how many months were rewritten. Readers of an older version are not disturbed until their files go.
        Where a table cannot be rewritten (no room on the disk), all the rest is done before the failure is raised.
        """
        rewritten = 0
        failures: list[Exception] = []
        for table in TABLES:
            try:
                rewritten += self.compact(table, fewest_files)
            except Exception as failure:
                failures.append(failure)
            self.purge(table, older_than_hours)
            if self.version(table) >= 0:
                self._made(table).cleanup_metadata()
        if failures:
            raise failures[0]
        return rewritten

    def purge(self, table: str, older_than_hours: int) -> None:
        """Remove the files of a table that only versions older than this need, and what killed processes left."""
        if self.version(table) < 0:
            return
        with self.writing():
            clear(self._pieces)
            remove_orphans(self._pieces.parent)
            self._made(table).vacuum(older_than_hours, dry_run=False, enforce_retention_duration=False, full=True)
            disk.keep(each for each in (self.path / table).iterdir() if each.is_dir())
            self.kept.forget(table, self.live(table))
            if table in DAYS:
                self.rolled.forget(table, self.days_of_view(table)[1])

    def compact(self, table: str, fewest_files: int = 2) -> int:
        """Rewrite in order the months that lie in many small files. How many were there?

        In bounded memory, however long the texts; needs room on the disk for the largest month once more. A failure
        (OSError, or the engines' own errors) leaves the table as it was.
        """
        if self.version(table) < 0:
            return 0
        with self.writing():
            months = self._scattered(table, fewest_files)
            for name, files in months.items():
                month = Month(files, TABLES[table], ORDER[table])
                former = self.days_of_view(table)[1] if table in DAYS else {}
                with ordered(self.engine, month, self._pieces) as pieces:
                    actions = written(self.path / table, name, pieces)
                self._commit(table, [*actions, *(removed(self.path / table, file) for file in files)])
                if former:  # the same rows: what was counted of them holds
                    self.rolled.carry(table, name, former, self.days_of_view(table)[1])
            return len(months)

    def upgrade(self) -> int:
        """Bring tables of an earlier version of the product to the columns of this one; how many files were rewritten?

        New columns are empty: nulls, and lists without entries. May be killed and run again.
        """
        with self.writing():
            return sum(self._widened(table) for table in TABLES)

    def _widened(self, table: str) -> int:
        if (delta := self._snapshot(table)) is None:
            return 0
        known = {field.name for field in delta.schema().fields}
        if new := [field for field in DeltaSchema.from_arrow(TABLES[table]).fields if field.name not in known]:
            delta.alter.add_columns(new)
            delta.update_incremental()
            self._keep_log(table)
        schema, place = inside(TABLES[table]), self.path / table
        narrow = [file for file in self.files(table) if set(schema.names) - set(pq.read_schema(file).names)]
        for file in narrow:
            actions = written(place, month_of(file), widened(file, schema))
            self._commit(table, [*actions, removed(place, file)])
        return len(narrow)

    def _now_and_then_compact(self, table: str) -> None:
        """What has just been written is safe already: if it cannot be put in order now, the nightly round will."""
        if self.version(table) % APPENDS_BETWEEN_TIDYING:
            return
        try:
            self.compact(table, APPENDS_BETWEEN_TIDYING // 2)
        except Exception as failure:  # its message is left out: it may quote a row
            log.error("could not compact %s: %s; the nightly round tries again", table, type(failure).__name__)

    def _replace(
        self, table: str, ids: Collection[str], rows: pa.Table, properties: CommitProperties | None = None
    ) -> None:
        """These rows in place of all that have one of these ids, as one version. Holds a row group at a time.

        Delta's merge and delete would hold whole files: a gigabyte for fifteen thousand long letters.
        """
        place, out, actions = self.path / table, pa.array(sorted(set(ids)), pa.string()), []
        for file, found in self.engine.holding(self.files(table), out).items():
            stay = pc.and_(pc.equal(rows[PARTITION], month_of(file)), pc.is_in(rows["id"], value_set=pa.array(found)))
            if table in MANY_AN_ID:  # its rows may lie in two groups, and would come in with each
                stay = pc.and_(stay, False)
            here, rows = rows.filter(stay).select(inside(rows.schema).names), rows.filter(pc.invert(stay))
            actions += [*written(place, month_of(file), exchanged(file, out, here, ORDER[table])), removed(place, file)]
        actions += self._added(table, rows)
        if actions or properties:
            self._commit(table, actions, properties)

    def _bequeath(self, gone: Collection[str], besides: Collection[str]) -> None:
        """The copies of these voices get a first among themselves: the earliest that is none of `besides`.

        One saying may have hundreds of thousands of copies: they too are rewritten a row group at a time.
        """
        place = self.path / "voices"
        if heirs := self._heirs(gone, besides):
            wanted, columns, actions = pa.array(sorted(heirs), pa.string()), inside(TABLES["voices"]), []
            for file in self.engine.holding(self.files("voices"), wanted, by="duplicate_of"):
                pieces = inherited(file, heirs, columns)
                actions += [*written(place, month_of(file), pieces), removed(place, file)]
            self._commit("voices", actions)

    def _heirs(self, gone: Collection[str], besides: Collection[str]) -> dict[str, str]:
        """The id of the earliest copy of each voice that has copies."""
        if not gone or self.version("voices") < 0:
            return {}
        given = {"gone": gone, "besides": besides}
        tables = {name: pa.table({"id": pa.array(sorted(ids), pa.string())}) for name, ids in given.items()}
        earliest = "arg_min(t.id, (t.said_at, t.id))"
        found = self.fetch(
            f'SELECT t.duplicate_of AS former, {earliest} AS heir FROM "{self.view("voices")}" AS t '  # noqa: S608
            "SEMI JOIN gone ON t.duplicate_of = gone.id ANTI JOIN besides ON t.id = besides.id GROUP BY t.duplicate_of",
            **tables,
        )
        return {row["former"]: row["heir"] for row in found.to_pylist()}

    def _added(self, table: str, rows: pa.Table) -> list[Action]:
        place, order = self.path / table, () if table in BULK else ORDER[table]
        return [action for month, pieces in _by_month(rows, order) for action in written(place, month, pieces)]

    def _commit(self, table: str, actions: list[Action], properties: CommitProperties | None = None) -> None:
        """Nobody counts on it before it lies on the disk, the files before the entry of the log that names them."""
        delta, place = self._made(table), self.path / table
        files = [place / action.path for action in actions if isinstance(action, AddAction)]
        disk.keep([*files, *(file.parent for file in files), place])
        former = delta.version()
        delta.create_write_transaction(
            actions, "append", delta.schema(), commit_properties=properties, post_commithook_properties=HOOKS
        )
        delta.update_incremental()
        self._keep_log(table, former)

    def _keep_log(self, table: str, former: int = -1) -> None:
        """What the log says of versions since this one is on the disk."""
        folder = self.path / table / "_delta_log"
        disk.keep([*(entry for entry in folder.iterdir() if _number(entry, former + 1) > former), folder])

    def _scattered(self, table: str, fewest_files: int) -> dict[str, list[str]]:
        delta = self._made(table)
        small: dict[str, int] = {}
        for action in pa.table(delta.get_add_actions(flatten=True)).to_pylist():
            if action["size_bytes"] < 32 * 2**20:
                month = action[f"partition.{PARTITION}"]
                small[month] = small.get(month, 0) + 1
        chosen = sorted(month for month, number in small.items() if number >= fewest_files)
        return {month: delta.file_uris(file_pruning_predicate=[(PARTITION, "=", month)]) for month in chosen}

    def _forget_log(self, table: str) -> None:
        """Begin the log anew with the present version: its older entries name the rows that were erased."""
        if self.version(table) < 0:
            return
        delta = self._made(table)
        delta.create_checkpoint()
        self._keep_log(table)
        for entry in (self.path / table / "_delta_log").iterdir():
            if _number(entry, delta.version()) < delta.version():
                entry.unlink()
        self._keep_log(table)

    def _made(self, table: str) -> DeltaTable:
        """The table to write to, in its newest version; made on first use."""
        delta = self._snapshot(table)
        if delta is None:
            measured = ",".join(name for name in MEASURED if name in TABLES[table].names)
            DeltaTable.create(
                self._place(table),
                TABLES[table],
                mode="ignore",
                partition_by=[PARTITION],
                configuration={**SETTINGS, "delta.dataSkippingStatsColumns": measured},
            )
            self._keep_log(table)
            delta = self._snapshot(table)
        if delta is None:
            raise OSError(f"{self.path / table}: could not be made a table")
        return delta


def _number(entry: Path, otherwise: int) -> int:
    """Of which version does an entry of the log tell? Its name says it, as the Delta protocol has it."""
    return int(entry.name[:20]) if entry.name[:20].isdigit() else otherwise


def _once(writer: str, batch: int) -> CommitProperties:
    return CommitProperties(app_transactions=[Transaction(writer, batch)])


def _by_month(rows: pa.Table, order: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Iterator[pa.Table]]]:
    """The rows of each month in order, cut into pieces that fit into memory."""
    months = sorted(set(pc.unique(rows[PARTITION]).to_pylist()))
    for month in months:
        here = rows if len(months) == 1 else rows.filter(pc.equal(rows[PARTITION].cast(pa.string()), month))
        here = here.select(inside(rows.schema).names)
        here = here.sort_by(list(order)) if order else here
        size = BULK_PIECE if not order else max(1, here.num_rows * PIECE_BYTES // max(here.nbytes, PIECE_BYTES))
        yield month, (here.slice(begin, size) for begin in range(0, here.num_rows, size))
