"""What was measured, as tables for docs/measurements/tickets.md."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

from benchmarks.tickets_asked import TITLES
from benchmarks.tickets_made import BRANCHES, DAYS, months

NOT = "not measured"
LETTERS = "abcdef"
Told = dict[str, Any]


def tell(folder: Path, rows: int) -> None:
    """Whatever parts are done; what was not run is told as not measured."""
    found = {each.stem: json.loads(each.read_text()) for each in folder.glob("*.json")}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{rows:,} tickets, {BRANCHES:,} branches, {DAYS} days; {os.cpu_count()} cores, {memory:.0f} GiB,", end=" ")
    print(f"Python {platform.python_version()}\n")
    print("| what | cpu s | clock s | | peak memory, GiB (limit 2) |\n|---|---|---|---|---|")
    _load(found)
    _day(found)
    _questions(found)
    _pages(found)


def _load(found: dict[str, Told]) -> None:
    if loads := [told for name, told in found.items() if name.startswith("load-")]:
        cpu, clock = (sum(each["took"][place] for each in loads) for place in (0, 1))
        some = sum(each["rows"] for each in loads)
        kept = max(each["kept"] for each in loads)
        size = f"{sum(each['in'] for each in loads) / 1e6:,.0f} MB in, {kept / 1e6:,.0f} MB kept"
        rate = f"{some / cpu:,.0f} rows/s by the processor, {some / clock:,.0f} by the clock"
        told = f"{some:,} rows; {rate}; {size}; goal 1,000,000: ratio {some / cpu / 1e6:.2f}"
        what = f"load: {len(loads)} of {len(months())} whole imports, a month each"
        print(f"| {what} | {cpu:.1f} | {clock:.1f} | {told} | {max(map(_peak, loads)):.2f} |")
    if rolled := found.get("roll-ups"):
        cpu, clock = rolled["took"]
        told = f"{rolled['kept'] / 1e6:,.0f} MB"
        print(f"| roll-ups of all days, from nothing | {cpu:.1f} | {clock:.1f} | {told} | {_peak(rolled):.2f} |")


def _day(found: dict[str, Told]) -> None:
    if day := found.get("day"):
        (cpu, clock), (roll, at) = day["load"], day["roll"]
        print(f"| the 31st day of a month: load | {cpu:.2f} | {clock:.2f} | {day['rows']:,} tickets | |")
        told = f"limit 5 s: ratio {roll / 5:.2f}"
        print(f"| its roll-up, into those of thirty days | {roll:.2f} | {at:.2f} | {told} | {_peak(day):.2f} |")


def _questions(found: dict[str, Told]) -> None:
    columns = "raw, SQL | Ibis, compiled once | ÷ SQL | Ibis, each time | Polars | PostgreSQL, clock"
    print(f"\n| question: cpu s (clock s) | {columns} | roll-ups, first | again | raw ÷ first |")
    print("|---|" + "---|" * 9)
    for place, title in enumerate(TITLES):
        raw, once, anew, polars, postgres = (
            _run(found, engine, place) for engine in ("raw", "ibis_once", "ibis_anew", "polars", "postgres")
        )
        rolled = found.get(f"first-{LETTERS[place]}", {})
        first, again = rolled.get("first"), rolled.get("again")
        cells = [_took(raw), _took(once), _ratio(once, raw), _took(anew), _took(polars)]
        cells += [f"({postgres[1]:.3f})" if postgres else NOT, _took(first), _took(again), _ratio(raw, first)]
        print(f"| {title} | {' | '.join(cells)} |")
    if scan := found.get("scan"):
        print(f"\nA plain scan of two columns of all Parquet files by pyarrow: {_took(scan['took'])}.", end=" ")
    if (worst := found.get("first-d", {}).get("is_found")) is not None:
        print(f"The understaffed branch is the worst of the month: {'yes' if worst else 'no'}.")
    named = {"roll-ups, first and again": [f"first-{each}" for each in LETTERS], "raw": ["raw"], "Polars": ["polars"]}
    peaks = {name: [_peak(found[each]) for each in parts if each in found] for name, parts in named.items()}
    print("Peak memory, GiB: " + ", ".join(f"{name} {max(each):.2f}" for name, each in peaks.items() if each) + ".")


def _pages(found: dict[str, Told]) -> None:
    if not (pages := found.get("pages")):
        return
    print("\n| page, ms of the clock (of the processor) | asked | p50, first | p95, first | p95, again |")
    print("|---|---|---|---|---|")
    for name, (first, again) in pages["pages"].items():
        cells = [f"{1e3 * of[end]:.0f} ({1e3 * of[f'cpu_{end}']:.0f})" for of, end in _ends(first, again)]
        print(f"| {name} | {first['n']} | {' | '.join(cells)} |")
    print(f"\nPeak memory of the pages: {_peak(pages):.2f} GiB. Limit of a page's p95: 100 ms.")


def _ends(first: Told, again: Told) -> tuple[tuple[Told, str], ...]:
    return (first, "p50"), (first, "p95"), (again, "p95")


def _run(found: dict[str, Told], engine: str, place: int) -> list[float] | None:
    runs = found.get(engine, {}).get("runs")
    return runs[place] if runs else None


def _took(took: list[float] | None) -> str:
    return NOT if took is None else f"{took[0]:.3f} ({took[1]:.3f})"


def _ratio(one: list[float] | None, other: list[float] | None) -> str:
    return NOT if one is None or other is None else f"{one[0] / max(other[0], 1e-4):.2f}"


def _peak(told: Told) -> float:
    return float(told["peak"])
