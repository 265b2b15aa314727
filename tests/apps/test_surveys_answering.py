"""Can every customer answer, from any link, on any network, and does each answer count exactly once?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.access.sealing import unseal
from huixiang.apps.surveys import forgetting, links, submitting
from huixiang.apps.surveys.models import Draft, FormerLink, Invitation, QuotaCount, Response, Survey, Version
from huixiang.domain.surveys import trust
from tests import make
from tests.apps.surveys_cast import VISIT, Customer, invite, survey
from tests.make import Bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(bank: Bank) -> Version:
    return survey(bank.north_branch)


def kept() -> Response:
    return Response.objects.get()


def test_page_by_page_without_scripts_and_the_server_decides_what_comes(version: Version, bank: Bank) -> None:
    customer = Customer(links.public(version.survey, bank.north_outlet))
    assert "三分钟" in customer.reads
    assert "为什么给" not in customer.reads
    assert customer.presses().response.status_code == 422, "the first question must be answered"
    assert "请回答这一题" in customer.reads
    customer.presses(nps="2")
    assert "为什么给 2 分？" in customer.reads
    assert 'maxlength="2000"' in customer.reads, "with a comma in it a browser would take two letters and no more"
    customer.presses("back")
    assert 'value="2" checked' in customer.reads
    customer.presses(nps="10")
    assert "请给各方面打分" in customer.reads, "who recommends us is not asked why"
    customer.presses(aspects__wait="1")
    assert customer.is_thanked
    answer = kept()
    assert unseal(answer.sealed or b"") == {
        "answers": {"nps": 10, "aspects": {"wait": "1"}},
        "shown": ["nps", "aspects"],
    }
    assert (answer.via, answer.unit, answer.weight, answer.is_mixed) == ("qr", bank.north_outlet, 1.0, True)
    assert not customer.browser.cookies


def test_sent_again_the_first_stands_and_she_is_told_so(version: Version) -> None:
    customer = Customer(links.public(version.survey))
    customer.presses(nps="9")
    before = customer.hidden
    assert customer.presses(aspects__wait="5").is_thanked
    at = f"{timezone.localtime(kept().answered_at):%Y-%m-%d %H:%M}"
    customer.hidden = before
    again = customer.presses(aspects__wait="1")
    assert (again.response.status_code, again.is_thanked) == (200, False)
    assert f"您的回答在 {at} 已经收到，保留的就是那一次" in again.reads
    assert "找不出哪一份是您的" in again.reads
    customer.hidden = before
    assert customer.presses(aspects__wait="5").reads == again.reads, "nobody learns by trying what was answered"
    customer.hidden = before
    assert "改动没有计入" in customer.presses("back").reads, "before she fills all of it in for nothing"
    assert unseal(kept().sealed or b"")["answers"]["aspects"] == {"wait": "5"}
    assert Customer(links.public(version.survey)).answers().is_thanked
    assert Response.objects.count() == 2, "another visit is another answer"


def test_after_an_erasure_no_link_tells_more_than_any_wrong_one(version: Version) -> None:
    used, unused = invite(version, 2)
    Customer(links.invited(used)).answers()
    asked = Invitation.objects.get(token=links.hashed(unused))
    former = Customer("/s/i/former/")
    FormerLink.objects.create(token=links.hashed("former"), invitation=asked)
    assert "这个链接已停用" in Customer("/s/i/former/").reads
    ids = {each.token[: forgetting.ID] for each in Invitation.objects.all()}
    forgetting.forget(ids)
    Response.objects.all().delete()
    assert '<a href="?lang=en" lang="en">English</a>' in former.reads
    assert "This link" in Customer("/s/i/former/?lang=en").reads
    assert Customer("/s/i/former/").reads.replace("former", "") == former.reads.replace("former", "")
    assert "应要求删除" in former.reads
    spent = Customer(links.invited(used))
    assert (spent.response.status_code, "这个链接已经用过" in spent.reads, "收到" in spent.reads) == (200, True, False)
    stop = Customer(f"{links.invited(unused)}stop/")
    assert (stop.response.status_code, "应要求删除" in stop.reads) == (404, True), "no promise that could not be kept"


def test_a_link_of_ones_own_works_once_goes_on_after_an_interruption_and_weighs_what_it_stands_for(
    version: Version, bank: Bank
) -> None:
    (token,) = invite(version, unit=bank.north_outlet, tier="gold", stratum="N11/gold", probability=0.25)
    interrupted = Customer(links.invited(token)).presses(nps="3")
    assert Draft.objects.get().sealed != b""
    later = Customer(links.invited(token), address="10.9.9.9")
    assert "接着上次的地方继续" in later.reads
    assert "为什么给 3 分？" in later.reads
    later.presses(why="只开一个窗口").presses()
    assert later.is_thanked
    told = interrupted.presses(why="另一句话")
    assert "请网点的工作人员或客服删除这份答案" in told.reads, (
        "a second browser is told at once, not after its last page"
    )
    answer = kept()
    assert (answer.weight, answer.tier, answer.stratum, answer.via) == (4.0, "gold", "N11/gold", "invitation")
    assert answer.invitation == Invitation.objects.get(is_used=True)
    assert unseal(answer.sealed or b"")["answers"]["why"] == "只开一个窗口"
    assert not Draft.objects.exists()
    assert "每个链接只计一次" in Customer(links.invited(token)).reads


@pytest.mark.one_database
def test_a_page_of_one_link_opens_no_other_and_a_branch_cannot_be_swapped(version: Version, bank: Bank) -> None:
    first, second = invite(version, 2)
    stolen = Customer(links.invited(first)).presses(nps="9").hidden
    other = Customer(links.invited(second))
    other.hidden = stolen
    assert other.presses().response.status_code == 409
    assert "已经过期" in other.reads
    poster = links.public(version.survey, bank.north_outlet)
    assert Customer(poster.replace("N11", "N12")).answers().is_thanked
    assert (kept().via, kept().unit) == ("link", None), "a changed address names no branch"
    assert links.unit_of(version.survey, links.signed_unit(version.survey, bank.south_outlet)) is None


@pytest.mark.one_database
def test_what_is_shut_is_told_kindly(version: Version, bank: Bank) -> None:
    (token,) = invite(version)
    (late,) = invite(version, keep_until=timezone.localdate().replace(year=2020))
    told = {
        links.invited("nobody-has-this"): (404, "没有复制完整"),
        "/s/abcd2345/": (404, "重新扫描"),
        links.invited(late): (410, "超过期限"),
    }
    for place, (status, words) in told.items():
        found = Customer(place)
        assert (found.response.status_code, words in found.reads) == (status, True), place
    under_way = Customer(links.invited(token)).presses(nps="9")
    for state, status, words in (("paused", 423, "暂时停收"), ("closed", 410, "目前不收回答"), ("draft", 410, "不收")):
        Survey.objects.update(state=state)
        assert words in Customer(links.public(version.survey)).reads
        assert under_way.presses().response.status_code == status
        assert words in under_way.reads
    Survey.objects.update(state="open", is_public=False)
    assert Customer(links.public(version.survey)).response.status_code == 410
    assert Customer(links.invited(token)).response.status_code == 200
    assert not Response.objects.exists()


@pytest.mark.one_database
def test_who_tries_it_out_is_not_counted(version: Version) -> None:
    Survey.objects.update(state="draft", is_public=False)
    customer = Customer(links.trial(version.survey))
    assert "试答" in customer.reads
    assert "试答结束" in customer.answers().reads
    assert not Response.objects.exists()
    assert Customer(links.trial(version.survey)[:-1] + "x").response.status_code == 410


def test_a_full_quota_is_told_before_one_has_answered_it_all(bank: Bank) -> None:
    cheap = {"question": "nps", "is": "at_most", "value": 6}
    quotas = [{"code": "low", "name": "不满意", "when": cheap, "limit": 1}]
    version = survey(bank.north_branch, VISIT | {"quotas": quotas})
    place = links.public(version.survey)
    together = Customer(place).presses(nps="1").presses(why="慢")
    assert Customer(place).answers(nps=2).is_thanked
    assert "名额已经满了" in together.presses().reads, "another was faster"
    assert "名额已经满了" in Customer(place).presses(nps="3").reads
    assert Customer(place).answers(nps=9).is_thanked
    assert QuotaCount.objects.get().taken == 1
    assert Response.objects.count() == 2


@pytest.mark.one_database
def test_what_is_answered_without_reading_or_by_one_hand_is_marked_and_kept(
    version: Version, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    import ipaddress

    settings.STAFF_NETWORKS = [ipaddress.ip_network("10.20.0.0/16")]  # type: ignore[attr-defined]
    place = links.public(version.survey)
    Customer(place).answers(line=("5", "5", "5", "5", "5"))
    assert kept().marks == ["straight_lining", "speeding"], "a test client reads nothing"
    monkeypatch.setattr(trust, "SECONDS_A_WORD", 0)
    for number in range(3):
        Customer(place, agent=f"Telephone {number}.{number}").answers()
    Customer(place, agent="Another make").answers()
    Customer(place, address="10.20.3.4").answers()
    marks = [row.marks for row in Response.objects.exclude(marks=["straight_lining", "speeding"])]
    assert sorted(marks) == [[], [], [], ["same_device"], ["staff_network"]], (
        "the fourth of a day, whatever its version"
    )


@pytest.mark.one_database
def test_too_many_from_one_line_wait_and_lose_nothing(
    version: Version, monkeypatch: pytest.MonkeyPatch, clerk: Staff
) -> None:
    from huixiang.apps.intake import limits

    monkeypatch.setattr(limits, "MOST_SENT", 1)
    place = links.public(version.survey)
    assert Customer(place).answers().is_thanked
    blocked = Customer(place).answers()
    assert blocked.response.status_code == 429
    assert "您填的都还在" in blocked.reads
    monkeypatch.setattr(limits, "MOST_SENT", 2)
    assert blocked.presses(aspects__wait="5").is_thanked
    program = Customer(place).presses(nps="9")
    program.hidden["website"] = "http://spam.example"
    assert program.presses().response.status_code == 422
    assert submitting.is_known("") is False


def test_what_was_begun_is_forgotten_with_its_time_and_with_the_customer(version: Version, bank: Bank) -> None:
    first, second, third = invite(version, 3, contact=b"sealed")
    for token in (first, second):
        Customer(links.invited(token)).presses(nps="4")
    asked = Invitation.objects.get(token=links.hashed(first))
    ids = forgetting.of_customer(asked.customer, frozenset({bank.north_branch.code}))
    assert not forgetting.of_customer(asked.customer, frozenset({bank.south_branch.code}))
    assert (forgetting.left(ids), forgetting.drafts_left(ids)) == (1, 1)
    forgetting.forget(ids)
    forgetting.forget(ids)
    assert (forgetting.left(ids), forgetting.drafts_left(ids)) == (0, 0)
    asked.refresh_from_db()
    assert (asked.contact, asked.customer) == (None, "")
    assert Draft.objects.count() == 1
    now = timezone.now()
    forgetting.forget_old(now, timezone.localdate())
    assert Draft.objects.count() == 1
    assert Invitation.objects.get(token=links.hashed(third)).contact is not None
    later = now + timedelta(days=40)
    Customer(links.invited(third)).answers()
    forgetting.forget_old(later, later.date())
    assert not Draft.objects.exists()
    assert not Invitation.objects.exclude(contact=None).exists()
    assert Response.objects.count() == 1, "it waits for the lake"
    forgetting.forget_old(later, later.date() + timedelta(days=400))
    assert not Response.objects.exists()


@pytest.mark.one_database
def test_a_manager_opens_it_prints_posters_for_her_branches_and_tries_it_out(
    version: Version, bank: Bank, manager: Staff, clerk: Staff
) -> None:
    desk, survey_ = make.client(manager), version.survey
    place = reverse("survey_ways", args=[survey_.pk])
    assert make.client(clerk).get(place).status_code == 404
    page = desk.get(place).content.decode()
    assert links.trial(survey_) in page
    assert "北山二路网点" in page
    assert "南湖一路网点" not in page
    desk.post(reverse("survey_public_turn", args=[survey_.pk]), {"public": "0"})
    assert Customer(links.public(survey_)).response.status_code == 410
    assert "只有邀请链接可以作答" in desk.get(place).content.decode()
    desk.post(reverse("survey_public_turn", args=[survey_.pk]), {"public": "1"})
    poster = desk.get(reverse("survey_poster", args=[survey_.pk, "N12"]))
    assert (poster.status_code, poster.content[:5]) == (200, b"%PDF-")
    assert desk.get(reverse("survey_poster", args=[survey_.pk, "S11"])).status_code == 404
    deeds = AuditRecord.objects.filter(on_kind="survey").order_by("seq").values_list("verb", flat=True)
    assert list(deeds) == ["survey.change", "survey.change", "survey.poster"]
    assert "北山二路网点" not in desk.get(place, {"q": "一路"}).content.decode()
