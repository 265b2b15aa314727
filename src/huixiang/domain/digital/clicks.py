"""What did somebody do on the screen? One try of one step, its identity, and whether the errand was done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from huixiang.domain.feedback import keyed_bits

LONGEST_MILLISECONDS = 3_600_000  # no screen answers later than in an hour
# Steps that end an errand, as most systems call them; a bank whose errands end otherwise says so in its mapping.
DONE_STEPS = frozenset(
    {"完成", "办结", "办理完成", "交易完成", "交易成功", "提交成功", "done", "complete", "completed"}
)
_ODD = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio
_MASK = 2**64 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Click:
    """One try of one step in one session, as its source tells it. Unmasked: lives in memory only.

    `done`: with this the errand was done. `weight`: for so many the session stands, where a bank keeps those of a
    sample of its customers. `used_at` is aware; `used_on` and `hour` are by the bank's clock.
    """

    session: str
    used_at: datetime
    used_on: date
    hour: int
    service: str
    step: str
    ok: bool
    done: bool
    channel: str = ""
    device: str = ""
    version: str = ""
    code: str = ""
    meaning: str = ""
    milliseconds: int | None = None
    customer: str = ""  # the bank's number of the customer; becomes a keyed pseudonym
    branch: str | None = None
    weight: float = 1.0
    extra: Mapping[str, str] = field(default_factory=dict)

    def voice_id(self, key: bytes) -> str:
        """Which try is this? The day, and a keyed hash of session, moment, step and code."""
        bits = sum(keyed_bits(name, getattr(self, name), key) for name in ("session", "step", "code"))
        micros = (self.used_at - _EPOCH) // timedelta(microseconds=1)
        return f"{self.used_on:%Y%m%d}{clicked(bits + micros * _ODD):016x}"

    def content_hash(self, key: bytes) -> str:
        """What is told of one try is compared field by field, not by a hash."""
        return ""


def clicked(bits: int) -> int:
    """64 bits in which each of the given ones counts: sums of parts that are alike lie far apart.

    Source: the last step of SplitMix64, Steele, Lea and Flood (2014), OOPSLA.
    """
    bits &= _MASK
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & _MASK
    return bits ^ bits >> 31
