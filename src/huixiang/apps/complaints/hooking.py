"""What is another system told when something happens to a complaint? Written with the line itself, or not at all.

In the same transaction as the case's line a message to each system that wants it is put down (an outbox): a process
killed after that loses none, one killed before that has told nothing that did not happen.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone

from huixiang.apps.complaints.models import Case, Delivery, Event, Webhook
from huixiang.apps.complaints.standings import history
from huixiang.domain.complaints.clocks import Reading

TEST = "complaint.test"


def put(case: Case, event: Event) -> None:
    """One message for each subscription, in the transaction that writes the line."""
    wanted = [hook for hook in Webhook.objects.all() if hook.wants(event.verb)]
    if not wanted:
        return
    kind = f"complaint.{event.verb}"
    body = written(kind, event.at.isoformat(), told(case, event))
    Delivery.objects.bulk_create(
        Delivery(webhook=hook, case=case, seq=event.seq, kind=kind, body=body, happened_at=event.at) for hook in wanted
    )


def told(case: Case, event: Event) -> dict[str, Any]:
    """Nothing here names a customer or a colleague: what it is about is asked for by API, with its own right."""
    return {
        "number": case.number,
        "seq": event.seq,
        "verb": event.verb,
        "at": event.at.isoformat(),
        "entered_at": event.entered_at.isoformat(),
        "state": str(case.state),
        "is_open": case.is_open,
        "unit": case.unit.code,
        "seriousness": str(case.seriousness),
        "pack": {"code": case.pack.code, "version": case.pack.version},
        "clocks": [_clock(each) for each in history(case).clocks(timezone.now())],
    }


def written(kind: str, at: str, data: dict[str, Any]) -> str:
    """The body as the Standard Webhooks have it: kind, moment, content."""
    return json.dumps({"type": kind, "timestamp": at, "data": data}, ensure_ascii=False, separators=(",", ":"))


def _clock(read: Reading) -> dict[str, Any]:
    moments = {"due": read.due, "legal_latest": read.legal_latest}
    return {
        "clock": read.limit.code,
        "state": read.state.value,
        "clause": read.limit.clause,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }
