"""Which error, of which version, at which step stands out? Against the same step with all other versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import scipy

from huixiang.domain.digital.funnels import FaultCount
from huixiang.domain.statistics import Z95, Interval, difference, share

FEWEST_TRIES = 30  # of a version at a step
FEWEST_DAYS, HALF_MORE = 10, 1.5
MANIFOLD = 2.0  # times the others' share: a little more is what luck, and other customers, make


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One error code: how often, and in which share of all tries."""

    code: str
    meaning: str
    count: int
    share: Interval | None


@dataclass(frozen=True, slots=True)
class Suspect:
    """A version that fails at a step with a code far more often than others do. `apart`: by how much, as a share."""

    version: str
    step: str
    code: str
    meaning: str
    failed: int
    tries: int
    own: Interval
    others: Interval
    apart: Interval


def error_lines(counts: Sequence[FaultCount]) -> list[ErrorLine]:
    """All errors, the most frequent first."""
    tries = sum(each.tries for each in counts)
    found, meanings = Counter[str](), dict[str, str]()
    for each in counts:
        if each.code:
            found[each.code] += each.tries
            meanings[each.code] = each.meaning or meanings.get(each.code, "")
    return [ErrorLine(code, meanings[code], count, share(count, tries)) for code, count in found.most_common()]


def suspects(counts: Sequence[FaultCount]) -> list[Suspect]:
    """Versions that surely fail more often: the whole interval of the difference is above 0, however often we look.

    Of a step and code the version's share is held against all other versions' at the same step. Named only where it is
    at least twice as often, and Bonferroni's correction over all that were compared leaves it sure.
    """
    tries, failed, meanings = Counter[tuple[str, str]](), Counter[tuple[str, str, str]](), dict[str, str]()
    for each in counts:
        if not each.version:
            continue
        tries[each.version, each.step] += each.tries
        if each.code:
            failed[each.version, each.step, each.code] += each.tries
            meanings[each.code] = each.meaning
    steps, codes = Counter[str](), Counter[tuple[str, str]]()
    for (_version, step), number in tries.items():
        steps[step] += number
    for (_version, step, code), number in failed.items():
        codes[step, code] += number
    found = []
    for (version, step, code), number in failed.items():
        of = tries[version, step]
        rest = codes[step, code] - number, steps[step] - of
        own, others, apart = share(number, of), share(*rest), difference(rest, (number, of))
        if own and others and apart and of >= FEWEST_TRIES and rest[1] >= FEWEST_TRIES:
            found.append(Suspect(version, step, code, meanings[code], number, of, own, others, apart))
    wide = _wider(len(found))
    sure = [each for each in found if each.apart.value - wide * (each.apart.value - each.apart.low) > 0]
    plain = [each for each in sure if each.own.value >= MANIFOLD * each.others.value]
    return sorted(plain, key=lambda each: -each.apart.low * each.tries)


def _wider(looks: int) -> float:
    """By how much is an interval wider that must hold for so many looks at once?"""
    return float(scipy.special.ndtri(0.025 / max(1, looks))) / -Z95


@dataclass(frozen=True, slots=True)
class Peak:
    """A day on which surely more tries failed than on the middling day."""

    day: date
    failed: int
    tries: int
    share: Interval
    usual: float


def peaks(days: Sequence[tuple[date, int, int]]) -> list[Peak]:
    """Days that stand out, the worst first, each (day, tries, failed). None where too few days tell what is usual.

    A day does whose whole interval, corrected for all days, lies above half as much again as the median day's share.
    """
    known = [(day, tries, failed) for day, tries, failed in days if tries >= FEWEST_TRIES]
    if len(known) < FEWEST_DAYS:
        return []
    usual, z = median(failed / tries for _day, tries, failed in known), Z95 * _wider(len(known))
    found = []
    for day, tries, failed in known:
        own, sure = share(failed, tries), share(failed, tries, z)
        if own and sure and sure.low > HALF_MORE * usual:
            found.append(Peak(day, failed, tries, own, usual))
    return sorted(found, key=lambda each: -each.share.value)
