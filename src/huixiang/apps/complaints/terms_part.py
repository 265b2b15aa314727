"""At how much of a limit is who told today? For pages and API."""

from __future__ import annotations

from datetime import date
from typing import Any

from huixiang.apps.complaints.warnings import thresholds


def told(day: date) -> list[dict[str, Any]]:
    """All packs first, then each that has its own."""
    return [{"pack": pack, "levels": list(own.items())} for pack, own in sorted(thresholds(day).items())]
