"""Who works where, from when to when, and with which rights?"""

from __future__ import annotations

from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models.units import Unit, valid_code
from huixiang.apps.access.rights import ROLE_NAMES, ROLES
from huixiang.apps.access.sentences import bracketed


class StaffQuerySet(models.QuerySet["Staff"]):
    def visible_to(self, staff: Staff, right: str = "organisation.see") -> StaffQuerySet:
        """Whole-bank staff see everybody, others those with a post in the units they see, past or present."""
        if staff.scope(right) is None:
            return self
        units = Unit.objects.visible_to(staff, right)
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
    password_expires_at = models.DateTimeField(null=True, editable=False)  # of a one-time password; null: never

    narrowed_to: frozenset[str] | None = None  # who acts through a token holds no more than these rights

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

    @property
    def password_has_expired(self) -> bool:
        return self.password_expires_at is not None and self.password_expires_at <= timezone.now()

    @property
    def rights(self) -> frozenset[str]:
        """All rights of all current posts; what they reach is `scope`."""
        held = _rights_of(tuple(post.role for post in self.current_posts))
        return held if self.narrowed_to is None else held & self.narrowed_to

    def posts_with(self, right: str) -> list[Post]:
        """The current posts that give this right."""
        if self.narrowed_to is not None and right not in self.narrowed_to:
            return []
        return [post for post in self.current_posts if right in ROLES[post.role]]

    def holds(self, right: str, unit: Unit | None) -> bool:
        """Does the right hold in this unit? None asks for the whole bank."""
        posts = self.posts_with(right)
        if unit is None:
            return any(post.unit.parent_id is None for post in posts)
        return any(unit.path.startswith(post.unit.path) for post in posts)

    def scope(self, right: str) -> frozenset[str] | None:
        """In which units does the right hold? Their codes with all below; None means the whole bank."""
        units = [post.unit for post in self.posts_with(right)]
        if any(unit.parent_id is None for unit in units):
            return None
        return frozenset(Unit.objects.within(units).values_list("code", flat=True))


@lru_cache(maxsize=1_000)
def _rights_of(roles: tuple[str, ...]) -> frozenset[str]:
    """Kept, since a page asks for them fifty times."""
    return frozenset().union(*(ROLES[role] for role in roles))


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> PostQuerySet:
        return self.not_ended(day).filter(from_on__lte=day)

    def not_ended(self, day: date) -> PostQuerySet:
        """Those of that day, and those to come."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=day))


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
