"""How do anonymous answers leave one by one, and none is known by what stands beside it? Each among ten alike.

What a colleague knows of a customer stands beside the answer too: her branch, tier, weight (by her invitation), way,
week, language. So much of it is told as FEWEST answers have in common, over all that the reader may see; a choice of
hers is then looked up in what is told. Two files with different choices therefore never tell more than the whole one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from huixiang.apps.surveys.result_cells import Asked, Choice
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.surveys.small_cells import Traits, traits_told
from huixiang.lake import questions
from huixiang.lake.store import Lake

# The first are told longest.
TRAITS = ("version", "unit", "tier", "is_marked", "weight", "via", "month", "answered_on", "language")
_PLACE = {name: place for place, name in enumerate(TRAITS)}


@dataclass(frozen=True, slots=True)
class Release:
    """What may be told beside each answer of an anonymous survey, and which of them were asked for."""

    told: Mapping[Traits, int]
    weights: Mapping[Traits, float]  # of those told alike, on average
    choice: Choice
    units: frozenset[str] | None
    count: int  # of all answers within reach

    def row(self, response: Mapping[str, Any]) -> dict[str, Any] | None:
        """The response as it leaves; None where what is told of it does not fit the choice."""
        traits = _traits(response)
        many = self.told.get(traits)
        if many is None:  # came in while the file was being written
            return None
        shown = {name: traits[place] if place < many else None for name, place in _PLACE.items()}
        if not self._fits(shown):
            return None
        shown["tier"] = shown["tier"] or ""
        shown["answered_on"] = shown["answered_on"] or shown["month"]  # the week, else the month
        if shown["weight"] is None:
            shown["weight"] = self.weights[traits[:many]]
        return {**response, **shown}

    def _fits(self, shown: Mapping[str, Any]) -> bool:
        c, month = self.choice, shown["month"] or ""
        return (
            (not c.version or shown["version"] == c.version)
            and (not c.unit or (shown["unit"] is not None and self.units is not None and shown["unit"] in self.units))
            and (not c.tier or shown["tier"] == c.tier)
            and (not c.since or month >= c.since)
            and (not c.until or "" < month <= c.until)
            and (c.marked or shown["is_marked"] is False)
        )

    @property
    def leaving(self) -> list[Traits]:
        """The traits of all that leave."""
        return [traits for traits in self.told if self.row(dict(zip(TRAITS, traits, strict=True))) is not None]


def released(lake: Lake, it: Asked) -> tuple[Release, int]:
    """The release, and how many answers leave by it."""
    groups = questions.response_groups(lake, whole(it).slice(), TRAITS)
    told = traits_told(groups, FEWEST)
    people, weight = defaultdict[Traits, int](int), defaultdict[Traits, float](float)
    for traits, number in groups.items():
        shown = traits[: told[traits]]
        people[shown] += number
        weight[shown] += number * float(traits[_PLACE["weight"]])
    means = {shown: weight[shown] / people[shown] for shown in people}
    made = Release(told, means, it.choice, it.units(), sum(groups.values()))
    return made, sum(groups[traits] for traits in made.leaving)


def whole(it: Asked) -> Asked:
    """The same survey and reach, without a choice; in the words of the version that was chosen."""
    return replace(it, choice=Choice())


def _traits(response: Mapping[str, Any]) -> Traits:
    return tuple(response[name] for name in TRAITS)
