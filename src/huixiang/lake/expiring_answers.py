"""What is left of a named survey's answers whose time is over? Choices beside choices, as of an anonymous survey.

Who answered, by which invitation, on which day and how long it took goes; the month stays. What a colleague could know
her by (unit, tier, stratum, weight, language, way) stays only as far as FEWEST of the month share it: else less and
less of it is told, and the weight is the mean of those who are told alike, so that sums of weights stay as they were.
Written words are voices with a term of their own; nothing leads from a figure to them any more.

A survey's month is done as a whole: who is told like whom is reckoned from its responses, which go last. Killed
before, it is reckoned again and comes out the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from huixiang.domain.surveys.scores import FEWEST
from huixiang.lake.expiring import Renamed
from huixiang.lake.schema import ANSWERS, PARTITION, RESPONSES, plain
from huixiang.lake.store import Lake

AT_ONCE = 50_000  # responses: each portion rewrites the files of the month that hold an answer of one of them
KNOWN_BY = ("unit", "tier", "stratum", "weight", "language", "via")
TOLD = (KNOWN_BY, KNOWN_BY[:4], KNOWN_BY[:1], ())  # the first of these that FEWEST share
STEPS = (0, 15, 30, 60, 120, 300, 600, 1800)  # seconds, as of an anonymous answer
_DAY, _ITS_MONTH = r"^(\d{4}-\d{2})-\d{2}$", r"\1"
Cell = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SurveyMonth:
    """The responses to one survey (by its slug) in a month. `held`: those that must stay for now.

    `figures`: also those of which only what is counted was kept.
    """

    survey: str
    month: str
    held: Collection[str] = ()
    figures: bool = False


def expire_answers(lake: Lake, of: SurveyMonth, figure: Renamed | None) -> int:
    """Take them out of the current version; `figure`: what is counted stays. How many responses were there?

    Former versions go with `Lake.forget_former`. Only while holding the lake.
    """
    coming = _responses(lake, of, figure)
    ids = coming["former"].to_pylist()
    for start in range(0, len(ids), AT_ONCE):
        some = coming.slice(start, AT_ONCE)
        rows = _answers(lake, of.month, some, figure) if figure else ANSWERS.empty_table()
        lake.exchange("answers", some["former"].to_pylist(), rows)
    lake.delete("speakers", ids)
    rows = coming.select(RESPONSES.names).cast(RESPONSES) if figure else RESPONSES.empty_table()
    if ids:
        lake.exchange("responses", ids, rows)  # last: all else is found by them
    return len(ids)


def _responses(lake: Lake, of: SurveyMonth, figure: Renamed | None) -> pa.Table:
    """As they are to be, by their ids; `former`: the id of before."""
    held = pa.table({"id": pa.array(sorted(of.held), pa.string())})
    own = f"survey = '{plain(of.survey)}' AND {PARTITION} = '{plain(of.month)}'"
    own += "" if of.figures else " AND import_id <> ''"
    source = f'(SELECT * FROM "{lake.view("responses")}" AS t ANTI JOIN held ON t.id = held.id WHERE {own})'  # noqa: S608
    keys = ", ".join(("version", *KNOWN_BY))
    cells = lake.fetch(f"SELECT {keys}, count(*) AS n FROM {source} GROUP BY {keys}", held=held)  # noqa: S608
    on = " AND ".join(f"r.{name} IS NOT DISTINCT FROM c.{name}" for name in ("version", *KNOWN_BY))
    as_told = {name: f"c.told_{name}" for name in KNOWN_BY} | {"id": "r.id"}
    columns = ", ".join(f"{as_told.get(name, f'r.{name}')} AS {name}" for name in RESPONSES.names)
    found = lake.fetch(
        f"SELECT {columns} FROM {source} AS r JOIN cells AS c ON {on} ORDER BY r.id",  # noqa: S608  # names of our own
        held=held,
        cells=_told(cells),
    ).cast(RESPONSES)
    return _nameless(found, of.month, figure).append_column("former", found["id"])


def _nameless(found: pa.Table, month: str, figure: Renamed | None) -> pa.Table:
    ids = [figure(id_) if figure else id_ for id_ in found["id"].to_pylist()]
    steps = [None if each is None else max(step for step in STEPS if step <= max(each, 0)) for each in _ints(found)]
    count = len(found)
    new = {
        "id": ids,
        "seconds": steps,
        "answered_on": [date.fromisoformat(f"{month}-01")] * count,
        "import_id": [""] * count,
        "import_row": [0] * count,
        "arrival": [None] * count,
    }
    for name, values in new.items():
        found = _with(found, name, pa.array(values, RESPONSES.field(name).type))
    return found


def _answers(lake: Lake, month: str, some: pa.Table, figure: Renamed) -> pa.Table:
    """The answers of these responses, with what is told beside them."""
    whose = some.select(["former", "id", "unit", "tier", "stratum", "weight", "answered_on"])
    own = {name: f"w.{name}" for name in whose.column_names[1:]}
    columns = ", ".join(f"{own.get(name, f'a.{name}')} AS {name}" for name in ANSWERS.names)
    found = lake.fetch(
        f'SELECT {columns} FROM "{lake.view("answers")}" AS a JOIN whose AS w ON a.id = w.former '  # noqa: S608
        f"WHERE a.{PARTITION} = '{plain(month)}'",
        whose=whose,
    ).cast(ANSWERS)
    voices = [figure(each) if each else None for each in found["voice"].to_pylist()]  # that something was written
    found = _with(found, "voice", pa.array(voices, pa.string()))
    return _with(found, "code", pc.replace_substring_regex(found["code"], pattern=_DAY, replacement=_ITS_MONTH))


def _told(cells: pa.Table) -> pa.Table:
    """Beside what the people of each cell have in common, what is told of them."""
    rows, told = cells.to_pylist(), dict[int, dict[str, object]]()
    for level in TOLD:
        groups: dict[Cell, list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            if place not in told:
                # Links that colleagues handed over weigh nothing, and are told apart from samples by it.
                groups[row["version"], row["weight"] == 0, *(row[name] for name in level)].append(place)
        for places in groups.values():
            if not level or sum(rows[place]["n"] for place in places) >= FEWEST:
                told |= dict.fromkeys(places, _alike([rows[place] for place in places], level))
    columns = {
        f"told_{name}": pa.array([told[p][name] for p in range(len(rows))], RESPONSES.field(name).type)
        for name in KNOWN_BY
    }
    return pa.table({**{name: cells[name] for name in ("version", *KNOWN_BY)}, **columns})


def _alike(group: list[dict[str, object]], level: Collection[str]) -> dict[str, object]:
    weights = [(float(str(row["weight"])), int(str(row["n"]))) for row in group]
    mean = sum(weight * n for weight, n in weights) / sum(n for _weight, n in weights)
    nothing = {"unit": None, "tier": "", "stratum": "", "weight": mean, "language": "", "via": ""}
    return {name: group[0][name] if name in level else nothing[name] for name in KNOWN_BY}


def _ints(found: pa.Table) -> Iterator[int | None]:
    yield from found["seconds"].to_pylist()


def _with(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
