"""A round is stopped, a list of links is lost, a branch is asked no longer: what do the links out there still do?"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.access.sealing import seal
from huixiang.apps.surveys import coverage, handing, rates, result_cells, sending, tokens
from huixiang.apps.surveys.actions import rounds, withdrawing
from huixiang.apps.surveys.models import Draft, Invitation, Response, Round
from huixiang.channels.contract import Fault
from huixiang.gateways.contract import Fate, Outcome
from tests import make
from tests.apps import surveys_cast
from tests.apps.surveys_cast import Customer
from tests.make import Bank

NOON = datetime(2026, 11, 27, 4, tzinfo=UTC)
CSRF = re.compile(r"\b\w{64}\b")


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.PUBLIC_URL = "https://voice.bank.example"


@pytest.fixture
def sender(bank: Bank) -> Staff:
    return make.staff("3001", bank.north, "branch_manager")


@pytest.fixture
def sent(bank: Bank, sender: Staff) -> Round:
    """Two customers of one outlet, one of another, by links of a list."""
    version = surveys_cast.survey(bank.north)
    made = Round.objects.create(survey=version.survey, name="柜面", medium="link", by=sender, state="sent")
    for place, unit in enumerate((bank.north_outlet, bank.north_outlet, bank.north)):
        one = Invitation(round=made, place=place, customer=f"c{place}", medium="link", unit=unit, probability=0.5,
                         state="sent", sent_at=timezone.now(), keep_until=timezone.localdate())  # fmt: skip
        one.token = tokens.hash_of(one.pk.hex)
        one.save()
    made.links_taken_at, made.links_taken_by = timezone.now(), sender
    made.save()
    return made


def at(one: Invitation) -> str:
    return f"/s/i/{tokens.token_of(tokens.name_of(one))}/"


def test_a_stopped_rounds_links_say_kindly_that_it_is_over_and_answers_given_stay(sent: Round, sender: Staff) -> None:
    used, halfway, late = sent.invitations.order_by("place")
    assert Customer(at(used)).answers().is_thanked
    amid = Customer(at(halfway)).presses(nps="9")
    rounds.stop_round(sent, by=sender)
    fresh = Customer(at(late))
    assert (fresh.response.status_code, "问卷已经结束" in fresh.reads) == (410, True)
    assert "问卷已经结束" in amid.presses(aspects__wait="5").reads, "not even who was amid it"
    assert "已经收到您的回答" in Customer(at(used)).reads
    assert Response.objects.count() == 1
    rounds.begin_round(sent, by=sender)
    assert Customer(at(late)).response.status_code == 200
    sent.refresh_from_db()
    assert sent.state == Round.State.SENT


def test_a_lost_list_is_withdrawn_with_a_reason_and_given_out_anew(sent: Round, sender: Staff, bank: Bank) -> None:
    used, halfway, other = sent.invitations.order_by("place")
    Customer(at(used)).answers()
    Customer(at(halfway)).presses(nps="9")
    assert Draft.objects.count() == 1
    old, page = at(halfway), reverse("round_verb", args=[sent.survey_id, sent.pk, "withdraw"])
    browser = make.client(sender)
    browser.post(page, {"reason": ""})
    assert Customer(old).response.status_code == 200
    browser.post(page, {"reason": "名单遗失", "unit": bank.north_outlet.code})
    gone = Customer(old)
    assert (gone.response.status_code, "这个链接已停用" in gone.reads) == (410, True)
    assert not Draft.objects.exists(), "whoever found the list may have begun"
    assert Customer(at(other)).response.status_code == 200, "of another outlet"
    assert AuditRecord.objects.get(verb="round.withdraw").detail["reason"] == "名单遗失"
    browser.post(reverse("round_verb", args=[sent.survey_id, sent.pk, "reissue"]))
    (line,) = handing.take_links(Round.objects.get(pk=sent.pk), "", by=sender)
    new = str(line[-1]).removeprefix("https://voice.bank.example")
    assert new != old
    assert "这个链接已停用" in Customer(old).reads
    assert make.client().get(f"{old}stop/").status_code == 200, "a no counts by any of her links"
    assert Customer(new).answers().is_thanked
    assert Response.objects.count() == 2
    for wanted, told in ((at(other), 1), (other.pk.hex[:8], 0), ("c-nobody", 0)):
        try:
            assert withdrawing.withdraw_links(sent, "发错人", withdrawing.Which(wanted), by=sender) == told
        except Fault:
            assert told == 0


class Gateway:
    """Takes all messages, and notes to whom they went."""

    place = "nowhere:1"

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    def send(self, messages: Any, leaving: Any) -> Iterator[Outcome]:
        for message in messages:
            assert leaving(message)
            self.taken.append((message.to, message.text))
            yield Outcome(message.id, Fate.SENT)


@pytest.mark.one_database
@pytest.mark.parametrize("medium", ["sms", "link"])
def test_no_deed_of_a_sender_tells_who_has_answered_anonymously(
    bank: Bank, sender: Staff, medium: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same deeds where one has answered and where she has not: nothing that her colleague sees differs.

    He knows of all others whether they have answered; he withdraws them with her, alone and in turn, and replaces.
    """
    version = surveys_cast.survey(bank.north, is_anonymous=True)
    made = Round.objects.create(survey=version.survey, name="回访", medium=medium, by=sender, state="sent",
                                texts=rounds.TEXTS, links_taken_at=timezone.now())  # fmt: skip
    given = {"medium": medium, "unit": bank.north_outlet, "probability": 0.5, "state": "sent", "sent_at": NOON}
    asked = [Invitation(round=made, place=n, customer=f"c{n}", keep_until=date(2099, 1, 1), is_used=n in (1, 2, 3),
                        contact=seal({"contact": f"1380000{n:04d}"}), **given) for n in range(14)]  # fmt: skip
    for one in asked:
        one.token = tokens.hash_of(one.pk.hex)
    Invitation.objects.bulk_create(asked)
    target = asked[7]

    def seen(*, has_answered: bool, dice: random.Random) -> list[object]:
        gateway, told = Gateway(), list[object]()
        monkeypatch.setattr(sending.named, "gateway", lambda name, _given=None: gateway if name == "sms" else None)
        Invitation.objects.filter(pk=target.pk).update(is_used=has_answered)
        for turn in range(12):
            now = Round.objects.select_related("survey").get(pk=made.pk)
            one = dice.choice([target, *asked]).pk.hex[:8]
            deed = dice.choice([
                lambda now=now, one=one: withdrawing.withdraw_links(now, "核对", withdrawing.Which(one), by=sender),
                lambda now=now: withdrawing.withdraw_links(now, "核对", by=sender),
                lambda now=now: withdrawing.reissue_links(now, by=sender),
                lambda now=now: rounds.send_unsure_again(now, by=sender),
                lambda now=now: handing.take_links(now, "", by=sender),
                lambda turn=turn: sending.send_all(lambda: NOON + timedelta(hours=turn % 3)),
            ])  # fmt: skip
            try:
                told.append(deed())
            except Fault as fault:
                told.append(str(fault))
            told.append([rates.of_round(made), withdrawing.withdrawn(made)])
        page = make.client(sender).get(reverse("survey_round", args=[version.survey_id, made.pk]))
        told.append(CSRF.sub("", page.content.decode()))
        told.append(list(AuditRecord.objects.order_by("seq").values_list("verb", "detail")))
        it = result_cells.asked(version.survey, result_cells.Choice(), sender)
        return [*told, gateway.taken, coverage.coverage(it), rates.of_survey(version.survey)]

    for seed in range(2 if medium == "sms" else 1):
        worlds = []
        for has_answered in (True, False):
            with transaction.atomic():
                worlds.append(seen(has_answered=has_answered, dice=random.Random(seed)))
                transaction.set_rollback(True)
        assert worlds[0] == worlds[1]


@pytest.mark.one_database
def test_who_has_answered_anonymously_is_told_so_by_her_new_link(sent: Round, sender: Staff) -> None:
    sent.survey.is_anonymous = True
    sent.survey.save()
    (one, *_others) = sent.invitations.order_by("place")
    assert Customer(at(one)).answers().is_thanked
    withdrawing.withdraw_links(sent, "名单遗失", by=sender)
    assert withdrawing.reissue_links(sent, by=sender) == 3
    sent.refresh_from_db()
    places = [
        str(line[-1]).removeprefix("https://voice.bank.example") for line in handing.take_links(sent, "", by=sender)
    ]
    told = [Customer(place).reads for place in places]
    assert sum("已经收到您的回答" in each for each in told) == 1
    assert Response.objects.count() == 1


@pytest.mark.one_database
def test_by_hand_is_stopped_too(bank: Bank, sender: Staff) -> None:
    version = surveys_cast.survey(bank.north)
    made = handing.hand_over(version.survey, "K1", bank.north, by=sender)
    code = handing.code_of(version.survey, sender)
    rounds.stop_round(made.round, by=sender)
    assert handing.owner(code) is None
    assert Customer(at(made)).response.status_code == 410
    with pytest.raises(Fault, match="停止"):
        handing.hand_over(version.survey, "K2", bank.north, by=sender)
