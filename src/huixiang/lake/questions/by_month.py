"""What of an answer is still true? Only the months that changed since somebody asked are read again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import ibis.expr.types as ir

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
        view, every = at or lake.months_of_view(self._table)
        months = {month: files for month, files in every.items() if wanted_months(month)}
        keys = {month: (lake, about, files) for month, files in months.items()}
        found = {month: rows for month, key in keys.items() if (rows := self._known(key)) is not None}
        if missing := sorted(set(months) - set(found)):
            everything = unbound(view, self._table)
            is_all = len(missing) == len(every)
            wanted = everything if is_all else everything.filter(everything[PARTITION].isin(missing))
            fresh = dict.fromkeys(missing, ()) | read(wanted)
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
