"""What does a new version of a standard say otherwise? In sentences, the strictest news first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from huixiang.domain.standards.catalogue import MEASURES, amount, plain
from huixiang.domain.standards.saying import Said, marked
from huixiang.domain.standards.values import Aim, Checklist, Phrase, Standard, Wording
from huixiang.domain.standards.writing import span_text

PARTS = {
    "title": marked("名称"),
    "english": marked("英文名称"),
    "source": marked("来源"),
    "trust": marked("来源的把握"),
    "note": marked("说明"),
    "owner": marked("责任岗位"),
    "effective_from": marked("起期"),
    "effective_until": marked("止期"),
    "governs": marked("管什么"),
    "branch_kinds": marked("适用网点类型"),
    "services": marked("适用业务"),
    "tiers": marked("适用客户"),
    "hours": marked("适用时段"),
    "appraisal": marked("考核项目"),
    "taught_by": marked("课程"),
}


def differences(old: Standard, new: Standard) -> list[Said]:
    """Each thing that changed; empty where nothing did."""
    return [*_aims(old.aim, new.aim), *_clocks(old, new), *_weights(old, new), *_forms(old.checklist, new.checklist),
            *_wordings(old.wording, new.wording), *_words(old, new)]  # fmt: skip


def _aims(old: Aim | None, new: Aim | None) -> Iterator[Said]:
    if old is None or new is None:
        if new:
            yield Said("开始测量：%(measure)s", {"measure": measure_name(new.measure)})
        if old:
            yield Said("不再测量：%(measure)s", {"measure": measure_name(old.measure)})
        return
    if old.measure != new.measure:
        yield Said("指标由“%(old)s”换为“%(new)s”，前后数值不可直接比较",
                   {"old": measure_name(old.measure), "new": measure_name(new.measure)})  # fmt: skip
    elif old.parameters != new.parameters:
        yield Said("指标参数由 %(old)s 改为 %(new)s，前后数值不可直接比较",
                   {"old": _parameters(old), "new": _parameters(new)})  # fmt: skip
    yield from _target(old, new)


def _target(old: Aim, new: Aim) -> Iterator[Said]:
    said: dict[str, object] = {"old": amount_of(old, old.target), "new": amount_of(new, new.target)}
    if old.measure == new.measure and old.target != new.target:
        measure = MEASURES.get(new.measure)
        if measure is None:
            yield Said("目标由 %(old)s改为 %(new)s", said)
        elif (new.target < old.target) == measure.lower_is_better:
            yield Said("目标由 %(old)s收紧为 %(new)s（更严）", said)
        else:
            yield Said("目标由 %(old)s放宽为 %(new)s（更松）", said)
    if old.measure == new.measure and old.tolerance != new.tolerance:
        yield Said("容差由 %(old)s改为 %(new)s",
                   {"old": amount_of(old, old.tolerance), "new": amount_of(new, new.tolerance)})  # fmt: skip


def _clocks(old: Standard, new: Standard) -> Iterator[Said]:
    if old.clock == new.clock:
        return
    if new.clock is None:
        yield Said("不再设本行的计时目标")
    elif old.clock is None or (old.clock.of, old.clock.unit) != (new.clock.of, new.clock.unit):
        yield Said("本行的计时目标改为 %(new)s", {"new": clock_text(new)})
    elif new.clock.amount < old.clock.amount:
        yield Said("本行的计时目标由 %(old)s收紧为 %(new)s（更严）", {"old": clock_text(old), "new": clock_text(new)})
    else:
        yield Said("本行的计时目标由 %(old)s放宽为 %(new)s（更松）", {"old": clock_text(old), "new": clock_text(new)})


CLOCK_AMOUNTS = {
    "calendar_days": marked("%(number)s 日"),
    "working_days": marked("%(number)s 个工作日"),
    "business_hours": marked("%(number)s 营业小时"),
}


def clock_text(standard: Standard) -> dict[str, object]:
    """7 日, as a value of a sentence; only of a standard with a clock."""
    assert standard.clock is not None
    return Said(CLOCK_AMOUNTS[standard.clock.unit], {"number": str(standard.clock.amount)}).within()


def _weights(old: Standard, new: Standard) -> Iterator[Said]:
    if old.weight != new.weight:
        yield Said("权重由 %(old)s 改为 %(new)s", {"old": plain(old.weight), "new": plain(new.weight)})


def _forms(old: Checklist | None, new: Checklist | None) -> Iterator[Said]:
    before, after = ({item.text: item for item in form.items} if form else {} for form in (old, new))
    for text in [text for text in after if text not in before]:
        yield Said("检查表新增“%(text)s”（%(points)s 分）", {"text": text, "points": str(after[text].points)})
    for text in [text for text in before if text not in after]:
        yield Said("检查表删去“%(text)s”", {"text": text})
    for text, item in after.items():
        if text in before and before[text].points != item.points:
            yield Said("检查表“%(text)s”由 %(old)s 分改为 %(new)s 分",
                       {"text": text, "old": str(before[text].points), "new": str(item.points)})  # fmt: skip
        elif text in before and before[text] != item:
            yield Said("检查表“%(text)s”的说明或拍照要求有改动", {"text": text})


def _wordings(old: Wording | None, new: Wording | None) -> Iterator[Said]:
    none = Wording()
    for kind, before, after in (
        (marked("规定用语"), (old or none).phrases, (new or none).phrases),
        (marked("服务禁语"), (old or none).forbidden, (new or none).forbidden),
    ):
        yield from _phrases(kind, {each.name: each for each in before}, {each.name: each for each in after})


def _phrases(kind: str, before: dict[str, Phrase], after: dict[str, Phrase]) -> Iterator[Said]:
    for name in before | after:
        params: dict[str, object] = {"kind": Said(kind).within(), "name": name}
        if name not in before:
            yield Said("%(kind)s新增“%(name)s”", params)
        elif name not in after:
            yield Said("%(kind)s删去“%(name)s”", params)
        elif before[name] != after[name]:
            yield Said("%(kind)s“%(name)s”的说法有改动", params)


def _words(old: Standard, new: Standard) -> Iterator[Said]:
    for part, name in PARTS.items():
        had, has = _plain(old, part), _plain(new, part)
        if had != has:
            yield Said("%(part)s由“%(old)s”改为“%(new)s”",
                       {"part": Said(name).within(), "old": had or "—", "new": has or "—"})  # fmt: skip


def _plain(standard: Standard, part: str) -> str:
    found: Any = getattr(standard.scope if hasattr(standard.scope, part) else standard, part)
    if found is None:
        return ""
    if part == "owner":
        return " · ".join(filter(None, (found.unit, found.post)))
    if part == "appraisal":
        return f"{found.line} {plain(found.weight)}"
    if part == "hours":
        return ", ".join(map(span_text, found))
    return ", ".join(sorted(found)) if isinstance(found, frozenset | tuple) else str(found)


def _parameters(aim: Aim) -> str:
    return ", ".join(f"{name} = {plain(value)}" for name, value in aim.parameters) or "—"


def amount_of(aim: Aim, number: float) -> object:
    """With its unit, as a value of a sentence; of a measure nobody knows the number alone."""
    measure = MEASURES.get(aim.measure)
    return amount(number, measure.unit).within() if measure else plain(number)


def measure_name(code: str) -> object:
    """As a value of a sentence, in the reader's language."""
    measure = MEASURES.get(code)
    return Said(measure.title).within() if measure else code
