"""Which of an anonymous survey's answers may be told, and with what beside them? One rule for whatever shows them.

Responses become portions of FEWEST and more (domain/surveys/portions.py) in the order in which the lake took them in;
and those who answered one item, or passed it over, again, out of whole portions: so that neither two choices nor two
days, nor an item that few answered, tells of fewer. Figures are read where they are finished (told_cells.py); what is
asked of single responses is asked here. The way to it, and what it cannot promise: docs/methods/survey-trust.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from huixiang.apps.feedback.models import Batch
from huixiang.domain.surveys.portions import Piece, Portion, Traits
from huixiang.lake.questions import People

TRAITS = ("unit", "month", "tier", "is_marked")  # the first are told longest
Stream = tuple[int, bool]  # version, is handed over
Waves = Sequence[Sequence[Portion]]


def traits_of(responses: pa.Table) -> list[Traits]:
    marked = [("0", "1")[bool(each)] for each in responses["is_marked"].to_pylist()]
    columns = [[each or "" for each in responses[name].to_pylist()] for name in TRAITS[:-1]]
    return list(zip(*columns, marked, strict=True))


def streams_of(responses: pa.Table) -> list[Stream]:
    handed = (responses["weight"].to_numpy() == 0).tolist()
    return list(zip(responses["version"].to_pylist(), handed, strict=True))


def arrivals(rows: pa.Table, own: Sequence[int], traits: Sequence[Traits]) -> list[list[Piece]]:
    """Batch by batch, as the lake took them in: one batch is there whole, or not at all."""
    before = rows.filter(pc.is_null(rows["arrival"]))["import_id"].unique().to_pylist()
    batches = _Batches(before) if before else None
    imports, numbers, came = (rows[name].to_pylist() for name in ("import_id", "import_row", "arrival"))
    found: dict[tuple[int, int, str], dict[Traits, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place in own:
        if came[place] is None and batches:
            batch = (0, *batches.of(imports[place], numbers[place]))
        else:
            batch = (1, came[place], "")
        found[batch][traits[place]].append(place)
    return [[Piece(*one) for one in sorted(found[batch].items())] for batch in sorted(found)]


class _Batches:
    """By which batch did a row come that the lake took in before it numbered them? Of an import that is not known any
    more: first, import by import."""

    def __init__(self, imports: Sequence[str]) -> None:
        self._ends: dict[str, list[tuple[int, int]]] = defaultdict(list)
        known = [UUID(each) for each in imports if _is_key(each)]
        ends = Batch.objects.filter(of__in=known).order_by("rows_read", "pk").values_list("of", "rows_read", "pk")
        for one, rows, pk in ends:
            self._ends[str(one)].append((rows, pk))

    def of(self, one: str, row: int) -> tuple[int, str]:
        ends = self._ends.get(one, [])
        at = bisect_left(ends, (row, -1))
        return (ends[at][1], "") if at < len(ends) else (0, one)


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def items(people: People) -> Iterator[pa.Table]:
    """The answers to each item, and again those who saw it and gave none."""
    rows = people.answers
    worded = pc.is_valid(rows["voice"])
    passed = pc.and_(pc.and_(pc.equal(rows["code"], ""), pc.is_null(rows["value"])), pc.invert(worded))
    rows = rows.append_column("is_worded", worded).append_column("is_passed", passed)
    keys = pc.binary_join_element_wise(rows["question"], rows["item"], passed.cast(pa.string()), "\x1f")
    coded = pa.chunked_array([keys]) if isinstance(keys, pa.Array) else keys
    coded = coded.combine_chunks().dictionary_encode()
    for code in range(len(coded.dictionary)):
        yield rows.filter(pc.equal(coded.indices, code))
