"""What goes when its time is over, or when a customer asks for it? Unsent answers, contacts, and answers left shut.

An erasure finds her invitations by her pseudonym, also those of anonymous surveys: who she is goes from them, and that
one was used stays. An anonymous answer itself cannot be found any more, by nobody; her page said so before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huixiang.apps.access import audit
from huixiang.apps.feedback.certifying import place, remark
from huixiang.apps.feedback.erasing import finds, reaches
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.feedback.models import Erasure
from huixiang.apps.surveys import framing, links
from huixiang.apps.surveys.carrying import DRAFT_LIFE
from huixiang.apps.surveys.models import Draft, FormerLink, Framed, Invitation, Response, Survey
from huixiang.domain.surveys.sampling import YEAR

AT_ONCE = 500
ID = 24  # signs of an invitation's keyed hash: as many as a voice's id has
STILL_NO = gettext_lazy("若您登记过不愿接受调查，这一登记继续有效（只有假名），以免再次打扰；想撤销的，请告诉网点。")
GRACE = timedelta(days=30)  # beyond a survey's days, for answers that could not be opened


@finds
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    """Her invitations within reach: each goes by the beginning of its link's hash."""
    rows = Invitation.objects.filter(customer=customer)
    rows = rows if reach is None else rows.filter(unit__code__in=reach)
    # Former links too: a backup from before a link was replaced knows her by that one.
    former = FormerLink.objects.filter(invitation__in=rows).values_list("token", flat=True)
    return {token[:ID] for token in [*rows.values_list("token", flat=True), *former]}


@reaches
def forget(ids: Collection[str]) -> None:
    """Who was asked, how she is reached, and what she had begun to answer. That somebody was asked stays."""
    for rows in _chosen(ids):
        found = list(rows.values_list("pk", flat=True))
        with transaction.atomic():
            _drafts(rows).delete()
            FormerLink.objects.filter(invitation__in=found).delete()
            Invitation.objects.filter(pk__in=found).update(contact=None, customer="")


@place("invitations", gettext_lazy("问卷邀请：联系方式、客户假名"))
def left(ids: Collection[str]) -> int:
    return sum(rows.exclude(contact=None, customer="").count() for rows in _chosen(ids))


@place("drafts", gettext_lazy("问卷：没有提交的答案"))
def drafts_left(ids: Collection[str]) -> int:
    return sum(_drafts(rows).count() for rows in _chosen(ids))


@remark
def left_in_peace(erasure: Erasure) -> list[str]:
    """The list of those who want no surveys outlives an erasure; whether she stands on it, the page does not tell."""
    return [str(STILL_NO)] if erasure.what == Erasure.What.CUSTOMER else []


def forget_old(now: datetime, today: date) -> int:
    """The nightly round's part: unsent answers, contacts, and sealed answers that nobody could or may open."""
    gone = forget_drafts(now)
    Invitation.objects.filter(keep_until__lt=today).exclude(contact=None).update(contact=None)
    return gone + _forget_shut(today)


def forget_drafts(now: datetime) -> int:
    """After a month, or where they can be sent no more."""
    old = Draft.objects.filter(saved_at__lt=now - DRAFT_LIFE)
    over = Draft.objects.filter(version__survey__state=Survey.State.CLOSED)
    return old.delete()[0] + over.delete()[0]


def _forget_shut(today: date) -> int:
    """Anonymous answers that found no company, and what could not be taken in: not for ever."""
    count = 0
    shut = Response.objects.filter(batch=None).exclude(sealed=None)
    for survey in Survey.objects.filter(versions__responses__in=shut).distinct():
        before = today - timedelta(days=survey.retention_days) - GRACE
        rows = shut.filter(version__survey=survey, answered_on__lt=before)
        with transaction.atomic():
            if found := rows.delete()[0]:
                audit.record("survey.lost", by="system:nightly", on_kind="survey", on_id=survey.pk, count=found)
        count += found
    return count


def _chosen(ids: Collection[str]) -> list[QuerySet[Invitation]]:
    listed = sorted(ids)
    parts = (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
    return [Invitation.objects.filter(_begins(part) | Q(pk__in=_replaced(part))) for part in parts]


def _drafts(rows: QuerySet[Invitation]) -> QuerySet[Draft]:
    """What was begun by their links, also by such as were replaced."""
    former = FormerLink.objects.filter(invitation__in=rows).values_list("token", flat=True)
    tokens = [*rows.values_list("token", flat=True), *former]
    return Draft.objects.filter(once__in=[links.once("", token) for token in tokens])


def _begins(part: list[str]) -> In:
    return In(Substr("token", 1, ID), part)


def _replaced(part: list[str]) -> list[UUID]:
    """Her link may have been replaced between the request and its execution."""
    return list(FormerLink.objects.filter(_begins(part)).values_list("invitation_id", flat=True))


def _named() -> QuerySet[Invitation]:
    return Invitation.objects.exclude(customer="")


def _asked_long_ago(now: datetime) -> QuerySet[Invitation]:
    """No rest is counted by them any more (drawing.asked_on), their days are over, and no answer of theirs waits."""
    today = timezone.localdate(now)
    last = today - YEAR - timedelta(days=1)
    rows = _named().filter(Q(sent_at=None) | Q(sent_at__date__lte=last), keep_until__lt=today)
    return rows.exclude(pk__in=Response.objects.filter(batch=None).exclude(invitation=None).values("invitation"))


def forget_asked(now: datetime) -> int:
    """The nightly round's part: who was asked so long ago. That somebody was, and whether she answered, stays."""
    with transaction.atomic():
        if count := _asked_long_ago(now).update(customer=""):
            audit.record("survey.asked_expire", by="system:nightly", on_kind="invitation", count=count)
    return count


def _over(now: datetime) -> int:
    today = timezone.localdate(now)
    asked = Invitation.objects.filter(keep_until__lt=today).exclude(contact=None).count()
    return asked + Framed.objects.filter(keep_until__lt=today).count()


def _clear(now: datetime) -> int:
    """Counts contacts and lines of lists, as `_over` does; drafts and shut answers go along."""
    today, count = timezone.localdate(now), _over(now)
    forget_old(now, today)
    framing.forget_old(today)
    return count


keeps(
    Keeping(
        code="surveys",
        channel=gettext_lazy("问卷"),
        holds=gettext_lazy("邀请用的联系方式、客户名单（加密）、未提交的答案"),
        days=lambda: gettext_lazy("各问卷自定，7 到 1095 天；草稿一个月；已提交的答卷见“问卷答卷”的期限"),
        ground=gettext_lazy("客户与本行的约定；每封邀请都可退订"),
        stored=lambda: Invitation.objects.exclude(contact=None).count() + Framed.objects.count(),
        due=_over,
        clear=_clear,
        settings=("surveys",),
    )
)
keeps(
    Keeping(
        code="survey_invited",
        channel=gettext_lazy("问卷"),
        holds=gettext_lazy("邀请里的客户假名：问过谁"),
        days=lambda: gettext_lazy("送出满一年且联系方式到期；答了记名问卷的，最迟随答卷的期限"),
        ground=gettext_lazy("按间隔与每年次数少打扰客户，至多看一年"),
        stored=lambda: _named().count(),
        due=lambda now: _asked_long_ago(now).count(),
        clear=forget_asked,
        settings=("surveys",),
    )
)
