"""What was answered, counted so finely that every result of a survey is a sum of it? Cells of answers that are alike.

A million answers are some ten thousand cells. They are counted once a month of the lake, and again only where that
month has changed; what a page asks is then added up in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.lake.questions.by_month import ByMonth, Months
from huixiang.lake.questions.slices import sql
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

RESPONSE = ""  # the "question" of the cells that count responses; their code says by which way they came
TEXTS = ("question", "item", "code", "unit", "tier", "stratum", "month")
_ANSWERS: ByMonth[pa.Table] = ByMonth(most=1200, table="answers")
_RESPONSES: ByMonth[pa.Table] = ByMonth(most=1200, table="responses")


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of alike answers. Of each text column a place in `names`; `n` answers, `w` sum of weights, `q` of squares.

    `value` is NaN where the answer has none, `is_worded` where it was written in words. An answer with neither code,
    value nor words is a question that was shown and passed over. `is_handed`: by a link that a colleague gave to
    whom he chose (weight 0). `is_clean`: known to bear no mark; of an anonymous answer neither may be told.
    """

    names: dict[str, tuple[str, ...]]
    places: dict[str, NDArray[np.int32]]
    value: NDArray[np.float64]
    version: NDArray[np.int32]
    is_marked: NDArray[np.bool_]
    is_clean: NDArray[np.bool_]
    is_worded: NDArray[np.bool_]
    is_handed: NDArray[np.bool_]
    n: NDArray[np.float64]
    w: NDArray[np.float64]
    q: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.n)

    def having(self, column: str, values: Collection[str]) -> NDArray[np.bool_]:
        """In which cells does a text column hold one of these?"""
        wanted = np.array([name in values for name in self.names[column]], dtype=bool)
        found: NDArray[np.bool_] = wanted[self.places[column]] if len(wanted) else np.zeros(len(self), bool)
        return found

    def where(self, mask: NDArray[np.bool_]) -> Cells:
        """Those cells alone; places keep their meaning."""
        names = ("value", "version", "is_marked", "is_clean", "is_worded", "is_handed")
        columns = {name: getattr(self, name)[mask] for name in names}
        places = {name: each[mask] for name, each in self.places.items()}
        return Cells(self.names, places, **columns, n=self.n[mask], w=self.w[mask], q=self.q[mask])

    @property
    def is_passed_over(self) -> NDArray[np.bool_]:
        empty = self.names["code"].index("") if "" in self.names["code"] else -1
        found: NDArray[np.bool_] = (self.places["code"] == empty) & np.isnan(self.value) & ~self.is_worded
        return found


def survey_cells(lake: Lake, survey: str) -> Cells:
    """All that was answered to a survey (by its slug), as it stands now."""
    return _cells(lake, survey, lake.version("answers"), lake.version("responses"))


@lru_cache(maxsize=16)
def _cells(lake: Lake, survey: str, _answers: int, _responses: int) -> Cells:
    answers = _ANSWERS.rows(lake, survey, lambda t: _counted(lake, t.filter(t.survey == survey), _of_answers))
    responses = _RESPONSES.rows(lake, survey, lambda t: _counted(lake, t.filter(t.survey == survey), _of_responses))
    tables = [table for months in (answers, responses) for kept in months.values() for table in kept]
    return cells_of(tables)


def _of_answers(t: ir.Table) -> dict[str, Any]:
    return {"question": t.question, "item": t.item, "code": t.code, "value": t.value, "is_worded": t.voice.notnull()}


def _of_responses(t: ir.Table) -> dict[str, Any]:
    return {
        "question": ibis.literal(RESPONSE),
        "item": ibis.literal(""),
        "code": t.via,
        "value": ibis.null("float32"),
        "is_worded": ibis.literal(False),
    }


def _counted(lake: Lake, t: ir.Table, of: Callable[[ir.Table], dict[str, Any]]) -> Months[pa.Table]:
    """One table of cells a month."""
    told = of(t)
    kept = {name: t[name] for name in ("unit", "tier", "stratum", "version", "is_marked", PARTITION)}
    grouped = t.select(**told, **kept, is_handed=t.weight == 0, weight=t.weight)
    names = [*told, *kept, "is_handed"]
    cells = grouped.group_by(names).aggregate(
        n=grouped.count(), w=grouped.weight.sum(), q=(grouped.weight * grouped.weight).sum()
    )
    found = lake.fetch(sql(cells))
    months = pc.unique(found[PARTITION]).to_pylist()
    return {month: (found.filter(pc.equal(found[PARTITION], month)),) for month in months}


def cells_of(tables: Sequence[pa.Table]) -> Cells:
    """Tables of cells as one; a column `is_clean` may say of which nobody may know whether they bear a mark."""
    names, places = {}, {}
    whole = pa.concat_tables(tables, promote_options="permissive") if tables else None
    for name in TEXTS:
        column = pa.chunked_array([[]], pa.string()) if whole is None else pc.fill_null(whole[name], "")
        coded = pc.dictionary_encode(column.cast(pa.string())).combine_chunks()
        if isinstance(coded, pa.ChunkedArray):
            coded = coded.unify_dictionaries().combine_chunks()
        order = np.argsort(np.array(coded.dictionary.to_pylist(), dtype=object)) if len(coded) else np.empty(0, int)
        back = np.empty(len(order), np.int32)
        back[order] = np.arange(len(order), dtype=np.int32)
        names[name] = tuple(str(coded.dictionary[int(place)].as_py()) for place in order)
        places[name] = back[np.asarray(coded.indices)] if len(order) else np.empty(0, np.int32)

    def numbers(name: str, kind: Any, empty: Any = 0) -> NDArray[Any]:
        if whole is None:
            return np.empty(0, kind)
        return np.asarray(pc.fill_null(whole[name], empty).to_numpy(), dtype=kind)

    is_marked = numbers("is_marked", bool, False)
    is_told = whole is not None and "is_clean" in whole.column_names
    return Cells(
        names,
        places,
        value=numbers("value", np.float64, float("nan")),
        version=numbers("version", np.int32),
        is_marked=is_marked,
        is_clean=numbers("is_clean", bool, False) if is_told else ~is_marked,
        is_worded=numbers("is_worded", bool, False),
        is_handed=numbers("is_handed", bool, False),
        n=numbers("n", np.float64),
        w=numbers("w", np.float64),
        q=numbers("q", np.float64),
    )
