"""Does a case's page tell how cases like it ended, and nothing of those out of sight?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, alike
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.apps.complaints.models import Case
from huixiang.domain.complaints.acting import REMEDIES
from tests import make
from tests.make import Bank

pytestmark = pytest.mark.one_database

FEES = "手机银行转账被扣了手续费，事前没有任何提示，乱收费"


@pytest.fixture
def handler(bank: Bank) -> Staff:
    alike._index.cache_clear()
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def ended(receipt: Receipt, by: Staff) -> Case:
    case, now = actions.register(receipt, by=by), timezone.now
    actions.do(case.pk, "accept", Doing(told_at=now()), by=by)
    actions.do(case.pk, "take", Doing(), by=by)
    actions.do(case.pk, "decide", Doing(words="退还", fen=5_000), by=by)
    whole = Doing(words="经核实", told_at=now(), names_grounds=True, remedies=REMEDIES)
    actions.do(case.pk, "reply", whole, by=by)
    classes = {"cause": "C.pricing", "responsibility": "full", "paid_fen": "5000"}
    actions.do(case.pk, "classify", Doing(classes=classes), by=by)
    return actions.do(case.pk, "close", Doing(), by=by)


def test_how_cases_like_it_ended_is_told_and_nothing_of_those_out_of_sight(
    bank: Bank, handler: Staff, quality: Staff
) -> None:
    like = Receipt(way="phone", unit=bank.north_branch, title="手续费", text=FEES)
    own = ended(like, handler)
    ended(Receipt(way="phone", unit=bank.south_branch, title="手续费", text=FEES), quality)
    ended(Receipt(way="phone", unit=bank.north_branch, title="排队", text="网点排队两个小时没人管"), handler)
    case = actions.register(
        Receipt(way="web", unit=bank.north_branch, title="扣费", text=FEES + "，要求退还"), by=handler
    )
    (found,) = alike.ended_alike(case, handler)
    assert (found.case, found.cause, found.responsibility, found.paid_yuan) == (own, "定价收费", "有责", Decimal(50))
    page = make.client(handler).get(f"/complaints/{case.pk}/alike/").content.decode()
    assert own.number in page
    assert "定价收费" in page
