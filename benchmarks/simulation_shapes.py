"""Does the made-up bank look like real ones? Shapes of calls, tickets and loan cases beside two real logs.

    HUIXIANG_MODE=test .venv/bin/python -m benchmarks.simulation_shapes [--shared ../shared/data] [--figures FOLDER]

Prints two tables and, with --figures, draws docs/methods/simulation/*.svg. The real logs are for measuring
only: nothing but the curves drawn here leaves them.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.shapes import measures
from benchmarks.shapes.logs import CALL_FILE, LOAN_FILE, Arrivals, Cases, made_up, real_calls, real_loans

Row = tuple[str, str, Callable[..., float]]  # what, how to write it, how to measure it


def _a_day(log: Arrivals) -> float:
    rows = log.ordinary
    return float(rows.sum() / len(np.unique(log.place[rows] * 100_000 + log.day[rows])))


def _busiest(log: Arrivals) -> float:
    hours = np.bincount(log.second[log.ordinary] // 3600)
    return float(100 * hours.max() / hours.sum())


def _skewness(log: Arrivals) -> float:
    level = measures.level(log)
    return float((level**3).mean() / level.std() ** 3)


def _rate(log: Arrivals, low: float, high: float) -> float:
    exposed = (np.clip(log.wait, low, high) - low).sum()
    return float((log.gone & (log.wait > low) & (log.wait <= high)).sum() / max(exposed, 1) * 60)


def _days(log: Cases) -> np.ndarray:  # type: ignore[type-arg]
    first, last = log.span
    return np.asarray((last - first)[log.done] / 86_400)


def _activities(log: Cases) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(np.bincount(log.case, minlength=len(log.done))[log.done])


def _weekend(log: Cases) -> float:
    return float(np.isin(log.weekdays, (5, 6)).mean())


def _gaps_of_cases(log: Cases) -> float:
    between = measures.rescaled_gaps(measures.as_arrivals(log))
    return float(between.std() / between.mean())


def _long_items(log: Cases) -> float:
    items = log.worked[~np.isnan(log.worked)]
    return float((items > 8 * 3600).mean())


CALLS: Sequence[Row] = (
    ("a place on an ordinary day", ".0f", _a_day),
    ("gaps: coefficient of variation (Poisson 1)", ".2f", lambda log: measures.gaps(log).std()),
    ("counts of ten minutes: variance / mean (Poisson 1)", ".2f", lambda log: measures.bursts(log).index),
    ("their rate's own variation, whatever the volume (Poisson 0)", ".2f", lambda log: measures.bursts(log).beyond),
    ("… what is left of a burst after 10 minutes", ".2f", lambda log: measures.bursts(log).memory[0]),
    ("… after 30 minutes", ".2f", lambda log: measures.bursts(log).memory[2]),
    ("… after an hour", ".2f", lambda log: measures.bursts(log).memory[5]),
    ("busiest hour's share of the day, %", ".1f", _busiest),
    ("days, weekday removed: spread of the log", ".2f", lambda log: measures.between_days(log, trend=False)[0]),
    ("… correlation with the day before", ".2f", lambda log: measures.between_days(log, trend=False)[1]),
    ("… the same, a trend removed too: spread", ".2f", lambda log: measures.between_days(log, trend=True)[0]),
    ("… correlation", ".2f", lambda log: measures.between_days(log, trend=True)[1]),
    ("service: median seconds", ".0f", lambda log: np.nanmedian(log.talk)),
    ("service: mean seconds", ".0f", lambda log: np.nanmean(log.talk)),
    ("service of 10 s and more: spread of the log", ".2f", lambda log: measures.spread_of_log(log.talk, log.kind)[0]),
    ("… within one kind of call or errand", ".2f", lambda log: measures.spread_of_log(log.talk, log.kind)[1]),
    ("… skewness of the log (lognormal 0)", ".2f", _skewness),
    ("service: share below 10 seconds, %", ".1f", lambda log: 100 * (log.talk < 10).sum() / (~log.gone).sum()),
    ("waited at all, %", ".0f", lambda log: 100 * (log.wait > 0).mean()),
    ("gave up, % of all", ".1f", lambda log: 100 * log.gone.mean()),
    ("gave up, % of those who waited", ".1f", lambda log: 100 * log.gone[log.wait > 0].mean()),
    ("give up per minute: first 15 s of waiting", ".2f", lambda log: _rate(log, 0, 15)),
    ("… 15 to 60 s", ".2f", lambda log: _rate(log, 15, 60)),
    ("… 60 to 180 s", ".2f", lambda log: _rate(log, 60, 180)),
    ("… 180 to 600 s", ".2f", lambda log: _rate(log, 180, 600)),
    ("willing to wait 60 s, %", ".0f", lambda log: 100 * measures.patience(log)[60]),
    ("willing to wait 180 s, %", ".0f", lambda log: 100 * measures.patience(log)[180]),
)
LOANS: Sequence[Row] = (
    ("cases a day", ".0f", lambda log: len(log.done) / (np.ptp(log.span[0]) / 86_400)),
    ("begun on Saturday or Sunday, %", ".0f", lambda log: 100 * _weekend(log)),
    ("gaps by the usual day: coefficient of variation (Poisson 1)", ".2f", _gaps_of_cases),
    ("duration of ended cases: median days", ".2f", lambda log: np.median(_days(log))),
    ("… 95 of 100 within, days", ".1f", lambda log: np.quantile(_days(log), 0.95)),
    ("… within an hour, %", ".0f", lambda log: 100 * (_days(log) < 1 / 24).mean()),
    ("activities a case: mean", ".1f", lambda log: _activities(log).mean()),
    ("… coefficient of variation", ".2f", lambda log: _activities(log).std() / _activities(log).mean()),
    ("… most", ".0f", lambda log: _activities(log).max()),
    ("ways in 2,000 ended cases", ".0f", lambda log: measures.ways(log).number),
    ("… share of the most frequent, %", ".0f", lambda log: 100 * measures.ways(log).cumulative[0]),
    ("… of the five most frequent, %", ".0f", lambda log: 100 * measures.ways(log).cumulative[4]),
    ("… of the twenty most frequent, %", ".0f", lambda log: 100 * measures.ways(log).cumulative[:20][-1]),
    ("… of ways taken once, %", ".0f", lambda log: 100 * measures.ways(log).once),
    ("… entropy, bits", ".1f", lambda log: measures.ways(log).bits),
    ("cases with rework, %", ".0f", lambda log: 100 * measures.ways(log).reworked),
    ("work as a share of duration, median case, %", ".1f", lambda log: 100 * np.median(measures.work_share(log))),
    ("work item: median minutes", ".1f", lambda log: np.nanmedian(log.worked) / 60),
    ("… spread of the log (of all items)", ".2f", lambda log: np.log(log.worked[log.worked >= 5]).std()),
    ("… longer than 8 hours by the clock, %", ".1f", lambda log: 100 * _long_items(log)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1] / "../shared/data")
    parser.add_argument("--figures", type=Path, help="folder for the SVG figures")
    parser.add_argument("--branches", type=int, default=90)  # whose hotline is about as busy as the real one
    parser.add_argument("--months", type=int, default=12)
    args = parser.parse_args()
    process = args.shared / "process"
    calls, loans = real_calls(process), real_loans(process)
    hotline, branches, cases = made_up(args.branches, args.months)
    print(f"quiet, {args.branches} outlets, {args.months} months: {len(hotline.day):,} calls, ", end="")
    print(f"{len(branches.day):,} tickets, {len(cases.done):,} loan cases\n")
    for name, log in ((CALL_FILE, calls), (LOAN_FILE, loans)):
        if log is None:
            print(f"{name}: not in {process}; its column stays empty, nothing is compared\n")
    table(("calls", "real centre", "made-up hotline", "made-up branches"), CALLS, (calls, hotline, branches))
    table(("loans", "BPIC 2012", "made-up loans"), LOANS, (loans, cases))
    if args.figures:
        draw(args.figures, calls, loans, (hotline, branches, cases))


def table(head: Sequence[str], rows: Sequence[Row], logs: Sequence[Arrivals | Cases | None]) -> None:
    """One Markdown table, a column a log."""
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for name, form, measure in rows:
        values = ["–" if log is None else format(float(measure(log)), form) for log in logs]
        print(f"| {name} | {' | '.join(values)} |")
    print()


def draw(folder: Path, calls: Arrivals | None, loans: Cases | None, ours: tuple[Arrivals, Arrivals, Cases]) -> None:
    """All figures; where the real log is absent, the made-up curves alone."""
    from benchmarks.shapes import drawing

    warnings.filterwarnings("ignore", message="Glyph")  # the reader's font has the letters, not matplotlib's
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    hotline, branches, cases = ours
    telephone = [("真实呼叫中心", drawing.REAL, calls)] if calls else []
    telephone.append(("模拟热线", drawing.OURS, hotline))
    every = [*telephone, ("模拟网点", drawing.BRANCH, branches)]
    applications = [("真实贷款（BPIC 2012）", drawing.REAL, loans)] if loans else []
    applications.append(("模拟贷款", drawing.OURS, cases))
    for path in (
        drawing.arrivals(every, folder / "arrivals.svg"),
        drawing.days(every, folder / "days.svg"),
        drawing.service(every, folder / "service.svg"),
        drawing.patience(telephone, folder / "patience.svg"),
        drawing.cases(applications, folder / "loans.svg"),
    ):
        print(f"{path}  {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
