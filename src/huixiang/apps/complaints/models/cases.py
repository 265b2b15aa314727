"""Which complaints are there, who has them, and which is the most urgent?"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connections, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.models.packs import RulePack
from huixiang.domain.complaints.states import NAMES, State

SEE, ARCHIVE = "complaint.see", "complaint.archive"
LONGEST_TITLE, LONGEST_TEXT = 80, 5000


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, staff: Staff, right: str = SEE) -> CaseQuerySet:
        """Those of one's units and below. Who is complained of sees neither the case nor what was merged into it,
        unless he heads the whole bank.

        What is kept for storage only is seen by those alone who keep the archive.
        """
        rows = self if ARCHIVE in staff.rights else self.filter(is_held=False)
        if staff.holds(right, None):
            return rows
        # Asked at once: most are complained of in no case, and the queue is then counted by its indexes alone.
        own = list(Accused.objects.filter(staff=staff).values_list("case_id", flat=True))
        units = Unit.objects.visible_to(staff, right).order_by().values("pk")
        return (rows.exclude(Q(pk__in=own) | Q(merged_into__in=own)) if own else rows).filter(unit__in=units)

    def open(self) -> CaseQuerySet:
        return self.filter(is_open=True)

    def to_call_back(self) -> CaseQuerySet:
        """With an agreed call-back that falls due today, or did before: few of many, so they are found first."""
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        agreed = Case.objects.filter(call_back_at__lt=today + timedelta(days=1)).values("pk")
        return self.open().filter(pk__in=agreed)

    def due_before(self, day: date, since: date = date.min) -> CaseQuerySet:
        """Those that fall due before this day, and not before the other.

        What falls due before a day stands before it in the queue as well: the database begins there and need not sort
        all that is late. SQLite may not go by the date, nor by its index; PostgreSQL must, to know how many it is.
        """
        is_sqlite = connections[self.db].vendor == "sqlite"
        due = Coalesce("next_due_on", Value(date.max)) if is_sqlite else F("next_due_on")
        rows = self.alias(due=due).filter(due__lt=day, due__gte=since)
        return rows.filter(rank__lt=day.toordinal())

    def by_urgency(self, *, has_ended: bool = False) -> CaseQuerySet:
        """The most urgent first; `rank` does not move with time, so that the order needs no nightly work.

        Of those that have ended the other way round: the latest first.
        """
        return self.order_by("-rank", "-pk") if has_ended else self.order_by("rank", "pk")

    def after(self, rank: int, pk: int, *, has_ended: bool = False) -> CaseQuerySet:
        """Those behind this one in that order. The first condition lets the database begin there, not at the top."""
        if has_ended:
            return self.filter(Q(rank__lte=rank), Q(rank__lt=rank) | Q(pk__lt=pk))
        return self.filter(Q(rank__gte=rank), Q(rank__gt=rank) | Q(pk__gt=pk))

    def page(self, size: int, *, has_ended: bool = False) -> list[Case]:
        """The first so many in that order, with unit and handler.

        Chosen by their numbers alone, which an index holds together with all that is asked: their rows are read for
        those of the page, not for all that are sorted.
        """
        chosen = self.by_urgency(has_ended=has_ended).values("pk")[:size]
        rows = Case.objects.filter(pk__in=chosen).select_related("unit", "handler")
        return list(rows.by_urgency(has_ended=has_ended))


def _queue(name: str, *fields: str, is_open: bool = True) -> models.Index:
    behind = [each for each in ("is_held", "next_due_on", "is_open") if each not in fields]
    behind = behind if is_open else ["is_held", "is_open"]  # of what has ended nothing is due
    return models.Index(fields=[*fields, *behind], condition=Q(is_open=is_open), name=name)


class Case(models.Model):
    """One complaint. From `state` on, columns are made of its events by `projecting.project`, and are not the truth."""

    class Way(models.TextChoices):
        """How it came to the bank; not the channel in which the business was done."""

        PHONE = "phone", _("电话")
        COUNTER = "counter", _("网点当面")
        LETTER = "letter", _("信函")
        MAIL = "mail", _("电子邮件")
        WEB = "web", _("官网")
        APP = "app", _("手机银行")
        SOCIAL = "social", _("社交媒体")
        SUPERVISOR = "supervisor", _("监管转办")
        PETITION = "petition", _("信访")
        HOTLINE_12345 = "12345", _("12345热线")
        OTHER = "other", _("其他")

    class Kind(models.TextChoices):
        SELF = "self", _("本人")
        LEGAL = "legal", _("法定代理人")
        AGENT = "agent", _("委托代理人")
        HEIR = "heir", _("继承人")
        GROUP = "group", _("多人共同投诉")
        ANONYMOUS = "anonymous", _("匿名")

    class Seriousness(models.TextChoices):
        ORDINARY = "ordinary", _("普通")
        COMPLEX = "complex", _("复杂")
        MAJOR = "major", _("重大")

    number = models.CharField(_("编号"), max_length=16, unique=True)
    received_at = models.DateTimeField(_("收到时间"))
    way = models.CharField(_("来源"), max_length=12, choices=Way.choices)
    pack = models.ForeignKey(RulePack, models.PROTECT, related_name="cases")
    rule = models.CharField(max_length=40)  # at its receipt
    title = models.CharField(_("一句话说明"), max_length=LONGEST_TITLE)  # masked, as the two below
    text = models.TextField(_("投诉内容"), max_length=LONGEST_TEXT)
    demand = models.TextField(_("投诉请求"), max_length=1000, blank=True)
    complainant = models.CharField(_("投诉人"), max_length=10, choices=Kind.choices)
    heads = models.PositiveIntegerField(_("人数"), default=1)
    customer = models.CharField(max_length=32, blank=True, db_index=True)  # pseudonym
    risks = models.JSONField(default=list)  # codes of the risk book
    channel_code = models.CharField(max_length=40, blank=True)  # JR/T 0169 A, B and C: filled by classifying
    business_code = models.CharField(max_length=40, blank=True)
    cause_code = models.CharField(max_length=40, blank=True)

    state = models.CharField(_("状态"), max_length=20, choices=[(state, NAMES[state][0]) for state in State])
    is_open = models.BooleanField(default=True)
    is_held = models.BooleanField(default=False)  # for storage only
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="complaints")
    handler = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="complaints")
    seriousness = models.CharField(_("等级"), max_length=10, choices=Seriousness.choices)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    next_due_on = models.DateField(_("最近到期"), null=True)  # of clocks that still run
    legal_latest_on = models.DateField(null=True)
    is_late = models.BooleanField(default=False)
    is_legally_late = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    call_back_at = models.DateTimeField(null=True)  # agreed with the complainant, while the case is open
    rank = models.IntegerField(default=0)  # day of the due date less a start for harm: the smaller, the more urgent

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-pk")
        indexes = [
            # The queue reads open cases alone, of which there are few among many; each filter has its own order.
            # What stands behind it is all that is asked and counted of a case without reading its row: who may see it,
            # what is due, and, since SQLite asks for it again, that it is open.
            _queue("case_open", "rank", "id", "unit"),
            _queue("case_open_unit", "unit", "rank", "id"),
            _queue("case_open_handler", "handler", "rank", "id", "unit"),
            _queue("case_open_state", "state", "rank", "id", "unit"),
            _queue("case_open_grade", "seriousness", "rank", "id", "unit"),
            _queue("case_open_due", "next_due_on", "id", "unit"),
            _queue("case_ended", "rank", "id", "unit", is_open=False),
            _queue("case_ended_unit", "unit", "rank", "id", is_open=False),
            models.Index(fields=["call_back_at"], condition=Q(call_back_at__isnull=False), name="case_call_back"),
            models.Index(fields=["unit", "-received_at"], name="case_unit_received"),
            # All that a return counts by, so that it is counted without reading the cases' rows.
            models.Index(
                fields=[
                    "received_at",
                    "state",
                    "business_code",
                    "cause_code",
                    "channel_code",
                    "way",
                    "seriousness",
                    "unit",
                    "merged_into",
                    "is_held",
                ],
                name="case_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseNumber(models.Model):
    """The last number of a year, drawn in the transaction that registers: none is left out, none given twice."""

    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class CaseVoice(models.Model):
    """A voice that became this case, or joined it; no voice is in two.

    Of one that joined it, when it was said and by which customer: she came again on the same matter.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="voices")
    voice_id = models.CharField(max_length=24, unique=True)
    said_at = models.DateTimeField(null=True)
    customer = models.CharField(max_length=32, blank=True, db_index=True)  # a pseudonym; "": not known


class Accused(models.Model):
    """A colleague who is complained of: she does not see the case. Made of its events, for the question who may see."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="accused")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff"], name="accused_once")]
