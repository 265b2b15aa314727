"""How far does a right to see or to maintain the organisation go? What lies beyond looks as if it were not there.

Each attempt to go beyond is recorded as refused, before the answer that nothing is there.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit

RIGHT = "organisation.change"


def reach_unit(verb: str, by: Staff | str, unit: Unit | None, source: str) -> None:
    """Does the right to maintain the organisation hold there? None: in the whole bank. Raises Http404."""
    if not isinstance(by, str) and not by.holds(RIGHT, unit):
        raise refused(verb, by, "unit", unit.code if unit else "", source)


def reach_person(verb: str, by: Staff | str, person: Staff, source: str) -> None:
    """May `by` act on this person's account? Raises Http404."""
    if not isinstance(by, str) and not _reaches(by, person):
        raise refused(verb, by, "staff", person.number, source)


def not_oneself(verb: str, person: Staff, by: Staff | str, source: str) -> None:
    """Four eyes: nobody changes his own posts, access or forgotten password. Raises ValidationError."""
    if not isinstance(by, str) and by.pk == person.pk:
        audit.record(verb, by=by, on_kind="staff", on_id=person.number, source=source, outcome="refused")
        raise ValidationError(_("不能对本人进行此操作，请由另一位系统管理员办理。"))


def may_change_person(by: Staff, person: Staff) -> bool:
    """Would the verbs on this person be open to `by`? For the page to offer them or not."""
    return by != person and _reaches(by, person)


def seen_person(verb: str, by: Staff, number: str, source: str) -> Staff:
    """The person with this number, if `by` sees her, or has to do with her for another verb. Raises Http404."""
    person: Staff = get_object_or_404(Staff, number=number)
    right = "organisation.see" if verb == "staff.read" else RIGHT
    if not Staff.objects.filter(pk=person.pk).visible_to(by, right).exists():
        raise refused(verb, by, "staff", number, source)
    return person


def person_to_change(verb: str, by: Staff, number: str, source: str) -> Staff:
    """The person with this number, if `by` may act on her account. Raises Http404."""
    person = seen_person(verb, by, number, source)
    reach_person(verb, by, person, source)
    return person


def unit_to_change(verb: str, by: Staff, code: str, source: str) -> Unit:
    """The unit with this code, if `by` may maintain it. Raises Http404."""
    unit = get_object_or_404(Unit, code=code)
    reach_unit(verb, by, unit, source)
    return unit


def refused(verb: str, by: Staff, on_kind: str, on_id: str, source: str) -> Http404:
    """Record the attempt; raise what this returns."""
    audit.record(verb, by=by, on_kind=on_kind, on_id=on_id, source=source, outcome="refused")
    return Http404()


def _reaches(by: Staff, person: Staff) -> bool:
    """Only with all her posts that have not ended: else a region could take over an account of head office.

    Those to come count as well: who holds the account on the day before holds it on the day itself.
    """
    if by.holds(RIGHT, None):
        return True
    posts = list(person.posts.not_ended(timezone.localdate()).select_related("unit"))
    return bool(posts) and all(by.holds(RIGHT, post.unit) for post in posts)
