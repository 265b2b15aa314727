"""What is true? All that was planted, where the dice put it, and what any analysis may be held against."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from huixiang.simulation.bank import Bank
from huixiang.simulation.effects import KINDS
from huixiang.simulation.holidays import unnoticed
from huixiang.simulation.planting import Planting


def write(folder: Path, bank: Bank, planting: Planting, counts: Mapping[str, int], found: Mapping[str, Any]) -> Path:
    """Write `truth.json`. `counts` are the rows written by kind; `found` what became known on the way."""
    scenario = bank.scenario
    effects = []
    for effect in planting.effects:
        told = {key: value for key, value in asdict(effect).items() if value not in ("", (), {}, 0, (0, 24))}
        told["title"], told["size_means"] = KINDS[effect.kind].title, KINDS[effect.kind].size
        told["size"] = effect.size
        if effect.kind == "worst_chosen":
            told["where"] = found.get("worst_chosen", {}).get(effect.pilot, [])
        effects.append(told)
    truth = {
        "scenario": scenario.name,
        "bank": scenario.bank,
        "seed": scenario.seed,
        "from": scenario.first_day,
        "to": scenario.until,
        "years_without_holidays": unnoticed(scenario.days()),
        "outlets": len(bank.network),
        "customers": len(bank.customers),
        "rows": dict(sorted(counts.items())),
        "planted": effects,
    }
    path = folder / "truth.json"
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1, default=_day) + "\n", "utf-8")
    return path


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in truth.json")
