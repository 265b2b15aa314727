"""What may stand in a scenario file, and what is said of what may not? File, effect, key, and what may stand there."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from huixiang.simulation import dates
from huixiang.simulation.effects import COMMON, KINDS, Effect


class ScenarioError(ValueError):
    """What is wrong in a scenario, where, and what may stand there; in Chinese and English."""

    def __init__(self, place: object, chinese: str, english: str) -> None:
        super().__init__(f"{place}：{chinese} / {english}")


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _count(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _day(value: object) -> bool:
    return type(value) is date and date(2000, 1, 1) <= value <= date(2100, 12, 31)


def _hours(value: object) -> bool:
    whole = isinstance(value, list) and len(value) == 2 and all(type(hour) is int for hour in value)
    return whole and 0 <= value[0] < value[1] <= 24  # type: ignore[index]


def _units(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_text(code) for code in value)


def _rate(value: object) -> bool:
    return type(value) in {int, float} and 0 < value <= 10_000  # type: ignore[operator]


def _counted(value: object) -> bool:
    return type(value) is date or (isinstance(value, str) and dates.readable(value))


# What may stand under each key: a test, and the words for it.
Rule = tuple[Callable[[object], bool], str, str]
TEXT: Rule = (_text, "引号中的文字", "a text in quotes, not empty")
RATE: Rule = (_rate, "大于 0、不超过 10000 的数", "a number above 0, up to 10000")
MOMENT: Rule = (
    _counted,
    '日期，如 2026-01-31（不加引号），或从最后一天倒数，如 "-8 months"、"-10 days"，或 "begin"、"end"',
    'a day, written 2026-01-31 without quotes, or counted from the last day: "-8 months", "-10 days", "begin", "end"',
)
BANK: Mapping[str, Rule] = {
    "name": TEXT,
    "short": TEXT,
    "code": (
        lambda value: isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,7}", value) is not None,
        "字母开头的 1 至 8 个字母或数字",
        "1 to 8 letters or digits, a letter first",
    ),
    "seed": (_count(0, 2**63), "0 以上的整数", "a whole number from 0 on"),
    "months": (_count(1, 240), "1 至 240 的整数", "a whole number from 1 on, up to 240"),
    "until": (_day, "2000 至 2100 年的日期", "a day, written 2026-01-31 without quotes, from 2000 to 2100"),
    # Fewer than four have not an outlet of each kind, and too few people for the processes.
    "branches": (_count(4, 1_000_000), "4 以上的整数", "a whole number from 4 on"),
    "scale": (_count(1, 1_000_000), "1 以上的整数", "a whole number from 1 on"),
    "visits_a_day": RATE,
    "calls_a_day": RATE,
}
EFFECT: Mapping[str, Rule] = {
    **dict.fromkeys(("name", "title", "process", "step", "course", "pilot"), TEXT),
    **dict.fromkeys(("from", "to"), MOMENT),
    "version": (
        lambda value: isinstance(value, str) and re.fullmatch(r"\d+(\.\d+){1,3}", value) is not None,
        "形如 8.4.0 的版本号（加引号）",
        "a version in quotes, of the form 8.4.0",
    ),
    "where": (_units, '机构号列表，如 ["HC010101"]', 'a list of unit codes, as in ["HC010101"]'),
    "branches": (_count(1, 1_000_000), "1 以上的整数", "a whole number from 1 on"),
    "hours": (_hours, "一天中的两个整点，如 [11, 14]", "two hours of a day, as in [11, 14]"),
    "size": (
        lambda value: type(value) in {int, float} and math.isfinite(value),  # type: ignore[arg-type]
        "数",
        "a number",
    ),
    "enabled": (lambda value: type(value) is bool, "true 或 false（不加引号）", "true or false, without quotes"),
}


def check(place: str, given: Mapping[str, Any], rules: Mapping[str, Rule]) -> None:
    """Raises ScenarioError for the first value that may not stand there."""
    for key, value in given.items():
        fits, chinese, english = rules[key]
        if not fits(value):
            found, gap = _shown(value), " " if chinese[0].isascii() else ""
            ours, theirs = f"{key} 为 {found}，应为{gap}{chinese}", f"{key} is {found}; it must be {english}"
            raise ScenarioError(place, ours, theirs)


def check_bank(place: str, bank: object) -> None:
    """The table [bank]."""
    if not isinstance(bank, Mapping):
        raise ScenarioError(place, "[bank] 只写一次，用单层方括号", "[bank] stands once, in single brackets")
    _known(f"{place}：[bank]", bank, tuple(BANK))
    check(f"{place}：[bank]", bank, BANK)


def effects(file: str, entries: object, window: tuple[date, date]) -> tuple[Effect, ...]:
    """All effects of a file. `window` is the history's first and last day, for dates that count from it."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ScenarioError(
            file, "效应写作 [[effect]]，用双层方括号", "an effect is headed [[effect]], in double brackets"
        )
    found = tuple(_effect(file, number, entry, window) for number, entry in enumerate(entries, 1))
    for key in ("name", "course", "pilot"):
        _once(found, key)
    return found


def _effect(file: str, number: int, entry: Mapping[str, Any], window: tuple[date, date]) -> Effect:
    name = entry["name"] if _text(entry.get("name")) else "未命名 without a name"
    place = f"{file}：[[effect]] {number}（{name}）"
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        listed = ", ".join(KINDS)
        if kind is None:
            raise ScenarioError(place, f"缺少 kind；可以是 {listed}", f"'kind' is missing; one of {listed}")
        raise ScenarioError(
            place, f"没有 {kind!r} 这种效应；可以是 {listed}", f"unknown kind {kind!r}; one of {listed}"
        )
    rule = KINDS[kind]
    _known(place, entry, rule.keys, kind)
    _there(place, entry, kind)
    check(place, {key: value for key, value in entry.items() if key != "kind"}, EFFECT)
    _sized(place, entry["size"], kind)
    return _dated(place, entry, window)


def _known(place: str, given: Mapping[str, Any], may: Sequence[str], kind: str = "") -> None:
    for key in given:
        if key not in may:
            listed, what = ", ".join(may), f"{kind} " if kind else ""
            raise ScenarioError(
                place,
                f"{what}不能有 {key!r}；可以有 {listed}",
                f"{what}has no key {key!r}; it may have {listed}",
            )


def _there(place: str, entry: Mapping[str, Any], kind: str) -> None:
    rule = KINDS[kind]
    missing = [key for key in (*COMMON, *rule.needs) if key not in entry]
    if rule.in_outlets and "where" not in entry and "branches" not in entry:
        missing.append("where or branches")
    if missing:
        chinese, english = rule.size
        raise ScenarioError(
            place,
            f"{kind} 缺少 {missing[0].replace(' or ', ' 或 ')}；size 是{chinese}",
            f"{missing[0]!r} is missing in {kind}; size means: {english}",
        )
    if "where" in entry and "branches" in entry:
        raise ScenarioError(
            place, "where 与 branches 只能写一个", "it has where and branches; only one of them says where it is"
        )


def _sized(place: str, size: float, kind: str) -> None:
    rule = KINDS[kind]
    if not rule.least <= size <= rule.most:
        chinese, english = rule.size
        raise ScenarioError(
            place,
            f"size 为 {size!r}，应在 {rule.least}..{rule.most}（{chinese}）",
            f"size {size!r} is not in {rule.least}..{rule.most} ({english})",
        )


def _dated(place: str, entry: Mapping[str, Any], window: tuple[date, date]) -> Effect:
    begins, ends = entry["from"], entry["to"]
    if begins == dates.END or ends == dates.BEGIN:
        raise ScenarioError(place, "from 不能是 end，to 不能是 begin", "from cannot be 'end', nor to 'begin'")
    values = {key: value for key, value in entry.items() if key not in {"from", "to", "where", "hours"}}
    effect = moved(
        Effect(
            **values,
            start=begins if isinstance(begins, date) else date.min,
            end=ends if isinstance(ends, date) else date.max,
            where=tuple(entry.get("where", ())),
            hours=tuple(entry.get("hours", (0, 24))),
            source=place,
            begins=begins if isinstance(begins, str) else "",
            ends=ends if isinstance(ends, str) else "",
        ),
        window,
    )
    if effect.start > effect.end and begins != dates.BEGIN and ends != dates.END:
        raise ScenarioError(
            place,
            f"结束于 {effect.end}，早于开始的 {effect.start}",
            f"it ends on {effect.end}, before it begins on {effect.start}",
        )
    return effect


def moved(effect: Effect, window: tuple[date, date]) -> Effect:
    """The same effect in a history of these first and last days: dates counted from the last day move with it."""
    start = dates.first(effect.begins, *window) if effect.begins else effect.start
    end = dates.before(effect.ends, *window) if effect.ends else effect.end
    return replace(effect, start=start, end=end)


def _once(found: Sequence[Effect], key: str) -> None:
    counts = Counter(getattr(effect, key) for effect in found)
    for effect in found:
        value = getattr(effect, key)
        if value and counts[value] > 1:
            raise ScenarioError(
                effect.told,
                f"{key} {value!r} 在文件中出现 {counts[value]} 次，请各取一个",
                f"{key} {value!r} stands in {counts[value]} effects; give each one of its own",
            )


def _shown(value: object) -> str:
    if isinstance(value, list):
        return str(value) if len(str(value)) <= 60 else f"{str(value)[:60]}…"
    return str(value) if isinstance(value, date) else repr(value)
