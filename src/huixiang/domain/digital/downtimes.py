"""What was out of order, from when to when? An outage of a system, or a machine that stood still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from huixiang.domain.feedback import keyed_bits

SYSTEM, DEVICE = "system", "device"


@dataclass(frozen=True, slots=True)
class Downtime:
    """One incident of a system (`kind` SYSTEM) or of a kiosk or cash machine (DEVICE). Moments are aware.

    `ended_at` None: not over yet. `planned`: announced maintenance. `share`: part of the tries that failed meanwhile;
    None: not told, which counts as all. `branch`: where the machine stands; None: the whole bank's.
    """

    kind: str
    name: str
    began_at: datetime
    began_on: date
    ended_at: datetime | None = None
    planned: bool = False
    share: float | None = None
    reason: str = ""
    number: str = ""  # as the operation centre numbers it
    branch: str | None = None
    customer: str = ""  # of nobody: what is common to facts that a customer may ask to have erased
    extra: Mapping[str, str] = field(default_factory=dict)

    def voice_id(self, key: bytes) -> str:
        """Which incident is this? The day, and a keyed hash of what stood still, where, and since when."""
        told = "\0".join((self.kind, self.name, self.branch or "", f"{self.began_at.timestamp():.0f}"))
        return f"{self.began_on:%Y%m%d}{keyed_bits('downtime', told, key):016x}"

    def content_hash(self, key: bytes) -> str:
        return ""
