"""Where are this bank's facts? One lake a process: it keeps what it knows of the files between requests."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from huixiang.lake.spark.cluster import Cluster
from huixiang.lake.store import Lake


def lake() -> Lake:
    """The lake of settings.LAKE_DIR, asked anew each time so that a test can have its own."""
    return _at(Path(settings.LAKE_DIR))


@lru_cache(maxsize=4)
def _at(path: Path) -> Lake:
    found = Lake(path)
    found.cluster = Cluster(settings.ENGINE, found.path) if settings.ENGINE else None
    return found
