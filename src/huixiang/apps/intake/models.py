"""Where can customers write to, what have they written, and what were they answered? The words themselves move on.

A submission is durable the moment it arrives. Its words lie sealed in the row until they are in the lake, masked; from
then on the row keeps only what answering needs, and not longer than the customer was told.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.models import Batch
from huixiang.apps.feedback.names import CHANNELS
from huixiang.domain.feedback import Channel

RETENTION_DAYS = 180
SHORTEST_DAYS, LONGEST_DAYS = 7, 1095


class PostBoxQuerySet(models.QuerySet["PostBox"]):
    def visible_to(self, staff: Staff, right: str = "box.manage") -> PostBoxQuerySet:
        """Those of the units in which the right holds."""
        codes = staff.scope(right)
        return self if codes is None else self.filter(unit__code__in=codes)

    def open(self) -> PostBoxQuerySet:
        return self.filter(is_open=True)


class PostBox(models.Model):
    """A place where customers can write to the bank: a branch's suggestion box, or a form on the bank's website."""

    class Kind(models.TextChoices):
        BOX = "suggestion_box", _("意见箱")
        SITE = "website", _("官网留言")

    kind = models.CharField(_("用途"), max_length=16, choices=Kind.choices, default=Kind.BOX)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="post_boxes", verbose_name=_("机构"))
    name = models.CharField(_("名称"), max_length=60)  # as customers read it
    slug = models.CharField(max_length=16, unique=True)  # stands in the address: nobody guesses which there are
    is_open = models.BooleanField(default=True)
    consent = models.TextField(_("隐私说明"), max_length=400, blank=True)  # "": the one that comes with the product
    retention_days = models.PositiveSmallIntegerField(
        _("保存天数"), default=RETENTION_DAYS, validators=[MinValueValidator(7), MaxValueValidator(1095)]
    )
    origins = models.TextField(_("可嵌入的网站"), blank=True)  # one "https://www.bank.example" a line
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PostBoxQuerySet.as_manager()

    class Meta:
        ordering = ("unit__path", "kind", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def channel(self) -> Channel:
        return Channel(self.kind)

    @property
    def allowed(self) -> list[str]:
        """The origins of the pages that may show this form inside."""
        return self.origins.split()

    @property
    def terms(self) -> str:
        """What a customer agrees to who leaves a contact."""
        text = self.consent or gettext(
            "联系方式可以不填；填了的加密保存，只用于答复您和认出您的再次来信，"
            "%(days)s 天后连同认人的标记和照片一并删除。"
        )
        return text.replace("%(days)s", str(self.retention_days))

    @property
    def notice(self) -> str:
        """What everybody may read before sending (PIPL art. 17), whether she leaves a contact or not."""
        text = gettext(
            "您写的文字、打分与照片由本行用于办理这条留言和改进服务，不作他用。"
            "文字入库前隐去姓名、电话、证件号、卡号等，原文随即删除；"
            "照片加密保存，只有获授权的员工能看，%(days)s 天后删除。"
            "凭查询码可以查看进展、撤回联系方式；查阅、复制、更正或删除，请联系任一网点或客服。"
        )
        return text.replace("%(days)s", str(self.retention_days)) + self.terms

    @property
    def notice_version(self) -> str:
        """By it one tells which words stood on the page: changed words are another version."""
        return hashlib.sha256(self.notice.encode()).hexdigest()[:16]


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def waiting(self) -> SubmissionQuerySet:
        """Not in the lake yet, and not known to stick. What an import tells of, that import brings in."""
        return self.filter(batch=None, stuck_at=None, box__isnull=False).order_by("received_at", "pk")

    def taken(self) -> SubmissionQuerySet:
        return self.exclude(batch__confirmed_at=None).exclude(batch=None)

    def unanswered(self) -> SubmissionQuerySet:
        return self.filter(answers=None)

    def over(self, today: date) -> SubmissionQuerySet:
        """Whose time is over: the words are in the lake, masked, and nobody waits for an answer any more."""
        return self.taken().filter(keep_until__lt=today)


class Submission(models.Model):
    """What one customer sent, once, however often it arrived."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # null: it came by mail, by the hotline, on paper or in a file, with a contact; see reaching.
    box = models.ForeignKey(PostBox, models.PROTECT, null=True, related_name="submissions")
    channel = models.CharField(max_length=24, blank=True)  # of what came without a box
    customer = models.CharField(max_length=32, blank=True, db_index=True)  # pseudonym of that contact; goes with it
    once = models.CharField(max_length=64, unique=True)  # keyed hash of the form's key and words: sent again, the same
    voice_id = models.CharField(max_length=24, unique=True)
    sealed = models.BinaryField(null=True)  # the words; null from the moment they are in the lake
    contact = models.BinaryField(null=True)  # sealed; null: none left, withdrawn, or its time is over
    by_call = models.BooleanField(default=False)  # its contact is told by the record of the call alone; see callers
    agreed_to = models.TextField(blank=True)  # the words that stood beside the contact when it was left
    withdrawn_at = models.DateTimeField(null=True)  # the customer took the contact back: none is added any more
    is_named = models.BooleanField(default=False)  # the lake may know its speaker by the contact's pseudonym
    notice = models.CharField(max_length=16, blank=True)  # version of the privacy notice on the page it was sent from
    code = models.CharField(max_length=64, unique=True)  # keyed hash of the tracking code, which is kept nowhere
    draw = models.PositiveSmallIntegerField(default=0)  # which of the codes made of `once` it is: the first free one
    received_at = models.DateTimeField(default=timezone.now)
    keep_until = models.DateField()
    # SET_NULL: a batch whose journal was lost is deleted, and what was in it waits again.
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="submissions")
    stuck_at = models.DateTimeField(null=True)  # could not be taken in; tried again each night
    read_at = models.DateTimeField(null=True)  # when somebody who can answer saw it

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at",)
        indexes = [models.Index(fields=["box", "-received_at"])]

    @property
    def place(self) -> str:
        """By which way it came, as customers and staff read it."""
        return self.box.name if self.box else str(CHANNELS.get(self.channel, ""))

    @property
    def state(self) -> str:
        """received, read or answered."""
        if self.answers.exists():
            return "answered"
        return "read" if self.read_at else "received"


class Answer(models.Model):
    """What the bank wrote back. Sealed: it may call the customer by name. Never changed; a second one adds to it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers")
    sealed = models.BinaryField()
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")


class Way(models.Model):
    """How is who spoke by this channel answered, if not through a post box? A channel without a row: as below."""

    channel = models.CharField(max_length=24, unique=True)
    keeps = models.BooleanField(_("保存联系方式并生成查询码"), default=True)
    acknowledges = models.BooleanField(_("新到的声音自动发送收悉通知"), default=False)
    consent = models.TextField(_("隐私说明"), max_length=400, blank=True)  # "": the one that comes with the product
    retention_days = models.PositiveSmallIntegerField(
        _("保存天数"),
        default=RETENTION_DAYS,
        validators=[MinValueValidator(SHORTEST_DAYS), MaxValueValidator(LONGEST_DAYS)],
    )

    @property
    def terms(self) -> str:
        text = self.consent or gettext(
            "您联系我们所用的电话或邮箱加密保存，只用于答复您；%(days)s 天后删除，凭查询码可以随时撤回。"
        )
        return text.replace("%(days)s", str(self.retention_days))

    @property
    def version(self) -> str:
        """As of a box's notice: changed words are another version."""
        return hashlib.sha256(self.terms.encode()).hexdigest()[:16]


class Caller(models.Model):
    """Who called, where his words have not come yet: the record of a call may be faster than its transcript."""

    voice_id = models.CharField(max_length=24, unique=True)  # that the transcript will have
    contact = models.BinaryField()  # sealed
    customer = models.CharField(max_length=32, db_index=True)  # pseudonym of the contact
    called_at = models.DateTimeField()
    keep_until = models.DateField(db_index=True)


class Outgoing(models.Model):
    """A message that leaves once, and what became of it; see leaving. Another part of the product has its own rows."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待发送")
        GOING = "going", _("正在发送")
        SENT = "sent", _("已发送")
        UNSURE = "unsure", _("不确定是否送达")
        FAILED = "failed", _("未能送达")
        TOLD = "told", _("已电话告知")

    class Medium(models.TextChoices):
        MAIL = "mail", _("邮件")
        SMS = "sms", _("短信")
        PHONE = "phone", _("电话")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    medium = models.CharField(max_length=8, choices=Medium.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)  # kind and code; names no contact
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Letter(Outgoing):
    """One message to the customer, and what became of it. It holds no word of it: they are made when it leaves."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="letters")
    answer = models.OneToOneField(Answer, models.CASCADE, null=True, related_name="letter")  # null: that it came in

    class Meta:
        indexes = [models.Index(fields=["state", "medium"])]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=models.Q(answer=None), name="each_message_is_acknowledged_once"
            )
        ]


class Attempt(models.Model):
    """How often did somebody try something lately? Who is a hash under a key of the hour: no address is kept."""

    what = models.CharField(max_length=12)
    who = models.CharField(max_length=32)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "who"], name="attempts_are_counted_once")]


def keep_until(received_on: date, box: PostBox) -> date:
    return received_on + timedelta(days=box.retention_days)
