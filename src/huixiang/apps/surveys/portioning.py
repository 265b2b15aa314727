"""When do anonymous answers become figures? Where they land: what has company now is counted, once, and never again.

Only those who came since and those who wait are read from the lake, however many were told before. Carrying on batch
by batch and doing all of it afresh give the same: portions follow from the order in which the lake took answers in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from huixiang.apps.surveys import told_cells
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.portioned import TRAITS, Stream, Waves, arrivals, items, streams_of, traits_of
from huixiang.apps.surveys.told_cells import WAITING, Kept, Room
from huixiang.domain.surveys.portions import Piece, Portion, Rooms
from huixiang.lake.questions import Cells, People, cells_of, last_arrival, survey_cells, survey_newcomers, survey_people
from huixiang.lake.questions.survey_cells import RESPONSE
from huixiang.lake.store import Lake

ANSWERED = ["question", "item", "code", "value", "is_worded"]
TOLD = ["unit", "month", "tier", "is_marked", "is_clean", "stratum", "version", "is_handed"]
SUMS = ["n", "w", "q"]
ALL = ("", "", False)  # the rooms of all that came, whatever they answered


def shown_cells(lake: Lake, survey: Survey) -> Cells:
    """What every result is a sum of: all that was answered; of anonymous surveys what may be told."""
    if not survey.is_anonymous:
        return survey_cells(lake, survey.slug)
    found = told_cells.told_cells_of(survey.slug)
    if found is None:  # nobody has carried it on yet, as after an upgrade of the product
        carry_on(lake, survey)
        found = told_cells.told_cells_of(survey.slug)
    return cells_of([]) if found is None else found


def carry_on(lake: Lake, survey: Survey, *, afresh: bool = False) -> int:
    """Count what may be told since the last time, or all of it `afresh`; how many were looked at?"""
    slug = survey.slug
    with told_cells.alone(slug):
        former = Kept() if afresh else told_cells.kept(slug)
        last = last_arrival(lake, slug)
        if last is None or last == former.arrival:
            return 0
        if last < former.arrival:
            former = Kept()  # an older lake was put back
        if former.cells is None:
            people = survey_people(lake, slug)
        else:
            people = survey_newcomers(lake, slug, former.arrival, set(former.waiting["id"].to_pylist()))
        told_cells.keep(slug, carried(former, people))
        return len(people.responses)


def carry_all(lake: Lake, *, afresh: bool = False) -> int:
    """The nightly round's part: what a killed process left behind."""
    return sum(carry_on(lake, each, afresh=afresh) for each in Survey.objects.filter(is_anonymous=True).order_by("pk"))


def carried(former: Kept, people: People) -> Kept:
    """With those who came since. `people`: they, and all who waited."""
    it = _Carrying(former, people)
    tables = [] if former.cells is None else [former.cells]
    tables += it.responses()
    for rows in items(people):
        tables += it.item(rows)
    cells = pa.concat_tables(tables, promote_options="permissive") if tables else _none()
    sums = cells.group_by([*ANSWERED, *TOLD]).aggregate([(name, "sum") for name in SUMS])
    named = sums.rename_columns([name.removesuffix("_sum") for name in sums.column_names])
    return Kept(named, *it.left(), it.last)


class _Carrying:
    """One step. People are numbered by their place among those who are looked at."""

    def __init__(self, former: Kept, people: People) -> None:
        self._people, rows = people, people.responses
        self._weights = rows["weight"].to_numpy()
        self._strata = _coded(rows["stratum"])
        self._ids: list[str] = rows["id"].to_pylist()
        self._rooms = defaultdict[Room, Rooms](Rooms)
        self._restore(former)
        came = np.asarray(rows["arrival"].fill_null(0).to_numpy())
        self.last = int(came.max(initial=former.arrival))
        self._waves = self._come(np.flatnonzero(came > former.arrival).tolist())

    def _restore(self, former: Kept) -> None:
        """Who is not in the lake any more waits no longer."""
        at = {each: place for place, each in enumerate(self._ids)} if former.waiting.num_rows else {}
        waiting: dict[Room, dict[tuple[str, ...], list[int]]] = defaultdict(lambda: defaultdict(list))
        for *room, traits, id in zip(*(former.waiting[name].to_pylist() for name in WAITING.names), strict=True):
            if id in at:
                waiting[tuple(room)][tuple(traits)].append(at[id])
        for each, came in former.came.items():
            self._rooms[each] = Rooms(waiting=waiting.get(each), came=came)

    def _come(self, fresh: Sequence[int]) -> dict[Stream, Waves]:
        rows = self._people.responses
        traits, streams = traits_of(rows), streams_of(rows)
        by_stream: dict[Stream, list[int]] = defaultdict(list)
        for place in fresh:
            by_stream[streams[place]].append(place)
        return {
            stream: [self._rooms[*stream, *ALL].come(pieces) for pieces in arrivals(rows, own, traits)]
            for stream, own in sorted(by_stream.items())
        }

    def responses(self) -> Iterator[pa.Table]:
        """The way by which they came is told where it is the same for a whole portion."""
        names, via = _coded(self._people.responses["via"])
        for stream, waves in self._waves.items():
            if found := [portion for wave in waves for portion in wave]:
                who, starts = _laid_out(found)
                alike = _alike(via[who], starts)
                count = np.diff(np.append(starts, len(who)))
                code = [names[each] if each >= 0 else "" for each in alike]
                plain = {"question": RESPONSE, "item": "", "value": None, "is_worded": False}
                table = {name: [each] * len(found) for name, each in plain.items()} | {"code": code}
                yield self._beside(stream, found, table, np.arange(len(found)), count)

    def item(self, rows: pa.Table) -> Iterator[pa.Table]:
        """Portions again, of those who answered this item (or passed it over) out of whole portions of all."""
        question, item, is_passed = (rows[name][0].as_py() for name in ("question", "item", "is_passed"))
        place = rows["place"].to_numpy()
        who = np.zeros(len(self._ids), bool)
        who[place] = True
        for stream, waves in self._waves.items():
            rooms = self._rooms[*stream, question, item, is_passed]
            found: list[Portion] = []
            for wave in waves:
                found += rooms.come([Piece(one.traits, [p for p in one.people if who[p]]) for one in wave])
            if found:
                number = np.full(len(self._ids), -1, np.int64)
                people, starts = _laid_out(found)
                number[people] = np.repeat(np.arange(len(found)), np.diff(np.append(starts, len(people))))
                kept = number[place] >= 0
                mine = rows.filter(pa.array(kept)).append_column("portion", pa.array(number[place][kept]))
                counted = mine.group_by([*ANSWERED, "portion"]).aggregate([([], "count_all")])
                table = {name: counted[name] for name in ANSWERED}
                yield self._beside(stream, found, table, counted["portion"].to_numpy(), counted["count_all"].to_numpy())

    def _beside(
        self, stream: Stream, found: Sequence[Portion], table: dict[str, Any], number: Any, count: Any
    ) -> pa.Table:
        """Cells with what is told of their portions. The weight is the mean: her own would tell who of them is who."""
        who, starts = _laid_out(found)
        weight = np.add.reduceat(self._weights[who], starts) / np.diff(np.append(starts, len(who)))
        names, strata = self._strata
        alike = _alike(strata[who], starts)
        beside: dict[str, list[Any]] = {
            name: [(*one.traits, *[""] * len(TRAITS))[place] for one in found] for place, name in enumerate(TRAITS)
        }
        marked = beside.pop("is_marked")
        beside["is_marked"], beside["is_clean"] = [each == "1" for each in marked], [each == "0" for each in marked]
        beside["stratum"] = [names[each] if each >= 0 else "" for each in alike]
        told = {name: pa.array(each).take(pa.array(number)) for name, each in beside.items()}
        size, n, w = len(number), count.astype(np.float64), weight[number]
        told |= {"version": pa.array([stream[0]] * size, pa.int32()), "is_handed": pa.array([stream[1]] * size)}
        every = pa.table(table | told | {"n": n, "w": n * w, "q": n * w**2})
        return every.set_column(every.schema.get_field_index("value"), "value", every["value"].cast(pa.float32()))

    def left(self) -> tuple[pa.Table, dict[Room, int]]:
        """Who waits now, and how many came."""
        rows = [
            (*room, list(traits), self._ids[place])
            for room, rooms in self._rooms.items()
            for traits, people in rooms.waiting.items()
            for place in people
        ]
        columns = zip(*rows, strict=True) if rows else [()] * len(WAITING)
        waiting = pa.table([pa.array(each, kind.type) for each, kind in zip(columns, WAITING, strict=True)], WAITING)
        return waiting, {room: rooms.came for room, rooms in self._rooms.items()}


def _laid_out(found: Sequence[Portion]) -> tuple[Any, Any]:
    """The people of portions one after the other, and where each portion begins."""
    sizes = [len(one.people) for one in found]
    who = np.fromiter((place for one in found for place in one.people), np.int64, sum(sizes))
    return who, np.cumsum([0, *sizes[:-1]])


def _alike(codes: Any, starts: Any) -> Any:
    """What all of a portion have in common, -1 where they differ."""
    least, most = np.minimum.reduceat(codes, starts), np.maximum.reduceat(codes, starts)
    return np.where(least == most, least, -1)


def _coded(column: pa.ChunkedArray) -> tuple[list[str], Any]:
    coded = column.combine_chunks().dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy()


def _none() -> pa.Table:
    texts = dict.fromkeys(("question", "item", "code", "unit", "month", "tier", "stratum"), pa.string())
    marks = dict.fromkeys(("is_worded", "is_marked", "is_clean", "is_handed"), pa.bool_())
    numbers = dict.fromkeys(SUMS, pa.float64())
    return pa.schema({**texts, **marks, **numbers, "value": pa.float32(), "version": pa.int32()}).empty_table()
