"""At which time of the day did somebody come? Three bands: before noon, over noon, in the afternoon."""

from __future__ import annotations

from collections.abc import Mapping

# From which hour to which, the end left out, by the branch's clock. Counters pause for lunch within the middle one.
BANDS: Mapping[str, tuple[int, int]] = {"morning": (0, 11), "noon": (11, 14), "afternoon": (14, 24)}


def band_of(hour: int) -> str:
    """
    >>> band_of(10), band_of(11), band_of(14)
    ('morning', 'noon', 'afternoon')
    """
    return next(band for band, (begin, end) in BANDS.items() if begin <= hour < end)
