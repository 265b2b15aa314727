"""What is an utterance about, as two people say who do not see each other's answers? And what follows from it?"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.focus.models.sessions import Utterance
from huixiang.apps.focus.models.studies import Study
from huixiang.apps.needs.models import Need


class CodeQuerySet(models.QuerySet["Code"]):
    def living(self) -> CodeQuerySet:
        return self.filter(merged_into=None)


class Code(models.Model):
    """One entry of a study's codebook: a matter of the bank's tree, or a word of the study's own."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="codes")
    topic = models.CharField(max_length=60, blank=True)  # the tree's code; "": a word of its own
    name = models.CharField(_("名称"), max_length=60)
    definition = models.TextField(_("定义"), max_length=400, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    objects = CodeQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["study", "name"], condition=Q(merged_into=None), name="a_code_has_a_name_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")), name="a_code_goes_into_another"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Coding(models.Model):
    """What one person says of one utterance; no code at all says: nothing of it. `settles`: a third one's last word."""

    utterance = models.ForeignKey(Utterance, models.CASCADE, related_name="codings")
    codes = models.ManyToManyField(Code, related_name="codings")
    by = models.ForeignKey(Staff, models.PROTECT)
    settles = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["utterance", "by"], condition=Q(settles=False), name="a_person_codes_an_utterance_once"
            ),
            models.UniqueConstraint(
                fields=["utterance"], condition=Q(settles=True), name="an_utterance_is_settled_once"
            ),
        ]


class Theme(models.Model):
    """What runs through the talks: some codes, seen as one thing, with the words that show it."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="themes")
    name = models.CharField(_("名称"), max_length=80)
    definition = models.TextField(_("定义"), max_length=1000, blank=True)
    codes = models.ManyToManyField(Code, related_name="themes", verbose_name=_("代码"))
    quotes = models.ManyToManyField(Utterance, related_name="themes")
    need = models.ForeignKey(Need, models.SET_NULL, null=True, related_name="themes")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["study", "name"], name="a_theme_has_a_name_of_its_own")]

    def __str__(self) -> str:
        return self.name
