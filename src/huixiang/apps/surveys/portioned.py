"""Which of an anonymous survey's answers may be told, and with what beside them? One rule for whatever shows them.

Responses become portions of FEWEST and more (domain/surveys/portions.py) in the order in which the lake took them in;
and those who answered one item, or passed it over, again, out of whole portions: so that neither two choices nor two
days, nor an item that few answered, tells of fewer. Pages, API, command, comparisons and files ask here and nowhere
else. The way to it, and what it cannot promise: docs/methods/survey-trust.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.apps.feedback.models import Batch
from huixiang.apps.surveys.models import Survey
from huixiang.domain.surveys.portions import Piece, Portion, Traits, portions
from huixiang.lake.questions import Cells, People, cells_of, survey_cells, survey_people
from huixiang.lake.questions.survey_cells import RESPONSE
from huixiang.lake.store import Lake

TRAITS = ("unit", "month", "tier", "is_marked")  # the first are told longest
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Waves = Sequence[Sequence[Portion]]
KEYS = ["question", "item", "code", "value", "is_worded", "portion"]


@dataclass(frozen=True, slots=True)
class Told:
    """`traits` of each response, by its place, as far as they are told; None where it waits."""

    people: People
    streams: tuple[tuple[tuple[int, bool], Waves], ...]  # (version, is handed over) → what became tellable, in turn
    traits: tuple[Traits | None, ...]
    weights: NDArray[np.float64]

    @property
    def waiting(self) -> int:
        return sum(traits is None for traits in self.traits)

    def again(self, who: Bools) -> Iterator[tuple[tuple[int, bool], Portion]]:
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


def shown_cells(lake: Lake, survey: Survey) -> Cells:
    """What every result is a sum of: all that was answered; of anonymous surveys what may be told."""
    return told_cells(lake, survey) if survey.is_anonymous else survey_cells(lake, survey.slug)


def told(lake: Lake, survey: Survey) -> Told:
    return _told(lake, survey.slug, lake.version("answers"), lake.version("responses"))


def told_cells(lake: Lake, survey: Survey) -> Cells:
    return _cells(lake, survey.slug, lake.version("answers"), lake.version("responses"))


@lru_cache(maxsize=8)
def _told(lake: Lake, slug: str, _answers: int, _responses: int) -> Told:
    people = survey_people(lake, slug)
    rows = people.responses
    marked = [("0", "1")[bool(each)] for each in rows["is_marked"].to_pylist()]
    columns = [[each or "" for each in rows[name].to_pylist()] for name in TRAITS[:-1]]
    traits: list[Traits] = list(zip(*columns, marked, strict=True))
    weights = rows["weight"].to_numpy()
    kinds = list(zip(rows["version"].to_pylist(), (weights == 0).tolist(), strict=True))
    shown: list[Traits | None] = [None] * len(traits)
    streams = []
    for stream in sorted(set(kinds)):
        own = [place for place, kind in enumerate(kinds) if kind == stream]
        waves = portions(_arrivals(rows, own, traits))
        for portion in (each for wave in waves for each in wave):
            for place in portion.people:
                shown[place] = portion.traits
        streams.append((stream, waves))
    return Told(people, tuple(streams), tuple(shown), weights)


def _arrivals(rows: pa.Table, own: Sequence[int], traits: Sequence[Traits]) -> list[list[Piece]]:
    """Batch by batch, as the lake took them in: one batch is there whole, or not at all."""
    batches = _Batches(rows["import_id"].unique().to_pylist())
    imports, numbers = rows["import_id"].to_pylist(), rows["import_row"].to_pylist()
    found: dict[tuple[int, str], dict[Traits, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place in own:
        found[batches.of(imports[place], numbers[place])][traits[place]].append(place)
    return [[Piece(*one) for one in sorted(found[batch].items())] for batch in sorted(found)]


class _Batches:
    """By which batch did a row of an import come? What no import knows (any more) came first, import by import."""

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


@lru_cache(maxsize=8)
def _cells(lake: Lake, slug: str, answers: int, responses: int) -> Cells:
    it = _told(lake, slug, answers, responses)
    tables = [_counted(table, it, found) for table, found in (_of_responses(it), *_of_items(it)) if found]
    return cells_of(tables)


Found = list[tuple[tuple[int, bool], Portion]]


def _of_responses(it: Told) -> tuple[pa.Table, Found]:
    """The way by which they came is told where it is the same for a whole portion."""
    found = [(stream, portion) for stream, waves in it.streams for wave in waves for portion in wave]
    via = it.people.responses["via"].to_pylist()
    codes: list[str] = []
    places: list[int] = []
    numbers: list[int] = []
    for number, (_stream, portion) in enumerate(found):
        ways = {via[place] for place in portion.people}
        codes += [min(ways) if len(ways) == 1 else ""] * len(portion.people)
        places += portion.people
        numbers += [number] * len(portion.people)
    count = len(places)
    plain = {"question": [RESPONSE] * count, "item": [""] * count, "code": codes, "is_worded": [False] * count}
    value = pa.nulls(count, pa.float32())
    return pa.table({**plain, "value": value, "place": places, "portion": numbers}), found


def _of_items(it: Told) -> Iterator[tuple[pa.Table, Found]]:
    for rows in items(it):
        place = rows["place"].to_numpy()
        who = np.zeros(len(it.traits), bool)
        who[place] = True
        found = list(it.again(who))
        number = np.full(len(it.traits), -1, np.int64)
        for at, (_stream, portion) in enumerate(found):
            number[list(portion.people)] = at
        mine = rows.append_column("portion", pa.array(number[place]))
        yield mine.filter(pc.greater_equal(mine["portion"], 0)), found


def items(it: Told) -> Iterator[pa.Table]:
    """The answers to each item, and again those who saw it and gave none."""
    rows = it.people.answers
    worded = pc.is_valid(rows["voice"])
    passed = pc.and_(pc.and_(pc.equal(rows["code"], ""), pc.is_null(rows["value"])), pc.invert(worded))
    rows = rows.append_column("is_worded", worded).append_column("is_passed", passed)
    keys = pc.binary_join_element_wise(rows["question"], rows["item"], passed.cast(pa.string()), "\x1f")
    coded = pa.chunked_array([keys]) if isinstance(keys, pa.Array) else keys
    coded = coded.combine_chunks().dictionary_encode()
    for code in range(len(coded.dictionary)):
        yield rows.filter(pc.equal(coded.indices, code))


def _counted(rows: pa.Table, it: Told, found: Found) -> pa.Table:
    """Cells, with what is told of each portion."""
    counted = rows.group_by(KEYS).aggregate([([], "count_all")])
    number = counted["portion"].to_pylist()
    beside = [_beside(it, stream, portion) for stream, portion in found]
    columns: dict[str, Any] = {name: counted[name] for name in KEYS[:-1]}
    for name in beside[0]:
        columns[name] = pa.array([beside[each][name] for each in number])
    n = counted["count_all"].to_numpy().astype(np.float64)
    weight = np.array([beside[each]["weight"] for each in number])
    return pa.table(columns | {"n": n, "w": n * weight, "q": n * weight**2}).drop_columns(["weight"])


def _beside(it: Told, stream: tuple[int, bool], portion: Portion) -> dict[str, Any]:
    known = dict(zip(TRAITS, portion.traits, strict=False))
    stratum = it.people.responses["stratum"].take(list(portion.people)).unique().to_pylist()
    return {
        **{name: known.get(name, "") for name in TRAITS[:-1]},
        "is_marked": known.get("is_marked") == "1",
        "is_clean": known.get("is_marked") == "0",
        "stratum": stratum[0] if len(stratum) == 1 else "",
        "version": stream[0],
        "is_handed": stream[1],
        "weight": it.mean_weight(portion),
    }
