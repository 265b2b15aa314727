"""How often does a 95 % interval of two coders' agreement hold the truth? By what is taken for news when it is drawn.

python -m benchmarks.agreement [--times 300]

Talks are made up: eight people a talk, some six utterances each, one code seen or not by two coders. In the first table
people differ in what they speak of and in how hard they are to code; in the second talks differ as well, as they do:
each has its subject and its table. The truth is alpha over 6,000 such talks.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, stdtrit

Floats = NDArray[np.float64]
PEOPLE, SAID, TRUTH_TALKS, RESAMPLES = 8, 6, 6_000, 400
PEOPLE_VARY = 0.8  # standard deviation, in logits, of what is spoken of and of how hard it is to code
WORLDS = {"people differ": 0.0, "people and talks differ": 0.8}
TALKS = (1, 3, 5, 6, 8, 10, 15, 25)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=300)
    args = parser.parse_args()
    for world, talks_vary in WORLDS.items():
        dice = np.random.default_rng(1)
        truth = float(_alpha(_talks(dice, TRUTH_TALKS, talks_vary).sum((0, 1))))
        print(f"\n{world}; alpha {truth:.2f}; covered % (mean width)\n")
        print("| talks | " + " | ".join(WAYS) + " |\n|---" + "|---" * len(WAYS) + "|")
        for talks in TALKS:
            print(f"| {talks} | " + " | ".join(_covered(dice, talks, talks_vary, truth, args.times)) + " |")


def _covered(dice: np.random.Generator, talks: int, talks_vary: float, truth: float, times: int) -> list[str]:
    made = [_talks(dice, talks, talks_vary) for _ in range(times)]
    told = []
    for way in WAYS.values():
        ends = np.array([found for each in made if (found := way(dice, each)) is not None])
        if len(ends) == 0:
            told.append("–")
            continue
        held = np.mean((ends[:, 0] <= truth) & (truth <= ends[:, 1]))
        told.append(f"{held:.0%} ({np.mean(ends[:, 1] - ends[:, 0]):.2f})")
    return told


def _talks(dice: np.random.Generator, talks: int, talks_vary: float) -> Floats:
    """How often (neither, the second, the first, both) saw the code: (talks, people, 4)."""
    seen, wrong = (
        expit(mean + dice.normal(0, talks_vary, (talks, 1)) + dice.normal(0, PEOPLE_VARY, (talks, PEOPLE)))
        for mean in (-0.8, -1.8)
    )
    both = seen * (1 - wrong) ** 2 + (1 - seen) * wrong**2
    apart = wrong * (1 - wrong)
    chances = np.stack([1 - both - 2 * apart, apart, apart, both], axis=-1)
    found: Floats = dice.multinomial(dice.poisson(SAID, (talks, PEOPLE)) + 1, chances).astype(float)
    return found


def _alpha(counts: Floats) -> Floats:
    """Krippendorff's alpha of two coders and one code, as domain.coding tells it, of many samples at once."""
    apart, values = counts[..., 1] + counts[..., 2], 2 * counts.sum(-1)
    yes = 2 * counts[..., 3] + apart
    with np.errstate(all="ignore"):
        found: Floats = 1 - apart * (values - 1) / (yes * (values - yes))
    return found


def _utterances(dice: np.random.Generator, made: Floats) -> tuple[float, float] | None:
    total = made.sum((0, 1))
    return _between(_alpha(dice.multinomial(int(total.sum()), total / total.sum(), size=RESAMPLES).astype(float)))


def _drawn(units: Callable[[Floats], Floats]) -> Callable[[np.random.Generator, Floats], tuple[float, float] | None]:
    def ends(dice: np.random.Generator, made: Floats) -> tuple[float, float] | None:
        rows = units(made)
        if len(rows) < 2:
            return None
        times = dice.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=RESAMPLES)
        return _between(_alpha(times @ rows))

    return ends


def _left_out(units: Callable[[Floats], Floats]) -> Callable[[np.random.Generator, Floats], tuple[float, float] | None]:
    def ends(_dice: np.random.Generator, made: Floats) -> tuple[float, float] | None:
        rows = units(made)
        count = len(rows)
        if count < 2:
            return None
        value = float(_alpha(rows.sum(0)))
        supposed = count * value - (count - 1) * _alpha(rows.sum(0) - rows)
        spread = float(stdtrit(count - 1, 0.975)) * float(supposed.std(ddof=1)) / count**0.5
        return (value - spread, value + spread) if np.isfinite(spread) else None

    return ends


def _between(drawn: Floats) -> tuple[float, float] | None:
    if np.isnan(drawn).all():
        return None
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def _people(made: Floats) -> Floats:
    return made.reshape(-1, 4)


def _each_talk(made: Floats) -> Floats:
    found: Floats = made.sum(1)
    return found


WAYS: dict[str, Callable[[np.random.Generator, Floats], tuple[float, float] | None]] = {
    "utterances drawn": _utterances,
    "people drawn": _drawn(_people),
    "talks drawn": _drawn(_each_talk),
    "a person left out": _left_out(_people),
    "a talk left out": _left_out(_each_talk),
}

if __name__ == "__main__":
    main()
