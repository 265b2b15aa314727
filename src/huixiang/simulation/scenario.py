"""What shall the made-up bank live through? A readable TOML file: its size, its dates and each planted effect."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from huixiang.simulation import entries
from huixiang.simulation.effects import Effect
from huixiang.simulation.entries import ScenarioError

__all__ = ["Scenario", "ScenarioError", "load", "named"]

SCENARIOS = Path(__file__).with_name("scenarios")


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that is decided before the dice are thrown.

    `branches` outlets times `scale`; `visits_a_day` and `calls_a_day` are means on an ordinary workday, of one
    branch of middling size and of one branch's share in the hotline. `bundled` scenarios come with the product and run
    at any size: what finds no place or time in a small bank or a short history is left out, and said. In others that
    is a mistake.
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
    bundled: bool = False

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
        """The same scenario with what the command line gave; None leaves what stands there.

        Dates counted from the last day move with it. Raises ScenarioError for a size that cannot be.
        """
        wanted = {key: value for key, value in given.items() if value is not None}
        entries.check(self.name, wanted, entries.BANK)
        sized = replace(self, **wanted)
        window = (sized.first_day, sized.until)
        return replace(sized, effects=tuple(entries.moved(effect, window) for effect in sized.effects))


def load(path: Path) -> Scenario:
    """Which scenario stands in this file? Raises ScenarioError naming file, effect, key and what may stand there."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ScenarioError(path, "没有这个文件", "there is no such file") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(path, f"不能作为 TOML 读取：{error}", f"cannot be read as TOML: {error}") from error
    bank, effects = given.pop("bank", {}), given.pop("effect", [])
    if given:
        found = sorted(given)[0]
        raise ScenarioError(
            path,
            f"没有 {found!r} 这种表；情景只有 [bank] 与 [[effect]]",
            f"unknown table {found!r}; a scenario has [bank] and [[effect]]",
        )
    entries.check_bank(str(path), bank)
    if "name" in bank:
        bank["bank"] = bank.pop("name")
    scenario = Scenario(name=path.stem, **bank)
    window = (scenario.first_day, scenario.until)
    return replace(scenario, effects=entries.effects(str(path), effects, window))


def named(name: str) -> Scenario:
    """A scenario that comes with the product, by its name."""
    path = SCENARIOS / f"{name}.toml"
    if not path.exists():
        have = ", ".join(sorted(file.stem for file in SCENARIOS.glob("*.toml")))
        raise ScenarioError(
            name,
            f"没有这个情景；自带的有 {have}，也可以给出 .toml 文件",
            f"no scenario {name!r}; there are {have}, or give a file that ends with .toml",
        )
    return replace(load(path), bundled=True)
