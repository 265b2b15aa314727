"""Which standards has the bank, in which versions, and what was decided of each? Only what is added, never changed."""

from __future__ import annotations

from datetime import date
from functools import cached_property, lru_cache

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Job, Staff
from huixiang.apps.standards import charting
from huixiang.domain.standards import values
from huixiang.domain.standards.reading import read
from huixiang.domain.standards.scopes import latest
from huixiang.domain.statistics import Interval
from huixiang.domain.statistics.control import REACH, Alert

SEE, EDIT, APPROVE = "standard.see", "standard.edit", "standard.approve"


class Standard(models.Model):
    """One promise under one code, through all its versions."""

    code = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class State(models.TextChoices):
    """How far is a version? The last step says it."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审批")
    APPROVED = "approved", _("已批准")
    RETURNED = "returned", _("已退回")
    DROPPED = "dropped", _("已放弃")


OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, staff: Staff) -> VersionQuerySet:
        """What was approved is for all who see standards; what is not yet, for those who write or approve them."""
        rows = self.with_state()
        if SEE not in staff.rights:
            return rows.none()
        return rows if may_work(staff) else rows.in_state(State.APPROVED)

    def with_state(self) -> VersionQuerySet:
        last = Step.objects.filter(version=OuterRef("pk")).order_by("-seq").values("state")[:1]
        return self.annotate(state=Subquery(last))

    def in_state(self, *states: State) -> VersionQuerySet:
        asked: dict[str, object] = {"state__in": states}
        return self.with_state().filter(**asked)

    def approved(self) -> VersionQuerySet:
        return self.in_state(State.APPROVED)

    def waiting(self) -> VersionQuerySet:
        return self.in_state(State.SUBMITTED)

    def open(self) -> VersionQuerySet:
        """Neither approved nor given up."""
        return self.in_state(*OPEN)


def may_work(staff: Staff) -> bool:
    """Standards are of the whole bank: who writes or approves them has the right for all of it."""
    return any(staff.holds(right, None) for right in (EDIT, APPROVE))


class Version(models.Model):
    """One text of a standard. It is never changed: whoever mends a draft writes the next version."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()  # TOML, as the domain writes it
    digest = models.CharField(max_length=64)  # SHA-256 of the text
    effective_from = models.DateField()
    effective_until = models.DateField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ("standard", "-number")
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="one_text_a_number")]

    def __str__(self) -> str:
        return f"{self.standard.code} {self.number}"

    @property
    def standing(self) -> State:
        """By its last step; only where the rows were asked for with it (with_state)."""
        return State(self.__dict__["state"])

    @cached_property
    def value(self) -> values.Standard:
        return _read(self.text)


class Step(models.Model):
    """What somebody decided of a version, and why."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("version", "seq")
        constraints = [models.UniqueConstraint(fields=["version", "seq"], name="one_step_a_place")]


class Preview(models.Model):
    """What the year before would have been under a version: counted as a job, kept beside it."""

    version = models.OneToOneField(Version, models.CASCADE, related_name="preview")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    found = models.JSONField(null=True)
    counted_at = models.DateTimeField(null=True)


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, staff: Staff) -> ShiftQuerySet:
        """Of each figure, those in the units for which one holds its right; who sees no standards sees none."""
        if SEE not in staff.rights:
            return self.none()
        seen = Q(pk__in=[])
        for figure in charting.figures():
            units = None if staff.holds(figure.right, None) else staff.scope(figure.right)
            if units is None:
                seen |= Q(figure=figure.code)
            elif not figure.is_whole:
                seen |= Q(figure=figure.code, unit__in=units)
        return self.filter(seen)

    def open(self) -> ShiftQuerySet:
        return self.filter(ended_on=None)


class Shift(models.Model):
    """A daily figure of a unit moved more than chance allows: told once, and ended once. Numbers only, of nobody.

    `size` with its ends is a factor of what was usual, of LEVELS the difference, as it was when it was told; `led_by`:
    the shift of a unit above, or the surest of a region, with which it is one.
    """

    figure = models.CharField(max_length=60)  # code in charting
    unit = models.CharField(max_length=32, blank=True)  # code; "" is the whole bank
    is_up = models.BooleanField()
    raised_on = models.DateField()
    since = models.DateField()
    since_earliest = models.DateField()
    since_latest = models.DateField()
    window_days = models.PositiveSmallIntegerField()
    p = models.FloatField()
    size = models.FloatField()
    size_low = models.FloatField()
    size_high = models.FloatField()
    excess = models.FloatField(null=True)  # so many more than usual since then, or fewer; of counts alone
    ended_on = models.DateField(null=True)
    led_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="led")
    lines = models.JSONField()  # what its chart shows: monitoring.lines

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ("-raised_on", "figure", "unit")
        constraints = (models.UniqueConstraint(fields=("figure", "unit", "raised_on"), name="one_shift_a_day"),)

    def __str__(self) -> str:
        return f"{self.figure} {self.unit} {self.raised_on}"

    @property
    def alert(self) -> Alert:
        """As the domain knows it."""
        size = Interval(self.size, self.size_low, self.size_high)
        since = self.since, self.since_earliest, self.since_latest
        return Alert(self.raised_on, self.is_up, self.window_days, self.p, *since, size, self.ended_on)

    @property
    def is_new_level(self) -> bool:
        """Did it last so long that it is what is usual now?"""
        return self.ended_on is not None and (self.ended_on - self.since).days >= REACH


class ShiftWatch(models.Model):
    """A night's look at all figures: up to which day, how many charts, how many false alarms a year they may give."""

    on = models.DateField(unique=True)
    charts = models.PositiveIntegerField()
    false_a_year = models.FloatField()
    raised = models.PositiveIntegerField()


@lru_cache(maxsize=512)
def _read(text: str) -> values.Standard:
    """The same text is read once a process."""
    return read(text)


def in_force_on(day: date) -> list[values.Standard]:
    """All standards that hold on this day, each once, by code."""
    return [each for each in latest(approved(), day) if each.holds_on(day)]


def approved() -> list[values.Standard]:
    """All versions that were ever approved. Of two for one day the later decision holds."""
    rows = Version.objects.approved().order_by("standard__code", "effective_from", "number")
    return [row.value for row in rows]
