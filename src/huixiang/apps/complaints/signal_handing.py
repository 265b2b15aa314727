"""Which signals are to become problems? As JSON that the ledger of problems can take in, its hash noted."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Signal
from huixiang.apps.complaints.models.signals import SignalQuerySet
from huixiang.apps.complaints.signal_telling import cases_of, told

FORMAT, AT_MOST = "huixiang-complaint-signals 1", 1_000


def problems(by: Staff) -> SignalQuerySet:
    """Those in sight that somebody judged to become a problem, the latest first."""
    return Signal.objects.visible_to(by).filter(state=Signal.State.PROBLEM).order_by("-decided_at", "-pk")


def handed(by: Staff, *, source: str = "") -> bytes:
    """All of them with their numbers and the cases in this person's sight; recorded before it leaves."""
    rows = problems(by).select_related("decided_by")[:AT_MOST]
    plain = {"format": FORMAT, "signals": [_plain(row, by) for row in rows]}
    text = json.dumps(plain, ensure_ascii=False, indent=1).encode()
    audit.record("complaint.signal_export", by=by, on_kind="complaint_signal", source=source,
                 count=len(plain["signals"]), sha256=hashlib.sha256(text).hexdigest())  # fmt: skip
    return text


def _plain(signal: Signal, by: Staff) -> dict[str, Any]:
    (each,) = told([signal], by)
    seen = list(cases_of(signal, by).values_list("number", flat=True))
    found = each.found
    return {
        "id": signal.pk,
        "dimension": signal.dimension,
        "value": signal.value,
        "what": each.what,
        "unit": signal.unit,
        "since": f"{signal.since}",
        "alerted_on": f"{signal.alerted_on}",
        "ended_on": f"{signal.ended_on}" if signal.ended_on else None,
        "observed_count": found.observed,
        "expected_count": round(found.expected, 2),
        "q": found.q,
        "words": signal.words,
        "reason": signal.reason,
        "judged_by": signal.decided_by.number if signal.decided_by else None,
        "judged_at": signal.decided_at.isoformat() if signal.decided_at else None,
        "cases": seen,
        "cases_out_of_sight": len(signal.cases) - len(seen),
    }
