"""Do things still come in the shares in which they came before?"""

from __future__ import annotations

import math
from collections.abc import Sequence


def stability_index(before: Sequence[int], now: Sequence[int]) -> float:
    """How far have shares moved? The population stability index: Σ (q − p) ln(q / p), with half a count added to each.

    0: not at all. Source: Siddiqi (2006), Credit Risk Scorecards, pp. 136-137; .1 and .25 are custom, not a test.
    """
    if len(before) != len(now) or not before:
        raise ValueError(f"{len(before)} counts before, {len(now)} now: as many of each are needed")
    old, new = ([(count + 0.5) / (sum(counts) + len(counts) / 2) for count in counts] for counts in (before, now))
    return sum((q - p) * math.log(q / p) for p, q in zip(old, new, strict=True))


def chi_square(before: Sequence[int], now: Sequence[int]) -> float | None:
    """How likely would shares differ as much by chance? p of Pearson's chi-square for two samples; None without data.

    Classes that neither sample holds are left out. Below five expected it errs to the small side: not for few voices.
    Source: Pearson (1900), Philosophical Magazine 50:157-175; the tail: Wilson and Hilferty (1931), PNAS 17:684-688.
    """
    pairs = [(a, b) for a, b in zip(before, now, strict=True) if a + b]
    n, m = sum(before), sum(now)
    if not n or not m or len(pairs) < 2:
        return None
    statistic = sum((a * math.sqrt(m / n) - b * math.sqrt(n / m)) ** 2 / (a + b) for a, b in pairs)
    degrees = len(pairs) - 1
    z = ((statistic / degrees) ** (1 / 3) - (1 - 2 / (9 * degrees))) / math.sqrt(2 / (9 * degrees))
    return 0.5 * math.erfc(z / math.sqrt(2))
