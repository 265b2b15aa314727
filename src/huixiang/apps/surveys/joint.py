"""Which answers go together? Single responses of the reader's choice; of an anonymous survey only what may be told.

There, who gave both answers is made into portions again (portioned.py), counts are told by fives, and means with one
decimal: else a table beside a question's own figures would tell of those who are in the one and not in the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huixiang.apps.surveys.portioned import TRAITS, Told, told
from huixiang.apps.surveys.result_cells import Asked
from huixiang.domain.surveys.portions import Portion, Traits
from huixiang.lake import questions
from huixiang.lake.questions import Matrix, Pair, Points, SaidSo
from huixiang.lake.store import Lake

STEP = 5
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
    whole = [(each, found.mean_weight(each)) for each in _chosen(found, it, ~np.isnan(values).any(1), *codes)]
    places = [place for portion, _weight in whole for place in portion.people]
    weights = [weight for portion, weight in whole for _place in portion.people]
    return Matrix(values[places], np.array(_even(it, weights), dtype=np.float64), len(places))


def pairs(lake: Lake, it: Asked, one: str, other: str) -> Sequence[Pair]:
    """How many answered so to one question and so to the other? `other` may be TIER or UNIT."""
    bases = [code.partition(":")[0] for code in (one, other) if code not in (TIER, UNIT)]
    if not it.survey.is_anonymous:
        return questions.answer_pairs(lake, it.slice(*bases), one, other)
    found = told(lake, it.survey)
    first = _labels(found, one)
    second = _labels(found, other) if other not in (TIER, UNIT) else {}
    who = np.zeros(len(found.traits), bool)
    who[[place for place in first if other in (TIER, UNIT) or place in second]] = True
    counts: Counter[tuple[str, str]] = Counter()
    weights, squares = (defaultdict[tuple[str, str], float](float) for _ in range(2))
    for portion in _chosen(found, it, who, *bases):
        (weight,) = _even(it, [found.mean_weight(portion)])
        own = dict(zip(TRAITS, portion.traits, strict=False)).get(other[:-1], "")
        for place in portion.people:
            key = first[place], second.get(place, own)
            counts[key] += 1
            weights[key] += weight
            squares[key] += weight**2
    return [Pair(*key, "", n, weights[key], squares[key]) for key, n in sorted(counts.items())]


def points_of_invited(lake: Lake, it: Asked, code: str) -> Sequence[Points]:
    """The points of those drawn and of those handed a link, by unit."""
    if not it.survey.is_anonymous:
        return questions.points_of_invited(lake, it.survey.slug, code, it.same(code))
    found, kept = told(lake, it.survey), []
    points = _labels(found, code)
    via = found.people.responses["via"].to_pylist()
    who = np.zeros(len(found.traits), bool)
    who[[place for place in points if via[place] == "invitation"]] = True
    for (version, is_handed), portion in found.again(who):
        weight, unit = found.mean_weight(portion), (*portion.traits, "")[0]
        if version in it.same(code):
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
    versions = {each.number for each in it.versions}
    for code in codes:
        versions &= set(it.same(code))
    for (version, is_handed), portion in found.again(who):
        if version in versions and is_handed == it.choice.handed and fits(it, version, portion.traits):
            yield portion


def _even(it: Asked, weights: list[float]) -> list[float]:
    """Who was handed a link weighs nothing beside a sample, and alike among themselves."""
    return [1.0] * len(weights) if it.choice.handed else weights


def _rows(found: Told, key: str) -> pa.Table:
    code, _colon, item = key.partition(":")
    rows = found.people.answers
    return rows.filter(pc.and_(pc.equal(rows["question"], code), pc.equal(rows["item"], item)))


def _labels(found: Told, key: str) -> dict[int, str]:
    """Place → what was answered, as a word: the choice's code, else the points."""
    rows = _rows(found, key)
    told_rows = zip(rows["place"].to_pylist(), rows["code"].to_pylist(), rows["value"].to_pylist(), strict=True)
    return {place: code or str(int(value)) for place, code, value in told_rows if code or value is not None}
