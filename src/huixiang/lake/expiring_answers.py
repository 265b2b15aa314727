"""What is left of a named survey's answers whose time is over? Choices beside choices, as of an anonymous survey.

Who answered, by which invitation, on which day and how long it took goes; the month stays. What a colleague could know
her by (unit, tier, stratum, weight, language, way) stays only as far as FEWEST of the month share it: else less and
less of it is told, and the weight is the mean of those who are told alike, so that sums of weights stay as they were.
Fewer than FEWEST who are left over weigh what they and the smallest of the other groups weigh on average.
Written words are voices with a term of their own, which tells unit, points and day: that somebody wrote, or passed over
what others wrote to, is counted in the month's sum under an id of its own, and stands beside no other answer.

Who is told like whom is reckoned once, from all of a survey's month (`tell_alike`), and stands in its responses from
then on, so that the rest can go portion by portion: a portion's responses go last. Killed anywhere, what is left of it
is found again and comes out the same; whoever is erased meanwhile is still found by her id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from huixiang.domain.surveys.scores import FEWEST
from huixiang.lake.expiring import Renamed
from huixiang.lake.schema import ANSWERS, PARTITION, RESPONSES, plain
from huixiang.lake.store import Lake

AT_ONCE = 25_000  # responses: each portion rewrites the files of the month that hold an answer of one of them
TOLD_ALIKE = "told"  # in import_id: its time is over, and only what may stay is told; its answers are still to go
KNOWN_BY = ("unit", "tier", "stratum", "weight", "language", "via")
LEVELS = (KNOWN_BY, KNOWN_BY[:4], KNOWN_BY[:1], ())  # the first of these that FEWEST share
STEPS = (0, 15, 30, 60, 120, 300, 600, 1800)  # seconds, as of an anonymous answer
_STEP = " ".join(
    ("CASE", *(f"WHEN r.seconds >= {step} THEN {step}" for step in STEPS[:0:-1]), "ELSE r.seconds * 0 END")
)
_DAY, _ITS_MONTH = r"^(\d{4}-\d{2})-\d{2}$", r"\1"
Cell = tuple[object, ...]
Cells = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SurveyMonth:
    """The responses to one survey (by its slug) in a month. `held`: those that must stay for now.

    `figures`: also those of which only what is counted was kept.
    """

    survey: str
    month: str
    held: Collection[str] = ()
    figures: bool = False


def tell_alike(lake: Lake, of: SurveyMonth) -> bool:
    """Of what colleagues could know people by, only so much stays as FEWEST share. Was there anybody to reckon?

    They keep their ids, and their answers. Only while holding the lake.
    """
    rows = _alike_now(lake, of)
    if rows.num_rows:
        lake.exchange("responses", rows["id"].to_pylist(), rows)
    return bool(rows.num_rows)


def expire_answers(lake: Lake, of: SurveyMonth, figure: Renamed | None) -> int:
    """Take a portion of them out of the current version; `figure`: what is counted stays, as far as it is told alike.

    How many responses were there? 0: all are gone. Former versions go with `Lake.forget_former`. Only while holding
    the lake.
    """
    some = _portion(lake, of, figure)
    if not some.num_rows:
        return 0
    ids = some["former"].to_pylist()
    if figure:
        lake.exchange("answers", ids, _answers(lake, of, some, figure))
    else:
        lake.exchange("answers", [*ids, *_alone(lake, of)], ANSWERS.empty_table())
    lake.delete("speakers", ids)
    rows = some.select(RESPONSES.names).cast(RESPONSES) if figure else RESPONSES.empty_table()
    lake.exchange("responses", ids, rows)  # last: all else is found by them
    return len(ids)


def with_words(lake: Lake, survey: str, month: str) -> set[str]:
    """The responses to a survey in a month whose words still stand among the voices, as they were said."""
    own = f"a.survey = '{plain(survey)}' AND a.{PARTITION} = '{plain(month)}' AND a.voice IS NOT NULL"
    asked = (
        f'SELECT DISTINCT a.id FROM "{lake.view("answers")}" AS a JOIN "{lake.view("voices")}" AS v '  # noqa: S608
        f"ON a.voice = v.id WHERE {own} AND v.text <> ''"
    )
    return set(lake.fetch(asked)["id"].to_pylist())


def _those(lake: Lake, of: SurveyMonth, which: str) -> tuple[str, pa.Table]:
    """The responses meant, as a source for SQL, and the table "held" that it asks for."""
    held = pa.table({"id": pa.array(sorted(of.held), pa.string())})
    own = f"survey = '{plain(of.survey)}' AND {PARTITION} = '{plain(of.month)}' AND {which}"
    return f'(SELECT * FROM "{lake.view("responses")}" AS t ANTI JOIN held ON t.id = held.id WHERE {own})', held  # noqa: S608


def _alike_now(lake: Lake, of: SurveyMonth) -> pa.Table:
    """Those of whom more is told than may stay, as they are to be told."""
    source, held = _those(lake, of, f"import_id NOT IN ('', '{TOLD_ALIKE}')")
    keys = ", ".join(("version", *KNOWN_BY))
    cells = lake.fetch(f"SELECT {keys}, count(*) AS n FROM {source} GROUP BY {keys}", held=held)  # noqa: S608
    on = " AND ".join(f"r.{name} IS NOT DISTINCT FROM c.{name}" for name in ("version", *KNOWN_BY))
    new = {name: f"c.told_{name}" for name in KNOWN_BY} | {
        "id": "r.id",
        "seconds": _STEP,
        "answered_on": f"DATE '{date.fromisoformat(f'{of.month}-01')}'",
        "import_id": f"'{TOLD_ALIKE}'",
        "import_row": "0",
        "arrival": "NULL",
    }
    columns = ", ".join(f"{new.get(name, f'r.{name}')} AS {name}" for name in RESPONSES.names)
    asked = f"SELECT {columns} FROM {source} AS r JOIN cells AS c ON {on} ORDER BY r.id"  # noqa: S608  # names of our own
    return lake.fetch(asked, held=held, cells=_told(cells)).cast(RESPONSES)


def _portion(lake: Lake, of: SurveyMonth, figure: Renamed | None) -> pa.Table:
    """The next of them, by their new ids, as they are to stay; `former`: the id of before."""
    which = f"import_id = '{TOLD_ALIKE}'" if figure else "true" if of.figures else "import_id <> ''"
    source, held = _those(lake, of, which)
    found = lake.fetch(f"SELECT * FROM {source} ORDER BY id LIMIT {AT_ONCE}", held=held).select(RESPONSES.names)  # noqa: S608
    found = found.cast(RESPONSES).append_column("former", found["id"])
    if figure is None:
        return found
    found = _with(found, "id", pa.array(map(figure, found["id"].to_pylist()), pa.string()))
    return _with(found, "import_id", pa.array([""] * len(found), pa.string()))


def _answers(lake: Lake, of: SurveyMonth, some: pa.Table, figure: Renamed) -> pa.Table:
    """The answers of these responses, with what is told beside them."""
    whose = some.select(["former", "id", "unit", "tier", "stratum", "weight", "answered_on"])
    own = {name: f"w.{name}" for name in whose.column_names[1:]}
    columns = ", ".join(f"{own.get(name, f'a.{name}')} AS {name}" for name in ANSWERS.names)
    view = lake.view("answers")
    month = f"a.{PARTITION} = '{plain(of.month)}' AND a.survey = '{plain(of.survey)}'"
    worded = f'SELECT DISTINCT a.version, a.question FROM "{view}" AS a WHERE {month} AND a.voice IS NOT NULL'  # noqa: S608
    is_passed = "a.item = '' AND a.code = '' AND a.value IS NULL"
    found = lake.fetch(
        f"SELECT {columns}, t.question IS NOT NULL AND {is_passed} AS stands_alone "  # noqa: S608
        f'FROM "{view}" AS a JOIN whose AS w ON a.id = w.former '
        f"LEFT JOIN ({worded}) AS t ON t.version = a.version AND t.question = a.question WHERE {month}",
        whose=whose,
    )
    alone = pc.fill_null(found["stands_alone"], False)
    written = _counted_alone(found.filter(alone).select(ANSWERS.names).cast(ANSWERS), figure)
    rest = found.filter(pc.invert(alone)).select(ANSWERS.names).cast(ANSWERS)
    rest = _with(rest, "code", pc.replace_substring_regex(rest["code"], pattern=_DAY, replacement=_ITS_MONTH))
    return pa.concat_tables([rest, written])


def _counted_alone(written: pa.Table, figure: Renamed) -> pa.Table:
    """That so many wrote, or did not: nothing but the month, and whether a colleague had handed the link over."""
    rows = []
    for row in written.to_pylist():
        nobody = {"unit": None, "tier": "", "stratum": "", "weight": float(row["weight"] != 0)}
        voice = row["voice"] and figure(row["voice"])
        rows.append(row | nobody | {"id": figure(f"{row['id']}:{row['question']}"), "voice": voice})
    return pa.Table.from_pylist(rows, schema=ANSWERS)


def _alone(lake: Lake, of: SurveyMonth) -> list[str]:
    """Under which ids is it counted in the month that somebody wrote? No response has them."""
    asked = (
        f'SELECT DISTINCT a.id FROM "{lake.view("answers")}" AS a ANTI JOIN "{lake.view("responses")}" AS r '  # noqa: S608
        f"ON a.id = r.id WHERE a.{PARTITION} = '{plain(of.month)}' AND a.survey = '{plain(of.survey)}'"
    )
    found: list[str] = lake.fetch(asked)["id"].to_pylist()
    return found


def _told(cells: pa.Table) -> pa.Table:
    """Beside what the people of each cell have in common, what is told of them."""
    rows, told = cells.to_pylist(), dict[int, dict[str, object]]()
    groups = _groups(rows)
    weights = _weights(rows, [places for places, _level in groups])
    for (places, level), weight in zip(groups, weights, strict=True):
        told |= dict.fromkeys(places, _alike(rows[places[0]], level, weight))
    columns = {
        f"told_{name}": pa.array([told[p][name] for p in range(len(rows))], RESPONSES.field(name).type)
        for name in KNOWN_BY
    }
    return pa.table({**{name: cells[name] for name in ("version", *KNOWN_BY)}, **columns})


def _groups(rows: Cells) -> list[tuple[list[int], Collection[str]]]:
    """The places of those who are told alike, and what is told; the last may be fewer than FEWEST."""
    found, left = list[tuple[list[int], Collection[str]]](), set(range(len(rows)))
    for level in LEVELS:
        alike: dict[Cell, list[int]] = defaultdict(list)
        for place in sorted(left):
            row = rows[place]
            # Links that colleagues handed over weigh nothing, and are told apart from samples by it.
            alike[row["version"], row["weight"] == 0, *(row[name] for name in level)].append(place)
        for places in alike.values():
            if not level or _count(rows, places) >= FEWEST:
                found.append((places, level))
                left -= set(places)
    return found


def _weights(rows: Cells, groups: list[list[int]]) -> list[float]:
    """The mean of each group; so few that their weight would tell a stratum share that of the smallest other group."""
    found = [_mean(rows, places) for places in groups]
    for is_handed in (False, True):
        own = [n for n, places in enumerate(groups) if (rows[places[0]]["weight"] == 0) == is_handed]
        few = [n for n in own if _count(rows, groups[n]) < FEWEST]
        enough = [n for n in own if n not in few]
        pool = few + sorted(enough, key=lambda n: _count(rows, groups[n]))[:1]
        if few:
            mean = _mean(rows, [place for n in pool for place in groups[n]])
            for n in pool:
                found[n] = mean
    return found


def _count(rows: Cells, places: Collection[int]) -> int:
    return sum(int(rows[place]["n"]) for place in places)


def _mean(rows: Cells, places: Collection[int]) -> float:
    return sum(float(rows[p]["weight"]) * int(rows[p]["n"]) for p in places) / _count(rows, places)


def _alike(one: dict[str, Any], level: Collection[str], weight: float) -> dict[str, object]:
    nothing = {"unit": None, "tier": "", "stratum": "", "language": "", "via": ""}
    return {name: weight if name == "weight" else one[name] if name in level else nothing[name] for name in KNOWN_BY}


def _with(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
