"""Who sat together when, on which terms, and what was said? Participants are pseudonyms; utterances are masked.

The words of a record lie sealed only until a person has said who its speakers are; then masked words alone are kept.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.models import Batch
from huixiang.apps.focus import naming
from huixiang.apps.focus.models.studies import TIERS, Study


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, staff: Staff, right: str = "focus.see") -> SessionQuerySet:
        """Talks of the units in which the right holds."""
        codes = staff.scope(right)
        return self if codes is None else self.filter(unit__code__in=codes)


class Session(models.Model):
    """One talk."""

    class State(models.TextChoices):
        PLANNED = "planned", _("筹备")
        HELD = "held", _("已开")
        CODING = "coding", _("编码中")
        DONE = "done", _("已完成")

    study = models.ForeignKey(Study, models.PROTECT, related_name="sessions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="focus_sessions", verbose_name=_("机构"))
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    subject = models.CharField(_("主题"), max_length=80, blank=True)
    moderator = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="moderated", verbose_name=_("主持人")
    )
    coders = models.ManyToManyField(Staff, related_name="coded_sessions")
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.PLANNED)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("held_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held", "coding", "done"]), name="a_talk_has_a_known_state"
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.subject or self.study.name}"


class Participant(models.Model):
    """A customer at the table, by pseudonym alone. The row stays after a withdrawal: that it happened is a fact."""

    class Consent(models.TextChoices):
        """Each holds those before it."""

        NONE = "", _("未记录同意")
        ANALYSIS = "analysis", _("仅用于分析")
        QUOTE = "quote", _("分析，并可匿名引用")
        VOICE = "voice", _("分析、匿名引用，并计入客户之声")

    session = models.ForeignKey(Session, models.PROTECT, related_name="participants")
    label = models.CharField(_("代号"), max_length=6)  # P1, P2, …
    spoken_as = models.CharField(_("记录中的称呼"), max_length=24, blank=True)  # “参与者A”, or a mark: see naming.py
    tier = models.CharField(_("客户等级"), max_length=10, choices=list(TIERS.items()), blank=True)
    consent = models.CharField(_("同意范围"), max_length=8, choices=Consent.choices, blank=True)
    consented_on = models.DateField(_("同意日期"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    removed = models.PositiveIntegerField(default=0)  # utterances that went, by withdrawal or erasure
    contact = models.BinaryField(null=True)  # sealed
    contact_until: date | None = models.DateField(null=True)  # type: ignore[assignment]
    mark = models.CharField(max_length=24, unique=True)  # by which an erasure names the row, as a voice's id

    class Meta:
        ordering = ("session", "pk")
        constraints = [
            models.UniqueConstraint(fields=["session", "label"], name="a_pseudonym_is_given_once"),
            models.CheckConstraint(
                condition=Q(consent="", consented_on=None) | (~Q(consent="") & Q(consented_on__isnull=False)),
                name="a_consent_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def called(self) -> str:
        """As the record calls her; "" where that would be her name."""
        return naming.shown(self.spoken_as)

    @property
    def is_present(self) -> bool:
        return self.withdrawn_at is None

    @property
    def may_be_quoted(self) -> bool:
        return self.is_present and self.consent in (self.Consent.QUOTE, self.Consent.VOICE)


class Transcript(models.Model):
    """A file that came in, or waits for somebody to say who its speakers are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="transcripts")
    file_name = models.CharField(max_length=255)  # masked
    sealed = models.BinaryField(null=True)  # what it says; null from the moment it is in, or was given up
    read = models.PositiveIntegerField(default=0)  # turns
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)  # were here before
    left_out = models.PositiveIntegerField(default=0)  # no speakers, or without consent
    faults: Any = models.JSONField(default=list)  # lines that could not be read: message and params, masked
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at",)


class UtteranceQuerySet(models.QuerySet["Utterance"]):
    def of_participants(self) -> UtteranceQuerySet:
        """What customers said: this is coded; the moderator's words stand between for the sense."""
        return self.exclude(participant=None)

    def worded(self) -> UtteranceQuerySet:
        """Those whose words are not over: of others only what they were coded as is left, see expiring.py."""
        return self.exclude(text="")

    def beside_voices(self) -> UtteranceQuerySet:
        """What is no voice, and so has no voice's term: of who did not agree to it, and the moderator's words."""
        return self.exclude(participant__consent="voice")

    def waiting(self) -> UtteranceQuerySet:
        """Those that may be a voice and are none yet."""
        return (
            self.worded()
            .filter(batch=None, participant__consent="voice", participant__withdrawn_at=None)
            .order_by("pk")
        )


class Utterance(models.Model):
    """One turn, masked."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="utterances")
    # null: the moderator
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="utterances")
    number = models.PositiveIntegerField()  # place in the talk
    text = models.TextField()  # masked
    start = models.FloatField(null=True)  # seconds
    once = models.CharField(max_length=24)  # keyed hash of who said what for the how-manieth time
    draw = models.PositiveSmallIntegerField(default=0)  # a voice that was taken back comes again under another id
    voice_id = models.CharField(max_length=24, unique=True)
    # SET_NULL: a batch whose journal was lost is deleted, and what was in it waits again.
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="utterances")

    objects = UtteranceQuerySet.as_manager()

    class Meta:
        ordering = ("session", "number", "pk")
        constraints = [models.UniqueConstraint(fields=["session", "once"], name="an_utterance_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.participant or _('主持人')} #{self.number}"
