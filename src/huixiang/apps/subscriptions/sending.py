"""Which subscribed views leave as a mail? Written by the nightly round, once a period; sent like all messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from huixiang.apps.access import audit, beats, jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.intake import leaving
from huixiang.apps.subscriptions import reports
from huixiang.apps.subscriptions.models import Subscription, SubscriptionMail
from huixiang.apps.subscriptions.papers import pdf
from huixiang.gateways.contract import Attachment, Message

KIND, SYSTEM = "subscription_mails", "system:nightly"
KEPT = timedelta(days=40)  # longer than the longest period, so that each is sent once


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):
        count = leaving.send_all(OURS, waiting=progress.beat)
    return Sentence(gettext_noop("送出 %(count)s 封订阅的视图。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Every few seconds: does a mail wait, and is nobody at it?"""
    return leaving.begin_due(OURS, Sentence(gettext_noop("发送订阅的视图"), {}), now)


def write_for(now: datetime) -> int:
    """One mail for each subscription whose period has none yet; how many? None without a mail server."""
    SubscriptionMail.objects.filter(created_at__lt=now - KEPT).delete()
    if not leaving.leaves(SubscriptionMail.Medium.MAIL):
        return 0
    today = timezone.localdate(now)
    wanted = Subscription.objects.filter(staff__is_active=True).exclude(staff__email="")
    known = set(SubscriptionMail.objects.values_list("subscription_id", "period"))
    new = [
        SubscriptionMail(subscription=row, period=row.period(today), medium=SubscriptionMail.Medium.MAIL)
        for row in wanted
        if (row.pk, row.period(today)) not in known
    ]
    SubscriptionMail.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        audit.record("subscription.write", by=SYSTEM, on_kind="view", mails=len(new), day=f"{today}")
    return len(new)


def message_of(mail: SubscriptionMail) -> Message:
    """With the rights that the person has now. Raises Unsealable where she has left, or may not see it any more."""
    row = mail.subscription
    staff = Staff.objects.filter(pk=row.staff_id, is_active=True).exclude(email="").first()
    with override("zh-hans"):
        found = reports.report(row.view, staff) if staff else None
        if staff is None or found is None:
            raise Unsealable
        paper = pdf(found, row.view.name, timezone.localdate())
        text = "\n".join([found.title, "", *found.words, "", *_ending(row), ""])
    name = f"huixiang-{row.view.page}-{mail.period}.pdf"
    return Message(mail.pk.hex, staff.email, text, f"回响：{row.view.name}（{mail.period}）",
                   attachments=(Attachment(name, paper),))  # fmt: skip


def _ending(row: Subscription) -> list[str]:
    told = ["全部数字见附件。本邮件由系统发出，请勿直接回复。"]
    if row.origin:
        told.append(f"打开：{row.origin}{row.view.address}")
        return [*told, f"退订：{row.origin}{reverse('subscription_stop', args=[row.key])}"]
    return [*told, "退订：登录回响，在“保存的视图 → 订阅”中退订。"]


def _noted(mail: SubscriptionMail, at: datetime) -> None:
    row = mail.subscription
    audit.record("subscription.send", by=SYSTEM, on_kind="view", on_id=row.view_id, to=row.staff.number,
                 period=mail.period)  # fmt: skip


OURS = leaving.Rows(KIND, SubscriptionMail, message_of, ("subscription__view", "subscription__staff"), _noted)
