"""What does a new version of the rules say otherwise? Told in sentences, one for each thing that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from huixiang.domain.complaints.rules import Extension, Limit, Pack
from huixiang.domain.complaints.running import Warned


def differences(old: Pack, new: Pack) -> list[Warned]:
    """In the order of the pack; empty where nothing but version and day changed."""
    return [*_head(old, new), *_rules(old, new), *_clocks(old, new), *_extensions(old, new), *_refusals(old, new)]


def _head(old: Pack, new: Pack) -> Iterator[Warned]:
    if old.source != new.source:
        yield Warned("来源由“%(old)s”改为“%(new)s”", "source", {"old": old.source, "new": new.source})
    if old.title != new.title:
        yield Warned("名称由“%(old)s”改为“%(new)s”", "title", {"old": old.title, "new": new.title})
    if old.rolls_past_holidays != new.rolls_past_holidays:
        yield (
            Warned("末日遇休息日改为顺延，依%(clause)s", "rolls", {"clause": new.roll_clause})
            if new.rolls_past_holidays
            else Warned("末日遇休息日不再顺延", "rolls_no_more")
        )


def _rules(old: Pack, new: Pack) -> Iterator[Warned]:
    before, after = ([each.code for each in pack.rules] for pack in (old, new))
    yield from _change("新增规则 %(codes)s", before, after)
    yield from _change("删去规则 %(codes)s", after, before)


def _change(message: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Warned]:
    """What is in `new` and was not in `old`; the other way round, what is gone."""
    if codes := [code for code in new if code not in old]:
        yield Warned(message, "codes", {"codes": "、".join(codes)})


def _clocks(old: Pack, new: Pack) -> Iterator[Warned]:
    before, after = ({each.code: each for each in pack.clocks} for pack in (old, new))
    yield from _change("新增期限 %(codes)s", list(before), list(after))
    yield from _change("删去期限 %(codes)s", list(after), list(before))
    for code, clock in after.items():
        if code in before:
            yield from _clock(before[code], clock)


def _clock(old: Limit, new: Limit) -> Iterator[Warned]:
    for rule in dict.fromkeys([*old.limits, *new.limits]):
        amounts = _or_none(old.limits.get(rule)), _or_none(new.limits.get(rule))
        if amounts[0] != amounts[1]:
            yield Warned("期限 %(clock)s 对规则 %(rule)s：由 %(old)s 改为 %(new)s", "limit",
                         {"clock": new.code, "rule": rule, "old": amounts[0], "new": amounts[1]})  # fmt: skip
    for part in ("unit", "starts", "stops", "pauses", "reopened", "clause", "trust", "unsure"):
        had, has = _plain(getattr(old, part)), _plain(getattr(new, part))
        if had != has:
            yield Warned("期限 %(clock)s 的 %(part)s：由“%(old)s”改为“%(new)s”", part,
                         {"clock": new.code, "part": part, "old": had, "new": has})  # fmt: skip


def _extensions(old: Pack, new: Pack) -> Iterator[Warned]:
    before, after = ({f"{each.old}→{each.new}": each for each in pack.extensions} for pack in (old, new))
    yield from _change("新增延长 %(codes)s", list(before), list(after))
    yield from _change("删去延长 %(codes)s", list(after), list(before))
    for code, each in after.items():
        if code in before and _needs(each) != _needs(before[code]):
            yield Warned("延长 %(code)s 的条件由“%(old)s”改为“%(new)s”", "extension",
                         {"code": code, "old": _needs(before[code]), "new": _needs(each)})  # fmt: skip


def _refusals(old: Pack, new: Pack) -> Iterator[Warned]:
    before, after = ({each.code: each for each in pack.refusals} for pack in (old, new))
    yield from _change("新增不予受理的理由 %(codes)s", list(before), list(after))
    yield from _change("删去不予受理的理由 %(codes)s", list(after), list(before))
    for code, each in after.items():
        if code in before and each != before[code]:
            yield Warned("不予受理的理由 %(code)s 改写为“%(new)s”", "refusal", {"code": code, "new": each.title})


def _needs(each: Extension) -> str:
    return "、".join([*sorted(each.needs), *sorted(each.approvers), each.clause])


def _or_none(amount: int | None) -> str:
    return "—" if amount is None else str(amount)


def _plain(value: Any) -> str:
    return "、".join(sorted(value)) if isinstance(value, frozenset) else str(value)
