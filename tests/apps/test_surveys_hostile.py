"""Somebody guesses, floods and plays tricks: does it harm nobody else, and do customers in a hurry lose nothing?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.surveys import forgetting, links
from huixiang.apps.surveys.actions import withdrawing
from huixiang.apps.surveys.models import FormerLink, Invitation, OptOut, Response, Version
from huixiang.apps.surveys.views import customers
from tests import make
from tests.apps.surveys_cast import Customer, invite, survey
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def version(bank: Bank) -> Version:
    return survey(bank.north_branch)


@pytest.fixture
def sender(bank: Bank) -> Staff:
    return make.staff("3001", bank.north, "branch_manager")


def test_who_guesses_links_is_held_up_and_guests_on_the_same_line_are_not(
    version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "MOST_WRONG_LINKS", 3)
    (token,) = invite(version)
    told = [Customer(f"/s/i/guess-{n}/").response.status_code for n in range(5)]
    assert told == [404, 404, 404, 429, 429]
    assert Customer(links.invited(token)).answers().is_thanked


def test_programs_that_look_into_messages_use_nothing_up(version: Version) -> None:
    (token,) = invite(version)
    scanner = make.client()
    for place in (links.invited(token), f"{links.invited(token)}stop/"):
        assert (scanner.get(place).status_code, scanner.head(place).status_code) == (200, 200)
    assert not Invitation.objects.get().is_used
    assert not OptOut.objects.exists()
    assert Customer(links.invited(token)).answers().is_thanked


def test_two_tabs_the_back_button_and_tricks_of_letters_count_once_and_break_nothing(version: Version) -> None:
    (token,) = invite(version)
    one, two = Customer(links.invited(token)), Customer(links.invited(token))
    one.presses(nps="3")
    two.presses(nps="3").presses(why="x" * 2_000_000)
    assert two.response.status_code in (413, 422)
    one.presses(why="\u202etxt.exe\u0000 \u200d\U0001f469\u200d\U0001f467 Ａ")
    assert one.presses(aspects__wait="5").is_thanked
    one.presses("back")
    two.presses(why="排队").presses(aspects__wait="1")
    assert two.is_thanked or "已经收到您的回答" in two.reads
    assert Response.objects.count() == 1


def test_who_began_before_midnight_of_the_last_day_may_finish(version: Version, monkeypatch: Any) -> None:
    (token,) = invite(version, keep_until=timezone.localdate())
    amid = Customer(links.invited(token)).presses(nps="9")
    midnight = timezone.localtime().replace(hour=0, minute=40) + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: midnight)
    assert amid.presses(aspects__wait="5").is_thanked


def test_a_link_that_was_replaced_is_found_by_an_erasure_from_either_side(version: Version, sender: Staff) -> None:
    (token,) = invite(version, state="sent")
    asked = Invitation.objects.get()
    before = forgetting.of_customer(asked.customer, None)
    withdrawing.withdraw_links(asked.round, "发错人", by=sender)
    withdrawing.reissue_links(asked.round, by=sender)
    assert before < forgetting.of_customer(asked.customer, None), "backups know her by the former"
    forgetting.forget(before)
    asked.refresh_from_db()
    assert (asked.customer, asked.contact, FormerLink.objects.count()) == ("", None, 0)
    assert Customer(links.invited(token)).response.status_code == 404
