"""A letter that was sealed with its line, as a file: with the name only for who may know it, and each look recorded."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import unseal
from huixiang.apps.complaints import documents
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.reachable import name_of

KINDS = {
    "pdf": ("application/pdf", documents.pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", documents.word),
}


def letter(case: Case, seq: int, ending: str, *, by: Staff, source: str = "") -> bytes:
    """Of a case in her sight. Raises ObjectDoesNotExist where that line has none, Unsealable, Fault."""
    event = case.events.filter(seq=seq).first()
    if ending not in KINDS or event is None or not event.sealed or not event.told.get("letter"):
        raise ObjectDoesNotExist
    knows = IDENTITY in by.rights and by.holds(IDENTITY, case.unit) and not case.accused.filter(staff=by).exists()
    words = str(unseal(event.sealed)["text"])
    content = KINDS[ending][1](documents.sheet_of(event, words, (name_of(case) or "投诉人") if knows else ""))
    audit.record("complaint.letter_read", by=by, on_kind="complaint", on_id=case.number, source=source,
                 seq=seq, form=ending, named=knows)  # fmt: skip
    return content
