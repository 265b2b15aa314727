"""Of which age, class and branch is a customer? Just so much as tells who comes to the counter; no name, no number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from huixiang.domain.feedback import keyed_bits

# Sixty and over is old by law: 老年人权益保障法, article 2.
AGES, OLDEST = (30, 45, 60, 75), 120
BANDS = ("0-29", "30-44", "45-59", "60-74", "75+")
ELDERLY = frozenset({"60-74", "75+"})
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """One line of the bank's list of customers. Unmasked: lives in memory only; the number becomes a pseudonym."""

    customer: str
    band: str = UNKNOWN
    tier: str = ""
    branch: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def voice_id(self, key: bytes) -> str:
        return f"customer{keyed_bits('customer', self.customer, key):016x}"

    def content_hash(self, key: bytes) -> str:
        return ""


def band_of(age: int) -> str:
    """In which age band is somebody of so many years? UNKNOWN where nobody can be so old.

    >>> band_of(29), band_of(60), band_of(93), band_of(-2)
    ('0-29', '60-74', '75+', '')
    """
    return BANDS[bisect_right(AGES, age)] if 0 <= age <= OLDEST else UNKNOWN
