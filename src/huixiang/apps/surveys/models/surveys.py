"""Which surveys are there, and in which versions? A published version is never changed: answers belong to it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.domain.surveys.plain import from_plain
from huixiang.domain.surveys.questionnaire import Questionnaire


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, staff: Staff, right: str = "survey.see") -> SurveyQuerySet:
        """Those of the units in which the right holds."""
        codes = staff.scope(right)
        return self if codes is None else self.filter(unit__code__in=codes)


class Survey(models.Model):
    """A survey of one unit (and those below it). Its draft is changed at will; what was published stays as it is."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("进行中")
        PAUSED = "paused", _("已暂停")
        CLOSED = "closed", _("已结束")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="surveys", verbose_name=_("机构"))
    name = models.CharField(_("名称"), max_length=80)  # as staff call it; customers read the questionnaire's title
    slug = models.CharField(max_length=16, unique=True)  # stands in the address: nobody guesses which there are
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    # Fixed with the first version: who was promised anonymity keeps it.
    is_anonymous = models.BooleanField(_("匿名"), default=False)
    is_public = models.BooleanField(_("可凭二维码或公开链接作答"), default=False)
    retention_days = models.PositiveSmallIntegerField(
        _("保存天数"), default=180, validators=[MinValueValidator(7), MaxValueValidator(1095)]
    )  # of invitations' contacts
    draft = models.JSONField(default=dict)  # domain.surveys.plain
    revision = models.PositiveIntegerField(default=0)  # of the draft: who saves over another's change is told
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def latest(self) -> Version | None:
        """The version that is answered now."""
        return self.versions.order_by("-number").first()


class Version(models.Model):
    """A questionnaire as it was published."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()  # domain.surveys.plain
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("survey", "-number")
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="versions_are_numbered")]

    @cached_property  # a page asks for it a dozen times; what was published never changes
    def questionnaire(self) -> Questionnaire:
        return from_plain(self.definition)


class QuotaCount(models.Model):
    """How many answers has a quota taken, over all versions? The database itself never lets it be overrun."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="quota_counts")
    code = models.CharField(max_length=40)
    taken = models.PositiveIntegerField(default=0)
    limit = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "code"], name="quotas_are_counted_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("limit")), name="quotas_are_not_overrun"),
        ]
