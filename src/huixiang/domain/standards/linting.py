"""What is wrong with a set of standards? What cannot be measured, contradicts, is taught or looked at by nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations

from huixiang.domain.standards.catalogue import MEASURES, Kind, plain
from huixiang.domain.standards.differing import amount_of, measure_name
from huixiang.domain.standards.saying import Said
from huixiang.domain.standards.scopes import days_meet, is_exception, latest, overlap
from huixiang.domain.standards.values import Owner, Standard

WHOLE = 100.0  # what the weights of all standards in force add up to


class Fails(StrEnum):
    """In which way is it wrong?"""

    UNMEASURABLE = "unmeasurable"
    CONTRADICTORY = "contradictory"
    UNTAUGHT = "untaught"
    UNCHECKED = "unchecked"
    OWNERLESS = "ownerless"
    WEIGHTS = "weights"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: in which standard ("" is the whole set), how, and what to do."""

    code: str
    fails: Fails
    what: Said
    remedy: Said


@dataclass(frozen=True, slots=True)
class Known:
    """What a bank has: measures of which facts are read, owners that are there, and which codes of a scope occur.

    `unseen` gives those codes of a standard's scope that its facts have never told; none where there are no facts.
    """

    measured: Collection[str]
    owns: Callable[[Owner], bool]
    unseen: Callable[[Standard], Collection[str]] = lambda _standard: ()


def lint(standards: Iterable[Standard], day: date, known: Known) -> list[Found]:
    """Of those that hold on this day or will: in the order of the codes, the whole set last."""
    kept = [each for each in standards if (each.effective_until or date.max) >= day]
    now = [each for each in latest(kept, day) if each.holds_on(day)]
    coming = [each for each in kept if each.effective_from > day]
    found = [each for standard in sorted([*now, *coming], key=_place) for each in _one(standard, known)]
    found += _contradictions(sorted([*now, *coming], key=_place))
    once = [each for n, each in enumerate(found) if each not in found[:n]]  # of two versions of one standard
    return [*sorted(once, key=lambda each: each.code), *_weights(now)]


def _place(standard: Standard) -> tuple[str, date]:
    return standard.code, standard.effective_from


def _one(standard: Standard, known: Known) -> Iterator[Found]:
    code, aim = standard.code, standard.aim
    if aim is None and standard.checklist is None:
        yield Found(code, Fails.UNCHECKED, Said("既没有指标，也没有检查表：没有人会知道是否做到"),
                    Said("写 [measure] 或 [checklist]"))  # fmt: skip
    if aim and aim.measure not in MEASURES:
        yield Found(code, Fails.UNMEASURABLE, Said("没有“%(measure)s”这个指标", {"measure": aim.measure}),
                    Said("从指标目录里选一个"))  # fmt: skip
    elif aim and aim.measure not in known.measured and not (standard.checklist and _is_form(aim.measure)):
        yield Found(code, Fails.UNMEASURABLE,
                    Said("“%(measure)s”还没有数据来源", {"measure": measure_name(aim.measure)}),
                    Said("接入相应数据，或换一个有数据的指标"))  # fmt: skip
    if unseen := sorted(known.unseen(standard)):
        yield Found(code, Fails.UNMEASURABLE,
                    Said("适用范围里的“%(codes)s”从未在数据里出现", {"codes": "、".join(unseen)}),
                    Said("改成数据里的写法，或在导入映射里对上代码"))  # fmt: skip
    if not standard.taught_by:
        yield Found(code, Fails.UNTAUGHT, Said("没有课程教它"), Said("在 taught_by 写上课程代码"))
    if not known.owns(standard.owner):
        who = " · ".join(filter(None, (standard.owner.unit, standard.owner.post)))
        yield Found(code, Fails.OWNERLESS, Said("责任岗位“%(who)s”现在没有人，或没有这个机构", {"who": who}),
                    Said("指定在岗的责任岗位，或给岗位任职"))  # fmt: skip


def _is_form(measure: str) -> bool:
    """Its facts are the inspections made with its own form."""
    return MEASURES[measure].kind is Kind.CHECKLIST


def _contradictions(standards: Sequence[Standard]) -> Iterator[Found]:
    """Two codes, one measure, different aims, somebody for whom both hold on one day, and neither an exception."""
    for one, other in combinations(standards, 2):
        if one.code != other.code and _contradict(one, other, standards):
            assert one.aim is not None
            here, there = (amount_of(each.aim, each.aim.target) for each in (one, other) if each.aim)
            params = {"other": other.title, "code": other.code, "measure": measure_name(one.aim.measure),
                      "here": here, "there": there}  # fmt: skip
            what = Said("与“%(other)s”（%(code)s）矛盾：同一指标“%(measure)s”，目标 %(here)s 对 %(there)s", params)
            yield Found(
                one.code, Fails.CONTRADICTORY, what, Said("改适用范围使两者不重叠，或其一完全在另一个之内（例外）")
            )


def _contradict(one: Standard, other: Standard, among: Sequence[Standard]) -> bool:
    if one.aim is None or other.aim is None or one.aim.measure != other.aim.measure:
        return False
    same = one.aim.parameters == other.aim.parameters and one.aim.target == other.aim.target
    return (
        not same
        and not (one.checklist or other.checklist)
        and overlap(one.scope, other.scope)
        and not is_exception(one.scope, other.scope)
        and days_meet(_until_next(one, among), _until_next(other, among))
    )


def _until_next(standard: Standard, among: Iterable[Standard]) -> Standard:
    """As long as it holds: the next version of the same code ends it."""
    begins = [each.effective_from for each in among
              if each.code == standard.code and each.effective_from > standard.effective_from]  # fmt: skip
    if not begins:
        return standard
    ends = min(begins) - timedelta(days=1)
    return replace(standard, effective_until=min(ends, standard.effective_until or ends))


def _weights(now: Sequence[Standard]) -> Iterator[Found]:
    total = round(sum(each.weight for each in now), 6)
    if now and total != WHOLE:
        yield Found("", Fails.WEIGHTS, Said("现行标准的权重合计 %(total)s，不是 100", {"total": plain(total)}),
                    Said("调整 weight，使合计为 100"))  # fmt: skip
