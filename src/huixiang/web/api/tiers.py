"""By which classes of customers are needs told and weighed? The list in force; whole-bank staff write a new edition."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router, Schema
from pydantic import Field

from huixiang.apps.feedback import actions, tiers
from huixiang.domain.tiers import HEAVIEST, LIGHTEST, LONGEST_NAME, MOST, NEUTRAL, Tier, Tiers
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.shapes import Given, Note, Word

router = Router(tags=["needs"])
Weight = Annotated[float, Field(ge=LIGHTEST, le=HEAVIEST)]


class TierShape(Schema):
    """`words`: what sources call it besides its names. `weight`: what a voice of such a customer counts for."""

    code: Annotated[Word, Field(max_length=20)]
    name: Annotated[Word, Field(max_length=LONGEST_NAME)]
    name_en: Annotated[Word, Field(max_length=LONGEST_NAME)] = ""
    words: list[Word] = []
    weight: Weight = NEUTRAL

    def tier(self) -> Tier:
        return Tier(self.code, self.name, self.name_en, tuple(self.words), self.weight)


class TiersOut(Schema):
    """`unknown_weight`: of customers whose class nobody knows."""

    tiers: list[TierShape]
    unknown_weight: float

    @classmethod
    def of(cls, found: Tiers) -> TiersOut:
        return cls(tiers=[TierShape(**told) for told in tiers.stored(found)], unknown_weight=found.unknown)


class TiersIn(Given):
    tiers: Annotated[list[TierShape], Field(min_length=1, max_length=MOST)]
    unknown_weight: Weight = NEUTRAL
    note: Note = ""


@router.get("/tiers", auth=Bearer("need.see"), response=TiersOut, summary=gettext_noop("客户等级与权重"))
def show_tiers(request: HttpRequest) -> TiersOut:
    return TiersOut.of(tiers.in_force())


@router.put("/tiers", auth=Bearer("need.manage"), response=TiersOut, summary=gettext_noop("设定客户等级与权重"))
def settle_tiers(request: HttpRequest, wanted: TiersIn) -> TiersOut:
    """The whole list at once; by whole-bank staff. What is left out is told apart no more."""
    found = Tiers(tuple(each.tier() for each in wanted.tiers), wanted.unknown_weight)
    return TiersOut.of(actions.settle_tiers(found, wanted.note, by=who(request), source=source(request)))
