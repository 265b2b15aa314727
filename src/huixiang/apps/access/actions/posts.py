"""How does a role begin and end? Only the head office's administrators give posts, and never to themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.actions.reach import not_oneself, reach_unit
from huixiang.apps.access.models import Post, Staff, Unit


def give_post(person: Staff, unit: Unit, role: str, by: Staff | str, source: str = "", **days: date | None) -> Post:
    """A role in a unit, `from_on` a day `to_on` a day or open."""
    reach_unit("post.give", by, None, source)
    not_oneself("post.give", person, by, source)
    post = Post(staff=person, unit=unit, role=role, **days)
    with transaction.atomic():
        _hold(person)
        if Unit.objects.exclude(closed_on=None).filter(pk=unit.pk).exists():
            raise ValidationError({"unit": _("机构“%(name)s”已撤并，不能再登记岗位。") % {"name": unit.name}})
        if _overlapping(post).exists():
            raise ValidationError(_("这段时间内已有同一机构的同一角色。"))
        post.full_clean()
        post.save(force_insert=True)
        _record("post.give", post, by, source)
    return post


def end_post(post: Post, on: date, by: Staff | str, source: str = "") -> None:
    """Let a post end with this day (its last), which is no later than it would end anyway."""
    reach_unit("post.end", by, None, source)
    not_oneself("post.end", post.staff, by, source)
    with transaction.atomic():
        _hold(post.staff)
        post.refresh_from_db(fields=["to_on"])
        if on < post.from_on:
            raise ValidationError({"on": _("结束日期不能早于起始日期 %(day)s。") % {"day": post.from_on}})
        if post.to_on and on > post.to_on:
            raise ValidationError({"on": _("结束日期不能晚于现有的结束日期 %(day)s。") % {"day": post.to_on}})
        post.to_on = on
        post.save(update_fields=["to_on"])
        _record("post.end", post, by, source)


def _hold(person: Staff) -> None:
    """One change of a person's posts at a time, until commit."""
    Staff.objects.select_for_update(no_key=True).filter(pk=person.pk).first()


def _overlapping(post: Post) -> Any:
    """Posts of the same person in the same role and unit that share a day with this one."""
    same = Post.objects.filter(staff=post.staff, unit=post.unit, role=post.role)
    if post.to_on:
        same = same.filter(from_on__lte=post.to_on)
    return same.filter(Q(to_on=None) | Q(to_on__gte=post.from_on))


def _record(verb: str, post: Post, by: Staff | str, source: str) -> None:
    held = {"role": post.role, "unit": post.unit.code, "from_on": post.from_on, "to_on": post.to_on}
    audit.record(verb, by=by, on_kind="staff", on_id=post.staff.number, source=source, post=held)
