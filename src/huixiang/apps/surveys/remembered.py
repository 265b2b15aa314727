"""Who may be told together, answer by answer? Reckoned once in each process, and carried on when more came.

Which portion somebody is in stands on no disk (told_cells.py); cross tables and key drivers, which ask single
responses, would reckon it anew after each landing: a second at a million answers. So it is remembered, and only those
who came since are read. Where anything else of the survey has changed, say by an erasure, all of it is made afresh.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock, RLock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.portioned import Stream, arrivals, streams_of, traits_of
from huixiang.domain.surveys.grouped import Bools, Floats, Groups, Ints
from huixiang.domain.surveys.portions import Piece, Traits
from huixiang.lake.questions import People, still_so, survey_added, survey_newcomers, survey_people
from huixiang.lake.store import Lake

MOST = 8  # surveys
MOST_FILES = 40  # read one by one; of more the engine is asked
Files = frozenset[tuple[str, str]]  # of which table
Streams = Mapping[Stream, Groups]


@dataclass(frozen=True, slots=True)
class Column:
    """What was given to one item, by place: `code` points into `names`, -1 for nothing; `value` NaN without points."""

    names: tuple[str, ...]
    code: Ints
    value: Floats

    def then(self, other: Column) -> Column:
        names = {name: at for at, name in enumerate(dict.fromkeys((*self.names, *other.names)))}
        into = np.array([*(names[name] for name in other.names), -1], np.int64)
        return Column(tuple(names), np.append(self.code, into[other.code]), np.append(self.value, other.value))


@dataclass(frozen=True, slots=True)
class Told:
    """`streams`: the portions of all. What was asked of it once is kept: `columns` by item, `groups` by those asked."""

    people: People
    streams: Streams
    weights: Floats
    last: int  # the batch by which the last of them came; 0: they came before batches were numbered
    columns: dict[str, Column] = field(default_factory=dict, compare=False)
    groups: dict[str, Streams] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, people: People, former: Told | None = None) -> Told:
        """Of these; with `former`, of these and those before."""
        rows, before = people.responses, len(former.weights) if former else 0
        traits, kinds = traits_of(rows), streams_of(rows)
        by_stream: dict[Stream, list[int]] = defaultdict(list)
        for place, kind in enumerate(kinds):
            by_stream[kind].append(place)
        streams = dict(former.streams) if former else {}
        for kind, own in sorted(by_stream.items()):
            came = [[_moved(piece, before) for piece in pieces] for pieces in arrivals(rows, own, traits)]
            streams[kind] = streams.get(kind, Groups()).later(came)
        last = max(former.last if former else 0, pc.max(rows["arrival"]).as_py() or 0)
        return cls(people, dict(sorted(streams.items())), np.asarray(rows["weight"].to_numpy(), np.float64), last)

    def __len__(self) -> int:
        return len(self.weights)

    def later(self, since: People) -> Told:
        """With those who came since, and all that was asked before carried on."""
        fresh = Told.of(since, self)
        moved = pc.add(since.answers["place"], len(self)).cast(pa.int32())
        answers = since.answers.drop_columns(["place"]).append_column("place", moved)
        people = People(
            pa.concat_tables([self.people.responses, since.responses.cast(self.people.responses.schema)]),
            pa.concat_tables([self.people.answers, answers.cast(self.people.answers.schema)]),
        )
        made = Told(people, fresh.streams, np.append(self.weights, fresh.weights), fresh.last)
        for key, column in list(self.columns.items()):
            made.columns[key] = column.then(_column(since, key))
        for key, groups in list(self.groups.items()):
            made.groups[key] = made._grouped(key, groups)
        return made

    def column(self, key: str) -> Column:
        """Of a question, or of an item of it ("question:item")."""
        if (found := self.columns.get(key)) is None:
            found = self.columns[key] = _column(self.people, key)
        return found

    def of_those(self, *keys: str) -> Streams:
        """The own groups of those who answered all of these: the same that a question's figures are sums of."""
        if (found := self.groups.get(" ".join(keys))) is None:
            found = self.groups[" ".join(keys)] = self._grouped(" ".join(keys), {})
        return found

    def again(self, those: Bools, former: Streams | None = None) -> Streams:
        """Portions of those among them of whom this is true, out of whole portions of all."""
        return {kind: each.again(those, (former or {}).get(kind)) for kind, each in self.streams.items()}

    def answered(self, *keys: str) -> Bools:
        """Who gave something to this one; of several: points to each."""
        if len(keys) == 1:
            return self.column(keys[0]).code >= 0
        points = np.column_stack([self.column(key).value for key in keys])
        return np.asarray(~np.isnan(points).any(axis=1), np.bool_)

    def number(self) -> Ints:
        """Of each the portion, counted through all streams; -1 for who waits."""
        found, count = np.full(len(self), -1, np.int64), 0
        for each in self.streams.values():
            found[each.who] = np.repeat(np.arange(count, count + len(each.starts)), each.sizes)
            count += len(each.starts)
        return found

    def traits(self) -> list[Traits | None]:
        """Of each what is told of her; None where she waits."""
        shown: list[Traits | None] = [None] * len(self)
        for portion in (one for each in self.streams.values() for one in each):
            for place in portion.people:
                shown[place] = portion.traits
        return shown

    def _grouped(self, key: str, former: Streams) -> Streams:
        return self.again(self.answered(*key.split(" ")), former)


_lock = Lock()
_kept: OrderedDict[tuple[Lake, str], tuple[Files, Told]] = OrderedDict()
_turns: dict[tuple[Lake, str], RLock] = defaultdict(RLock)


def told(lake: Lake, survey: Survey) -> Told:
    """As the lake stands now. Two readers of one survey do not reckon it twice."""
    key = lake, survey.slug
    with _lock:
        turn = _turns[key]
    with turn:
        files = frozenset((table, file) for table in ("answers", "responses") for file in lake.files(table))
        former = _kept.get(key)
        if former is None or former[0] != files:
            found = _carried(lake, survey.slug, *former, files) if former else None
            former = files, found or Told.of(survey_people(lake, survey.slug))
        with _lock:
            _kept[key] = former
            _kept.move_to_end(key)
            while len(_kept) > MOST:
                _turns.pop(_kept.popitem(last=False)[0], None)
        return former[1]


def _carried(lake: Lake, slug: str, known: Files, former: Told, files: Files) -> Told | None:
    """None where it must be made afresh. Where files were added, and none is gone, those alone are read."""
    if not former.last:
        return None
    since = _in_those(slug, former.last, files - known) if known < files else None
    if since is None:
        since = survey_newcomers(lake, slug, former.last, ())
        if not known < files and not still_so(lake, slug, former.people, former.last, since):
            return None
    return former.later(since) if len(since.responses) else former


def _in_those(slug: str, last: int, added: Files) -> People | None:
    if len(added) > MOST_FILES:
        return None
    of = {name: [file for table, file in added if table == name] for name in ("responses", "answers")}
    return survey_added(slug, last, **of)


def _moved(piece: Piece, by: int) -> Piece:
    return Piece(piece.traits, [place + by for place in piece.people]) if by else piece


def _column(people: People, key: str) -> Column:
    code, _colon, item = key.partition(":")
    rows, count = people.answers, len(people.responses)
    rows = rows.filter(pc.and_(pc.equal(rows["question"], code), pc.equal(rows["item"], item))).combine_chunks()
    points = pc.cast(rows["value"], pa.int64()).cast(pa.string())
    given = pc.if_else(pc.equal(rows["code"], ""), points, rows["code"]).combine_chunks().dictionary_encode()
    place, labels, value = rows["place"].to_numpy(), np.full(count, -1, np.int64), np.full(count, np.nan)
    labels[place] = given.indices.fill_null(-1).to_numpy()
    value[place] = rows["value"].cast(pa.float64()).fill_null(float("nan")).to_numpy()
    return Column(tuple(given.dictionary.to_pylist()), labels, value)
