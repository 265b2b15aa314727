"""Where can who complains be reached, and by which ways can this case's news be told? No contact leaves this module."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.complaints.models import Case, Notice, Party
from huixiang.apps.intake.leaving import leaves
from huixiang.domain.complaints.letters import SHORT, TITLES
from huixiang.domain.contacts import is_machine, is_mail, reached_at, takes_messages

Medium = Notice.Medium
BY_US = {"mail_now": Medium.MAIL, "sms_now": Medium.SMS}
NAMES = {
    "phone": _("电话"),
    "letter": _("信函"),
    "face": _("当面"),
    "mail": _("邮件（已由人发出）"),
    "sms": _("短信（已由人发出）"),
    "mail_now": _("由系统现在发邮件"),
    "sms_now": _("由系统现在发短信"),
}


def address_of(case: Case, medium: str) -> str | None:
    """The mail address or mobile number of who complains, else of who speaks for him; None where there is none."""
    fits = is_mail if medium == Medium.MAIL else takes_messages
    field = "mail" if medium == Medium.MAIL else "phone"
    for party in sorted(case.parties.all(), key=lambda party: party.role != Party.Role.COMPLAINANT):
        contact = reached_at(_opened(party).get(field, ""))
        if contact and fits(contact) and not is_machine(contact):
            return contact
    return None


def name_of(case: Case) -> str:
    """For who may know it; "" where none was told."""
    own = (party for party in case.parties.all() if party.role == Party.Role.COMPLAINANT)
    return next((str(_opened(party).get("name", "")) for party in own), "")


def can_leave(case: Case, medium: str) -> bool:
    return leaves(medium) and address_of(case, medium) is not None


def ways_to_tell(case: Case, verb: str) -> dict[str, Any]:
    """By hand always; by this system where a gateway is named and an address known. Answers go by no short message."""
    shut = {way for way, medium in BY_US.items() if not can_leave(case, medium)}
    if verb not in SHORT:
        shut.add("sms_now")
    if verb not in TITLES:  # no letter is written of it: its words are told by hand
        shut |= set(BY_US)
    return {way: name for way, name in NAMES.items() if way not in shut}


def _opened(party: Party) -> dict[str, str]:
    try:
        return dict(unseal(party.sealed)) if party.sealed else {}
    except Unsealable:
        return {}
