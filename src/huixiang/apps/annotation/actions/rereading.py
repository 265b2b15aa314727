"""Shall months be read again by what reads now? As a job; what was read before is kept for comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation.models import Rereading
from huixiang.apps.annotation.permits import may_manage
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def reread(months: Iterable[str], *, by: Staff | str, source: str = "") -> Rereading:
    """Put it into the queue. Raises Fault for what is no month, months without voices, or while another one runs."""
    person, actor = may_manage(by)
    wanted, held = sorted(set(months)), set(lake().months("voices"))
    if not wanted:
        raise Fault("请选择至少一个月份，例：2026-10")
    if strange := [month for month in wanted if not MONTH.fullmatch(month) or month not in held]:
        raise Fault("“%(month)s”没有声音，或不是月份；例：2026-10", month=strange[0][:20])
    with transaction.atomic():
        if Rereading.objects.select_for_update().filter(job__state__in=Job.OPEN).exists():
            raise Fault("另一次重新理解还在进行；请等它结束，或先取消它")
        found = Rereading.objects.create(months=wanted, by=person, actor=actor)
        title = Sentence(gettext_noop("重新理解 %(months)s 的声音"), {"months": "、".join(wanted)})
        found.job = jobs.start("reread", title, person, rereading_id=str(found.pk))
        found.save(update_fields=["job"])
        audit.record("model.reread", by=by, on_kind="model", on_id=found.pk, source=source, months=wanted)
    return found
