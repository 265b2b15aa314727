"""Who speaks in this case, and who may be the same customer? A part of the case's page."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import get_language

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import agents, customers
from huixiang.apps.complaints.models import Case
from huixiang.domain.complaints.lifecycle import HANDLE
from huixiang.domain.complaints.speaking import MANDATES, SUSPICIONS
from huixiang.domain.complaints.standing import Standing


def part(case: Case, standing: Standing, by: Staff) -> dict[str, Any]:
    """The state of the mandate, what speaks for a malicious agent, ties and proposals of them."""
    return {
        "mandate": _own(MANDATES, standing.mandate),
        "has_mandate": standing.mandate == "held",
        "suspicion": _own(SUSPICIONS, standing.suspicion),
        "agent_seen": agents.seen(case, by),
        "tied": Case.objects.visible_to(by).filter(pk__in=customers.tied_with(case)),
        "alike_customers": customers.proposed(case, by),
        "may_tie": by.holds(HANDLE, case.unit),
        "tie_key": uuid.uuid4().hex,
    }


def _own(names: dict[str, tuple[str, str]], code: str) -> str:
    """In the reader's language; "" of what is not there."""
    return names[code][0 if (get_language() or "zh").startswith("zh") else 1] if code else ""
