"""Does the hotline keep to its words? Each transcribed call by the agent's turns: docs/methods/hotline-words.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from huixiang.apps.access.models import Post
from huixiang.apps.feedback import facts
from huixiang.apps.standards.measuring import measures, measures_by_unit, upward
from huixiang.domain.inspections.wording import Heard, Judged, judge
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.values import Phrase, Standard, Wording
from huixiang.domain.statistics import share
from huixiang.lake.questions.agents import AgentTurn, agent_turns

MUST, NEVER = "words.must_say", "words.forbidden"
RIGHT = "hotline.see"


@dataclass(frozen=True, slots=True)
class Call:
    """One call that could be judged. `unit`: of the agent on that day, "" where nobody knows the number."""

    voice: str
    day: date
    agent: str
    unit: str
    turns: tuple[str, ...]
    judged: Judged


@dataclass(frozen=True, slots=True)
class Example:
    """Where something forbidden was said: the masked turn, cut at what was said."""

    call: Call
    heard: Heard

    @property
    def parts(self) -> tuple[str, str, str]:
        text = self.call.turns[self.heard.turn]
        return text[: self.heard.start], text[self.heard.start : self.heard.end], text[self.heard.end :]


def calls(wording: Wording, since: date, until: date) -> list[Call]:
    """All transcribed calls of these days, judged; those in which the agent hardly spoke are left out."""
    lake = facts.lake()
    if lake.version("turns") < 0:
        return []
    found = [list(its) for _voice, its in groupby(agent_turns(lake, since, until), key=lambda turn: turn.voice)]
    units = _units({turn.staff for its in found for turn in its}, until)
    return list(_judged(found, wording, units))


def _judged(found: Iterable[list[AgentTurn]], wording: Wording, units: dict[str, str]) -> Iterator[Call]:
    for its in found:
        turns, agent = tuple(turn.text for turn in its), its[0].staff
        told = judge(turns, wording)
        if told is not None:
            yield Call(its[0].voice, its[0].day, agent, units.get(agent, ""), turns, told)


def _units(numbers: set[str], day: date) -> dict[str, str]:
    """Agent → code of the unit in which she served last, as of this day."""
    posts = Post.objects.filter(staff__number__in=numbers, from_on__lte=day)
    posts = posts.filter(Q(to_on=None) | Q(to_on__gte=day)).order_by("from_on", "pk")
    return dict(posts.values_list("staff__number", "unit__code"))


def fails(call: Call, measure: str) -> bool:
    return bool(call.judged.missing if measure == MUST else call.judged.heard)


@measures(MUST, NEVER, right=RIGHT)
def shares(standard: Standard, since: date, until: date) -> list[Measured]:
    """For all, and each month."""
    assert standard.aim is not None
    if standard.wording is None:
        return []
    found, measure = calls(standard.wording, since, until), standard.aim.measure
    told = [measured(found, measure)]
    told += [measured(its, measure, period=month) for month, its in _by_month(found)]
    return [each for each in told if each]


@measures_by_unit(MUST, NEVER)
def shares_by_unit(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of the agents of each unit with all below it."""
    assert standard.aim is not None
    if standard.wording is None:
        return []
    tree, found = upward(), dict[str, list[Call]]()
    for call in calls(standard.wording, since, until):
        for code in tree.get(call.unit, ()):
            found.setdefault(code, []).append(call)
    told = [measured(its, standard.aim.measure, unit=code) for code, its in sorted(found.items())]
    return [each for each in told if each]


def _by_month(found: Iterable[Call]) -> list[tuple[str, list[Call]]]:
    months = sorted(found, key=lambda each: f"{each.day:%Y-%m}")
    return [(month, list(its)) for month, its in groupby(months, key=lambda each: f"{each.day:%Y-%m}")]


def by_unit(found: Iterable[Call]) -> list[tuple[str, list[Call]]]:
    ordered = sorted(found, key=lambda each: each.unit)
    return [(unit, list(its)) for unit, its in groupby(ordered, key=lambda each: each.unit)]


def measured(found: list[Call], measure: str, *, unit: str = "", period: str = "") -> Measured | None:
    """In per cent, with Wilson's interval."""
    failed = sum(fails(each, measure) for each in found)
    told = share(failed if measure == NEVER else len(found) - failed, len(found))
    if told is None:
        return None
    return Measured(len(found), 100 * told.value, 100 * told.low, 100 * told.high, unit, period)


def missing(found: Iterable[Call]) -> list[tuple[Phrase, int]]:
    """Which required phrases were left out, in how many calls, the most often first?"""
    counted = Counter(phrase for call in found for phrase in call.judged.missing)
    return counted.most_common()


def examples(found: Iterable[Call], most: int = 20) -> list[Example]:
    """Where something forbidden was said, the latest first."""
    latest = sorted(
        (each for each in found if each.judged.heard), key=lambda each: (each.day, each.voice), reverse=True
    )
    return [Example(each, each.judged.heard[0]) for each in latest[:most]]
