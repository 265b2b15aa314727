"""Which answers go together? Single responses of the reader's choice; of an anonymous survey only what may be told.

There a table is made of whole groups of both questions (domain/surveys/tied.py), with those who answered only one of
them: else beside a question's own figures it would tell of those who are in the one and not in the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huixiang.apps.surveys.portioned import TRAITS, Stream, Told, told
from huixiang.apps.surveys.result_cells import Asked
from huixiang.domain.surveys.portions import Portion, Traits
from huixiang.domain.surveys.tied import knots
from huixiang.lake import questions
from huixiang.lake.questions import Matrix, Pair, Points, SaidSo
from huixiang.lake.store import Lake

TIER, UNIT = "tier:", "unit:"


def matrix(lake: Lake, it: Asked, codes: Sequence[str]) -> Matrix:
    """The points given to these questions, or rows of a matrix ("question:row"), by those who answered all of them."""
    if not it.survey.is_anonymous:
        asked = dict.fromkeys(code.partition(":")[0] for code in codes)
        return questions.answered_together(lake, it.slice(*asked), codes)
    found = told(lake, it.survey)
    values = np.full((len(found.traits), len(codes)), np.nan)
    for column, code in enumerate(codes):
        rows = _rows(found, code).filter(pc.field("value").is_valid())
        values[rows["place"].to_numpy(), column] = rows["value"].to_numpy()
    complete = np.flatnonzero(~np.isnan(values).any(1))
    groups = found.of_those(" ".join(codes), complete)
    whole = [(each, found.mean_weight(each)) for _stream, each in _fitting(it, groups, *codes)]
    places = [place for portion, _weight in whole for place in portion.people]
    weights = [weight for portion, weight in whole for _place in portion.people]
    return Matrix(values[places], np.array(_even(it, weights), dtype=np.float64), len(places))


def pairs(lake: Lake, it: Asked, one: str, other: str) -> Sequence[Pair]:
    """How many answered so to one question and so to the other? `other` may be TIER or UNIT.

    Of an anonymous survey also who answered only one of them, with "" for the other: so that whoever subtracts the
    table from a question's own figures finds what stands in the table.
    """
    bases = [code.partition(":")[0] for code in (one, other) if code not in (TIER, UNIT)]
    if not it.survey.is_anonymous:
        return questions.answer_pairs(lake, it.slice(*bases), one, other)
    found, counts = told(lake, it.survey), Counter[tuple[str, str]]()
    weights, squares = (defaultdict[tuple[str, str], float](float) for _ in range(2))
    first = _labels(found, one)
    if other in (TIER, UNIT):
        many = _by_trait(found, it, one, other)
    else:
        second = _labels(found, other)
        many = (
            (places, {place: (first.get(place, ""), second.get(place, "")) for place in places}, weight)
            for places, weight in _tied(found, it, one, other)
        )
    for places, labels, own in many:
        (weight,) = _even(it, [own])
        for place in places:
            if any(key := labels[place]):
                counts[key] += 1
                weights[key] += weight
                squares[key] += weight**2
    return [Pair(*key, "", n, weights[key], squares[key]) for key, n in sorted(counts.items())]


Labelled = tuple[Sequence[int], Mapping[int, tuple[str, str]], float]


def _by_trait(found: Told, it: Asked, one: str, other: str) -> Iterator[Labelled]:
    """The question's own groups, by what is told of each."""
    labels = _labels(found, one)
    for _stream, portion in _fitting(it, found.of_those(one, labels), one):
        own = dict(zip(TRAITS, portion.traits, strict=False)).get(other[:-1], "")
        yield portion.people, {place: (labels[place], own) for place in portion.people}, found.mean_weight(portion)


def _tied(found: Told, it: Asked, one: str, other: str) -> Iterator[tuple[Sequence[int], float]]:
    """Whole portions in which the people of both questions are whole groups of theirs, all within the choice."""
    whole = [portion for _stream, waves in found.streams for wave in waves for portion in wave]
    number = np.full(len(found.traits), -1, np.int64)
    for at, portion in enumerate(whole):
        number[list(portion.people)] = at
    groups, waiting, out = list[list[int]](), set[int](), set[int]()
    for code in (one, other):
        labels = _labels(found, code)
        of_code = found.of_those(code, labels)
        fitting = {id(portion) for _stream, portion in _fitting(it, of_code, one, other)}
        answered = set(number[list(labels)].tolist()) - {-1}
        for _stream, portion in of_code:
            group = sorted(set(number[list(portion.people)].tolist()))
            groups.append(group)
            answered -= set(group)
            out |= set() if id(portion) in fitting else set(group)
        waiting |= answered
    for knot in knots(len(whole), groups, waiting | out):
        people = [place for at in knot for place in whole[at].people]
        yield people, float(found.weights[people].mean())


def points_of_invited(lake: Lake, it: Asked, code: str) -> Sequence[Points]:
    """The points of those drawn and of those handed a link, by unit.

    Of an anonymous survey the question's own groups, as far as all of a group were invited: groups of those invited
    alone would tell beside them what the few said who came by a poster.
    """
    if not it.survey.is_anonymous:
        return questions.points_of_invited(lake, it.survey.slug, code, it.same(code))
    found, kept = told(lake, it.survey), []
    points = _labels(found, code)
    via = found.people.responses["via"].to_pylist()
    for (version, is_handed), portion in found.of_those(code, points):
        weight, unit = found.mean_weight(portion), (*portion.traits, "")[0]
        if version in it.same(code) and {via[place] for place in portion.people} == {"invitation"}:
            one = [Points(unit, is_handed, float(points[each]), 1, weight, weight**2) for each in portion.people]
            kept += one
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
        who = np.zeros(len(found.traits), bool)
        who[list(voices)] = True
        kept[code] = [voices[place] for portion in _chosen(found, it, who) for place in portion.people]
    return kept


def fits(it: Asked, version: int, traits: Traits) -> bool:
    """Is this a part of the choice, and in reach? What is not told fits no choice of it."""
    c, known = it.choice, dict(zip(TRAITS, traits, strict=False))
    units, month = it.units(), known.get("month", "")
    return (
        c.version in (0, version)
        and (units is None or known.get("unit") in units)
        and c.tier in ("", known.get("tier"))
        and (not c.since or month >= c.since)
        and (not c.until or "" < month <= c.until)
        and (c.marked or known.get("is_marked") == "0")
    )


def _chosen(found: Told, it: Asked, who: np.ndarray, *codes: str) -> Iterator[Portion]:
    """Portions of those of whom this is true, in the versions that have these questions alike."""
    for _stream, portion in _fitting(it, found.again(who), *codes):
        yield portion


def _fitting(it: Asked, groups: Iterable[tuple[Stream, Portion]], *keys: str) -> Iterator[tuple[Stream, Portion]]:
    versions = {each.number for each in it.versions}
    for key in keys:
        versions &= set(it.same(key.partition(":")[0]))
    for (version, is_handed), portion in groups:
        if version in versions and is_handed == it.choice.handed and fits(it, version, portion.traits):
            yield (version, is_handed), portion


def _even(it: Asked, weights: list[float]) -> list[float]:
    """Who was handed a link weighs nothing beside a sample, and alike among themselves."""
    return [1.0] * len(weights) if it.choice.handed else weights


def _rows(found: Told, key: str) -> pa.Table:
    code, _colon, item = key.partition(":")
    rows = found.people.answers
    return rows.filter(pc.and_(pc.equal(rows["question"], code), pc.equal(rows["item"], item)))


def _labels(found: Told, key: str) -> dict[int, str]:
    """Place → what was answered, as a word: the choice's code, else the points."""
    if key not in found.labels:
        rows = _rows(found, key)
        told_rows = zip(rows["place"].to_pylist(), rows["code"].to_pylist(), rows["value"].to_pylist(), strict=True)
        found.labels[key] = {p: code or str(int(value)) for p, code, value in told_rows if code or value is not None}
    return found.labels[key]
