"""How long do rows wait that could not be read? So many days as is set for the channel that their file came by.

What stood in them goes then, also of those that were mended or given up; that they were refused, where and why, and
how they count in the account of their import stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.feedback import batches, guests, quarantine, set_aside, terms
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Import, Quarantined, Term
from huixiang.channels import registry
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import Channel

AT_ONCE = 500
_OF_FORMAT = {
    **dict.fromkeys(registry.HOTLINE, Channel.HOTLINE),
    **dict.fromkeys(("mbox", "eml"), Channel.WEBSITE),
    "rss": Channel.SOCIAL,
}


def channel_of(imported: Import) -> str:
    """By which channel did this file come? As its mapping says, as was chosen, or as its format has it."""
    return _mapped(imported) or imported.channel or str(_OF_FORMAT.get(imported.format, Channel.OTHER))


def _mapped(imported: Import) -> str:
    """What the mapping says outranks what a person chose, as when a row is read."""
    try:
        form = registry.find(imported.format, imported.mapping)
    except Fault:
        return ""  # the format of then is no longer known
    return str(getattr(getattr(form, "mapping", None), "channel", None) or "")


def until(imported: Import) -> date | None:
    """On which day are the rows of this import emptied? None: there is no limit, or it is not known yet."""
    term = terms.of(channel_of(imported))
    if term.row_days is None or imported.finished_at is None or guests.of(imported):
        return None
    over_on = timezone.localdate(imported.finished_at) + timedelta(days=term.row_days + 1)
    return max(over_on, term.rows_from_on) if term.rows_from_on else over_on


def held(channel: str) -> QuerySet[Quarantined]:
    """Rows of a channel whose content stands here still."""
    return Quarantined.objects.held().filter(of__in=_imports(channel))


def over(term: Term, days: int | None, today: date, *, at_once: bool = False) -> QuerySet[Quarantined]:
    """Which of them have waited longer? `at_once`: whether or not the term holds already."""
    if days is None or not (at_once or (term.rows_from_on and term.rows_from_on <= today)):
        return Quarantined.objects.none()
    since = timezone.make_aware(datetime.combine(today - timedelta(days=days), datetime.min.time()))
    return held(term.channel).filter(batch__confirmed_at__lt=since)


def carry_out(channel: str, now: datetime) -> int:
    """The nightly round's part; how many rows were emptied? Killed, the next night goes on."""
    term = terms.of(channel)
    rows = over(term, term.row_days, timezone.localdate(now))
    count = 0
    for of in rows.order_by().values_list("of", flat=True).distinct():
        for some in _portions(rows.filter(of=of)):
            count += _empty(Import.objects.get(pk=of), some, term)
    return count


def _portions(rows: QuerySet[Quarantined]) -> Iterator[list[int]]:
    while some := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield some


def _empty(of: Import, keys: list[int], term: Term) -> int:
    """Under the lake's lock: nobody mends a row meanwhile, and what was on its way into the lake has arrived."""
    with batches.turn(lake()), transaction.atomic():
        rows = list(Quarantined.objects.held().filter(pk__in=keys))
        set_aside.remember(row for row in rows if set_aside.count(row))
        set_aside.let_go(rows)
        for row in rows:
            quarantine.emptied(row, Quarantined.State.EXPIRED)
        Quarantined.objects.bulk_update(rows, quarantine.EMPTIED, batch_size=200)
        told: dict[str, Any] = {"rows": len(rows), "days": term.row_days}
        audit.record("quarantine.expire", by="system:nightly", on_kind="import", on_id=of.pk, **told)
    return len(rows)


def _imports(channel: str) -> list[UUID]:
    """Few have rows that wait, and fewer do not say by which channel they came. A guest's have a term of their own."""
    found = Import.objects.filter(pk__in=Quarantined.objects.held().values("of")).exclude(guests.theirs())
    return [each.pk for each in found if channel_of(each) == channel]
