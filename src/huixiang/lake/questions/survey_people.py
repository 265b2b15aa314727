"""Who answered a survey together with whom, and what? Response by response, for what is told in portions alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.questions.slices import sql, unbound
from huixiang.lake.store import Lake

TRAITS = ("version", "unit", "month", "tier", "is_marked", "weight", "stratum", "via", "language", "answered_on")


@dataclass(frozen=True, slots=True)
class People:
    """`responses` by the order of their ids, with the import and row by which each came; `answers` know by `place`
    whose they are."""

    responses: pa.Table
    answers: pa.Table


def survey_people(lake: Lake, survey: str) -> People:
    """All that answered a survey (by its slug), as it stands now."""
    return _people(lake, survey, lake.version("answers"), lake.version("responses"))


@lru_cache(maxsize=4)
def _people(lake: Lake, survey: str, _answers: int, _responses: int) -> People:
    r, a = (unbound(lake.view(name), name) for name in ("responses", "answers"))
    r = r.filter(r.survey == survey).select("id", "import_id", "import_row", *TRAITS)
    a = a.filter(a.survey == survey).select("id", "question", "item", "code", "value", "voice")
    responses = lake.fetch(sql(r.order_by("id"))).combine_chunks()
    answers = lake.fetch(sql(a)).combine_chunks()
    place = pc.index_in(answers["id"], value_set=responses["id"].combine_chunks())
    known = answers.drop_columns(["id"]).append_column("place", place)
    return People(responses, known.filter(pc.is_valid(known["place"])))
