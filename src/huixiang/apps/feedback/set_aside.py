"""Where do the files of a mail wait that could not be read? Encrypted beside its quarantined row, until it is closed.

They lie among the attachments under a name made of import and row, as nothing else there is called. Mended, they come
in with the voice; given up, erased or too old, they go. The row tells their names in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum

from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback import attachments, quarantine
from huixiang.apps.feedback.identity import row_id
from huixiang.apps.feedback.models import Attachment, Bygone, Quarantined

DAYS = 90  # so long do they wait: by then the sender was asked, or nobody will
MOST = 500 << 20  # bytes of one import: spam must not fill the disk
_MARK, _AT_ONCE = "q", 500  # an id of a voice begins with a hexadecimal digit


def place(of: UUID, row: int) -> str:
    """Under which the files of this row wait."""
    return f"{_beginning(of)}{row:011d}"


def room(of: UUID) -> int:
    """How many bytes more may wait of this import?"""
    found: int | None = Attachment.objects.filter(voice_id__startswith=_beginning(of)).aggregate(all=Sum("bytes"))[
        "all"
    ]
    return MOST - (found or 0)


def waiting() -> QuerySet[Attachment]:
    return Attachment.objects.filter(voice_id__startswith=_MARK)


def count(row: Quarantined) -> int:
    return Attachment.objects.filter(voice_id=place(row.of_id, row.row)).count()


def bring_in(of: UUID, became: Iterable[tuple[Quarantined, str]]) -> None:
    """In the transaction in which mended rows become these voices: what a voice has already is not kept twice."""
    full = set(Attachment.objects.filter(voice_id__startswith=_beginning(of)).values_list("voice_id", flat=True))
    for row, voice_id in became:
        if (here := place(of, row.row)) in full:
            has = list(Attachment.objects.filter(voice_id=voice_id).values_list("digest", flat=True))
            Attachment.objects.filter(voice_id=here).exclude(digest__in=has).update(voice_id=voice_id)
            attachments.let_go([here])


def let_go(rows: Iterable[Quarantined]) -> None:
    """In the transaction in which these rows are emptied."""
    attachments.let_go([place(row.of_id, row.row) for row in rows])


def settle(of: UUID) -> None:
    """At the end of an import, or when rows were given up: files whose row does not wait go, in this transaction."""
    beginning = _beginning(of)
    places = Attachment.objects.filter(voice_id__startswith=beginning).order_by().values_list("voice_id", flat=True)
    numbers = sorted({int(each.removeprefix(beginning)) for each in places})
    for start in range(0, len(numbers), _AT_ONCE):
        _settle(of, numbers[start : start + _AT_ONCE])


def _settle(of: UUID, numbers: Sequence[int]) -> None:
    rows = Quarantined.objects.filter(of=of, row__in=numbers, state=Quarantined.State.OPEN)
    still = set(rows.values_list("row", flat=True))
    attachments.let_go([place(of, number) for number in numbers if number not in still])


def left() -> int:
    """Of rows that are emptied: none may be."""
    names = waiting().order_by().values_list("voice_id", flat=True).distinct()
    numbers = {int(name[-11:]) for name in names}
    rows = Quarantined.objects.filter(state=Quarantined.State.ERASED)
    emptied = {
        place(of, row)
        for start in range(0, len(numbers), _AT_ONCE)
        for of, row in rows.filter(row__in=sorted(numbers)[start : start + _AT_ONCE]).values_list("of_id", "row")
    }
    return sum(name in emptied for name in names)


def due(now: datetime) -> QuerySet[Attachment]:
    """Those that have waited too long."""
    return waiting().filter(received_at__lt=now - timedelta(days=DAYS))


def clear(now: datetime) -> int:
    """Those of a row that has waited too long go, and do not wait again when the same mail comes once more."""
    places = sorted(set(due(now).values_list("voice_id", flat=True)))
    of = {_beginning(key): key for key in Quarantined.objects.order_by().values_list("of", flat=True).distinct()}
    for name in places:
        rows = Quarantined.objects.held().filter(of=of.get(name[:-11]), row=int(name[-11:]))
        remember(rows)
    return attachments.forget(places)


def remember(rows: Iterable[Quarantined]) -> None:
    """By a keyed hash of all that stands in the row, as what was erased is known."""
    Bygone.objects.remember({row_id(cells) for row in rows if (cells := _cells(row))}, Bygone.What.FILES)


def _cells(row: Quarantined) -> dict[str, str]:
    try:
        return quarantine.fields(row)
    except Unsealable:
        return {}  # sealed under a key that is lost


def _beginning(of: UUID) -> str:
    return f"{_MARK}{of.hex[:12]}"
