"""Who answered a survey together with whom, and what? Response by response, for what is told in portions alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.questions.slices import sql, unbound
from huixiang.lake.schema import plain
from huixiang.lake.store import Lake

TRAITS = ("version", "unit", "month", "tier", "is_marked", "weight", "stratum", "via", "language", "answered_on")
OF_RESPONSES = ("id", "import_id", "import_row", "arrival", *TRAITS)
OF_ANSWERS = ("id", "question", "item", "code", "value", "voice")


@dataclass(frozen=True, slots=True)
class People:
    """`responses` by the order of their ids, with the batch by which each came; `answers` know by `place` whose they
    are."""

    responses: pa.Table
    answers: pa.Table


def survey_people(lake: Lake, survey: str) -> People:
    """All that answered a survey (by its slug), as it stands now."""
    return _people(lake, survey, lake.version("answers"), lake.version("responses"))


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
    return _joined(responses, _of(lake, "answers", OF_ANSWERS, every, where))


def _of(lake: Lake, table: str, columns: Collection[str], wanted: pa.Table, where: str) -> pa.Table:
    told = ", ".join(f't."{name}"' for name in columns)
    view = lake.view(table)
    return lake.fetch(f'SELECT {told} FROM "{view}" AS t SEMI JOIN wanted ON t.id = wanted.id {where}', wanted=wanted)  # noqa: S608  # names of our own


@lru_cache(maxsize=4)
def _people(lake: Lake, survey: str, _answers: int, _responses: int) -> People:
    r, a = (unbound(lake.view(name), name) for name in ("responses", "answers"))
    responses = lake.fetch(sql(_own(r, survey, OF_RESPONSES).order_by("id"))).combine_chunks()
    return _joined(responses, lake.fetch(sql(_own(a, survey, OF_ANSWERS))))


def _own(table: ir.Table, survey: str, columns: Collection[str]) -> ir.Table:
    return table.filter(table.survey == survey).select(*columns)


def _joined(responses: pa.Table, answers: pa.Table) -> People:
    place = pc.index_in(answers["id"], value_set=responses["id"].combine_chunks())
    known = answers.drop_columns(["id"]).append_column("place", place)
    return People(responses, known.filter(pc.is_valid(known["place"])).combine_chunks())
