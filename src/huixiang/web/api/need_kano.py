"""How does a need's Kano class go in and out by the API? The two questions that tell it, and what they tell."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from huixiang.apps.needs import actions
from huixiang.apps.needs.models import KanoPair
from huixiang.domain.needs.kano import Classified
from huixiang.web.api.shapes import NO_NUL, Given, Interval, RowId

KanoClass = Literal["must_be", "one_dimensional", "attractive", "indifferent", "reverse", "questionable"]
QuestionCode = Annotated[str, Field(min_length=1, max_length=40, pattern=NO_NUL)]


class KanoIn(Given):
    """Of the newest version: single-choice questions of five choices each, from liking it to disliking it."""

    survey_id: RowId
    functional: QuestionCode
    dysfunctional: QuestionCode

    def pairing(self) -> actions.Pairing:
        return actions.Pairing(self.survey_id, self.functional, self.dysfunctional)


class KanoPairOut(Schema):
    """Two questions of a survey: how is it with the feature, how without?"""

    survey_id: int
    functional: str
    dysfunctional: str

    @classmethod
    def of(cls, pair: KanoPair | None) -> KanoPairOut | None:
        if pair is None:
            return None
        return cls(survey_id=pair.survey_id, functional=pair.functional, dysfunctional=pair.dysfunctional)


class KanoSharesOut(Schema):
    """One class: how many customers, and their weighted share of those who answered both questions."""

    kano: KanoClass
    count: int
    share: Interval


class KanoOut(Schema):
    """By the answers to two questions of a survey that are within reach. `is_proven`: the interval of `margin`, by
    which the class leads the next one's share, lies above 0. `better`, `worse`: whom having it contents and missing it
    makes discontent, of those in the first four classes; null where nobody is in them.
    """

    kano: KanoClass
    is_proven: bool
    answers_count: int
    margin: Interval
    classes: list[KanoSharesOut]
    better: Interval | None
    worse: Interval | None

    @classmethod
    def of(cls, found: Classified | None) -> KanoOut | None:
        if found is None:
            return None
        shares: list[Any] = [
            {"kano": each, "count": found.counts[each], "share": Interval.of(share)}
            for each, share in found.shares.items()
        ]
        rest: dict[str, Any] = {name: Interval.of(getattr(found, name)) for name in ("margin", "better", "worse")}
        return cls(kano=found.kano.value, is_proven=found.is_proven, answers_count=found.n, classes=shares, **rest)
