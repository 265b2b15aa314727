"""Is the chain of records whole? Who asks is recorded, with the answer."""

from __future__ import annotations

from huixiang.apps.access import audit, heads
from huixiang.apps.access.audit import Verdict
from huixiang.apps.access.models import Staff


def verify_audit(by: Staff, source: str = "") -> Verdict:
    """Read the whole chain now, against the heads that were kept. Raises ValueError where these contradict."""
    outcome = "failed"
    try:
        verdict = audit.verify(heads.known())
        outcome = "done" if verdict.whole else "failed"
    finally:
        audit.record("audit.verify", by=by, on_kind="audit", source=source, outcome=outcome)
    return verdict
