"""Who is told that a complaint's limit runs out, and how far up does it come?"""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy

import pytest
from django.conf import settings
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, digests, projecting, warnings
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.apps.complaints.models import Case, DigestMail
from huixiang.apps.intake import leaving
from huixiang.domain.complaints.warning import Level
from tests import make
from tests.gateways.servers import mail_server
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def received(bank: Bank, by: Staff, days_ago: int) -> Case:
    at = timezone.now() - timedelta(days=days_ago)
    receipt = Receipt(way="phone", unit=bank.north_branch, title="年费", text="收了年费", received_at=at)
    return actions.register(receipt, by=by)


def titles(by: Staff) -> list[int]:
    return [each.case.pk for each in warnings.warned(by, timezone.now())[0]]


def test_the_more_of_a_limit_has_run_the_higher_up_it_comes(bank: Bank, handler: Staff) -> None:
    region = make.staff("1201", bank.north, "branch_manager", name="卫八")
    half, most, late = (received(bank, handler, days) for days in (8, 13, 20))  # of fifteen
    for case in (half, most, late):
        actions.do(case.pk, "accept", Doing(told_at=timezone.now()), by=handler)
        actions.do(case.pk, "assign", Doing(to=handler), by=handler)
    deputy = make.staff("1102", bank.north_branch, "branch_manager", name="郑九")
    other = make.staff("2101", bank.south_branch, "branch_manager", name="冯十")
    assert titles(handler) == [late.pk, most.pk, half.pk]
    assert titles(deputy) == [late.pk, most.pk], "half of it is for who has it alone"
    assert titles(region) == [late.pk]
    assert titles(other) == []
    found = warnings.warned(region, timezone.now())[0][0]
    assert (found.percent, found.level) == (133, Level.HEAD_OFFICE)


def test_a_mail_a_day_tells_each_level_how_many_and_nothing_else(
    bank: Bank, handler: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a real mail server; the handler, her branch and the region each get what has come up to them, once a day."""
    region = make.staff("1201", bank.north, "branch_manager", name="卫八")
    accused = make.staff("1102", bank.north_branch, "branch_manager", name="郑九")
    for each in (handler, region, accused):
        Staff.objects.filter(pk=each.pk).update(email=f"{each.number}@bank.example")
    cases = [received(bank, handler, days) for days in (8, 13, 20)]
    for case in cases:
        actions.do(case.pk, "accept", Doing(told_at=timezone.now()), by=handler)
        actions.do(case.pk, "assign", Doing(to=handler), by=handler)
    actions.do(cases[1].pk, "accuse", Doing(accused=(accused,), words="柜员态度"), by=handler)
    now = timezone.now()
    assert digests.write_for(now) == 0, "there is no mail server"
    with mail_server() as (postman, url):
        monkeypatch.setenv("HUIXIANG_MAIL_URL", url)
        monkeypatch.setenv("HUIXIANG_MAIL_FROM", "海川银行 <huixiang@bank.example>")
        assert [digests.write_for(now) for _ in range(2)] == [3, 0], "one a person and day"
        make.client(region).post("/complaints/warnings/mail/", {"wanted": "no"})
        assert leaving.send_all(digests.OURS) == 2
        told = {to: email.message_from_bytes(content, policy=policy.default) for to, content in postman.taken}
        assert sorted(told) == ["1101@bank.example", "1102@bank.example"], "she wants none"
        hers = told["1101@bank.example"].get_content()
        assert "已超期：1 件" in hers
        assert "将到期：2 件" in hers
        his = told["1102@bank.example"].get_content()
        assert "将到期：0 件" in his, "of what is about himself he is not told"
        for word in (*(case.number for case in cases), "年费", "韩七", "北山"):
            assert word not in hers
        assert digests.write_for(now + timedelta(days=1)) == 2
        assert DigestMail.objects.filter(state="sent").count() == 2


def test_what_was_answered_warns_nobody_and_the_page_says_so(bank: Bank, handler: Staff) -> None:
    case = received(bank, handler, 20)
    page = make.client(handler).get("/complaints/warnings/").content.decode()
    assert case.number in page
    assert "133%" in page
    queue = make.client(handler).get("/complaints/waiting/").content.decode()
    assert '已过期限 <span class="badge bg-red-lt">1</span>' in queue
    actions.do(case.pk, "withdraw", Doing(words="不投诉了"), by=handler)
    assert "没有须要您留意的期限" in make.client(handler).get("/complaints/warnings/?after=").content.decode()


def test_a_page_goes_on_behind_the_last_case_it_read(
    bank: Bank, handler: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [received(bank, handler, days) for days in (22, 21, 20)]
    monkeypatch.setattr(warnings, "PAGE", 2)
    first, after = warnings.warned(handler, timezone.now())
    day, _dot, pk = after.partition(".")
    second, end = warnings.warned(handler, timezone.now(), (int(day), int(pk)))
    assert [each.case for each in [*first, *second]] == cases
    assert end == ""
    assert settings.COMPLAINT_WARNINGS[Level.UNIT] == 80


def test_the_night_leaves_alone_what_was_done_while_it_read(bank: Bank, handler: Staff) -> None:
    """It reads without a lock; a case that moved since is looked at again and found right."""
    case = received(bank, handler, 20)
    Case.objects.filter(pk=case.pk).update(is_late=False, rank=0)
    assert dict(projecting.rebuild(timezone.now(), only_open=True)) == {case.number: ["is_late", "rank"]}
    assert projecting.project_open() == 0


def test_many_are_given_to_a_colleague_at_once_and_each_is_told_apart(bank: Bank, handler: Staff) -> None:
    free, fresh, foreign = (received(bank, handler, 1) for _ in range(3))
    deputy = make.staff("1102", bank.north_branch, "complaint_handler", name="郑九")
    actions.do(free.pk, "accept", Doing(told_at=timezone.now()), by=handler)
    Case.objects.filter(pk=foreign.pk).update(unit=bank.south_branch)
    sent = {"cases": [free.pk, fresh.pk, foreign.pk], "number": "1102", "key": "k1"}
    page = make.client(handler).post("/complaints/assign/", sent).content.decode()
    assert "分派给 郑九：2 件中 1 件" in page
    assert "没有分派：现在的状态不能这样办理" in page, "not accepted yet"
    assert foreign.number not in page
    make.client(handler).post("/complaints/assign/", sent)
    assert free.events.filter(verb="assign").count() == 1, "sent twice is given once"
    free.refresh_from_db()
    assert free.handler == deputy
    unknown = make.client(handler).post("/complaints/assign/", sent | {"number": "9"})
    assert unknown.status_code == 422
    assert f'value="{free.pk}"' in unknown.content.decode(), "what was chosen stays chosen"
