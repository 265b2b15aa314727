"""Is all seen that was written down later than it happened, and is it told whether a limit holds by that alone?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.complaints import actions, backdating, digests
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.apps.complaints.models import Case, DigestMail
from huixiang.apps.intake import leaving
from huixiang.domain.complaints.acting import REMEDIES
from tests import make
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def above(bank: Bank) -> Staff:
    return make.staff("1201", bank.north, "branch_manager", name="卫八")


def received(bank: Bank, by: Staff, at: datetime) -> Case:
    receipt = Receipt(way="phone", unit=bank.north_branch, title="年费", text="收了年费", received_at=at)
    return actions.register(receipt, by=by)


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def saved(by: Staff) -> dict[str, list[str]]:
    """By verb, the clocks that hold by dating back alone."""
    found = backdating.seen(by, timezone.now())
    return {each.event.verb: [clock.limit.code for clock in each.saves] for each in found}


def test_a_review_that_was_decided_and_told_too_late_cannot_be_dated_back_unseen(
    bank: Bank, handler: Staff, above: Staff, settings: Any
) -> None:
    settings.COMPLAINT_BACKDATE_DAYS = 90
    case = received(bank, handler, ago(85))
    replied: dict[str, Any] = {"told_at": ago(83), "names_grounds": True, "remedies": REMEDIES}
    for verb, said, days in (("accept", {"told_at": ago(84)}, 84), ("take", {}, 84), ("decide", {}, 83),
                             ("reply", replied, 83), ("apply_review", {}, 80)):  # fmt: skip
        actions.do(case.pk, verb, Doing(words="已核实", at=ago(days), **said), by=handler)
    actions.do(case.pk, "decide_review", Doing(words="维持", at=ago(79)), by=above)
    actions.do(case.pk, "tell_review", Doing(words="维持", at=ago(78), told_at=ago(78)), by=above)
    found = saved(above)
    assert {"decide_review", "tell_review"} <= set(found)
    assert "review" in found["tell_review"]


def test_a_limit_that_was_made_longer_after_it_was_over_is_told(
    bank: Bank, handler: Staff, above: Staff, settings: Any
) -> None:
    """The extension meets no clock itself: the limit holds by it all the same."""
    settings.COMPLAINT_BACKDATE_DAYS = 30
    case = received(bank, handler, ago(25))
    for verb, said in (("accept", {"told_at": ago(24)}), ("take", {}), ("ask_extension", {"rule": "complex"})):
        actions.do(case.pk, verb, Doing(words="待查", at=ago(24), **said), by=handler)
    actions.do(case.pk, "approve_extension", Doing(at=ago(24)), by=above)
    actions.do(case.pk, "extend", Doing(words="延长", at=ago(24), told_at=ago(24)), by=handler)
    assert "reply" in saved(above)["extend"]


def test_the_daily_mail_counts_no_line_of_a_case_about_oneself_and_reaches_nobody_without_a_post(
    bank: Bank, handler: Staff, above: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    accused = make.staff("1102", bank.north_branch, "branch_manager", name="郑九")
    Staff.objects.filter(pk__in=[above.pk, accused.pk]).update(email="someone@bank.example")
    case = received(bank, handler, ago(3))
    actions.do(case.pk, "accuse", Doing(accused=(accused,)), by=handler)
    monkeypatch.setattr(backdating, "AT_ONCE", timedelta(0))
    actions.do(case.pk, "accept", Doing(told_at=timezone.now(), at=timezone.now()), by=handler)
    monkeypatch.setattr(leaving, "leaves", lambda _medium: True)
    digests.write_for(timezone.now())
    mail = DigestMail.objects.get()
    assert (mail.staff, mail.backdated) == (above, 1)
    above.posts.all().delete()
    with pytest.raises(Unsealable):
        digests.message_of(DigestMail.objects.select_related("staff").get())
