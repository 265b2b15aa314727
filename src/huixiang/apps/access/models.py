"""Who works where, with which rights, and what did they do? Units, staff, posts, tokens, jobs and the audit chain."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.rights import ROLE_NAMES, ROLES
from huixiang.apps.access.sentences import bracketed, told
from huixiang.apps.access.verbs import KIND_NAMES, VERB_NAMES

# Codes stand in addresses, in paths ("/HQ/BJ/") and in files: letters, digits, dot, hyphen and underscore are enough.
valid_code = RegexValidator(r"\A[\w.-]+\Z", _("只能用字母、数字、点、横线和下划线。"))


def valid_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("不认识的时区 %(name)s，例：Asia/Shanghai。"), params={"name": name})


class UnitQuerySet(models.QuerySet["Unit"]):
    def within(self, units: list[Unit]) -> UnitQuerySet:
        """These units and all below them."""
        below = Q(pk__in=[])
        for unit in units:
            below |= Q(path__startswith=unit.path)
        return self.filter(below)

    def visible_to(self, staff: Staff, right: str | None = None) -> UnitQuerySet:
        """The units of all current posts, or only of those that give the right; with all below."""
        posts = [post for post in staff.current_posts if right is None or right in ROLES[post.role]]
        return self.within([post.unit for post in posts])


class Unit(models.Model):
    """A unit of the bank: head office, region, branch or outlet; any depth."""

    class Kind(models.TextChoices):
        HEAD_OFFICE = "head_office", _("总行")
        REGION = "region", _("分行")
        BRANCH = "branch", _("支行")
        OUTLET = "outlet", _("网点")

    code = models.CharField(_("机构号"), max_length=32, unique=True, validators=[valid_code])
    name = models.CharField(_("机构名称"), max_length=120)
    kind = models.CharField(_("级别"), max_length=16, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=1000, editable=False, db_index=True)  # "/HQ/BJ/BJ01/": a subtree is a prefix
    time_zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai", validators=[valid_time_zone])
    closed_on = models.DateField(_("撤并日期"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


class StaffQuerySet(models.QuerySet["Staff"]):
    def visible_to(self, staff: Staff) -> StaffQuerySet:
        """Whole-bank staff see everybody, others those with a post in the units they see, past or present."""
        if staff.scope("organisation.see") is None:
            return self
        units = Unit.objects.visible_to(staff, "organisation.see")
        return self.filter(pk__in=Post.objects.filter(unit__in=units).values("staff"))


class StaffManager(BaseUserManager.from_queryset(StaffQuerySet)):  # type: ignore[misc]  # made at run time
    def create_user(self, number: str, name: str, password: str | None = None, **fields: Any) -> Staff:
        staff: Staff = self.model(number=number, name=name, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """A person who works for the bank, and logs in by staff number."""

    number = models.CharField(_("工号"), max_length=32, unique=True, validators=[valid_code])
    name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("邮箱"), blank=True)
    is_active = models.BooleanField(_("在用"), default=True)
    must_change_password = models.BooleanField(default=False)

    USERNAME_FIELD = "number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = StaffManager()

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return bracketed(self.name, self.number)

    @cached_property
    def current_posts(self) -> list[Post]:
        return list(self.posts.on(timezone.localdate()).select_related("unit"))

    @cached_property
    def rights(self) -> frozenset[str]:
        """All rights of all current posts; what they reach is `scope`."""
        return frozenset().union(*(ROLES[post.role] for post in self.current_posts))

    def holds(self, right: str, unit: Unit | None) -> bool:
        """Does the right hold in this unit? None asks for the whole bank."""
        posts = [post for post in self.current_posts if right in ROLES[post.role]]
        if unit is None:
            return any(post.unit.parent_id is None for post in posts)
        return any(unit.path.startswith(post.unit.path) for post in posts)

    def scope(self, right: str) -> frozenset[str] | None:
        """In which units does the right hold? Their codes with all below; None means the whole bank."""
        units = [post.unit for post in self.current_posts if right in ROLES[post.role]]
        if any(unit.parent_id is None for unit in units):
            return None
        return frozenset(Unit.objects.within(units).values_list("code", flat=True))


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> PostQuerySet:
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)


class Post(models.Model):
    """A role in a unit, from a day to a day (inclusive): what a person may do follows from it."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField(_("角色"), max_length=32, choices=[(role, ROLE_NAMES[role]) for role in ROLES])
    from_on = models.DateField(_("自"))
    to_on = models.DateField(_("至"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ("-from_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="post_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["staff", "unit", "role", "from_on"], name="one_post_a_day"),
        ]


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self, today: date) -> TokenQuerySet:
        return self.filter(revoked_at=None, expires_on__gte=today, staff__is_active=True)


class Token(models.Model):
    """A key to the API: shown once, kept as a hash, with some of its owner's rights and an end."""

    PREFIX = "hx_"  # so that scanners of source code recognise a leaked one

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="tokens")
    name = models.CharField(_("用途"), max_length=80)
    hashed = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # rights; never more than the owner holds at the time of the call
    expires_on = models.DateField(_("到期日"))
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    @staticmethod
    def hash_of(plain: str) -> str:
        """Plain SHA-256 is enough: the token is 256 random bits, no password that could be guessed."""
        return hashlib.sha256(plain.encode()).hexdigest()

    @classmethod
    def authenticate(cls, plain: str) -> Token | None:
        """Whose token is it? None if it is unknown, revoked, at its end, or its owner has left."""
        if not plain.startswith(cls.PREFIX):
            return None
        usable = cls.objects.usable(timezone.localdate()).select_related("staff")
        token = usable.filter(hashed=cls.hash_of(plain)).first()
        now = timezone.now()
        if token and (token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1)):
            token.last_used_at = now
            token.save(update_fields=["last_used_at"])
        return token

    @property
    def rights(self) -> frozenset[str]:
        """What it opens now: its scopes, as far as its owner still holds them."""
        return self.staff.rights & frozenset(self.scopes)

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and self.expires_on >= timezone.localdate()


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, staff: Staff) -> JobQuerySet:
        """Whole-bank staff see all jobs, others their own."""
        return self if staff.scope("job.see") is None else self.filter(by=staff)


class Job(models.Model):
    """A piece of background work: how far it is, whether it was asked to stop, and how it ended."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    OPEN = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)  # the name of the function that does it, as registered in jobs.py
    title_message = models.CharField(max_length=200)  # the catalogue's key
    title_params = models.JSONField(default=dict)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING, db_index=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)  # null: not known beforehand
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    outcome_message = models.TextField(blank=True)  # one sentence: how it ended; the catalogue's key
    outcome_params = models.JSONField(default=dict)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(null=True)  # last sign of life; the reaper takes over when it is old
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    @property
    def title(self) -> str:
        return told(self.title_message, self.title_params)

    @property
    def outcome(self) -> str:
        return told(self.outcome_message, self.outcome_params) if self.outcome_message else ""

    @property
    def percent(self) -> int | None:
        return None if not self.total else min(100, 100 * self.done // self.total)


class AuditRecord(models.Model):
    """One verb, or one read of a person's data. Append-only; each record carries the hash of the one before."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)  # staff number, or "system:nightly", "cli:NAME"
    verb = models.CharField(max_length=60, db_index=True)
    on_kind = models.CharField(max_length=40)
    on_id = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=64, blank=True)  # from where: an address or "cli"
    outcome = models.CharField(max_length=20)  # done, refused, failed
    detail = models.JSONField(default=dict)  # never personal data
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-seq",)
        indexes = [models.Index(fields=["on_kind", "on_id"]), models.Index(fields=["actor", "-seq"])]

    @property
    def verb_name(self) -> str:
        return str(VERB_NAMES.get(self.verb, self.verb))

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES.get(self.on_kind, self.on_kind))


class RememberedAnswer(models.Model):
    """What was answered to a request to the API with an idempotency key? Sent again, it gets the same answer."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="remembered")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 over method, address and content
    status = models.PositiveSmallIntegerField(null=True)  # null: still being worked on
    body = models.TextField(blank=True)
    location = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="a_key_is_answered_once")]
