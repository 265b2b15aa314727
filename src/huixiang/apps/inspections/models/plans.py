"""Who is to be looked at in a period, how often, by whom? Drawn by lot, and approved by a second person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections.models.visits import Kind
from huixiang.apps.inspections.reach import APPROVE, PLAN, within


class PlanState(models.TextChoices):
    """How far is a plan? Its last step says it."""

    DRAWN = "drawn", _("待审批")
    APPROVED = "approved", _("已批准")
    RETURNED = "returned", _("已退回")
    DROPPED = "dropped", _("已放弃")


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, staff: Staff) -> PlanQuerySet:
        """Only who plans or approves: a unit shall not learn here when somebody comes."""
        return self.with_state().filter(within(staff, PLAN) | within(staff, APPROVE))

    def with_state(self) -> PlanQuerySet:
        last = PlanStep.objects.filter(plan=OuterRef("pk")).order_by("-seq").values("state")[:1]
        return self.annotate(state=Subquery(last))


class Plan(models.Model):
    """One draw. It is never changed: whoever wants another draws another.

    `drawn`: visits as [unit code, day, minute, [staff numbers]]; the same `seed` and choice give the same again.
    """

    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # with all below: whose units were drawn from
    unit_kinds = models.JSONField()
    standards = models.JSONField()  # codes
    inspectors = models.JSONField()  # staff numbers
    since = models.DateField()
    until = models.DateField()
    opens = models.PositiveSmallIntegerField()  # minutes after midnight between which visits begin
    closes = models.PositiveSmallIntegerField()
    visits_each = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()
    twice_percent = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    drawn = models.JSONField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("-drawn_at", "-pk")
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="plan_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.title

    @property
    def standing(self) -> PlanState:
        """By its last step; only where the rows were asked for with it (with_state)."""
        return PlanState(self.__dict__["state"])


class PlanStep(models.Model):
    """What somebody decided of a plan, and why."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=PlanState.choices)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("plan", "seq")
        constraints = [models.UniqueConstraint(fields=["plan", "seq"], name="one_plan_step_a_place")]
