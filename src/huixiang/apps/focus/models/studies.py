"""What is asked of whom? A study: its purpose, its discussion guide, and the mix of customers it wants to hear."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit

CONTACT_DAYS = 90
TIERS = {"ordinary": _("普通"), "gold": _("金卡"), "platinum": _("白金"), "private": _("私人银行"), "": _("未说明")}


class StudyQuerySet(models.QuerySet["Study"]):
    def visible_to(self, staff: Staff, right: str = "focus.see") -> StudyQuerySet:
        """Studies of the units in which the right holds."""
        codes = staff.scope(right)
        return self if codes is None else self.filter(unit__code__in=codes)

    def touching(self, staff: Staff) -> StudyQuerySet:
        """Those, and others of which a talk is held in a unit in reach: of these she sees that talk alone."""
        codes = staff.scope("focus.see")
        if codes is None:
            return self
        return self.filter(Q(unit__code__in=codes) | Q(sessions__unit__code__in=codes)).distinct()


class Study(models.Model):
    """Some talks on one question, with one guide and one codebook."""

    name = models.CharField(_("名称"), max_length=80)
    purpose = models.TextField(_("想弄清什么"), max_length=1000, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="focus_studies", verbose_name=_("机构"))
    guide = models.TextField(_("讨论提纲"), blank=True)  # see outline.py
    mix: Any = models.JSONField(default=dict)  # tier → how many participants are wanted
    contact_days = models.PositiveSmallIntegerField(
        _("联系方式保存天数"), default=CONTACT_DAYS, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name
