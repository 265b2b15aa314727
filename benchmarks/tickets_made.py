"""Tickets of a big bank, as many as asked for, as its queue system would write them: one Parquet file a month.

A thousand branches, nine hours, ten services, three lanes; waits rise at noon; one branch is understaffed.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BRANCHES, SERVICES = 1_000, 10
LANES = ("A", "V", "B")
UNDERSTAFFED = 17
FIRST, DAYS = date(2025, 11, 1), 365


def codes() -> list[str]:
    return [f"W{number:04d}" for number in range(BRANCHES)]


def months() -> list[tuple[date, int]]:
    """First day of each month, and its days; without the last day of all, which comes by itself."""
    found: dict[str, list[date]] = {}
    for day in (FIRST + timedelta(days=number) for number in range(DAYS - 1)):
        found.setdefault(f"{day:%Y-%m}", []).append(day)
    return [(days[0], len(days)) for days in found.values()]


def written(folder: Path, rows: int, number: int) -> Path:
    """The file of one month of the year, from 0; a group of rows for each day."""
    begin, days = months()[number]
    path = folder / f"tickets-{begin:%Y-%m}.parquet"
    whole = rows * days // DAYS
    with pq.ParquetWriter(path, made(begin, 1, 10, 0).schema, compression="zstd", compression_level=1) as writer:
        for day in range(days):
            on = begin + timedelta(days=day)
            some = whole * (day + 1) // days - whole * day // days
            writer.write_table(made(on, 1, some, 1_000 * number + day))
    return path


def made(begin: date, days: int, rows: int, seed: int) -> pa.Table:
    """Tickets of these days, in the order of day, branch and number."""
    dice = np.random.default_rng(seed)
    day = np.sort(dice.integers(0, days, rows))
    branch = dice.integers(0, BRANCHES, rows)
    order = np.lexsort((branch, day))
    day, branch = day[order], branch[order]
    group = day.astype(np.int64) * BRANCHES + branch
    edges = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1]))) if rows else np.zeros(0, int)
    number = np.arange(rows) - np.repeat(edges, np.diff(np.append(edges, rows)))
    arrived = 9 * 3_600 + dice.integers(0, 9 * 3_600, rows)
    service, lane = dice.integers(0, SERVICES, rows), dice.choice(3, rows, p=(0.85, 0.1, 0.05))
    rush = 1 + 0.8 * np.exp(-((arrived / 3_600 - 12) ** 2) / 2) + 2.0 * (branch == UNDERSTAFFED)
    wait = np.minimum(dice.gamma(1.4, 420, rows) * rush * np.where(lane == 1, 0.4, 1.0), 7_200).astype(np.int64)
    patience = dice.gamma(3, 900, rows).astype(np.int64)
    gone = patience < wait
    wait = np.where(gone, patience, wait)
    takes = np.minimum(dice.lognormal(5.8, 0.6, rows), 7_200).astype(np.int64) + 10
    base = np.int64((begin - date(1970, 1, 1)).days) * 86_400 + day * 86_400 + arrived
    printed = [f"{letter}{each:04d}" for letter in LANES for each in range(int(number.max(initial=0)) + 1)]
    most = len(printed) // len(LANES)
    customers = dice.integers(0, 2_000_000, rows)

    def moment(second: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
        return pa.array(second, pa.timestamp("s"), mask=mask)

    known, places = np.unique(customers, return_inverse=True)
    return pa.table(
        {
            "branch": _coded(branch, codes()),
            "kiosk_number": _coded(lane * most + number, printed),
            "service": _coded(service, [f"S{each}" for each in range(SERVICES)]),
            "customer": _coded(places, [f"C{each + 10_000_000}" for each in known.tolist()]),
            "arrived_at": moment(base),
            "called_at": moment(base + wait, gone),
            "started_at": moment(base + wait + 8, gone),
            "ended_at": moment(base + wait + 8 + takes, gone),
            "left_at": moment(base + wait, ~gone),
            "counter": pa.array(1 + branch % 6, mask=gone),
            "teller": pa.array((100_000 + branch * 10 + service).astype(np.int64), mask=gone),
        }
    )


def _coded(places: np.ndarray, listed: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), pa.array(listed, pa.string()))
