"""Which answers go together? Single responses of the reader's choice; of an anonymous survey only what may be told.

There a table is made of whole groups of both questions (domain/surveys/tied.py), with those who answered only one of
them: else beside a question's own figures it would tell of those who are in the one and not in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow.compute as pc

from huixiang.apps.surveys.portioned import TRAITS, Stream
from huixiang.apps.surveys.remembered import Column, Told, told
from huixiang.apps.surveys.result_cells import Asked
from huixiang.domain.surveys.grouped import Bools, Floats, Groups, Ints
from huixiang.domain.surveys.portions import Traits
from huixiang.domain.surveys.tied import knots
from huixiang.lake import questions
from huixiang.lake.questions import Matrix, Pair, Points, SaidSo
from huixiang.lake.store import Lake

TIER, UNIT = "tier:", "unit:"
_NOBODY: Ints = np.empty(0, np.int64)


def matrix(lake: Lake, it: Asked, codes: Sequence[str]) -> Matrix:
    """The points given to these questions, or rows of a matrix ("question:row"), by those who answered all of them."""
    if not it.survey.is_anonymous:
        asked = dict.fromkeys(code.partition(":")[0] for code in codes)
        return questions.answered_together(lake, it.slice(*asked), codes)
    found = told(lake, it.survey)
    whole = [(each, _fitting(it, kind, each, *codes)) for kind, each in found.of_those(*codes).items()]
    places = np.concatenate([_NOBODY, *(each.people(fit) for each, fit in whole)])
    weights = [np.repeat(each.means(found.weights)[fit], each.sizes[fit]) for each, fit in whole]
    values = np.column_stack([found.column(code).value[places] for code in codes])
    return Matrix(values, _even(it, np.concatenate([np.empty(0), *weights])), len(places))


def pairs(lake: Lake, it: Asked, one: str, other: str) -> Sequence[Pair]:
    """How many answered so to one question and so to the other? `other` may be TIER or UNIT.

    Of an anonymous survey also who answered only one of them, with "" for the other: so that whoever subtracts the
    table from a question's own figures finds what stands in the table.
    """
    bases = [code.partition(":")[0] for code in (one, other) if code not in (TIER, UNIT)]
    if not it.survey.is_anonymous:
        return questions.answer_pairs(lake, it.slice(*bases), one, other)
    found = told(lake, it.survey)
    first = found.column(one)
    if other in (TIER, UNIT):
        places, second, weights = _by_trait(found, it, one, other)
    else:
        second = found.column(other)
        places, weights = _tied(found, it, one, other)
    return _counted(first, second, places, _even(it, weights))


def _counted(first: Column, second: Column, places: Ints, weights: Floats) -> list[Pair]:
    """By both answers; who gave neither is left out."""
    names = [(*each.names, "") for each in (first, second)]  # -1, nothing, is the last
    many = len(names[1])
    key = first.code[places] % len(names[0]) * many + second.code[places] % many
    size = len(names[0]) * many
    n, w, q = (np.bincount(key, each, size) for each in (None, weights, weights**2))
    told_ = [(names[0][at // many], names[1][at % many], at) for at in np.flatnonzero(n).tolist() if at < size - 1]
    return [Pair(a, b, "", int(n[at]), float(w[at]), float(q[at])) for a, b, at in sorted(told_)]


def _by_trait(found: Told, it: Asked, one: str, other: str) -> tuple[Ints, Column, Floats]:
    """The question's own groups, and what is told of each."""
    names: dict[str, int] = {}
    code = np.full(len(found), -1, np.int64)
    places, weights = [_NOBODY], [np.empty(0)]
    at = TRAITS.index(other[:-1])
    for kind, each in found.of_those(one).items():
        fit = _fitting(it, kind, each, one)
        own = [names.setdefault((*traits, *[""] * len(TRAITS))[at], len(names)) for traits in each.traits]
        code[each.who] = np.repeat(np.array(own, np.int64), each.sizes)
        places.append(each.people(fit))
        weights.append(np.repeat(each.means(found.weights)[fit], each.sizes[fit]))
    return np.concatenate(places), Column(tuple(names), code, np.empty(0)), np.concatenate(weights)


def _tied(found: Told, it: Asked, one: str, other: str) -> tuple[Ints, Floats]:
    """Whole portions in which the people of both questions are whole groups of theirs, all within the choice."""
    number = found.number()
    groups, shut = list[Groups](), [_NOBODY]
    for code in (one, other):
        waits = found.answered(code) & (number >= 0)
        for kind, each in found.of_those(code).items():
            groups.append(each)
            waits[each.who] = False
            shut.append(number[each.people(~_fitting(it, kind, each, one, other))])
        shut.append(number[waits])
    knot = knots(int(number.max(initial=-1)) + 1, number, groups, np.concatenate(shut))
    places = np.flatnonzero(number >= 0)
    of_each = knot[number[places]]
    places, of_each = places[of_each >= 0], of_each[of_each >= 0]
    sums, sizes = np.bincount(of_each, found.weights[places]), np.bincount(of_each)
    return places, sums[of_each] / sizes[of_each]


def points_of_invited(lake: Lake, it: Asked, code: str) -> Sequence[Points]:
    """The points of those drawn and of those handed a link, by unit.

    Of an anonymous survey the question's own groups, as far as all of a group were invited: groups of those invited
    alone would tell beside them what the few said who came by a poster.
    """
    if not it.survey.is_anonymous:
        return questions.points_of_invited(lake, it.survey.slug, code, it.same(code))
    found, kept = told(lake, it.survey), list[Points]()
    points = found.column(code).value
    is_invited = pc.equal(found.people.responses["via"], "invitation").to_numpy()
    for (version, is_handed), each in found.of_those(code).items():
        if version not in it.same(code):
            continue
        weights = each.means(found.weights).tolist()
        for portion, weight in zip(each, weights, strict=True):
            if is_invited[portion.people].all():
                unit = (*portion.traits, "")[0]
                kept += [Points(unit, is_handed, float(points[p]), 1, weight, weight**2) for p in portion.people]
    return kept


def said(lake: Lake, it: Asked) -> Sequence[SaidSo]:
    """What was written, counted by question."""
    if not it.survey.is_anonymous:
        return questions.said_in_words(lake, it.slice())
    return questions.said_of(lake, told_voices(lake, it))


def told_voices(lake: Lake, it: Asked) -> Mapping[str, Sequence[str]]:
    """Of an anonymous survey: question → the voices of the choice."""
    found = told(lake, it.survey)
    written = found.people.answers.filter(pc.field("voice").is_valid())
    kept: dict[str, list[str]] = {}
    for code in written["question"].unique().to_pylist():
        rows = written.filter(pc.equal(written["question"], code))
        voices = dict(zip(rows["place"].to_pylist(), rows["voice"].to_pylist(), strict=True))
        who = np.zeros(len(found), bool)
        who[list(voices)] = True
        chosen = (each.people(_fitting(it, kind, each)) for kind, each in found.again(who).items())
        kept[code] = [voices[place] for each in chosen for place in each.tolist()]
    return kept


def choosing(it: Asked) -> Callable[[int, Traits], bool]:
    """Is what has these traits, in this version, a part of the choice, and in reach? What is not told fits no choice
    of it. Which units are meant is looked up once: thousands of portions are asked about."""
    c, units = it.choice, it.units()

    def fits(version: int, traits: Traits) -> bool:
        known = dict(zip(TRAITS, traits, strict=False))
        month = known.get("month", "")
        return (
            c.version in (0, version)
            and (units is None or known.get("unit") in units)
            and c.tier in ("", known.get("tier"))
            and (not c.since or month >= c.since)
            and (not c.until or "" < month <= c.until)
            and (c.marked or known.get("is_marked") == "0")
        )

    return fits


def _fitting(it: Asked, stream: Stream, groups: Groups, *keys: str) -> Bools:
    """Which portions are of the choice, in the versions that have these questions alike?"""
    version, is_handed = stream
    versions = {each.number for each in it.versions}
    for key in keys:
        versions &= set(it.same(key.partition(":")[0]))
    if version not in versions or is_handed != it.choice.handed:
        return np.zeros(len(groups.traits), bool)
    if not it.choice.is_part and it.choice.marked and it.reach is None:
        return np.ones(len(groups.traits), bool)
    fits = choosing(it)
    known = {traits: fits(version, traits) for traits in set(groups.traits)}
    return np.fromiter((known[traits] for traits in groups.traits), bool, len(groups.traits))


def _even(it: Asked, weights: Floats) -> Floats:
    """Who was handed a link weighs nothing beside a sample, and alike among themselves."""
    return np.ones(len(weights)) if it.choice.handed else weights
