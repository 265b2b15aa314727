"""What can be done with the names of banks? A new edition is written; the voices are marked anew by it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.reputation.models import NameBook
from huixiang.channels.contract import Fault
from huixiang.domain.reputation.book import BadBook, read

RIGHT = "names.manage"


def write_names(text: str, note: str, *, by: Staff | None, source: str = "") -> NameBook:
    """From now on is counted by these names. `by` None: from the command line. Raises Fault; the same text changes
    nothing."""
    if by is not None and (RIGHT not in by.rights or by.scope(RIGHT) is not None):
        raise PermissionDenied
    try:
        book = read(text)
    except BadBook as bad:
        raise Fault(bad.message, column="text", **bad.params) from None
    newest = NameBook.objects.order_by("-at", "-pk").first()
    if newest is not None and newest.text == text:
        return newest
    with transaction.atomic():
        made = NameBook.objects.create(text=text, note=masked_value("", note.strip())[:200], by=by)
        made.job = jobs.start("names", Sentence(gettext_noop("按新的银行名称核对社交媒体的声音"), {}), by)
        made.save(update_fields=["job"])
        told: dict[str, Any] = {"banks": len(book.brands), "own": ",".join(sorted(book.own)), "note": made.note}
        audit.record("names.write", by=by or "cli", on_kind="names", on_id=made.pk, source=source, **told)
    return made
