"""Which classes of customers does the bank tell apart, and where may voices be chosen by them?"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huixiang.apps.feedback.models import TierBook
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.tiers import SHIPPED, UNKNOWN, Tier, Tiers
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake


def in_force() -> Tiers:
    """The newest edition of the list; the one that comes with the product where the bank has written none."""
    newest = TierBook.objects.first()
    return SHIPPED if newest is None else of(newest)


def of(book: TierBook) -> Tiers:
    return Tiers(tuple(Tier(**each | {"words": tuple(each["words"])}) for each in book.tiers), book.unknown)


def stored(found: Tiers) -> list[dict[str, Any]]:
    return [asdict(tier) | {"words": list(tier.words)} for tier in found.tiers]


def name(code: str, found: Tiers) -> str:
    """In the reader's language, where the bank has written both; a class that the list lost by its code."""
    if code == UNKNOWN:
        return _("未注明")
    tier = next((each for each in found.tiers if each.code == code), None)
    if tier is None:
        return code
    return tier.name_en if tier.name_en and (get_language() or "").startswith("en") else tier.name


def choices() -> list[tuple[str, str]]:
    found = in_force()
    return [(code, name(code, found)) for code in found.codes]


def present(lake: Lake, whole: Slice) -> list[tuple[str, str]]:
    """Those of the list that some voice has, to choose from."""
    there = set(questions.distinct(lake, "tier", whole))
    return [each for each in choices() if each[0] in there] if there else []


def shown(lake: Lake, slice_: Slice, code: str) -> Slice:
    """The slice's voices of customers of this class, of those units alone that have FEWEST of them or more.

    Elsewhere “the private banking customer of this outlet” would be somebody whom colleagues know.
    """
    units = frozenset(unit for unit, tier in questions.tier_cells(lake, FEWEST) if tier == code)
    return replace(slice_, tiers=(code,), branches=units if slice_.branches is None else slice_.branches & units)
