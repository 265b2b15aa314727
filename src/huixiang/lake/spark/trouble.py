"""What went wrong between here and the cluster? A reason by its name; whoever speaks to people puts it in words."""

from __future__ import annotations


class NoCluster(Exception):
    """The cluster cannot be used. `reason` is one of REASONS, `found` what was met."""

    def __init__(self, reason: str, found: str = "") -> None:
        self.reason, self.found = reason, found
        super().__init__(f"{reason}: {found}" if found else reason)


REASONS = ("pyspark", "java", "master", "workers", "version", "start", "answer", "other_code")
