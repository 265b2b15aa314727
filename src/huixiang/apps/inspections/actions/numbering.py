"""Which number does the next visit bear? JC2026-000001, without gaps: drawn under a lock of the year's row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from huixiang.apps.inspections.models import VisitNumber


def numbers(at: datetime, count: int = 1) -> Iterator[str]:
    """The next ones, in the caller's transaction."""
    year = timezone.localtime(at).year
    VisitNumber.objects.get_or_create(year=year)
    row = VisitNumber.objects.select_for_update().get(year=year)
    first, row.last = row.last + 1, row.last + count
    row.save(update_fields=["last"])
    return (f"JC{year}-{number:06d}" for number in range(first, row.last + 1))
