"""How does a person come in, get a password, and leave?"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from axes.utils import reset as reset_lockout
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.actions.reach import not_oneself, reach_person, reach_unit
from huixiang.apps.access.models import Staff, Token

ONE_TIME_HOURS = 72
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another when read out


def create_staff(by: Staff | str, *, number: str, name: str, email: str = "", source: str = "") -> Staff:
    """A new person; without posts and password until they are given."""
    reach_unit("staff.create", by, None, source)
    with transaction.atomic():
        person = Staff(number=number, name=name, email=email, must_change_password=True)
        person.set_unusable_password()
        person.full_clean(exclude=["password"])
        person.save(force_insert=True)
        audit.record("staff.create", by=by, on_kind="staff", on_id=number, source=source)
    return person


def change_staff(person: Staff, by: Staff | str, source: str = "", **fields: Any) -> None:
    """Another name or e-mail. The record says which of the two, not what it was."""
    reach_person("staff.change", by, person, source)
    with transaction.atomic():
        person.refresh_from_db()
        changed = {name: value for name, value in fields.items() if getattr(person, name) != value}
        if changed:
            for name, value in changed.items():
                setattr(person, name, value)
            person.full_clean(exclude=["password"])
            person.save(update_fields=list(changed))
            names = sorted(changed)
            audit.record("staff.change", by=by, on_kind="staff", on_id=person.number, source=source, fields=names)


def deactivate_staff(person: Staff, by: Staff | str, source: str = "") -> None:
    """End a person's access at once: log-in, sessions and tokens."""
    reach_person("staff.deactivate", by, person, source)
    not_oneself("staff.deactivate", person, by, source)
    with transaction.atomic():
        person.is_active = False  # a session of an inactive person is none: the log-in backend asks at every request
        person.save(update_fields=["is_active"])
        revoked = _revoke_tokens(person)
        audit.record("staff.deactivate", by=by, on_kind="staff", on_id=person.number, source=source, tokens=revoked)


def reactivate_staff(person: Staff, by: Staff | str, source: str = "") -> None:
    """Let a person in again, with a new password only."""
    reach_person("staff.reactivate", by, person, source)
    with transaction.atomic():
        person.is_active = True
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        audit.record("staff.reactivate", by=by, on_kind="staff", on_id=person.number, source=source)


def issue_password(person: Staff, by: Staff | str, source: str = "") -> str:
    """A one-time password, to be told to the person and changed at the next log-in, within ONE_TIME_HOURS.

    Ends sessions, lock-outs and tokens: who had to ask for it may have lost more than a password.
    """
    reach_person("password.issue", by, person, source)
    not_oneself("password.issue", person, by, source)
    plain = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    with transaction.atomic():
        person.set_password(plain)
        person.must_change_password = True
        person.password_expires_at = timezone.now() + timedelta(hours=ONE_TIME_HOURS)
        person.save(update_fields=["password", "must_change_password", "password_expires_at"])
        reset_lockout(username=person.number)
        revoked = _revoke_tokens(person)
        audit.record("password.issue", by=by, on_kind="staff", on_id=person.number, source=source, tokens=revoked)
    return plain


def change_password(person: Staff, new: str, source: str = "") -> None:
    """The person's own choice, another one than now; all other sessions end."""
    if person.password_has_expired:
        raise ValidationError(_("一次性密码已过期，请联系系统管理员重新发放。"))
    if person.check_password(new):
        raise ValidationError(_("新密码不能与现在的密码相同。"))
    with transaction.atomic():
        person.set_password(new)
        person.must_change_password, person.password_expires_at = False, None
        person.save(update_fields=["password", "must_change_password", "password_expires_at"])
        audit.record("password.change", by=person, on_kind="staff", on_id=person.number, source=source)


def _revoke_tokens(person: Staff) -> int:
    return Token.objects.filter(staff=person, revoked_at=None).update(revoked_at=timezone.now())
