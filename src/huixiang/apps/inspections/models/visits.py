"""Who looked at which unit, by which form, and how was each line answered?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections.reach import DO, PLAN, SEE, knows_visitors, within
from huixiang.apps.standards.models import Version


class Kind(models.TextChoices):
    """As what does somebody come?"""

    INSPECTION = "inspection", _("现场检查")
    MYSTERY = "mystery", _("神秘人")
    CROSS = "cross", _("交叉检查")


class VisitState(models.TextChoices):
    """Was somebody there?"""

    PLANNED = "planned", _("待检查")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已取消")


class VisitNumber(models.Model):
    """The last number given in a year: drawn under its lock."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, staff: Staff) -> VisitQuerySet:
        """What was done, in the units she sees; what is planned, for who plans; her own always.

        Who has yet to fill in a form of her own sees nobody else's of the same case.
        """
        own = Q(inspector=staff) if DO in staff.rights else Q(pk__in=[])
        seen = own | within(staff, PLAN) | (within(staff, SEE) & Q(state=VisitState.DONE))
        return self.filter(seen).apart_from(staff)

    def apart_from(self, staff: Staff) -> VisitQuerySet:
        """Without others' forms of cases of which she has yet to fill in her own."""
        return self.exclude(~Q(inspector=staff), case__in=blind_to(staff))

    def of(self, staff: Staff) -> VisitQuerySet:
        return self.filter(inspector=staff)

    def done(self) -> VisitQuerySet:
        return self.filter(state=VisitState.DONE)

    def planned(self) -> VisitQuerySet:
        return self.filter(state=VisitState.PLANNED)


def blind_to(staff: Staff) -> models.QuerySet[Visit, uuid.UUID]:
    """Cases of which she has yet to fill in a form."""
    return Visit.objects.of(staff).planned().values_list("case", flat=True)


class Visit(models.Model):
    """One person's look at one unit. Several visits of one `case` are of people who looked apart at the same time."""

    number = models.CharField(max_length=20, unique=True)
    plan = models.ForeignKey("inspections.Plan", models.PROTECT, null=True, related_name="visits")
    case = models.UUIDField(default=uuid.uuid4, db_index=True)
    is_second = models.BooleanField(default=False)  # scores for calibration; the first one's form makes the findings
    kind = models.CharField(max_length=12, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    inspector = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    inspector_code = models.CharField(max_length=32, blank=True)  # who is in no personnel file: of other systems
    standards = models.JSONField(default=list)  # codes of the forms to fill in
    planned_on = models.DateField(null=True)
    planned_minute = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=8, choices=VisitState.choices, default=VisitState.PLANNED)
    visited_at = models.DateTimeField(null=True)
    visited_on = models.DateField(null=True)  # in the bank's time zone
    submitted_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)  # masked
    points = models.FloatField(null=True)  # of all its forms, as they count now
    most = models.PositiveIntegerField(null=True)
    once = models.CharField(max_length=64, null=True, unique=True)  # keyed hash of the form's key: sent again, the same
    source = models.CharField(max_length=100, blank=True)  # number in the system that it came from, with its name
    import_id = models.UUIDField(null=True)  # which brought it in, and from which row
    import_row = models.PositiveBigIntegerField(null=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ("-visited_at", "-pk")
        indexes = [
            models.Index(fields=["inspector", "state", "planned_on"], name="visit_of_inspector"),
            models.Index(fields=["unit", "state", "visited_on"], name="visit_of_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "inspector_code"], condition=~Q(source=""), name="visit_of_a_source_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(visited_at__isnull=False), name="visit_done_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def share(self) -> float | None:
        return self.points / self.most if self.points is not None and self.most else None

    @property
    def who(self) -> str:
        """By whom, for those who may know it."""
        return str(self.inspector) if self.inspector else self.inspector_code

    @property
    def who_number(self) -> str:
        """Her staff number, or the code that another system gave her."""
        return self.inspector.number if self.inspector else self.inspector_code

    def shown_who(self, by: Staff) -> str:
        """Mystery visitors stay unknown to the units: else nobody could send them again."""
        if self.kind != Kind.MYSTERY or knows_visitors(by, self.unit) or by.pk == self.inspector_id:
            return self.who
        return str(_("神秘人"))


class Form(models.Model):
    """One standard's form in a visit, by the version that held on its day. `points` follow decisions on findings."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="forms")
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")  # null: of another system
    code = models.CharField(max_length=40, blank=True)  # of the standard; "": of no standard of the bank
    title = models.CharField(max_length=500)
    english = models.CharField(max_length=500)
    pass_percent = models.FloatField(null=True)
    given_points = models.FloatField(null=True)  # as the inspector scored; null: nothing on it was to be judged
    points = models.FloatField(null=True)
    most = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("visit", "pk")
        indexes = [models.Index(fields=["code"], name="form_of_standard")]

    @property
    def share(self) -> float | None:
        return self.points / self.most if self.points is not None and self.most else None

    @property
    def passes(self) -> bool | None:
        """Does this one form reach the mark? It says nothing yet of the unit: one visit is one day."""
        return None if self.share is None or self.pass_percent is None else 100 * self.share >= self.pass_percent


class Answer(models.Model):
    """One line as the inspector answered it: words and points of its day stand here. Never changed."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    english = models.CharField(max_length=500)
    points = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(null=True)  # of domain.inspections.scoring; null: not applicable
    note = models.CharField(max_length=500, blank=True)  # masked

    class Meta:
        ordering = ("form", "number")
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="one_answer_a_line")]


class Photo(models.Model):
    """A photo of a line, drawn anew without its place and time; its content lies sealed in the vault."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="photos")
    bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)  # its term is over: the content is gone

    class Meta:
        ordering = ("kept_at", "pk")
