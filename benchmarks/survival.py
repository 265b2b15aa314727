"""How long does the distribution of a million handling times take, open cases counted in, and how long does scipy?

    python -m benchmarks.survival [--cases 1000000]

Times are random seconds (nearly all differ) and whole days; three in ten are still open. Curve, intervals, median and
restricted mean; scipy gives curve and intervals alone. CPU seconds of one process, the best of three.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable
from time import process_time

import numpy as np
from scipy import stats

from huixiang.domain.statistics.survival import incidence, survival

LIMIT = 1.0


def best(job: Callable[[], object]) -> float:
    took = []
    for _ in range(3):
        begun = process_time()
        job()
        took.append(process_time() - begun)
    return min(took)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1_000_000)
    count = parser.parse_args().cases
    generator = np.random.default_rng(0)
    seconds = np.floor(generator.weibull(1.4, count) * 12 * 86_400)
    ended = generator.random(count) < 0.7
    warnings.simplefilter("ignore")
    print("| cases | times | ours, CPU s | limit, s | by two ways of ending | scipy.stats.ecdf | scipy / ours |")
    print("|---|---|---|---|---|---|---|")
    for name, times in (("seconds", seconds), ("whole days", np.ceil(seconds / 86_400))):

        def ours(times: np.ndarray = times) -> None:
            curve = survival(times, ended)
            curve.quantile(0.5)
            curve.restricted_mean(30 * 86_400 if times.max() > 1_000 else 30)

        def theirs(times: np.ndarray = times) -> None:
            curve = stats.ecdf(stats.CensoredData(times[ended], right=times[~ended]))
            curve.sf.confidence_interval(0.95, method="log-log")

        mine, other = best(ours), best(theirs)
        ways = best(lambda times=times: incidence(times, ended * (1 + (seconds % 10 < 1)), 1))  # type: ignore[misc]
        print(f"| {count:,} | {name} | {mine:.3f} | {LIMIT:.0f} | {ways:.3f} | {other:.3f} | {other / mine:.1f} |")


if __name__ == "__main__":
    main()
