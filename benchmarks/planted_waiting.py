"""Is an understaffed branch found and named, and a change of customers called so, in made-up banks of known truth?

python -m benchmarks.planted_waiting [--seeds 5]: for each seed the bank of tests/simulation/truth.toml (60 outlets, six
months, effects in the second half) once as planted and once with everything switched off. Told is each branch whose
change from the first to the second quarter is beyond the middle branch's (domain/waiting/fair.py), as the page of fair
comparison does with three months. In the quiet bank a mix shift that queues do not feel is drawn besides: of the three
branches where most waited too long, two thirds of the afternoon's tickets are left out from April on, as if those
people had taken to the app. The bank's own shift of customers' classes changes scores alone, not waits: it is sought in
the share of the fully satisfied of these branches together.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from huixiang.domain.statistics.control import Kind, Series, Watch, alerts, chart
from huixiang.domain.statistics.day_mixing import Daily, moved
from huixiang.domain.waiting.bands import BANDS, band_of
from huixiang.domain.waiting.fair import Change, Group, changes, compare
from huixiang.simulation import scenario as scenarios
from huixiang.simulation.run import live

TRUTH = Path(__file__).parents[1] / "tests/simulation/truth.toml"
LIMIT_SECONDS, BRANCHES, KEPT = 1_200, 3, 1 / 3
BEFORE, DAYS = 90, 181  # days of the first quarter; of both


@dataclass(frozen=True)
class Tickets:
    """One row a ticket of whom it can be told whether it waited too long."""

    branch: np.ndarray
    day: np.ndarray
    stratum: np.ndarray
    band: np.ndarray  # place in BANDS
    over: np.ndarray
    bands: np.ndarray  # of each stratum

    def kept(self, rows: np.ndarray) -> Tickets:
        told = {name: getattr(self, name)[rows] for name in ("branch", "day", "stratum", "band", "over")}
        return replace(self, **told)

    def daily(self, rows: np.ndarray) -> Daily:
        found = Daily(*(np.zeros((DAYS, len(self.bands))) for _ in range(2)))
        np.add.at(found.of, (self.day[rows], self.stratum[rows]), 1)
        np.add.at(found.counts, (self.day[rows], self.stratum[rows]), self.over[rows])
        return found


def tickets(folder: Path) -> Tickets:
    """The queue system's files, read as anybody would."""
    found = pa.concat_tables(pq.read_table(path) for path in sorted(folder.glob("queue/*.parquet")))
    at = np.asarray(found["arrived_at"]).astype("datetime64[s]")
    gone = np.asarray(found["abandoned"])
    ended = np.where(gone, np.asarray(found["left_at"]), np.asarray(found["called_at"])).astype("datetime64[s]")
    over = (ended - at).astype(np.int64) > LIMIT_SECONDS
    day = at.astype("datetime64[D]")
    hour = (at - day).astype(np.int64) // 3600
    band = np.array([list(BANDS).index(band_of(each)) for each in range(24)])[hour]
    lane = np.asarray(pc.utf8_slice_codeunits(found["kiosk_number"].cast(pa.string()), 0, 1).to_pylist())
    service = np.asarray(found["service"].cast(pa.string()).to_pylist())
    keys, stratum = np.unique(np.char.add(np.char.add(service, lane), band.astype(str)), return_inverse=True)
    bands = np.array([int(str(key)[-1]) for key in keys])
    branch = np.asarray(found["branch"].cast(pa.string()).to_pylist())
    made = Tickets(branch, (day - day.min()).astype(np.int64), stratum, band, over, bands)
    return made.kept(~gone | over)


def changed(found: Tickets) -> tuple[list[Change], dict[str, Group]]:
    """What the page tells of each branch: its change, and how it stands in the second quarter."""
    whole, by_band, after_of = {}, {band: {} for band in BANDS}, {}
    for code in np.unique(found.branch).tolist():
        all_ = found.daily(np.flatnonzero(found.branch == code))
        before, after = (Daily(all_.counts[part], all_.of[part]) for part in (slice(BEFORE), slice(BEFORE, None)))
        after_of[code] = after
        if told := moved(before, after):
            whole[code] = told
        for at, band in enumerate(BANDS):
            columns = found.bands == at
            parts = [Daily(each.counts[:, columns], each.of[:, columns]) for each in (before, after)]
            if told := moved(*parts):
                by_band[band][code] = told
    everybody = sum(each.totals[1] for each in after_of.values())
    stands = compare(after_of.items(), everybody).stands
    return changes(whole, by_band), {each.who: each.group for each in stands}


def watched(found: Tickets) -> set[str]:
    """Of which branches does a control chart of the daily share rise in the second quarter?"""
    raised, rule = set(), Watch(min(Watch().false_a_year, 1 / len(np.unique(found.branch))))
    for code in np.unique(found.branch).tolist():
        daily = found.daily(np.flatnonzero(found.branch == code))
        series = Series(np.datetime64("2026-01-01").item(), daily.counts.sum(1), Kind.SHARES, daily.of.sum(1))
        if daily.counts[:BEFORE].sum() >= 30:
            line = chart(series, np.arange(DAYS) < BEFORE)
            raised |= {code for each in alerts(line, BEFORE, DAYS, rule) if each.is_up}
    return raised


def busiest(found: Tickets) -> list[str]:
    """Where did most wait too long in the first quarter?"""
    codes, place = np.unique(found.branch, return_inverse=True)
    late = np.bincount(place, weights=found.over & (found.day < BEFORE))
    return [str(code) for code in codes[np.argsort(-late)[:BRANCHES]]]


def mixed(found: Tickets, where: Iterable[str], dice: np.random.Generator) -> Tickets:
    """The same queues; of these branches' afternoon tickets a part alone is kept from the second quarter on."""
    is_late = found.band == list(BANDS).index("afternoon")
    there = np.isin(found.branch, list(where)) & (found.day >= BEFORE) & is_late
    return found.kept(~there | (dice.random(len(there)) < KEPT))


def pleased(folder: Path, where: Iterable[str]) -> str:
    """What moved the share of the fully satisfied of these branches: their customers' classes, or what was done?"""
    rows = csv.read_csv(folder / "surveys/答卷.csv")
    branch, tier = (np.asarray(rows[name].to_pylist()) for name in ("网点", "客户等级"))
    day = (np.asarray(rows["提交时间"]).astype("datetime64[D]") - np.datetime64("2026-01-01")).astype(np.int64)
    marks = np.array([np.nan if each is None else each for each in rows["满意度(1-5)"].to_pylist()], dtype=float)
    _names, stratum = np.unique(tier, return_inverse=True)
    its = np.flatnonzero(np.isin(branch, list(where)) & ~np.isnan(marks) & (day >= 0))
    daily = Daily(*(np.zeros((int(day.max()) + 1, stratum.max() + 1)) for _ in range(2)))
    np.add.at(daily.of, (day[its], stratum[its]), 1)
    np.add.at(daily.counts, (day[its], stratum[its]), marks[its] == 5)
    parts = [Daily(daily.counts[part], daily.of[part]) for part in (slice(BEFORE), slice(BEFORE, None))]
    found = moved(*parts)
    return found.told if found else "unproven"


def lived(folder: Path, seed: int, *, is_quiet: bool, **sizes: int) -> Path:
    scenario = scenarios.load(TRUTH).sized(seed=seed, **sizes)
    if is_quiet:
        scenario = replace(scenario, effects=tuple(replace(each, enabled=False) for each in scenario.effects))
    for _ in live(scenario, folder, texts=False):
        pass
    return folder


def places(folder: Path, kind: str) -> list[str]:
    told: list[Mapping[str, Any]] = json.loads((folder / "truth.json").read_text("utf-8"))["planted"]
    return [code for each in told if each["kind"] == kind for code in each["where"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=1)
    args = parser.parse_args()
    print(
        "| seed | understaffed: told slower at noon | of them charts rose | mix shift: told mix, not service | ", end=""
    )
    print("shift of classes: told | quiet: told of 60 | quiet: charts rose | quiet: worse, better |")
    print("|---|---|---|---|---|---|---|---|")
    began = time.process_time()
    for seed in range(args.first, args.first + args.seeds):
        with tempfile.TemporaryDirectory() as name:
            on = lived(Path(name) / "on", seed, is_quiet=False)
            off = lived(Path(name) / "off", seed, is_quiet=True)
            print(line(seed, on, off), flush=True)
    print(f"\nCPU s a seed: {(time.process_time() - began) / args.seeds:.0f}")


def line(seed: int, on: Path, off: Path) -> str:
    planted, quiet = tickets(on), tickets(off)
    short = places(on, "understaffed")
    told = {each.who: each for each in changed(planted)[0]}
    slower = [code for code in short if "noon" in told[code].proven and told[code].beyond["noon"].value > 0]
    rose = watched(planted)
    dice = np.random.default_rng(seed)
    where = busiest(quiet)
    mix = {each.who: each.told for each in changed(mixed(quiet, where, dice))[0]}
    calm, groups = changed(quiet)
    cells = (
        seed,
        f"{len(slower)} of {len(short)}",
        f"{len(rose & set(short))} of {len(short)}",
        f"{sum(mix[code] == 'mix' for code in where)} of {BRANCHES} ({', '.join(mix[code] for code in where)})",
        pleased(on, places(on, "tier_mix")),
        ", ".join(f"{each.who} {each.told}" for each in calm if each.told != "unproven") or "0",
        len(watched(quiet)),
        ", ".join(str(sum(each is group for each in groups.values())) for group in (Group.WORSE, Group.BETTER)),
    )
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    main()
