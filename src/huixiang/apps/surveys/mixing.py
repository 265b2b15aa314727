"""How does an anonymous answer lose its sender? It waits for company, and they move on together, in an order of chance.

While it waits its row betrays it to who reads the database closely: PostgreSQL notes with each row the transaction
that wrote it, and the same one turned the invitation to "used". So at least FEWEST answers that look alike from
outside (same version, branch, tier, stratum, weight) are written anew in one transaction, under new ids, with the week
of the last of them; and the invitations that came with them are written anew in it too, in another order of chance.
What can be joined afterwards is the group, never the one. As many as a result needs to tell of anybody:
words stand on the voices' pages from the moment they land, and are those of one among FEWEST in her branch and week.
docs/methods/survey-trust.md says what this cannot promise.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count

from huixiang.apps.access.sealing import Unsealable, seal_without_time, unseal
from huixiang.apps.surveys.models import Response, Survey, Version
from huixiang.domain.surveys.scores import FEWEST

AT_ONCE = 500  # answers a transaction
_chance = secrets.SystemRandom()
_CELL = ("version_id", "via", "unit_id", "tier", "stratum", "weight")
_KEPT = ("once", "language", "seconds", "marks")


class Cell(NamedTuple):
    """What is known of an answer from outside, and stands with its invitation too."""

    version_id: int
    via: str
    unit_id: int | None
    tier: str
    stratum: str
    weight: float

    @classmethod
    def of(cls, response: Response) -> Cell:
        return cls(*(getattr(response, name) for name in _CELL))


def mix() -> int:
    """Move on what has company now, and of surveys that are over what finds company; how many answers?"""
    waiting = Response.objects.filter(is_mixed=False)
    full = waiting.values(*_CELL).annotate(count=Count("pk")).filter(count__gte=FEWEST).values_list(*_CELL)
    moved = sum(_moved_of(Cell(*cell)) for cell in list(full))
    over = waiting.filter(version__survey__state=Survey.State.CLOSED).values_list("version_id", flat=True)
    return moved + sum(_end(version_id) for version_id in sorted(set(over)))


def waiting_for_company(survey: Survey) -> int:
    """How many answers nobody may look at yet?"""
    return Response.objects.filter(version__survey=survey, is_mixed=False).count()


def mix_all() -> int:
    """The nightly round's part."""
    moved = mix()
    clean()
    return moved


def clean() -> None:
    """What was written anew stands nowhere in its old form, as far as the database lets us.

    Not inside a transaction: VACUUM refuses that.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and connection.get_autocommit() and not connection.in_atomic_block:
            for table in ("surveys_response", "surveys_invitation"):
                cursor.execute(f"VACUUM {table}")
        elif connection.vendor == "sqlite" and not connection.in_atomic_block:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _moved_of(cell: Cell) -> int:
    """All that wait in this cell, at most AT_ONCE; somebody else may have moved them meanwhile."""
    with _hidden_traces(), transaction.atomic():
        rows = Response.objects.select_for_update().filter(is_mixed=False, **cell._asdict()).order_by("pk")
        chosen = list(rows[:AT_ONCE])
        return _move(chosen, cell) if len(chosen) >= FEWEST else 0


def _end(version_id: int) -> int:
    """No more will come. Who is alone in a cell gives up tier and stratum, then the branch; fewer than FEWEST stay.

    Also who came by a poster or a public link: there is no invitation to join, but somebody saw her scan it.
    """
    with _hidden_traces(), transaction.atomic():
        Version.objects.select_for_update().get(pk=version_id)
        left = list(Response.objects.select_for_update().filter(is_mixed=False, version=version_id).order_by("pk"))
        moved = 0
        for coarser in (Cell.of, lambda one: (one.unit_id, *_way(one)), _way):
            groups = _by(left, coarser)
            left = [one for group in groups if len(group) < FEWEST for one in group]
            moved += sum(_move(group, _what_they_share(group)) for group in groups if len(group) >= FEWEST)
    return moved


def _way(one: Response) -> tuple[str, bool]:
    """Links that colleagues handed over (weight 0) never mix with a sample that was drawn, nor either with a poster."""
    return one.via, not one.weight


def _by(rows: Iterable[Response], key: Any) -> list[list[Response]]:
    found: dict[object, list[Response]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return list(found.values())


def _what_they_share(group: Sequence[Response]) -> Cell:
    """Where they differ, nothing is said; their weights become the mean, so that they weigh together what they did."""
    first = Cell.of(group[0])
    same = {name for name in _CELL if len({getattr(one, name) for one in group}) == 1}
    return first._replace(
        unit_id=first.unit_id if "unit_id" in same else None,
        tier=first.tier if "tier" in same else "",
        stratum=first.stratum if "stratum" in same else "",
        weight=sum(one.weight for one in group) / len(group),
    )


def _move(group: Sequence[Response], cell: Cell) -> int:
    """Written anew: first all old rows go, so that a new one may stand in any place of theirs."""
    week = max(one.answered_on for one in group)
    _rewrite_invitations(group)
    written = [_anew(one, cell, week) for one in group]
    Response.objects.filter(pk__in=[one.pk for one in group]).delete()
    _chance.shuffle(written)
    Response.objects.bulk_create(written)
    return len(written)


def _anew(one: Response, cell: Cell, week: date) -> Response:
    """A new id, and the words sealed anew: no earlier copy of the row is known again by either."""
    kept = {name: getattr(one, name) for name in _KEPT}
    return Response(**kept, **cell._asdict(), sealed=_sealed_anew(one), answered_on=week, is_mixed=True)


def _sealed_anew(one: Response) -> bytes | None:
    try:
        return seal_without_time(unseal(one.sealed)) if one.sealed else None
    except Unsealable:
        return bytes(one.sealed or b"")  # under a key that is lost; who puts it back can still read it


def _rewrite_invitations(group: Sequence[Response]) -> None:
    """Do the join that nobody shall be able to do afterwards, one last time, and destroy it. PostgreSQL alone has it.

    One by one in an order of chance: the place of a row in its file tells an order too.
    """
    if connection.vendor != "postgresql" or group[0].via != Response.Via.INVITATION:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id FROM surveys_invitation i JOIN surveys_response r ON i.xmin = r.xmin WHERE r.id = ANY(%s)",
            [[one.pk for one in group]],
        )
        joined = [row[0] for row in cursor.fetchall()]
        _chance.shuffle(joined)
        for pk in joined:
            cursor.execute("UPDATE surveys_invitation SET is_used = is_used WHERE id = %s", [pk])


class _hidden_traces:
    """SQLite overwrites with zeros what it deletes meanwhile; of PostgreSQL the night's VACUUM clears away."""

    def __enter__(self) -> None:
        self._set("ON")

    def __exit__(self, *error: object) -> None:
        self._set("OFF")

    def _set(self, value: str) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA secure_delete={value}")
