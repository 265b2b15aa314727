"""Which models are there, which one reads now, and on which labelled voices are they measured?"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told

# It becomes part of `understood_by`; "rules-3" and "person" stand there for others.
valid_name = RegexValidator(
    r"\A(?!(rules|person)\Z)[a-z][a-z0-9_]{0,23}\Z", _("小写字母开头，只含小写字母、数字与下划线。")
)


class Task(models.TextChoices):
    """What can a model be taught to tell?"""

    SENTIMENT = "sentiment", _("情感")
    KIND = "kind", _("性质")
    TOPICS = "topics", _("事项")
    RISKS = "risks", _("风险")
    OPINIONS = "opinions", _("评价要素")


# Of these a voice bears none, one or several codes of a book; of opinions words are marked; of others one label tells.
BOOKS = {Task.TOPICS.value: "taxonomy", Task.RISKS.value: "risks"}
LONGEST_LABEL = 2_000  # as it is kept, see values.py: a long voice may bear some eighty marks


class ModelVersion(models.Model):
    """A trained model as it lies in its folder: never changed, and known by the hash of its file."""

    task = models.CharField(_("任务"), max_length=16, choices=Task.choices)
    name = models.CharField(_("名称"), max_length=24, validators=[valid_name])
    number = models.PositiveIntegerField()  # 1, 2, 3 … of all models of the task
    folder = models.CharField(max_length=80)  # below DATA_DIR/models
    sha256 = models.CharField(max_length=64)
    card = models.JSONField()  # see cards.py
    figures = models.JSONField(default=dict)  # on the locked set, see evaluating.py; empty: never measured
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    actor = models.CharField(max_length=64)  # as in the audit
    trained_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-trained_at", "-pk")
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="a_number_is_given_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As it stands in a voice's `understood_by`."""
        return f"{self.name}-{self.number}"


class ActivationQuerySet(models.QuerySet["Activation"]):
    def stack(self, task: str) -> list[Activation]:
        """What was activated and not rolled back, oldest first: the last one is in force. Empty: the rules are."""
        standing: list[Activation] = []
        for each in self.filter(task=task).select_related("version").order_by("at", "pk"):
            if each.is_back:
                standing = standing[:-1]
            else:
                standing.append(each)
        return standing

    def in_force(self, task: str) -> Activation | None:
        standing = self.stack(task)
        return standing[-1] if standing else None


class Activation(models.Model):
    """A person let a model read (no version: the rules), or took the last such step back. Rows are only added."""

    task = models.CharField(max_length=16, choices=Task.choices)
    version = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="activations")
    is_back = models.BooleanField(default=False)
    although_worse = models.BooleanField(default=False)
    verdict = models.JSONField(default=dict)  # the difference to what read before
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    objects = ActivationQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")


class Locked(NamedTuple):
    """Which version of a voice was labelled, and how?"""

    version: int
    label: str


class EvaluationSet(models.Model):
    """Labelled voices that no model learns from: locked by a person, and by the hash over ids, versions and labels."""

    task = models.CharField(max_length=16, choices=Task.choices)
    sha256 = models.CharField(max_length=64)
    source = models.JSONField(default=dict)  # a sentence: where the labels come from
    erased = models.PositiveIntegerField(default=0)  # items that left at a customer's request
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")

    @property
    def origin(self) -> str:
        return told(self.source["message"], self.source["params"]) if self.source else ""

    @classmethod
    def current(cls, task: str) -> EvaluationSet | None:
        return cls.objects.filter(task=task).first()

    def labels(self) -> dict[str, Locked]:
        """By voice id."""
        rows: Any = self.items.values_list("voice_id", "voice_version", "label")
        return {voice_id: Locked(version, label) for voice_id, version, label in rows}


class EvaluationItem(models.Model):
    """One voice of a locked set."""

    of = models.ForeignKey(EvaluationSet, models.CASCADE, related_name="items")
    voice_id = models.CharField(max_length=24, db_index=True)
    voice_version = models.PositiveIntegerField()
    label = models.CharField(max_length=LONGEST_LABEL)  # see values.py

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "voice_id"], name="a_voice_is_in_a_set_once")]


class Drift(models.Model):
    """How far had what a model says moved from its first words? One row a night, see watching.py."""

    version = models.ForeignKey(ModelVersion, models.CASCADE, related_name="drifts")
    found = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
