"""What shall the made-up bank live through? A readable TOML file: its size, its dates and each planted effect."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from huixiang.simulation.effects import KINDS, Effect

SCENARIOS = Path(__file__).with_name("scenarios")
_COUNTS, _RATES = {"seed", "months", "branches", "scale"}, {"visits_a_day", "calls_a_day"}
_BANK_KEYS = {"name", "short", "code", "until"} | _COUNTS | _RATES
_EFFECT_KEYS = {field.name for field in fields(Effect)} - {"start", "end"} | {"from", "to"}


class ScenarioError(ValueError):
    """What is wrong in a scenario file, where, and what may stand there."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that is decided before the dice are thrown.

    `branches` outlets times `scale`; `visits_a_day` and `calls_a_day` are means on an ordinary workday, of one
    branch of middling size and of one branch's share in the hotline.
    """

    name: str = "quiet"
    bank: str = "海川银行"
    short: str = "海川"
    code: str = "HC"
    seed: int = 7
    months: int = 18
    until: date = date(2026, 6, 30)
    branches: int = 60
    scale: int = 1
    visits_a_day: float = 120.0
    calls_a_day: float = 12.0
    effects: tuple[Effect, ...] = ()

    @property
    def first_day(self) -> date:
        """The first of the month with which the history begins."""
        index = self.until.year * 12 + self.until.month - self.months
        return date(index // 12, index % 12 + 1, 1)

    def days(self) -> list[date]:
        """Every day of the history, in order."""
        return [self.first_day + timedelta(n) for n in range((self.until - self.first_day).days + 1)]

    def by_month(self) -> Iterator[tuple[str, list[date]]]:
        """The days, month by month: "2026-01" and its days."""
        months: dict[str, list[date]] = {}
        for day in self.days():
            months.setdefault(f"{day:%Y-%m}", []).append(day)
        yield from months.items()

    def planted(self, kind: str) -> tuple[Effect, ...]:
        """The effects of this kind that are switched on."""
        return tuple(effect for effect in self.effects if effect.kind == kind and effect.enabled)

    def sized(self, **given: Any) -> Scenario:
        """The same scenario with what the command line gave; None leaves what stands there."""
        return replace(self, **{key: value for key, value in given.items() if value is not None})


def load(path: Path) -> Scenario:
    """Which scenario stands in this file? Raises ScenarioError naming file, effect, key and what may stand there."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read as TOML: {error}") from error
    bank = given.pop("bank", {})
    effects = given.pop("effect", [])
    if given:
        raise ScenarioError(f"{path}: unknown table {sorted(given)[0]!r}; a scenario has [bank] and [[effect]]")
    if unknown := set(bank) - _BANK_KEYS:
        raise ScenarioError(
            f"{path}: [bank] has no {sorted(unknown)[0]!r}; it may have {', '.join(sorted(_BANK_KEYS))}"
        )
    _check_bank(path, bank)
    if "name" in bank:
        bank["bank"] = bank.pop("name")
    read = tuple(_effect(path, number, entry) for number, entry in enumerate(effects, 1))
    return Scenario(name=path.stem, effects=read, **bank)


def named(name: str) -> Scenario:
    """A scenario that comes with the product, by its name."""
    path = SCENARIOS / f"{name}.toml"
    if not path.exists():
        have = ", ".join(sorted(file.stem for file in SCENARIOS.glob("*.toml")))
        raise ScenarioError(f"no scenario {name!r}; there are {have}, or give a file")
    return load(path)


def _effect(path: Path, number: int, entry: Mapping[str, Any]) -> Effect:
    place = f"{path}: [[effect]] {number} ({entry.get('name', 'without a name')})"
    kind = str(entry.get("kind", ""))
    if kind not in KINDS:
        raise ScenarioError(f"{place}: unknown kind {kind!r}; one of {', '.join(KINDS)}")
    if unknown := set(entry) - _EFFECT_KEYS:
        raise ScenarioError(
            f"{place}: unknown key {sorted(unknown)[0]!r}; it may have {', '.join(sorted(_EFFECT_KEYS))}"
        )
    rule = KINDS[kind]
    missing = [key for key in ("name", "from", "to", "size", *rule.needs) if key not in entry]
    if rule.place == "branches" and not entry.get("where") and not entry.get("branches"):
        missing.append("where or branches")
    if missing:
        raise ScenarioError(f"{place}: {missing[0]!r} is missing; size means: {rule.size}")
    values = {key: value for key, value in entry.items() if key not in {"from", "to", "where", "hours"}}
    effect = Effect(
        start=entry["from"],
        end=entry["to"],
        where=tuple(entry.get("where", ())),
        hours=tuple(entry.get("hours", (0, 24))),
        **values,
    )
    _check(place, effect)
    return effect


def _check(place: str, effect: Effect) -> None:
    rule = KINDS[effect.kind]
    if not all(type(day) is date for day in (effect.start, effect.end)):
        raise ScenarioError(f"{place}: from and to are days, written 2026-01-31 without quotes")
    if effect.start > effect.end:
        raise ScenarioError(f"{place}: it ends on {effect.end}, before it begins on {effect.start}")
    if not isinstance(effect.size, (int, float)) or not rule.least <= effect.size <= rule.most:
        raise ScenarioError(f"{place}: size {effect.size!r} is not in {rule.least}..{rule.most} ({rule.size})")
    if len(effect.hours) != 2 or not 0 <= effect.hours[0] < effect.hours[1] <= 24:
        raise ScenarioError(f"{place}: hours {list(effect.hours)} are not two hours of a day, as in [11, 14]")


def _check_bank(path: Path, bank: Mapping[str, Any]) -> None:
    for key in sorted(_COUNTS & set(bank)):
        if type(bank[key]) is not int or bank[key] < 1:
            raise ScenarioError(f"{path}: [bank] {key} is {bank[key]!r}; it must be a whole number from 1 on")
    for key in sorted(_RATES & set(bank)):
        if not isinstance(bank[key], (int, float)) or bank[key] <= 0:
            raise ScenarioError(f"{path}: [bank] {key} is {bank[key]!r}; it must be a number above 0")
    if "until" in bank and type(bank["until"]) is not date:
        raise ScenarioError(f"{path}: [bank] until is a day, written 2026-01-31 without quotes")
