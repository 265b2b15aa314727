"""Which slips of paper were brought in, how far is each, and what stands on it? Words and pictures lie sealed.

A file's pages become slips, one a page; a page on which several slips lie is split by a person. What was read and what
a person made of it are kept side by side until the slip's time is over; the voice in the lake is masked.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import seal, unseal
from huixiang.apps.feedback.models import Batch
from huixiang.domain.contacts import left_for_answer
from huixiang.domain.feedback import Channel, Precision, Record

SERIES = "paper"  # within what a slip's number is unique
SURE = 0.98  # a line below is marked; how often one above is wrong all the same stands in docs/measurements/slips.md


class FileQuerySet(models.QuerySet["File"]):
    def waiting(self) -> FileQuerySet:
        """Whose pages are not all slips yet."""
        return self.filter(opened_at=None, fault__isnull=True).order_by("received_at", "pk")


class File(models.Model):
    """A scan or photo as it was brought in. Its row stays when its slips are gone: the same file adds nothing again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)  # masked
    digest = models.CharField(max_length=64, unique=True)  # keyed
    said_on = models.DateField(null=True)  # for slips that bear no date
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)  # null: from the command line
    received_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)  # all its pages are slips, and its content is gone from here
    fault = models.JSONField(null=True)  # why it cannot be opened: message, params

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "pk")

    @property
    def place(self) -> str:
        """Under which its content lies among the attachments until it is opened."""
        return self.pk.hex[:24]


class SlipQuerySet(models.QuerySet["Slip"]):
    def visible_to(self, staff: Staff, right: str = "slip.enter") -> SlipQuerySet:
        codes = staff.scope(right)
        return self if codes is None else self.filter(unit__code__in=codes)

    def in_order(self) -> SlipQuerySet:
        return self.order_by("received_at", "of", "page", "part")

    def in_state(self, state: str) -> SlipQuerySet:
        """By the words that people use: see Slip.stage."""
        return self.filter(_STAGES[state])

    def to_land(self) -> SlipQuerySet:
        """Confirmed by a person, and not in the lake yet."""
        return self.filter(state=Slip.State.CONFIRMED, batch=None, stuck_at=None).order_by("settled_at", "pk")

    def sure(self) -> SlipQuerySet:
        """Each line was read surely, so that a look at the text may be enough."""
        return self.filter(state=Slip.State.READ, least__gte=SURE, looks_like_several=False)

    def over(self, today: date) -> SlipQuerySet:
        """Whose time is over; one that still waits to land is not lost to it."""
        return self.filter(keep_until__lt=today).exclude(state=Slip.State.CONFIRMED, batch=None)


class Slip(models.Model):
    """One page, or a part of it. Its picture lies among the attachments, under the voice that it will be."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待读")
        READ = "read", _("待核对")
        CONFIRMED = "confirmed", _("已确认")
        REJECTED = "rejected", _("已退回")
        SPLIT = "split", _("已拆分")

    class Reason(models.TextChoices):
        BLANK = "blank", _("空白页，没有读出字")
        UNREADABLE = "unreadable", _("看不清，无法辨认")
        NOT_A_SLIP = "not_a_slip", _("不是意见单")
        TWICE = "twice", _("与另一张重复")
        BROKEN = "broken", _("这一页读不了，需重新扫描")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(File, models.CASCADE, related_name="slips")
    page = models.PositiveIntegerField()
    part = models.CharField(max_length=20, blank=True)  # "2.1": the first half of the second half
    voice_id = models.CharField(max_length=24, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="slips", verbose_name=_("机构"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    said_on = models.DateField(null=True)  # written on it, or told with the file
    sealed = models.BinaryField(null=True)  # Words
    least = models.FloatField(null=True)  # of its lines' confidences; null: none was read
    looks_like_several = models.BooleanField(default=False)
    width = models.PositiveIntegerField(default=0)  # pixels of its picture
    height = models.PositiveIntegerField(default=0)
    turned = models.PositiveSmallIntegerField(default=0)  # degrees clockwise from how it came
    cut: Any = models.JSONField(null=True)  # of one that is split: {"down": true, "parts": 2}
    once_cut: Any = models.JSONField(default=list)  # numbers of parts put together again: a backup may hold them
    received_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)  # confirmed, rejected or split
    settled_by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    keep_until = models.DateField()
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="slips")  # as of Submission
    stuck_at = models.DateTimeField(null=True)  # could not land; tried again each night

    objects = SlipQuerySet.as_manager()

    class Meta:
        ordering = ("received_at", "of", "page", "part")
        constraints = [models.UniqueConstraint(fields=["of", "page", "part"], name="slips_are_cut_once")]
        indexes = [models.Index(fields=["unit", "state"])]

    @property
    def stage(self) -> str:
        """waiting, read, blank (to be looked at), confirmed (on its way), taken (in the lake), rejected or split."""
        if self.looks_blank:
            return "blank"
        if self.state == self.State.CONFIRMED and self.batch_id and self.batch and self.batch.confirmed_at:
            return "taken"
        return str(self.state)

    @property
    def looks_blank(self) -> bool:
        """The reader found nothing on it, and nobody has looked yet."""
        return self.reason == self.Reason.BLANK and self.state == self.State.REJECTED and self.settled_by_id is None

    @property
    def number(self) -> str:
        """As people name it: page 3, or page 3-2.1."""
        return f"{self.page}-{self.part}" if self.part else str(self.page)

    def words(self) -> Words:
        """Raises Unsealable."""
        return Words.of(unseal(self.sealed)) if self.sealed else Words()

    def record(self, text: str, photos: tuple[str, ...] = ()) -> Record:
        """The voice as every channel tells one."""
        return Record(
            channel=Channel.SUGGESTION_BOX,
            series=SERIES,
            source_id=source_id(self.of, self.page, self.part),
            text=text,
            said_at=_midnight(self.said_on) if self.said_on else None,
            said_precision=Precision.DAY if self.said_on else Precision.UNKNOWN,
            received_at=self.received_at,
            branch=self.unit.code,
            attachments=photos,
            contact=left_for_answer(text) or "",
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What was read, line by line, and what a person made of it; `text` is what becomes the voice."""

    lines: Sequence[dict[str, Any]] = ()  # text, sure, box; typed: what a person wrote instead
    more: str = ""  # what a person added
    text: str = ""

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Words:
        return cls(kept.get("lines", ()), kept.get("more", ""), kept.get("text", ""))

    def sealed(self) -> bytes:
        return seal({"lines": list(self.lines), "more": self.more, "text": self.text})


def source_id(file: File, page: int, part: str) -> str:
    return f"{file.digest[:24]} {page} {part}".strip()


def _midnight(day: date) -> Any:
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day))  # type: ignore[attr-defined]


_TAKEN = Q(state="confirmed", batch__confirmed_at__isnull=False)
# What the reader alone found blank: nobody has looked yet.
_BLANK = Q(state="rejected", reason="blank", settled_by=None)
_STAGES = {
    "waiting": Q(state="waiting"),
    "read": Q(state="read"),
    "confirmed": Q(state="confirmed") & ~_TAKEN,
    "taken": _TAKEN,
    "blank": _BLANK,
    "rejected": Q(state="rejected") & ~_BLANK,
    "split": Q(state="split"),
}
