"""By which dated rules do voices become complaints, and what became of each voice that a rule took?"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.models.cases import Case
from huixiang.domain.complaints.lifecycle import REGISTER


class VoiceRuleBookQuerySet(models.QuerySet["VoiceRuleBook"]):
    def in_force(self, day: date) -> VoiceRuleBook | None:
        """The latest that another person has approved, of those that have begun."""
        rows = self.exclude(approved_by=None).filter(effective_from__lte=day)
        return rows.order_by("-effective_from", "-approved_at", "-pk").first()


class VoiceRuleBook(models.Model):
    """One version of all rules. Its text is never changed; a book without a rule switches them off."""

    effective_from = models.DateField(_("自何日起用"))
    text = models.TextField(_("规则（TOML）"), max_length=20_000)
    note = models.CharField(_("为什么改"), max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = VoiceRuleBookQuerySet.as_manager()

    class Meta:
        ordering = ("-effective_from", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("by")), name="rules_by_four_eyes"
            )
        ]


class VoiceTakingQuerySet(models.QuerySet["VoiceTaking"]):
    def visible_to(self, staff: Staff) -> VoiceTakingQuerySet:
        """Those of one's units; of no unit, for who registers for the whole bank."""
        codes = staff.scope(REGISTER)
        return self if codes is None else self.filter(unit__code__in=codes)

    def waiting(self) -> VoiceTakingQuerySet:
        return self.filter(state__in=(VoiceTaking.State.PROPOSED, VoiceTaking.State.JOIN))


class VoiceTaking(models.Model):
    """A voice that a rule took, once and for all. `why` says by what; never who said it."""

    class State(models.TextChoices):
        REGISTERED = "registered", _("已按规则登记")
        PROPOSED = "proposed", _("待转投诉")
        JOIN = "join", _("待并入")
        DONE = "done", _("已由人处理")
        DECLINED = "declined", _("不转")

    voice_id = models.CharField(max_length=24, unique=True)
    book = models.ForeignKey(VoiceRuleBook, models.PROTECT, related_name="taken")
    rule = models.CharField(max_length=40)
    why = models.JSONField(default=dict)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="taken_by_rule")
    taken_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    objects = VoiceTakingQuerySet.as_manager()

    class Meta:
        ordering = ("-taken_at", "-pk")
        indexes = [models.Index(fields=["state", "-taken_at"], name="taking_state")]
