"""Which of many complaints could be given to a colleague? Each is a deed of its own; one refused stops no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.actions.doing import Doing, do
from huixiang.apps.complaints.models import Case
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import ASSIGN


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of one of them; `fault` says why it stays with whom it was."""

    case: Case
    fault: Fault | None = None


def assign_all(pks: Iterable[int], doing: Doing, *, by: Staff, source: str = "") -> Iterator[Assigned]:
    """Give each to `doing.to`. Those out of sight are left out, as if they were not there."""
    if ASSIGN not in by.rights:
        raise PermissionDenied
    for case in Case.objects.visible_to(by, ASSIGN).filter(pk__in=list(pks)).by_urgency():
        try:
            yield Assigned(do(case.pk, "assign", doing, by=by, source=source))
        except Fault as fault:
            yield Assigned(case, fault)
        except ObjectDoesNotExist:  # handed to another unit since the question above
            continue
