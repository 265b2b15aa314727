"""What do customers need, on which evidence, and what was decided? The library's rows; the voices are in the lake."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.names import KINDS as ALL_KINDS
from huixiang.apps.needs.lifecycle import HISTORY, STATES
from huixiang.apps.surveys.models import Survey

KINDS = {kind: ALL_KINDS[kind] for kind in ("demand", "expectation", "pain_point")}  # what a need can be
LONGEST_NAME, LONGEST_STATEMENT, LONGEST_NOTE = 80, 1000, 400
LONGEST_SAID, LONGEST_DID = 80, 160  # read on a telephone, and on a wall
LONGEST_SAID_EN, LONGEST_DID_EN = 200, 400  # the same in English takes more signs

# What a step of the history changes.
FIELDS = {
    "decision": _("决定"),
    "deed": _("您说，我们做"),
    "evidence": _("一条声音"),
    "into": _("需求"),
    "kano": _("Kano 问卷"),
    "kind": _("性质"),
    "name": _("名称"),
    "need": _("需求"),
    "owner": _("负责人"),
    "rules": _("证据规则"),
    "state": _("状态"),
    "statement": _("客户的说法"),
}
PINNED = {True: _("算作证据"), False: _("不算证据"), None: _("由规则决定")}


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, staff: Staff, right: str = "need.see") -> NeedQuerySet:
        """Needs of the whole bank, and those raised in a unit within reach. What speaks for them: evidence.py."""
        codes = staff.scope(right)
        if codes is None:
            return self
        return self.filter(Q(unit=None) | Q(unit__code__in=codes)) if right in staff.rights else self.none()

    def about(self, terms: Iterable[str]) -> NeedQuerySet:
        """Full text: all of these terms, in normal form and of any length, stand in name, statement or words."""
        found = self
        for term in terms:
            found = found.filter(searchable__contains=term)
        return found

    def on_topics(self, codes: Collection[str]) -> NeedQuerySet:
        """Those whose rules name one of these topics. Asked in Python: SQLite cannot look into lists; needs are few."""
        wanted = set(codes)
        return self.filter(pk__in=[pk for pk, topics in self.values_list("pk", "topics") if wanted & set(topics)])

    def whole(self) -> NeedQuerySet:
        """With all that a list or an export tells of each, in a handful of questions."""
        return self.select_related("owner", "unit", "merged_into", "kano_pair__survey").prefetch_related(
            "pins", "decisions"
        )


class Need(models.Model):
    """Something customers want, with the rules by which voices speak for it."""

    name = models.CharField(_("名称"), max_length=LONGEST_NAME)
    kind = models.CharField(_("性质"), max_length=16, choices=list(KINDS.items()))
    statement = models.TextField(_("客户的说法"), max_length=LONGEST_STATEMENT, blank=True)  # masked
    state = models.CharField(_("状态"), max_length=12, choices=list(STATES.items()), default="proposed")
    # Where it was raised; none: in the whole bank. Who may change it holds the right there.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("机构"))
    owner = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="needs", verbose_name=_("负责人")
    )
    rules = models.JSONField(default=list)  # see evidence.py
    topics = models.JSONField(default=list)  # codes that stand in the rules, to filter by
    searchable = models.TextField(editable=False)  # name, statement and the rules' words, in normal form
    # From what it was proposed, "topic:D.beyond.price": what was proposed once, never is again. null: by a person.
    key = models.CharField(max_length=200, unique=True, null=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="a_need_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | (~Q(state="merged") & Q(merged_into=None)),
                name="a_merged_need_says_into_which",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def pair(self) -> KanoPair | None:
        """The two questions whose answers tell its Kano class."""
        found: KanoPair | None = getattr(self, "kano_pair", None)
        return found


class KanoPair(models.Model):
    """Which two questions of a survey ask about this need? Codes alone: answers stay in the lake, nobody's is here."""

    need = models.OneToOneField(Need, models.CASCADE, related_name="kano_pair")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")  # published: such are never deleted
    functional = models.CharField(max_length=40)  # codes of questions
    dysfunctional = models.CharField(max_length=40)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        # By its number: the survey's name may stand out of the reach of who reads the history.
        return f"#{self.survey_id} {self.functional} / {self.dysfunctional}"


class Pin(models.Model):
    """One voice that a person put into the evidence, or left out. Its id alone: erased, it is nowhere to be found."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="pins")
    voice_id = models.CharField(max_length=24)
    counts = models.BooleanField()  # False: left out
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["need", "voice_id"], name="a_voice_is_pinned_once")]


class Decision(models.Model):
    """What the bank decided to do about a need, and where that is written down."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("产品设计")
        PROCESS = "process", _("流程")
        STANDARD = "standard", _("服务标准")
        NONE = "none", _("不采取行动")

    need = models.ForeignKey(Need, models.CASCADE, related_name="decisions")
    kind = models.CharField(_("决定"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("内容"), max_length=200)
    reference = models.CharField(_("文号或编号"), max_length=120, blank=True)
    url = models.URLField(_("链接"), max_length=500, blank=True)
    decided_on = models.DateField(_("决定日期"))
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-decided_on", "-pk")


class DeedQuerySet(models.QuerySet["Deed"]):
    def visible_to(self, staff: Staff, right: str = "need.see") -> DeedQuerySet:
        """Those of the whole bank, and those of the units within reach."""
        codes = staff.scope(right)
        if codes is None:
            return self
        return self.filter(Q(unit=None) | Q(unit__code__in=codes)) if right in staff.rights else self.none()

    def published(self) -> DeedQuerySet:
        return self.filter(published_at__isnull=False, withdrawn_at=None)

    def told_at(self, unit: Unit) -> DeedQuerySet:
        """What a customer of this unit may read: its own, those of the units above it, and the whole bank's."""
        return self.published().filter(Q(unit=None) | Q(unit__code__in=unit.path.strip("/").split("/")))


class Deed(models.Model):
    """What customers said and what was done about it, in words for customers. No row of it tells of one customer."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤下")

    need = models.ForeignKey(Need, models.PROTECT, related_name="deeds")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="deeds")  # none: the whole bank's
    said = models.CharField(_("您说"), max_length=LONGEST_SAID)  # masked; in general words, nobody's own
    did = models.CharField(_("我们做"), max_length=LONGEST_DID)  # masked
    # For whom reads English; where they are empty, the Chinese stands there, marked as such.
    said_en = models.CharField(_("您说（英文）"), max_length=LONGEST_SAID_EN, blank=True)
    did_en = models.CharField(_("我们做（英文）"), max_length=LONGEST_DID_EN, blank=True)
    done_on = models.DateField(_("做完的日期"))
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # of a draft: given up

    objects = DeedQuerySet.as_manager()

    class Meta:
        ordering = ("-done_on", "-pk")

    @property
    def is_in_english(self) -> bool:
        return bool(self.did_en)

    @property
    def state(self) -> Deed.State:
        if self.withdrawn_at:
            return Deed.State.WITHDRAWN
        return Deed.State.PUBLISHED if self.published_at else Deed.State.DRAFT


class Step(models.Model):
    """What was done with a need, by whom, and what it changed: its history, for everybody who sees it."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=16)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)  # null: the system
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)  # masked
    changed: Any = models.JSONField(default=dict)  # field → [before, after]

    class Meta:
        ordering = ("-pk",)

    @property
    def verb_name(self) -> object:
        return HISTORY.get(self.verb, self.verb)

    @property
    def told(self) -> list[str]:
        """What it changed, in words; the change of rules and statement is told by their names alone."""
        found = []
        for field, (before, after) in self.changed.items():
            name = str(FIELDS.get(field, field))
            names: Any = {"state": STATES, "kind": KINDS, "evidence": PINNED}.get(field, {})
            old, new = (str(names.get(value, value or "")) for value in (before, after))
            if field in {"rules", "statement"}:
                found.append(name)
            else:
                found.append(_("%(field)s：%(change)s") % {"field": name, "change": f"{old} → {new}" if old else new})
        return found
