"""Who was asked, drawn by which rule and with which probability?"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys.models.surveys import Survey


class Framed(models.Model):
    """One customer and one visit, call or case that a survey might ask about."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="frame")
    key = models.CharField(max_length=32)  # keyed hash of customer, unit, day and staff: a file twice adds nothing
    customer = models.CharField(max_length=32, db_index=True)  # domain.feedback.pseudonym
    unit = models.ForeignKey(Unit, models.PROTECT)
    tier = models.CharField(max_length=20, blank=True)
    met_on = models.DateField()
    staff = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")  # who served the customer
    contact = models.BinaryField(null=True)  # sealed: {"phone": …, "mail": …}; null: none, or its time is over
    has_phone = models.BooleanField(default=False)
    has_mail = models.BooleanField(default=False)
    has_opted_out = models.BooleanField(default=False)  # as the file told
    left_out_for = models.CharField(max_length=200, blank=True)  # why a person took the customer off the list
    left_out_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    keep_until = models.DateField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "key"], name="frames_hold_each_visit_once")]
        indexes = [models.Index(fields=["survey", "met_on"])]


class OptOut(models.Model):
    """A customer who does not want to be asked, by no survey of the bank. The pseudonym is all that is kept."""

    class Via(models.TextChoices):
        LINK = "link", _("客户点了退订")
        FILE = "file", _("名单导入")
        STAFF = "staff", _("员工登记")

    customer = models.CharField(max_length=32, unique=True)
    via = models.CharField(max_length=8, choices=Via.choices)
    on = models.DateField()


class Round(models.Model):
    """One sending: a frame of customers, and a sample drawn from it by a rule that anybody can check afterwards."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("已抽样")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        PAUSED = "paused", _("已暂停")  # nothing leaves; what was sent can be answered
        STOPPED = "stopped", _("已停止")  # nothing leaves, and its links are shut

    class By(models.TextChoices):
        """By which way do its invitations go out?"""

        SMS = "sms", _("短信")
        MAIL = "mail", _("邮件")
        EITHER = "either", _("有手机的发短信，其余发邮件")
        LINK = "link", _("链接名单，由本行自行分发")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="rounds")
    name = models.CharField(_("名称"), max_length=80)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAWN)
    is_handed = models.BooleanField(default=False)  # not drawn: its links are handed over by staff to whom they choose
    medium = models.CharField(_("发送方式"), max_length=8, choices=By.choices, default=By.SMS)
    rule = models.JSONField(default=dict)  # how the sample was drawn: strata, rates, fatigue limits, seed
    # The frame as it was drawn from, sealed and without pseudonyms, so that the draw can be done again and compared.
    frame = models.BinaryField(null=True)
    # What the rule made of the frame: [{stratum, framed, eligible, drawn, left_out: {reason: count}}]: "asked only the
    # pleased" is found by it.
    account = models.JSONField(default=list)
    texts = models.JSONField(default=dict)  # {"sms", "subject", "mail"}, with placeholders
    remind_after = models.PositiveSmallIntegerField(_("几天后提醒"), default=0)  # days; 0: never
    remind_most = models.PositiveSmallIntegerField(_("最多提醒几次"), default=1)
    links_taken_at = models.DateTimeField(null=True)  # the list of links is given out once
    links_taken_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["survey"], condition=models.Q(is_handed=True), name="links_handed_over_have_one_round"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """One customer asked in one round. Its link works once; the token itself is kept nowhere, only its keyed hash."""

    class Medium(models.TextChoices):
        SMS = "sms", _("短信")
        MAIL = "mail", _("邮件")
        LINK = "link", _("链接")  # handed over by the bank itself

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        GOING = "going", _("正在发送")  # written before it leaves: who finds it so after a crash knows what happened
        SENT = "sent", _("已送出")
        FAILED = "failed", _("发送失败")
        UNSURE = "unsure", _("不能确定")  # the machine stopped while it left
        SKIPPED = "skipped", _("没有发送")  # the customer said no, or another survey was faster

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="invitations")
    token = models.CharField(max_length=64, unique=True)  # keyed hash
    place = models.PositiveIntegerField(null=True)  # which line of the round's frame; null: not drawn
    customer = models.CharField(max_length=32, db_index=True)  # domain.feedback.pseudonym: fatigue is counted by it
    medium = models.CharField(max_length=8, choices=Medium.choices)
    contact = models.BinaryField(null=True)  # sealed; null: none, or its time is over
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    tier = models.CharField(max_length=20, blank=True)
    met_on = models.DateField(null=True)
    stratum = models.CharField(max_length=80, blank=True)
    probability = models.FloatField()  # of being drawn, in (0, 1]; the answer's weight is its inverse
    asked_by = models.ForeignKey(Staff, models.SET_NULL, null=True)  # who handed the link over, where a person did
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    claim = models.CharField(max_length=32, blank=True)  # which worker has it while it is going
    lease_until = models.DateTimeField(null=True)  # after that the worker hands nothing over any more
    is_leaving = models.BooleanField(default=False)  # handed to the server, whose answer is not written yet
    tries = models.PositiveSmallIntegerField(default=0)  # of the message that is to go now
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)  # why it could not be sent
    # A plain fact, without a moment: in an anonymous survey nothing may tell which answer came of it.
    is_used = models.BooleanField(default=False)
    withdrawn_for = models.CharField(max_length=200, blank=True)  # why its link was shut
    serial = models.PositiveSmallIntegerField(default=0)  # how many links it had before this one
    keep_until = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["customer", "sent_at"]), models.Index(fields=["round", "state"])]


class FormerLink(models.Model):
    """A link that was replaced: it opens nothing, is told kindly, and still says "do not ask me again"."""

    token = models.CharField(max_length=64, unique=True)  # keyed hash
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="former_links")
