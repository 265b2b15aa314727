"""Do people and words of a complaint go when their term is over, not a day earlier, and does the chain still hold?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.utils import timezone

from huixiang.apps.access import append_only
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, chain, keeping
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.guarded import EVENTS
from huixiang.apps.complaints.models import Case, Party
from huixiang.apps.feedback import keeping as kept
from tests import make
from tests.make import Bank


def ended(bank: Bank, by: Staff) -> Case:
    person = Person(Party.Role.COMPLAINANT, Identity(name="王芳", phone="13800138000"))
    case = actions.register(
        Receipt(way="phone", unit=bank.north_branch, title="年费", text="没说清", people=(person,), customer="c1"),
        by=by,
    )
    actions.do(case.pk, "withdraw", Doing(words="王芳说不投诉了"), by=by)
    return case


def after(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def test_what_is_over_is_emptied_and_the_chain_still_holds(bank: Bank, manager: Staff) -> None:
    case = ended(bank, manager)
    going_on = actions.register(Receipt(way="phone", unit=bank.north_branch, title="又", text="又"), by=manager)
    actions.do(going_on.pk, "note", Doing(words="还在办"), by=manager)
    assert kept.clear(after(5 * 365 - 2), "complaints") == 0, "five years are not over"
    with pytest.raises(ProtectedError):
        case.delete()
    append_only.guard(connection, EVENTS)
    assert kept.clear(after(5 * 365 + 3), "complaints") == 1
    assert kept.clear(after(5 * 365 + 3), "complaints") == 0
    append_only.release(connection, EVENTS)
    case.refresh_from_db()
    assert case.customer == ""
    assert case.parties.get().sealed is None
    assert not case.events.exclude(sealed=None).exists()
    assert going_on.events.exclude(sealed=None).exists()
    assert chain.verify()[1] == []
    assert AuditRecord.objects.get(verb="complaint.expire").detail["count"] == 1
    page = make.client(manager).get(f"/complaints/{case.pk}/").content.decode()
    assert "内容已到期清除" in page


def test_a_shorter_term_is_shown_first_holds_after_a_week_and_can_be_taken_back(
    bank: Bank, quality: Staff, manager: Staff
) -> None:
    case = ended(bank, manager)
    Case.objects.filter(pk=case.pk).update(ended_at=after(-4 * 365))
    page, there, today = make.client(quality), "/complaints/rules/retention/", timezone.localdate()
    assert there in page.get("/retention/").content.decode()
    assert "至少保存 3 年" in page.post(there, {"years": 2, "sure": "on"}).content.decode()
    assert "现在有 1 件到期" in page.post(there, {"years": 3, "look": "1"}).content.decode()
    assert page.post(there, {"years": 3}).status_code == 422, "not without being sure"
    assert page.post(there, {"years": 3, "sure": "on"}).status_code == 302
    assert (keeping.years(today), keeping.years(today + timedelta(days=7))) == (5, 3)
    assert "起 3 年" in str(kept.KEEPINGS["complaints"].days())
    assert kept.clear(timezone.now(), "complaints") == 0
    page.post(there, {"take_back": "1"})
    assert keeping.years(today + timedelta(days=7)) == 5
    actions.set_years(7, sure=False, by=quality)
    assert keeping.years(today) == 7, "longer at once"
    assert make.client(manager).get(there).status_code == 404
