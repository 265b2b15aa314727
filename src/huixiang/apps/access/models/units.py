"""Which units has the bank, and how do they hang together?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from huixiang.apps.access.models.people import Staff

# Codes stand in addresses, in paths ("/HQ/BJ/") and in files: letters, digits, dot, hyphen and underscore are enough.
# "." and ".." would be other places in an address.
valid_code = RegexValidator(r"\A(?!\.{1,2}\Z)[\w.-]+\Z", _("只能用字母、数字、点、横线和下划线。"))


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

    def visible_to(self, staff: Staff, right: str) -> UnitQuerySet:
        """The units of all current posts that give the right; with all below."""
        return self.within([post.unit for post in staff.posts_with(right)])

    def lock_tree(self) -> None:
        """One change of the tree at a time, until commit: what is read of it afterwards holds."""
        self.select_for_update(no_key=True).filter(parent=None).first()


def bank_time_zone() -> str:
    return str(settings.TIME_ZONE)


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
    # "/HQ/BJ/BJ01/": a subtree is a prefix. No index: a deep path is too long for PostgreSQL's, and units are few.
    path = models.TextField(editable=False)
    # In which its files' times are meant that name no zone; days are counted in the bank's (settings.TIME_ZONE).
    time_zone = models.CharField(_("时区"), max_length=40, default=bank_time_zone, validators=[valid_time_zone])
    closed_on = models.DateField(_("撤并日期"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


def bank_name() -> str:
    """海川银行: what stands at the top of the tree, without its rank."""
    root = Unit.objects.filter(parent=None).values_list("name", flat=True).first()
    return (root or "").removesuffix("总行")
