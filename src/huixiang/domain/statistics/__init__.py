"""How sure can we be? Shares and changes with their intervals; what rises against its own past, and since when."""

from huixiang.domain.statistics.intervals import Z95, Interval, agreement, difference, mean, ratio, share
from huixiang.domain.statistics.multiplicity import benjamini_hochberg, benjamini_yekutieli
from huixiang.domain.statistics.stability import chi_square, stability_index

__all__ = [
    "Z95",
    "Interval",
    "agreement",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "chi_square",
    "difference",
    "mean",
    "ratio",
    "share",
    "stability_index",
]
