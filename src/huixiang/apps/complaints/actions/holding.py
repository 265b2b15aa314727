"""What becomes of a complaint whose customer has what he said erased? It is kept for storage only, as the law asks."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.complaints.actions.writing import Line, append
from huixiang.apps.complaints.models import Case, CaseVoice
from huixiang.domain.complaints.acting import Act
from huixiang.domain.complaints.hours import moment

SYSTEM = "system:erasure"


def hold(pk: int) -> bool:
    """Hide it from all but the archive's keepers, and forget which voices it was made of. Twice is once."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("unit", "pack").get(pk=pk)
        CaseVoice.objects.filter(case=case).delete()
        if case.is_held:
            return False
        now = timezone.now()
        append(case, Line(Act("hold", moment(now)), now, None))
        audit.record("complaint.hold", by=SYSTEM, on_kind="complaint", on_id=case.number)
    return True
