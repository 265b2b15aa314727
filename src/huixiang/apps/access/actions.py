"""What can be done to units, staff, posts, passwords and tokens? A verb is one right, one transaction, one record.

`by` is the person who acts, or "cli:NAME" for who has the machine itself. What is out of a person's reach looks as if
it were not there (Http404); what the rules forbid is refused in words (ValidationError), and the attempt is recorded.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from axes.utils import reset as reset_lockout
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.models import Post, Staff, Token, Unit

RIGHT = "organisation.change"
LONGEST_TOKEN_DAYS = 365
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another when read out


def create_unit(parent: Unit | None, by: Staff | str, source: str = "", **fields: Any) -> Unit:
    """A new unit under another; only the very first one, the head office, has none above it."""
    _reach(by, parent)
    if parent is None and Unit.objects.filter(parent=None).exists():
        raise ValidationError(_("只能有一个最上级机构（总行）。请选择上级机构。"))
    if Unit.objects.filter(code__iexact=fields["code"]).exists():
        raise ValidationError({"code": _("这个机构号已存在。")})
    with transaction.atomic():
        unit = Unit(parent=parent, path=f"{parent.path if parent else '/'}{fields['code']}/", **fields)
        unit.full_clean()
        unit.save(force_insert=True)
        audit.record("unit.create", by=by, on_kind="unit", on_id=unit.code, source=source)
    return unit


def change_unit(unit: Unit, by: Staff | str, source: str = "", **fields: Any) -> None:
    """Another name, level, time zone or closing date."""
    _reach(by, unit)
    changed = {name: value for name, value in fields.items() if getattr(unit, name) != value}
    if fields.get("closed_on") and unit.children.filter(closed_on=None).exists():
        raise ValidationError({"closed_on": _("还有未撤并的下级机构，请先处理下级。")})
    if changed:
        with transaction.atomic():
            for name, value in changed.items():
                setattr(unit, name, value)
            unit.full_clean()
            unit.save(update_fields=list(changed))
            audit.record("unit.change", by=by, on_kind="unit", on_id=unit.code, source=source, **changed)


def move_unit(unit: Unit, to: Unit, by: Staff | str, source: str = "") -> None:
    """Hang a unit, with all below it, under another one."""
    _reach(by, unit)
    _reach(by, to)
    if to.path.startswith(unit.path):
        raise ValidationError(_("不能移到自己或自己的下级之下。"))
    if unit.parent is None:
        raise ValidationError(_("最上级机构不能移动。"))
    before = unit.parent
    with transaction.atomic():
        old = Unit.objects.select_for_update().get(pk=unit.pk).path
        unit.parent, unit.path = to, f"{to.path}{unit.code}/"
        unit.save(update_fields=["parent"])
        moved = Concat(Value(unit.path), Substr("path", len(old) + 1))
        Unit.objects.filter(path__startswith=old).update(path=moved)
        audit.record("unit.move", by=by, on_kind="unit", on_id=unit.code, source=source, before=before.code, to=to.code)


def create_staff(by: Staff | str, *, number: str, name: str, email: str = "", source: str = "") -> Staff:
    """A new person; without posts and password until they are given."""
    _reach(by, None)
    with transaction.atomic():
        person = Staff(number=number, name=name, email=email, must_change_password=True)
        person.set_unusable_password()
        person.full_clean(exclude=["password"])
        person.save(force_insert=True)
        audit.record("staff.create", by=by, on_kind="staff", on_id=number, source=source)
    return person


def deactivate_staff(person: Staff, by: Staff | str, source: str = "") -> None:
    """End a person's access at once: log-in, sessions and tokens."""
    _reach_person(by, person)
    _not_oneself("staff.deactivate", person, by, source)
    with transaction.atomic():
        person.is_active = False  # a session of an inactive person is none: the log-in backend asks at every request
        person.save(update_fields=["is_active"])
        revoked = Token.objects.filter(staff=person, revoked_at=None).update(revoked_at=timezone.now())
        audit.record("staff.deactivate", by=by, on_kind="staff", on_id=person.number, source=source, tokens=revoked)


def reactivate_staff(person: Staff, by: Staff | str, source: str = "") -> None:
    """Let a person in again, with a new password only."""
    _reach_person(by, person)
    with transaction.atomic():
        person.is_active = True
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        audit.record("staff.reactivate", by=by, on_kind="staff", on_id=person.number, source=source)


def issue_password(person: Staff, by: Staff | str, source: str = "") -> str:
    """A one-time password, to be told to the person and changed at the next log-in. Ends sessions and lock-outs."""
    _reach_person(by, person)
    _not_oneself("password.issue", person, by, source)
    plain = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    with transaction.atomic():
        person.set_password(plain)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        reset_lockout(username=person.number)
        audit.record("password.issue", by=by, on_kind="staff", on_id=person.number, source=source)
    return plain


def change_password(person: Staff, new: str, source: str = "") -> None:
    """The person's own choice; all other sessions end."""
    with transaction.atomic():
        person.set_password(new)
        person.must_change_password = False
        person.save(update_fields=["password", "must_change_password"])
        audit.record("password.change", by=person, on_kind="staff", on_id=person.number, source=source)


def give_post(person: Staff, unit: Unit, role: str, by: Staff | str, source: str = "", **days: date | None) -> Post:
    """A role in a unit, `from_on` a day `to_on` a day or open.

    Only the head office's administrators give posts, and never to themselves.
    """
    _reach(by, None)
    _not_oneself("post.give", person, by, source)
    post = Post(staff=person, unit=unit, role=role, **days)
    if overlapping(post).exists():
        raise ValidationError(_("这段时间内已有同一机构的同一角色。"))
    post.full_clean()
    with transaction.atomic():
        post.save(force_insert=True)
        _record_post("post.give", post, by, source)
    return post


def end_post(post: Post, on: date, by: Staff | str, source: str = "") -> None:
    """Let a post end with this day (its last)."""
    _reach(by, None)
    _not_oneself("post.end", post.staff, by, source)
    if on < post.from_on:
        raise ValidationError(_("结束日期不能早于起始日期 %(day)s。") % {"day": post.from_on})
    with transaction.atomic():
        post.to_on = on
        post.save(update_fields=["to_on"])
        _record_post("post.end", post, by, source)


def overlapping(post: Post) -> Any:
    """Posts of the same person in the same role and unit that share a day with this one."""
    same = Post.objects.filter(staff=post.staff, unit=post.unit, role=post.role).exclude(pk=post.pk)
    if post.to_on:
        same = same.filter(from_on__lte=post.to_on)
    return same.filter(Q(to_on=None) | Q(to_on__gte=post.from_on))


def create_token(by: Staff, *, name: str, scopes: list[str], expires_on: date, source: str = "") -> tuple[Token, str]:
    """A key to the API for oneself; its plain text is returned once and kept nowhere."""
    if "token.own" not in by.rights:
        raise Http404
    if not scopes or not frozenset(scopes) <= by.rights:
        raise ValidationError({"scopes": _("请选择权限；令牌的权限不能超过本人的权限。")})
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=LONGEST_TOKEN_DAYS):
        raise ValidationError({"expires_on": _("到期日须在今天起 %(days)d 天之内。") % {"days": LONGEST_TOKEN_DAYS}})
    plain = Token.PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            staff=by, name=name, scopes=sorted(scopes), expires_on=expires_on, hashed=Token.hash_of(plain)
        )
        audit.record("token.create", by=by, on_kind="token", on_id=token.pk, source=source, scopes=token.scopes)
    return token, plain


def revoke_token(token: Token, by: Staff, source: str = "") -> None:
    if token.staff_id != by.pk:
        raise Http404
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            audit.record("token.revoke", by=by, on_kind="token", on_id=token.pk, source=source)


def may_change_person(by: Staff, person: Staff) -> bool:
    """Would the verbs on this person be open to `by`? For the page to offer them or not."""
    try:
        _reach_person(by, person)
    except Http404:
        return False
    return by != person


def _reach(by: Staff | str, unit: Unit | None) -> None:
    """Does the right to maintain the organisation hold there? None: in the whole bank."""
    if not isinstance(by, str) and not by.holds(RIGHT, unit):
        raise Http404


def _reach_person(by: Staff | str, person: Staff) -> None:
    """A person is in reach only with all of her current posts: else a region could take over a head-office account."""
    if isinstance(by, str) or by.holds(RIGHT, None):
        return
    if not person.current_posts or not all(by.holds(RIGHT, post.unit) for post in person.current_posts):
        raise Http404


def _not_oneself(verb: str, person: Staff, by: Staff | str, source: str) -> None:
    """Four eyes: nobody changes his own posts, access or forgotten password."""
    if not isinstance(by, str) and by.pk == person.pk:
        audit.record(verb, by=by, on_kind="staff", on_id=person.number, source=source, outcome="refused")
        raise ValidationError(_("不能对本人进行此操作，请由另一位系统管理员办理。"))


def _record_post(verb: str, post: Post, by: Staff | str, source: str) -> None:
    held = {"role": post.role, "unit": post.unit.code, "from_on": post.from_on, "to_on": post.to_on}
    audit.record(verb, by=by, on_kind="staff", on_id=post.staff.number, source=source, post=held)
