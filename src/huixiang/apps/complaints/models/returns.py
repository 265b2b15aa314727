"""What was reported to the regulator, in which version, and divided by which numbers of customers and outlets?"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.models.cases import SEE

MOST_COUNTED = 2**53


class DenominatorQuerySet(models.QuerySet["Denominator"]):
    def visible_to(self, staff: Staff) -> DenominatorQuerySet:
        return self.filter(unit__in=Unit.objects.visible_to(staff, SEE).order_by().values("pk"))

    def holding(self, units: list[Unit], until: date, days: int) -> dict[tuple[int, str], Denominator]:
        """By unit and kind, the last one told of a day up to `until`, and not more than so many days before.

        Only what was told of the unit itself: a customer of two branches would count twice in their sum.
        """
        rows = self.filter(unit__in=units, on__lte=until, on__gte=until - timedelta(days=days))
        return {(row.unit_id, row.kind): row for row in rows.order_by("on", "pk")}


class Denominator(models.Model):
    """How many there were on a day, in a unit with all below it. Never changed: who corrects one writes another."""

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("客户数")
        PERSONAL_CUSTOMERS = "personal_customers", _("个人客户数")
        ACCOUNTS = "accounts", _("账户数")
        CARDS = "cards", _("卡数")
        BRANCHES = "branches", _("营业网点数")

    kind = models.CharField(_("哪一种分母"), max_length=20, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("机构号"))
    on = models.DateField(_("哪一天的数"))
    value = models.PositiveBigIntegerField(_("数量"))
    source = models.CharField(_("数据来源"), max_length=120)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # null: the machine's command line
    written_at = models.DateTimeField(default=timezone.now)

    objects = DenominatorQuerySet.as_manager()

    class Meta:
        ordering = ("-on", "unit", "kind", "-pk")
        indexes = [models.Index(fields=["unit", "kind", "on"], name="denominator_of_unit")]


class ReturnVersionQuerySet(models.QuerySet["ReturnVersion"]):
    def visible_to(self, staff: Staff) -> ReturnVersionQuerySet:
        return self.filter(unit__in=Unit.objects.visible_to(staff, SEE).order_by().values("pk"))


class ReturnVersion(models.Model):
    """One version of a return. From its approval on its figures stay as they are; what is wrong makes a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审批")
        FROZEN = "frozen", _("已定稿")

    period = models.CharField(max_length=6)  # 2026Q3, 2026
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    figures = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the figures as `returning.written` writes them
    reason = models.CharField(max_length=400, blank=True)  # why there is a version after the first
    sent_back = models.CharField(max_length=400, blank=True)
    drafted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = ReturnVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-period", "unit", "-version")
        constraints = [
            models.UniqueConstraint(fields=["period", "unit", "version"], name="one_return_a_version"),
            models.UniqueConstraint(
                fields=["period", "unit"], condition=~models.Q(state="frozen"), name="one_return_in_work"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} v{self.version}"
