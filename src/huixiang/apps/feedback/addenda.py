"""What does a customer get once the complaint that her erasure had to leave has ended? A page after the certificate."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime

from django.utils import timezone
from django.utils.translation import override

from huixiang.apps.access import audit
from huixiang.apps.access.models import bank_name
from huixiang.apps.feedback import tombstones
from huixiang.apps.feedback.models import Addendum, Erasure


def issue(erasure: Erasure, lines: list[str], at: datetime) -> Addendum:
    """Write it, in the caller's transaction; its fingerprint stands in the audit chain. `lines` are Chinese."""
    assert erasure.finished_at is not None
    pk = uuid.uuid4()
    with override("zh-hans"):
        told = {
            "number": str(pk),
            "of": str(erasure.pk),
            "bank": bank_name(),
            "what": str(erasure.get_what_display()),
            "asked": _moment(erasure.at),
            "finished": _moment(erasure.finished_at),
            "issued": _moment(at),
            "lines": lines,
        }
    sha256 = hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    audit.record("erasure.addendum", by=tombstones.SYSTEM, on_kind="erasure", on_id=erasure.pk, sha256=sha256)
    return Addendum.objects.create(pk=pk, erasure=erasure, at=at, told=told, sha256=sha256)


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
