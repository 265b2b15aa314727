"""What was counted of each day? A day is known by the files that may hold it: only days that a new file touches change.

As by_month.Sums, for tables that the log tells the first and last day of each file (schema.MEASURED).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.questions.by_month import ByMonth, Months
from huixiang.lake.store import Lake

AT_ONCE = 1_500_000  # rows of the table that are counted in one go, as far as its files tell
Count = Callable[[Lake, str, Sequence[date]], pa.Table]


class Days:
    """Tables of counts, one a day, near at hand and on the lake's disk. Each has a column `day`.

    `name` tells the question and the form of its answer: who changes either takes another.
    """

    def __init__(self, name: str, schema: pa.Schema, table: str, count: Count, most: int = 800) -> None:
        self._name, self._table, self.schema, self._count = name, table, schema, count
        self._near: ByMonth[pa.Table] = ByMonth(most, table)

    def rows(self, lake: Lake, first: date, last: date) -> pa.Table:
        """The counts of all days from the first to the last."""
        view, days = lake.days_of_view(self._table)
        wanted = {day.isoformat(): files for day, files in days.items() if first <= day <= last}
        found = self._near.sought(lake, self._name, self._sought(lake), lambda _day: True, (view, wanted))
        return pa.concat_tables([self.schema.empty_table(), *(found[day][0] for day in sorted(found))])

    def _sought(self, lake: Lake) -> Callable[[str, dict[str, frozenset[str]]], Months[pa.Table]]:
        def sought(view: str, days: dict[str, frozenset[str]]) -> Months[pa.Table]:
            found: Months[pa.Table] = {}
            for day, files in days.items():
                if (kept := lake.kept.get(self._table, files, self._told(day))) is not None:
                    found |= {day: (kept,)} if kept.schema.equals(self.schema) else {}
            missing = [day for day in sorted(days) if day not in found]
            for some in self._portions(lake, missing):
                for day, counts in self._counted(lake, view, some).items():
                    lake.kept.put(self._table, days[day], self._told(day), counts)
                    found[day] = (counts,)
            return found

        return sought

    def _told(self, day: str) -> str:
        return f"{self._name} {day}"

    def _portions(self, lake: Lake, days: Sequence[str]) -> Iterator[Sequence[str]]:
        size = max(1, int(AT_ONCE / max(1, lake.rows_a_day(self._table))))
        return (days[begin : begin + size] for begin in range(0, len(days), size))

    def _counted(self, lake: Lake, view: str, days: Sequence[str]) -> dict[str, pa.Table]:
        counts = self._count(lake, view, [date.fromisoformat(day) for day in days])
        counts = counts.select(self.schema.names).cast(self.schema)
        told = {day: counts.filter(pc.equal(counts["day"], pa.scalar(date.fromisoformat(day)))) for day in days}
        return {day: rows.combine_chunks() for day, rows in told.items()}
