"""Which standards has the bank, in which versions, and what was decided of each? Only what is added, never changed."""

from __future__ import annotations

from datetime import date
from functools import cached_property, lru_cache

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Job, Staff
from huixiang.domain.standards import values
from huixiang.domain.standards.reading import read
from huixiang.domain.standards.scopes import latest

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
