"""Do cases from before today get what newer ones have, once, also where a night is killed half-way?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, catching_up
from huixiang.apps.complaints.actions import Identity, Person, Receipt
from huixiang.apps.complaints.models import Case, CatchUp, PartyMark, RiskMark
from tests import make
from tests.make import Bank


def old_case(bank: Bank, by: Staff, text: str, phone: str) -> Case:
    person = Person("complainant", Identity(name="王芳", phone=phone))
    return actions.register(Receipt("phone", bank.north_branch, "理财亏损", text, people=(person,)), by=by)


def test_old_cases_get_marks_and_hashes_once_however_often_the_night_is_killed(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = make.staff("1101", bank.north_branch, "complaint_handler")
    cases = [old_case(bank, handler, "再不还钱我就跳楼", f"1380013800{n}") for n in range(5)]
    ended = old_case(bank, handler, "再不还钱我就跳楼", "13800138009")
    actions.do(ended.pk, "withdraw", actions.Doing(words="撤回"), by=handler)
    RiskMark.objects.all().delete()
    PartyMark.objects.all().delete()
    phones = PartyMark.objects.filter(kind=PartyMark.PHONE)
    monkeypatch.setattr(catching_up, "PORTION", 2)
    done, through = list[int](), catching_up.STEPS["people"]

    def dies(portion: Sequence[Case], now: datetime) -> int:
        if done:
            raise KeyboardInterrupt
        done.append(1)
        return through(portion, now)

    with monkeypatch.context() as patch:
        patch.setitem(catching_up.STEPS, "people", dies)
        with pytest.raises(KeyboardInterrupt):
            catching_up.catch_up(timezone.now())
    assert phones.count() == 2, "the whole portions stay"
    assert catching_up.catch_up(timezone.now()) == 4, "and it goes on behind them"
    assert sorted(phones.values_list("case", flat=True)) == [*(case.pk for case in cases), ended.pk]
    assert set(RiskMark.objects.values_list("case", flat=True)) == {case.pk for case in cases}, "of open ones"
    assert "跳楼" in str(RiskMark.objects.values_list("words", flat=True))
    later = old_case(bank, handler, "再不还钱我就跳楼", "13800138008")
    before: Any = (RiskMark.objects.count(), PartyMark.objects.count())
    assert catching_up.catch_up(timezone.now()) == 0
    assert (RiskMark.objects.count(), PartyMark.objects.count()) == before
    assert CatchUp.objects.filter(until__lt=later.pk).count() == len(catching_up.STEPS)
    assert AuditRecord.objects.filter(verb="complaint.catch_up").count() == 2
