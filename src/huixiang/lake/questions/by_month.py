"""What of an answer is still true? Only the months that changed since somebody asked are read again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.questions.slices import unbound
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

Row = TypeVar("Row")
Months = dict[str, tuple[Row, ...]]
View = tuple[str, dict[str, frozenset[str]]]  # as Lake.months_of_view tells it


class ByMonth(Generic[Row]):
    """Keeps the rows of the last `most` months, for answers that are the sum of their months.

    An import brings voices of the newest month or two, a correction or an erasure changes one: the rest was counted
    before. A month is known by its files, which never change, so nothing can be out of date.
    """

    def __init__(self, most: int, table: str = "voices") -> None:
        self._most, self._table, self._lock = most, table, threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Row, ...]] = OrderedDict()

    def rows(
        self,
        lake: Lake,
        about: Hashable,
        read: Callable[[ir.Table], Months[Row]],
        wanted_months: Callable[[str], bool] = lambda month: True,
        at: View | None = None,
    ) -> Months[Row]:
        """The rows of every month of the table that is wanted; `read` tells those of the months of a table, and
        `about` what it asks besides. `at`: for answers of several parts, all of them to one version."""

        def sought(view: str, missing: dict[str, frozenset[str]]) -> Months[Row]:
            everything = unbound(view, self._table)
            is_all = len(missing) == len(every)
            wanted = everything if is_all else everything.filter(everything[PARTITION].isin(sorted(missing)))
            return dict.fromkeys(missing, ()) | read(wanted)

        _, every = at = at or lake.months_of_view(self._table)
        return self.sought(lake, about, sought, wanted_months, at)

    def sought(
        self,
        lake: Lake,
        about: Hashable,
        seek: Callable[[str, dict[str, frozenset[str]]], Months[Row]],
        wanted_months: Callable[[str], bool],
        at: View,
    ) -> Months[Row]:
        """The same; `seek` tells the rows of these months of a view, each with its files."""
        view, every = at
        months = {month: files for month, files in every.items() if wanted_months(month)}
        keys = {month: (lake, about, month, files) for month, files in months.items()}
        found = {month: rows for month, key in keys.items() if (rows := self._known(key)) is not None}
        if missing := {month: files for month, files in months.items() if month not in found}:
            fresh = seek(view, missing)
            self._keep({keys[month]: fresh[month] for month in missing})
            found |= {month: fresh[month] for month in missing}
        return found

    def _known(self, key: Any) -> tuple[Row, ...] | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, fresh: dict[Any, tuple[Row, ...]]) -> None:
        with self._lock:
            self._kept |= fresh
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Sums:
    """Keeps tables of counts as `ByMonth` keeps rows, and on the lake's disk besides.

    So what one process has counted, another one knows, and after a restart nothing is counted twice. `name` tells the
    question and the form of its answer: who changes either takes another. `read` tells them month by month.
    """

    def __init__(self, name: str, most: int, schema: pa.Schema, table: str = "voices") -> None:
        self._name, self._table, self.schema = name, table, schema
        self._near: ByMonth[pa.Table] = ByMonth(most, table)

    def rows(
        self,
        lake: Lake,
        about: Hashable,
        read: Callable[[ir.Table], pa.Table],
        wanted_months: Callable[[str], bool] = lambda month: True,
        at: View | None = None,
    ) -> pa.Table:
        """The counts of all wanted months, one after the other. `about` must read the same in every process."""
        view = at or lake.months_of_view(self._table)
        told = f"{self._name} {about!r}"

        def sought(view_: str, months: dict[str, frozenset[str]]) -> Months[pa.Table]:
            found = {month: self._kept(lake, files, told) for month, files in months.items()}
            missing = sorted(month for month, counts in found.items() if counts is None)
            fresh = self._read(view_, missing, read, is_all=len(missing) == len(view[1]))
            for month, counts in fresh.items():
                lake.kept.put(self._table, months[month], told, counts)
            return {month: (counts,) for month, counts in (found | fresh).items() if counts is not None}

        months = self._near.sought(lake, about, sought, wanted_months, view)
        return pa.concat_tables([self.schema.empty_table(), *(months[month][0] for month in sorted(months))])

    def _kept(self, lake: Lake, files: frozenset[str], told: str) -> pa.Table | None:
        found = lake.kept.get(self._table, files, told)
        return found if found is not None and found.schema.equals(self.schema) else None

    def _read(
        self, view: str, months: list[str], read: Callable[[ir.Table], pa.Table], *, is_all: bool
    ) -> dict[str, pa.Table]:
        if not months:
            return {}
        everything = unbound(view, self._table)
        counted = read(everything if is_all else everything.filter(everything[PARTITION].isin(months)))
        counted = counted.select(self.schema.names).cast(self.schema)
        found = dict.fromkeys(months, self.schema.empty_table())
        begin = 0
        runs = pc.run_end_encode(counted[PARTITION].combine_chunks())
        for month, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            found[month], begin = counted.slice(begin, end - begin), end
        return found
