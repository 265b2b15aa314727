"""What became of somebody who took a number at the branch? One ticket, its identity, and what makes it impossible.

docs/methods/waiting.md defines each measure made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from huixiang.domain.feedback import keyed_bits

LONGEST_SECONDS = 86_400  # nobody waits, or is served, longer than a day
LONGEST_NUMBER = 16  # characters of what a kiosk prints
LANE_DIGITS = "0123456789"
_BITS = 64
_ODD = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: days next to each other get hashes far apart


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket of the branch's queue, as its source tells it. Unmasked: lives in memory only. Moments are aware.

    `left`: gave up before being called. Moments are None where the source does not tell them.
    """

    branch: str
    kiosk_number: str
    service: str
    lane: str
    arrived_at: datetime
    arrived_on: date  # at the branch, as the hour
    hour: int
    left: bool
    wait_seconds: int | None = None  # until called, or until leaving
    start_seconds: int | None = None
    service_seconds: int | None = None
    customer: str = ""  # the bank's number of the customer; becomes a keyed pseudonym
    counter: str = ""
    teller: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def voice_id(self, key: bytes) -> str:
        """Which ticket is this? The day, and a keyed hash of day, branch and number: once a day a number is printed."""
        return f"{self.arrived_on:%Y%m%d}{mixed(self.arrived_on.toordinal(), self.branch, self.kiosk_number, key):016x}"

    def content_hash(self, key: bytes) -> str:
        """What is told of one ticket is compared field by field, not by a hash."""
        return ""


def mixed(ordinal: int, branch: str, kiosk_number: str, key: bytes) -> int:
    """64 bits that stand for a ticket: the sum of what stands for its parts, so that a million are made at once."""
    return int((part("branch", branch, key) + part("number", kiosk_number, key) + ordinal * _ODD) % 2**_BITS)


def part(name: str, value: str, key: bytes) -> int:
    """64 keyed bits that stand for a branch or a number."""
    return keyed_bits(name, value, key)


def lane_of(kiosk_number: str) -> str:
    """By what does the number begin? A lane's letter, as most kiosks print it; "" where digits are all.

    >>> lane_of("A013"), lane_of("VIP7"), lane_of("0013")
    ('A', 'VIP', '')
    """
    return kiosk_number.rstrip(LANE_DIGITS).rstrip("-")
