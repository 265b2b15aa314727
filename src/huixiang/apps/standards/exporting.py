"""How does the bank take its standards elsewhere? As the files they are, and the audit knows."""

from __future__ import annotations

from datetime import date

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.standards.models import in_force_on
from huixiang.domain.standards.writing import write


def export(day: date, *, by: Staff | str, source: str = "") -> dict[str, str]:
    """Name → text of each standard in force on this day."""
    files = {f"{each.code}.toml": write(each) for each in in_force_on(day)}
    audit.record("standard.export", by=by, on_kind="standard", source=source, count=len(files), day=f"{day}")
    return files
