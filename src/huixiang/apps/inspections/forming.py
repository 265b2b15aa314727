"""Which forms are filled in on a day? Of each standard the version in force then, with its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from huixiang.apps.standards.models import Version


def with_forms(day: date) -> list[Version]:
    """All versions in force on this day that carry a form, by code."""
    return [each for each in in_force(day) if each.value.checklist]


def in_force(day: date) -> list[Version]:
    """Of each standard the version that holds; of two for one day the later decision."""
    rows = Version.objects.approved().filter(effective_from__lte=day).select_related("standard")
    latest = {row.standard.code: row for row in rows.order_by("standard__code", "effective_from", "number")}
    return [row for row in latest.values() if row.value.holds_on(day)]


def forms_on(day: date, codes: Sequence[str]) -> list[Version]:
    """Of these standards, in this order; one that holds no more, or has no form any more, is left out."""
    held = {row.standard.code: row for row in with_forms(day)}
    return [held[code] for code in codes if code in held]


def marked(versions: Iterable[Version]) -> str:
    """Which versions a form was made of, as it carries them: looks:3,words:1."""
    return ",".join(f"{row.standard.code}:{row.number}" for row in versions)
