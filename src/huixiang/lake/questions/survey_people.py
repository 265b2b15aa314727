"""Who answered a survey together with whom, and what? Response by response, for what is told in portions alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huixiang.lake.questions.slices import sql, unbound
from huixiang.lake.schema import PARTITION, plain
from huixiang.lake.store import Lake
from huixiang.lake.writing import month_of

TRAITS = ("version", "unit", "month", "tier", "is_marked", "weight", "stratum", "via", "language", "answered_on")
OF_RESPONSES = ("id", "import_id", "import_row", "arrival", *TRAITS)
OF_ANSWERS = ("id", "question", "item", "code", "value", "voice")
Mark = tuple[int, int]
Marks = tuple[Mark, Mark]


@dataclass(frozen=True, slots=True)
class People:
    """`responses` by the order of their ids, with the batch by which each came; `answers` know by `place` whose they
    are. `marks` of both, as soon as somebody has asked whether they still stand as they were (`marks_of`)."""

    responses: pa.Table
    answers: pa.Table
    marks: Marks | None = None


def survey_people(lake: Lake, survey: str) -> People:
    """All that answered a survey (by its slug), as it stands now."""
    r, a = (unbound(lake.view(name), name) for name in ("responses", "answers"))
    responses = lake.fetch(sql(_own(r, survey, OF_RESPONSES).order_by("id"))).combine_chunks()
    return _joined(responses, lake.fetch(sql(_own(a, survey, OF_ANSWERS))))


def still_so(lake: Lake, survey: str, former: People, last: int, since: People) -> bool:
    """Do those who came with batches up to the `last` stand as they stood, and are all others `since`?"""
    own = f"FROM \"{{}}\" WHERE survey = '{plain(survey)}'"
    old = _mark(lake, OF_RESPONSES, f"{own.format(lake.view('responses'))} AND coalesce(arrival, 0) <= {last}")
    count, sum_ = _mark(lake, OF_ANSWERS, own.format(lake.view("answers")))
    (of_responses, (known, of_known)), (_, (fresh, of_fresh)) = marks_of(lake, former), marks_of(lake, since)
    return old == of_responses and (count, sum_) == (known + fresh, of_known ^ of_fresh)


def marks_of(lake: Lake, people: People) -> Marks:
    """Those it has, or else made now."""
    if people.marks:
        return people.marks
    ids = people.responses["id"].combine_chunks().take(people.answers["place"].combine_chunks())
    answers = people.answers.append_column("id", ids)
    return _mark(lake, OF_RESPONSES, "FROM given", people.responses), _mark(lake, OF_ANSWERS, "FROM given", answers)


def survey_added(survey: str, after: int, responses: Collection[str], answers: Collection[str]) -> People | None:
    """Those who stand in these files, which were added to the lake since a batch: no other file is opened.

    None where the files do not tell it alone: answers came before their responses, or the other way round.
    """
    try:
        came = _own_rows(responses, survey, OF_RESPONSES)
        said = _own_rows(answers, survey, OF_ANSWERS)
    except FileNotFoundError:  # put together with others meanwhile
        return None
    came = came.sort_by("id").combine_chunks()
    if not len(came) or (pc.min(came["arrival"]).as_py() or 0) <= after:
        return None
    found = _joined(came, said)
    is_whole = len(found.answers) == len(said) and len(pc.unique(found.answers["place"])) == len(came)
    return found if is_whole else None


def _own_rows(files: Collection[str], survey: str, columns: Collection[str]) -> pa.Table:
    tables = []
    for file in sorted(files):
        rows = pq.ParquetFile(file).read(columns=[*(name for name in columns if name != PARTITION), "survey"])
        rows = rows.append_column(PARTITION, pa.array([month_of(file)] * len(rows), pa.string()))
        tables.append(rows.filter(pc.equal(rows["survey"], survey)).select(list(columns)))
    return pa.concat_tables(tables) if tables else pa.table({name: pa.array([], pa.string()) for name in columns})


def last_arrival(lake: Lake, survey: str) -> int | None:
    """With which batch came the last of them? None: nobody came; 0: batches of before batches were numbered."""
    r = unbound(lake.view("responses"), "responses")
    r = r.filter(r.survey == survey)
    found = lake.fetch(sql(r.aggregate(count=r.count(), last=r.arrival.max()))).to_pylist()[0]
    return (found["last"] or 0) if found["count"] else None


def survey_newcomers(lake: Lake, survey: str, after: int, besides: Collection[str]) -> People:
    """Those that came after a batch, and besides them these by their ids."""
    r = unbound(lake.view("responses"), "responses")
    r = r.filter(r.survey == survey).select(*OF_RESPONSES)
    fresh = lake.fetch(sql(r.filter(r.arrival > after)))
    wanted = pa.table({"id": pa.array(sorted(besides), pa.string())})
    where = f"WHERE t.survey = '{plain(survey)}'"
    former = _of(lake, "responses", OF_RESPONSES, wanted, where) if wanted.num_rows else fresh.slice(0, 0)
    responses = pa.concat_tables([fresh, former.cast(fresh.schema)]).sort_by("id").combine_chunks()
    every = pa.table({"id": responses["id"]})
    months = ", ".join(f"'{plain(month)}'" for month in sorted(responses[PARTITION].unique().to_pylist())) or "''"
    # An answer lies in the month of its response: the files of all others stay unopened.
    return _joined(responses, _of(lake, "answers", OF_ANSWERS, every, f"{where} AND t.{PARTITION} IN ({months})"))


def _of(lake: Lake, table: str, columns: Collection[str], wanted: pa.Table, where: str) -> pa.Table:
    told = ", ".join(f't."{name}"' for name in columns)
    view = lake.view(table)
    return lake.fetch(f'SELECT {told} FROM "{view}" AS t SEMI JOIN wanted ON t.id = wanted.id {where}', wanted=wanted)  # noqa: S608  # names of our own


def _own(table: ir.Table, survey: str, columns: Collection[str]) -> ir.Table:
    return table.filter(table.survey == survey).select(*columns)


def _joined(responses: pa.Table, answers: pa.Table) -> People:
    place = pc.index_in(answers["id"], value_set=responses["id"].combine_chunks())
    known = answers.drop_columns(["id"]).append_column("place", place)
    return People(responses, known.filter(pc.is_valid(known["place"])).combine_chunks())


def _mark(lake: Lake, columns: Collection[str], where: str, rows: pa.Table | None = None) -> Mark:
    """Their number, and a sum over all that stands in them, whatever their order."""
    told = ", ".join(f'"{name}"' for name in columns)
    tables = {} if rows is None else {"given": rows}
    found = lake.fetch(
        f"SELECT count(*) AS n, coalesce(bit_xor(hash({told})), 0) AS sum {where}", **tables
    )  # names of our own
    return int(found["n"][0].as_py()), int(found["sum"][0].as_py())
