"""Which of an anonymous survey's answers may be told, and with what beside them? One rule for whatever shows them.

Responses become portions of FEWEST and more (domain/surveys/portions.py) in the order in which the lake took them in;
and those who answered one item, or passed it over, again, out of whole portions: so that neither two choices nor two
days, nor an item that few answered, tells of fewer. Figures are read where they are finished (told_cells.py); what is
asked of single responses is asked here. The way to it, and what it cannot promise: docs/methods/survey-trust.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.apps.feedback.models import Batch
from huixiang.apps.surveys.models import Survey
from huixiang.domain.surveys.portions import Piece, Portion, Traits, portions
from huixiang.lake.questions import People, survey_people
from huixiang.lake.store import Lake

TRAITS = ("unit", "month", "tier", "is_marked")  # the first are told longest
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Stream = tuple[int, bool]  # version, is handed over
Waves = Sequence[Sequence[Portion]]


@dataclass(frozen=True, slots=True)
class Told:
    """`traits` of each response, by its place, as far as they are told; None where it waits."""

    people: People
    streams: tuple[tuple[Stream, Waves], ...]  # what became tellable, in turn
    traits: tuple[Traits | None, ...]
    weights: NDArray[np.float64]
    labels: dict[str, dict[int, str]] = field(default_factory=dict, compare=False)  # joint.py's, kept as long as this
    _known: dict[str, list[tuple[Stream, Portion]]] = field(default_factory=dict, compare=False)

    def of_those(self, key: str, answered: Collection[int] | Ints) -> list[tuple[Stream, Portion]]:
        """A question's own groups, the same that its figures are sums of. `key` names it (and its item)."""
        if key not in self._known:
            who = np.zeros(len(self.traits), bool)
            who[list(answered)] = True
            self._known[key] = list(self.again(who))
        return self._known[key]

    def again(self, who: Bools) -> Iterator[tuple[Stream, Portion]]:
        """Portions of those among them of whom this is true, out of whole portions of all."""
        for stream, waves in self.streams:
            arrivals = [
                [Piece(one.traits, people) for one in wave if (people := [each for each in one.people if who[each]])]
                for wave in waves
            ]
            for found in portions(arrivals):
                for portion in found:
                    yield stream, portion

    def mean_weight(self, portion: Portion) -> float:
        """Their own would tell who of them is who."""
        return float(self.weights[list(portion.people)].mean())


def told(lake: Lake, survey: Survey) -> Told:
    return _told(lake, survey.slug, lake.version("answers"), lake.version("responses"))


@lru_cache(maxsize=8)
def _told(lake: Lake, slug: str, _answers: int, _responses: int) -> Told:
    people = survey_people(lake, slug)
    rows, weights = people.responses, people.responses["weight"].to_numpy()
    traits, kinds = traits_of(rows), streams_of(rows)
    shown: list[Traits | None] = [None] * len(traits)
    streams = []
    for stream in sorted(set(kinds)):
        own = [place for place, kind in enumerate(kinds) if kind == stream]
        waves = portions(arrivals(rows, own, traits))
        for portion in (each for wave in waves for each in wave):
            for place in portion.people:
                shown[place] = portion.traits
        streams.append((stream, waves))
    return Told(people, tuple(streams), tuple(shown), weights)


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
