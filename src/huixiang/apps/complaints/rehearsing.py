"""What would a proposed pack have done to last year's cases? As a job that anybody may start again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints import packs
from huixiang.apps.complaints.models import Case, CaseQuerySet, PackDraft, RulePack
from huixiang.apps.complaints.outcomes import told_of
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.replayed import replayed
from huixiang.domain.complaints.replaying import Told

A_YEAR, LISTED = timedelta(days=365), 200


@jobs.work("complaint_replay")
def work(progress: jobs.Progress, draft: int) -> Sentence:
    held, now = PackDraft.objects.get(pk=draft), timezone.now()
    found = rehearse(held, now, progress)
    PackDraft.objects.filter(pk=draft).update(replayed=found, replayed_at=now)
    message = gettext_noop("重演了 %(cases)s 件：%(turned)s 件会另作判断。")
    return Sentence(message, {"cases": found["cases"], "turned": found["cases_judged_otherwise"]})


def rehearse(draft: PackDraft, now: datetime, progress: jobs.Progress) -> dict[str, object]:
    """By the version in force today and by this one."""
    old = held_against(draft.code, timezone.localdate(now))
    rows = Case.objects.filter(received_at__gt=now - A_YEAR, received_at__lte=now)
    new = RulePack(code=draft.code, version=draft.version, effective_from=draft.effective_from, text=draft.text)
    return replayed(_counted(rows, progress), packs.clocks_of(old), packs.clocks_of(new), moment(now), LISTED)


def held_against(code: str, day: date) -> RulePack:
    """The version in force on this day. A pack of a new name is held against the main one."""
    return packs.in_force(day, code if RulePack.objects.filter(code=code).exists() else packs.MAIN)


def _counted(rows: CaseQuerySet, progress: jobs.Progress) -> Iterator[Told]:
    total = rows.count()
    progress.report(0, total)
    for number, case in enumerate(told_of(rows), 1):
        yield case
        progress.report(number, total)
