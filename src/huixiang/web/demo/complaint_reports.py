"""What does the demonstration's head office report and rule? A quarter that two people stand for, hours, a rule."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import actions, voicing
from huixiang.apps.complaints.actions import ruling
from huixiang.apps.complaints.models import Denominator, OpeningTerm, ReturnVersion, VoiceRuleBook
from huixiang.domain.complaints.hours import Opening
from huixiang.domain.complaints.openings import spans_of
from huixiang.web.demo import QUALITY_MANAGER, SECOND, SUB_BRANCH
from huixiang.web.demo.register import last_quarter

CUSTOMERS = "customers/客户.csv"
WEEKDAY, SATURDAY = spans_of("9:00-12:00, 13:30-17:00"), spans_of("9:30-15:30")
RULES = """\
# 意见箱与社交媒体里的不满，先列入“待转投诉”，由人决定。
[[rule]]
code = "open-grievances"
title = "意见箱与社交媒体里的不满"
channels = ["suggestion_box", "social", "app_review"]
kinds = ["pain_point", "demand"]
percent = 50
contact = "any"
then = "propose"
"""


def write(exports: Path, now: datetime) -> None:
    """Each once: what people do from now on is theirs."""
    by, second = Staff.objects.get(number=QUALITY_MANAGER), Staff.objects.get(number=SECOND)
    branch = Unit.objects.get(code=SUB_BRANCH)
    if not OpeningTerm.objects.exists():
        hours = Opening((*[WEEKDAY] * 5, SATURDAY, ()))
        actions.set_hours(branch, hours, effective_from=timezone.localdate(now), by=by, source="cli")
    if not VoiceRuleBook.objects.exists():
        _take_voices(now, by, second)
    if not ReturnVersion.objects.exists():
        _report(exports, branch, now, by, second)


def _take_voices(now: datetime, by: Staff, second: Staff) -> None:
    book = ruling.write_rules(
        RULES, effective_from=timezone.localdate(now), note="演示：先由人决定，再看准不准", by=by, source="cli"
    )
    ruling.approve_rules(book.pk, by=second, source="cli")
    voicing.take_due(now)


def _report(exports: Path, branch: Unit, now: datetime, by: Staff, second: Staff) -> None:
    """Of the branch whose register came in; what is in sight of its approver is what he approves."""
    last = last_quarter(now)
    source = "演示：模拟银行的客户与机构清单"
    outlets = Unit.objects.filter(path__startswith=branch.path).exclude(pk=branch.pk).count()
    if not Denominator.objects.exists():
        counts = (("customers", _customers(exports)), ("branches", outlets))
        given = [(kind, branch, last.until, count, source) for kind, count in counts if count]
        actions.write_denominators(given, by=by, source="cli")
    draft = actions.draft_return(last, branch, by=by, source="cli")
    sent = actions.submit_return(draft.pk, by=by, source="cli")
    actions.approve_return(sent.pk, digest=sent.digest, by=second, source="cli")


def _customers(exports: Path) -> int:
    with (exports / CUSTOMERS).open(encoding="utf-8-sig", newline="") as given:
        return sum(row["开户网点"].startswith(SUB_BRANCH) for row in csv.DictReader(given))
