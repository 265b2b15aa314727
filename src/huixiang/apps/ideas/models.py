"""What have the bank's own people seen and proposed, and what came of it?

Of an unsigned idea nothing tells whose it is: no author, a unit above the author's in which
many work, the day alone, a number that was drawn, and in the audit a day's count. All below that unit read the
answer, for there is nobody to write to.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit

LONGEST_TITLE, LONGEST_TEXT, LONGEST_NOTE = 60, 2000, 1000
FILE, ANSWER = "idea.file", "idea.answer"


class IdeaQuerySet(models.QuerySet["Idea"]):
    def visible_to(self, staff: Staff) -> IdeaQuerySet:
        """One's own; those of one's units, of the units above the unsigned ones; what the bank has taken up, wherever.

        Confidential ones: see `Idea`.
        """
        whole = staff.holds(ANSWER, None)
        seen = Q(by=staff) | Q(is_confidential=False, state__in=Idea.TAKEN_UP)
        codes = staff.scope(FILE)
        above = {code for post in staff.posts_with(FILE) for code in post.unit.path.strip("/").split("/")}
        seen |= Q(is_confidential=False, by=None, unit__code__in=above)  # among them may be one's own
        seen |= Q(is_confidential=False) if codes is None else Q(is_confidential=False, unit__code__in=codes)
        return self.filter(seen | Q(is_confidential=True)) if whole else self.filter(seen)

    def answerable_by(self, staff: Staff) -> IdeaQuerySet:
        """Those that this person may take up or decline."""
        codes = staff.scope(ANSWER)
        return self if codes is None else self.filter(is_confidential=False, unit__code__in=codes)


class Idea(models.Model):
    """One suggestion or problem seen. Masked: a customer's name has no place in it."""

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", _("建议")
        PROBLEM = "problem", _("发现的问题")

    class About(models.TextChoices):
        PROCESS = "process", _("流程")
        SYSTEM = "system", _("系统与设备")
        PRODUCT = "product", _("产品与收费")
        PLACE = "place", _("网点环境")
        SERVICE = "service", _("服务用语与态度")
        WORK = "work", _("工作量与排班")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        FILED = "filed", _("已提出")
        CONSIDERED = "considered", _("研究中")
        ADOPTED = "adopted", _("已采纳")
        DONE = "done", _("已落实")
        DECLINED = "declined", _("未采纳")

    TAKEN_UP = (State.ADOPTED, State.DONE)

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.SUGGESTION)
    about = models.CharField(_("关于"), max_length=10, choices=About.choices, default=About.PROCESS)
    title = models.CharField(_("标题"), max_length=LONGEST_TITLE)
    text = models.TextField(_("内容"), max_length=LONGEST_TEXT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ideas")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="ideas")  # null: unsigned
    # About one's own superior, say: only those who answer for the whole bank see it, and its author.
    is_confidential = models.BooleanField(_("只给总行看"), default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.FILED)
    filed_on = models.DateField()
    once = models.CharField(max_length=64, unique=True)  # keyed hash of the form's key: sent again, the same
    is_unread = models.BooleanField(default=False)  # something came of it that its author has not seen

    objects = IdeaQuerySet.as_manager()

    class Meta:
        ordering = ("-filed_on", "-pk")
        indexes = [models.Index(fields=["unit", "state"])]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """What was done with it, and what was answered: both are seen by all who see the idea."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=Idea.State.choices)
    note = models.CharField(max_length=LONGEST_NOTE)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")


class Support(models.Model):
    """A colleague has met it too. Who, only the count's honesty needs to know."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="supports")
    by = models.ForeignKey(Staff, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "by"], name="one_support_each")]


class IdeaFigure(models.Model):
    """What is left of signed ideas whose time is over (expiring.py): how many, never whose or what was said."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="idea_figures")
    month = models.DateField()  # its first day
    kind = models.CharField(max_length=10, choices=Idea.Kind.choices)
    about = models.CharField(max_length=10, choices=Idea.About.choices)
    state = models.CharField(max_length=10, choices=Idea.State.choices)
    is_confidential = models.BooleanField(default=False)
    ideas = models.PositiveIntegerField(default=0)
    supports = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "month", "kind", "about", "state", "is_confidential"], name="ideas_alike_are_one_figure"
            )
        ]
