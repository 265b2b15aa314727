"""How long does the bank keep who complained and what was written? Years from the end of the case; then it goes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access import audit
from huixiang.apps.complaints import files
from huixiang.apps.complaints.models import (
    Case,
    CaseFile,
    CaseQuerySet,
    CaseVoice,
    Event,
    KeepingTerm,
    Notice,
    Party,
    PartyMark,
)
from huixiang.apps.feedback.keeping import Keeping, keeps

AT_ONCE = 200
SYSTEM = "system:nightly"
CODE = "complaints"


def holding() -> CaseQuerySet:
    """Cases that still hold words, messages or people."""
    words = Event.objects.filter(case=OuterRef("pk")).exclude(sealed=None)
    people = Party.objects.filter(case=OuterRef("pk")).exclude(Q(sealed=None) & Q(pseudonym=""))
    messages = Notice.objects.filter(case=OuterRef("pk"))
    enclosed = CaseFile.objects.filter(case=OuterRef("pk"))
    return Case.objects.filter(Exists(words) | Exists(people) | Exists(messages) | Exists(enclosed) | ~Q(customer=""))


def years(day: date) -> int:
    """As people have set it; the setting where nobody has."""
    row = KeepingTerm.objects.in_force(day)
    return row.years if row else int(settings.COMPLAINT_YEARS)


def over(now: datetime, term: int | None = None) -> CaseQuerySet:
    """Of which cases is the term over, or were it with so many years? One merged away is kept as the one it is in."""
    before = _years_before(now, term or years(timezone.localdate(now)))
    alone = Q(merged_into=None) | Q(merged_into__is_open=False, merged_into__ended_at__lt=before)
    return holding().filter(alone, is_open=False, ended_at__lt=before)


def clear(now: datetime) -> int:
    """Empty sealed words, people and the pseudonym of these cases. The chain still holds: it covers the digest."""
    count = 0
    while pks := list(over(now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            count += _emptied(pks, now)
    return count


def _emptied(pks: list[int], now: datetime) -> int:
    """Looked at once more under the lock: one opened again meanwhile stays as it is."""
    held = set(Case.objects.select_for_update(of=("self",)).filter(pk__in=pks).values_list("pk", flat=True))
    still = list(over(now).filter(pk__in=held).values_list("pk", flat=True))
    Event.objects.filter(case_id__in=still).exclude(sealed=None).update(sealed=None)
    Party.objects.filter(case_id__in=still).update(sealed=None, pseudonym="")
    PartyMark.objects.filter(case_id__in=still).delete()
    CaseVoice.objects.filter(case_id__in=still).update(said_at=None, customer="")
    Notice.objects.filter(case_id__in=still).delete()
    files.forget(still)
    Case.objects.filter(pk__in=still).update(customer="")
    if still:
        audit.record("complaint.expire", by=SYSTEM, on_kind="complaint", count=len(still))
    return len(still)


def _years_before(now: datetime, years: int) -> datetime:
    """The same day so many years ago; of 29 February the first of March, so that nothing goes too early."""
    day = now - timedelta(days=1) if (now.month, now.day) == (2, 29) else now
    return day.replace(year=day.year - years)


def _told_years(day: date) -> str:
    """With what is coming, so that everybody reads it before it holds."""
    told = gettext("办结、撤回或不予受理后 %(years)s 年") % {"years": years(day)}
    row = KeepingTerm.objects.coming(day)
    if row is None:
        return told
    return told + gettext("；%(day)s 起 %(years)s 年") % {"day": f"{row.from_on}", "years": row.years}


keeps(
    Keeping(
        code=CODE,
        channel=_("投诉"),
        holds=_("投诉人身份与联系方式、答复与备注的文字、附件（加密），客户假名"),
        days=lambda: _told_years(timezone.localdate()),
        ground=_("投诉档案保存不少于三年：未读到条文原文，请合规部门核对（check）"),
        stored=lambda: holding().count(),
        due=lambda now: over(now).count(),
        clear=clear,
        settings=("complaint_retention",),
    )
)
keeps(
    Keeping(
        code="complaint_files",
        channel=_("投诉中撤下的附件"),
        holds=_("误传后撤下的文件（加密）；其余附件与投诉一同保存"),
        days=lambda: gettext("撤下后 %(days)s 天") % {"days": settings.COMPLAINT_WITHDRAWN_DAYS},
        ground=_("撤下即不再使用；留一段时间以便查证是否误撤"),
        stored=lambda: CaseFile.objects.exclude(withdrawn_at=None).filter(erased_at=None).count(),
        due=lambda now: files.withdrawn(now).count(),
        clear=files.clear,
    )
)
