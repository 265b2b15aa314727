"""Who is asked, does each message leave once, and is nobody asked who does not want to be?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.surveys import drawing, framing, handing, links, optouts, pleased, rates, sending, tokens, unframing
from huixiang.apps.surveys.actions import rounds as actions
from huixiang.apps.surveys.drawing import Plan
from huixiang.apps.surveys.models import Framed, Invitation, OptOut, Round, Survey
from huixiang.channels.contract import Fault
from huixiang.channels.survey_frames import FrameMapping
from huixiang.domain.surveys.sampling import Rule
from tests import make
from tests.apps import arrivals
from tests.gateways.servers import SECRET, Platform, Postman, mail_server, sms_platform
from tests.make import Bank

NOON, NIGHT = (datetime(2026, 11, 27, hour, tzinfo=UTC) for hour in (4, 14))  # in Beijing 12:00 and 22:00
PUBLIC = "https://voice.bank.example"


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.PUBLIC_URL = PUBLIC


@pytest.fixture
def sender(bank: Bank) -> Staff:
    return make.staff("3001", bank.north, "branch_manager")


@pytest.fixture
def survey(bank: Bank) -> Survey:
    return Survey.objects.create(unit=bank.north, name="到访问卷", slug="visit", state=Survey.State.OPEN)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    with sms_platform() as (found, url):
        monkeypatch.setenv("HUIXIANG_SMS_URL", url)
        monkeypatch.setenv("HUIXIANG_SMS_SECRET", SECRET)
        yield found


@pytest.fixture
def postman(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postman]:
    with mail_server() as (found, url):
        monkeypatch.setenv("HUIXIANG_MAIL_URL", url)
        monkeypatch.setenv("HUIXIANG_MAIL_FROM", "海川银行 <survey@bank.example>")
        yield found


def file(place: Path, *lines: str) -> Path:
    found = place / "名单.csv"
    found.write_text("\n".join(("客户号,机构号,客户等级,到访日期,手机,邮箱,不愿接受调查,经办人", *lines)), "utf-8")
    return found


def people(place: Path, count: int, unit: str = "N11", first: int = 0) -> Path:
    day = timezone.localdate() - timedelta(days=1)
    return file(
        place, *(f"K{n},{unit},金卡,{day},1380000{n:04d},k{n}@example.com,,3001" for n in range(first, first + count))
    )


def plan(medium: str = "sms", **rule: Any) -> Plan:
    today = timezone.localdate()
    return Plan(today - timedelta(days=30), today, Rule(**{"share": 1.0} | rule), medium)


def framed(survey: Survey, path: Path) -> framing.Account:
    return framing.bring(path, survey, FrameMapping(), actor="cli:test")


def sending_round(survey: Survey, by: Staff, medium: str = "sms") -> Round:
    made = actions.draw_round(survey, "十一月", plan(medium), by=by)
    actions.begin_round(made, by=by)
    return made


def states(round_: Round) -> list[str]:
    return sorted(round_.invitations.values_list("state", flat=True))


@pytest.mark.one_database
def test_good_rows_come_in_bad_ones_are_told_and_a_file_twice_adds_nothing(survey: Survey, tmp_path: Path) -> None:
    day = timezone.localdate() - timedelta(days=2)
    path = file(
        tmp_path,
        f"K1,N11,金卡,{day},+86 138-0000-0001,,,3001",
        f"K2,S11,金卡,{day},13800000002,,,",  # beyond the survey
        f"K3,N12,,{day},,,maybe,",  # whether he minds is not known
        f"K4,N12,,{day},010-62345678,,,",  # reached by no short message, but still a customer
        "K5,N12,,,13800000005,,,",
        f"K6,N12,,{day},13800000006,,是,",
    )
    make.staff("3001")
    told = framed(survey, path)
    assert (told.read, told.new, told.refused, told.unusable) == (6, 3, 3, 1)
    places = [fault.params["row"] for fault in told.faults]
    assert places == [3, 4, 5, 6]
    assert not any("1380000" in str(fault) or "6234" in str(fault) for fault in told.faults)
    again = framed(survey, path)
    assert (again.new, again.same, again.changed) == (0, 3, 0)
    line = Framed.objects.get(has_phone=True, has_opted_out=False)
    assert framing.opened(line) == {"phone": "13800000001"}
    assert b"138" not in bytes(line.contact or b"")


@pytest.mark.one_database
def test_a_draw_can_be_done_again_by_anybody(
    survey: Survey, sender: Staff, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from huixiang.web import cli

    framed(survey, people(tmp_path, 60))
    framed(survey, people(tmp_path, 6, "N12", first=100))
    actions.leave_out(survey, "K7", "正在诉讼", by=sender)
    with pytest.raises(Fault, match="写明"):
        actions.leave_out(survey, "K8", " ", by=sender)
    made = actions.draw_round(survey, "十一月", plan(share=None, size=20, is_even=True), by=sender)
    assert [(row["stratum"], row["framed"], row["drawn"]) for row in made.account] == [("N11", 60, 14), ("N12", 6, 6)]
    assert made.account[0]["left_out"] == {"by_hand": 1}
    stands_for = sum(1 / one.probability for one in made.invitations.all())
    assert round(stands_for, 6) == 65
    # The list goes on changing, and a customer has everything erased: the draw is still the same.
    Framed.objects.all().delete()
    Invitation.objects.filter(pk=made.invitations.first().pk).update(customer="")  # type: ignore[union-attr]
    assert drawing.redraw(made).is_same
    cli.main(["surveys", "redraw", str(made.pk)])
    assert str(made.rule["seed"]) in capsys.readouterr().out
    made.invitations.filter(stratum="N12").first().delete()  # type: ignore[union-attr]
    assert not drawing.redraw(made).is_same, "somebody took an invitation away"
    assert set(AuditRecord.objects.values_list("verb", flat=True)) >= {"survey.frame", "round.draw", "survey.leave_out"}


def test_each_message_leaves_once_by_day_and_its_link_is_nowhere_in_the_database(
    survey: Survey, sender: Staff, platform: Platform, tmp_path: Path
) -> None:
    framed(survey, people(tmp_path, 3))
    made = sending_round(survey, sender)
    assert sending.send_all(lambda: NIGHT) == 0, "nobody is woken"
    assert sending.start_due(NIGHT) is None
    assert sending.start_due(NOON) is not None
    assert sending.start_due(NOON) is None, "one job at a time"
    platform.answers = [422, 503]
    assert sending.send_all(lambda: NOON) == 1
    assert states(made) == ["failed", "sent", "waiting"]
    assert rates.failures(made) == {"HTTP 422": 1}
    assert sending.send_all(lambda: NOON) == 0, "later is not at once"
    assert sending.send_all(lambda: NOON + timedelta(minutes=11)) == 1
    made.refresh_from_db()
    assert (made.state, len(platform.taken)) == (Round.State.SENT, 2)
    _to, text = next(iter(platform.taken.values()))
    token = re.findall(r"/s/i/([\w-]{22})/", text)
    assert len(token) == 2
    assert "北山一路网点" in text
    assert "{" not in text
    one = Invitation.objects.get(token=links.hashed(token[0]))
    assert token[0] not in str(Invitation.objects.filter(pk=one.pk).values())
    assert rates.total(rates.of_survey(survey)).delivered == 2


def test_killed_between_a_short_message_goes_once_and_a_mail_is_left_to_a_person(
    survey: Survey, sender: Staff, platform: Platform, postman: Postman, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    framed(survey, people(tmp_path, 2))
    sms = sending_round(survey, sender)

    def killed(*_given: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_told", killed)
        with pytest.raises(KeyboardInterrupt):
            sending.send_all(lambda: NOON)
    assert (len(platform.taken), states(sms)) == (1, ["going", "going"])
    assert sending.send_all(lambda: NOON + timedelta(minutes=1)) == 0, "perhaps only slow: its time is not over"
    assert sending.send_all(lambda: NOON + timedelta(minutes=16)) == 2
    assert len(platform.taken) == 2, "the platform knew the first one's id"
    # As mail: nobody can tell, so nobody gets it twice without somebody deciding it.
    Invitation.objects.update(customer="")
    mail = sending_round(survey, sender, "mail")
    mail.invitations.update(state="going", tried_at=NOON)
    sending.send_all(lambda: NOON)
    assert (states(mail), postman.taken) == (["unsure", "unsure"], [])
    assert actions.send_unsure_again(mail, by=sender) == 2
    sending.send_all(lambda: NOON + timedelta(hours=1))
    assert [to for to, _content in postman.taken] != []
    assert states(mail) == ["sent", "sent"]


def test_who_was_asked_lately_or_says_no_is_left_in_peace_by_every_survey(
    survey: Survey, bank: Bank, sender: Staff, platform: Platform, tmp_path: Path
) -> None:
    framed(survey, people(tmp_path, 3))
    first = sending_round(survey, sender)
    second = actions.draw_round(survey, "同时", plan(), by=sender)
    actions.begin_round(second, by=sender)
    today = timezone.now().replace(hour=4)
    sending.send_all(lambda: today)
    assert (states(first), states(second)) == (["sent"] * 3, ["skipped"] * 3)
    with pytest.raises(Fault, match="没有抽到"):
        actions.draw_round(survey, "再来", plan(), by=sender)
    # One click from the message, with a question before it; another survey of the bank hears of it.
    one = first.invitations.first()
    assert one is not None
    page = f"/s/i/{tokens.token_of(one.pk.hex)}/stop/"
    browser = make.client()
    assert "不再" in browser.get(page).content.decode()
    assert not OptOut.objects.exists()
    assert "已" in browser.post(page).content.decode()
    assert list(OptOut.objects.values_list("customer", "via")) == [(one.customer, "link")]
    assert browser.get("/s/i/wrong/stop/").status_code == 404
    other = Survey.objects.create(unit=bank.north, name="另一份", slug="other", state=Survey.State.OPEN)
    framed(other, people(tmp_path, 3))
    Invitation.objects.filter(pk=one.pk).update(sent_at=today - timedelta(days=90))
    kept = drawing.frame_of(other, plan(), timezone.localdate(), sender)
    assert {c.has_opted_out for c in kept.candidates if c.customer == one.customer} == {True}
    rows = list(optouts.exported(by="cli:test"))
    assert rows[0][0] == one.customer
    (tmp_path / "no.csv").write_text("客户号\nK1\nK99\n", "utf-8")
    assert optouts.bring(tmp_path / "no.csv", actor="cli:test")[0] == 2


def test_reminders_go_to_those_who_have_not_answered_and_carry_the_same_link(
    survey: Survey, sender: Staff, platform: Platform, tmp_path: Path
) -> None:
    framed(survey, people(tmp_path, 2))
    made = sending_round(survey, sender)
    actions.word_round(made, actions.Wording(remind_after=3, remind_most=1), by=sender)
    sending.send_all(lambda: NOON)
    made.invitations.filter(place=0).update(is_used=True)
    for days in (2, 4, 8, 12):
        sending.send_all(lambda days=days: NOON + timedelta(days=days))  # type: ignore[misc]
    texts = [text for _to, text in platform.taken.values()]
    assert len(texts) == 3
    assert len(set(texts)) == 2
    with pytest.raises(Fault, match="stop"):
        actions.word_round(made, actions.Wording(sms="请作答 {link}"), by=sender)


def test_links_are_given_out_once_and_it_is_known_who_asked_whom(
    survey: Survey, bank: Bank, sender: Staff, tmp_path: Path
) -> None:
    framed(survey, people(tmp_path, 2))
    made = actions.draw_round(survey, "柜面", plan("link"), by=sender)
    browser = make.client(sender)
    got = browser.post(reverse("round_links", args=[survey.pk, made.pk]))
    lines = b"".join(got).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert PUBLIC in lines[1]
    assert ",3001," in lines[1]
    assert browser.post(reverse("round_links", args=[survey.pk, made.pk])).status_code == 302
    with pytest.raises(Fault, match="休息"):
        handing.hand_over(survey, "K1", bank.north_outlet, by=sender)
    handed = handing.hand_over(survey, "K77", bank.north_outlet, by=sender)
    assert (handed.asked_by, handed.state) == (sender, "sent")
    clerk = make.staff("3002", bank.north_outlet)
    code = handing.code_of(survey, clerk)
    scanned = make.client().post(f"/s/a/{code}/")
    assert scanned["Location"].startswith("/s/i/")
    assert Invitation.objects.filter(asked_by=clerk, customer="").count() == 1
    assert make.client().get(f"/s/a/{code[:-1]}x/").status_code == 404
    assert handing.forget_unused(timezone.localdate() + timedelta(days=40)) == 1


@pytest.mark.one_database
def test_the_pages_lead_from_the_list_to_the_account(survey: Survey, sender: Staff, tmp_path: Path) -> None:
    browser, at = make.client(sender), {"pk": survey.pk}
    with people(tmp_path, 30).open("rb") as list_:
        browser.post(reverse("survey_frame", kwargs=at), {"file": list_})
    said = browser.get(reverse("survey_rounds", kwargs=at)).content.decode()
    assert "新增 30" in said
    browser.post(reverse("survey_leave_out", kwargs=at), {"customer": "K3", "reason": "正在诉讼"})
    today = timezone.localdate()
    rule = {
        "name": "十一月", "since": today - timedelta(days=9), "until": today, "medium": "sms", "strata": "unit",
        "amount": "precision", "half_width": 10, "answering": 100, "least": 0,
    }  # fmt: skip
    previewed = browser.post(reverse("round_new", kwargs=at), rule | {"go": "preview"}).content.decode()
    assert "人工剔除" in previewed
    assert "97%" in previewed
    assert not Round.objects.exists()
    drawn = browser.post(reverse("round_new", kwargs=at), rule | {"go": "draw"})
    made = Round.objects.get()
    assert drawn["Location"] == reverse("survey_round", args=[survey.pk, made.pk])
    assert made.invitations.count() == 23, "Cochran: 97 of endless many, 23 of 29"
    shown = browser.get(drawn["Location"]).content.decode()
    assert "按 3 条计费" in shown
    assert "抽样说明" in shown
    words = {"sms": "{bank}{lnik}{stop}", "subject": "x", "mail": "{link}{stop}", "remind_after": 0, "remind_most": 1}
    assert "{lnik}" in browser.post(drawn["Location"], words).content.decode()
    begun = browser.post(reverse("round_verb", args=[survey.pk, made.pk, "begin"]), follow=True).content.decode()
    assert "HUIXIANG_SMS_URL" in begun
    assert (
        "完全一致"
        in browser.post(reverse("round_verb", args=[survey.pk, made.pk, "redraw"]), follow=True).content.decode()
    )
    assert browser.post(reverse("survey_optouts"), {"customer": "K5", "go": "add"}).status_code == 302
    assert OptOut.objects.count() == 1
    for name in ("survey_hand", "survey_fairness"):
        assert browser.get(reverse(name, kwargs=at)).status_code == 200
    assert browser.get(reverse("survey_optouts")).status_code == 200


@pytest.mark.one_database
def test_among_thousands_one_finds_oneself_first_and_others_by_name(survey: Survey, bank: Bank, sender: Staff) -> None:
    for number in range(1000, 1040):
        make.staff(str(number), bank.north_outlet)
    make.staff("0001", bank.south, name="远方")
    make.staff("2001", bank.north_branch, name="王小满")
    browser, place = make.client(sender), reverse("survey_hand", args=[survey.pk])
    first = browser.get(place).content.decode()
    assert first.index(sender.name) < first.index("员工1000")
    assert "其余请按姓名或工号查找" in first
    assert "王小满" not in first
    assert "远方" not in first
    assert "王小满" in browser.get(place, {"q": "小满"}).content.decode()
    assert "没有找到这位同事" in browser.get(place, {"q": "0001"}).content.decode()


@pytest.mark.one_database
def test_beyond_reach_nothing_is_drawn_or_seen(survey: Survey, bank: Bank, tmp_path: Path) -> None:
    framed(survey, people(tmp_path, 3))
    southern = make.staff("3009", bank.south, "branch_manager")
    browser = make.client(southern)
    for name in ("survey_rounds", "round_new", "survey_hand", "survey_fairness"):
        assert browser.get(reverse(name, args=[survey.pk])).status_code == 404
    assert (
        make.client(make.staff("3010", bank.north, "inspector")).get(reverse("round_new", args=[survey.pk])).status_code
        == 404
    )


@pytest.mark.one_database
def test_customers_known_to_be_displeased_are_compared_with_the_others(
    survey: Survey, sender: Staff, tmp_path: Path
) -> None:
    framed(survey, people(tmp_path, 60))
    lately, long_ago = (f"{timezone.localdate() - timedelta(days=days)} 09:00" for days in (20, 200))
    said = [arrivals.row(6 * n, 客户=f"K{n}", 时间=lately) for n in range(20)]  # queues of an hour
    said += [arrivals.row(6 * n + 1, 客户=f"K{n}", 时间=lately) for n in range(20, 30)]  # praise
    said += [arrivals.row(6 * n, 客户=f"K{n}", 时间=long_ago) for n in range(30, 40)]
    arrivals.bring_in(arrivals.table(tmp_path / "web.csv", said))
    unhappy = {framing.pseudonym_of(f"K{n}") for n in range(20)}
    made = actions.draw_round(survey, "柜面", plan("link"), by=sender)
    made.invitations.exclude(customer__in=unhappy).update(sent_at=timezone.now())
    looks = pleased.looks(survey, timezone.localdate(), sender)
    (unit,), (person,) = looks.by_unit, looks.by_staff
    assert (unit.asked.displeased_asked, unit.asked.displeased, unit.asked.others_asked) == (0, 20, 40)
    assert (unit.verdict.verdict, person.code) == ("uneven", "3001")


def test_an_erased_customer_stands_on_no_list_any_more_but_is_not_asked_again(
    survey: Survey, sender: Staff, tmp_path: Path
) -> None:
    framed(survey, people(tmp_path, 2))
    customer = framing.pseudonym_of("K1")
    found = unframing.of_customer(customer, None)
    assert (len(found), unframing.left(found)) == (1, 1)
    unframing.forget(found)
    assert (unframing.left(found), Framed.objects.count()) == (0, 1)
    assert framing.forget_old(timezone.localdate() + timedelta(days=400)) == 1


@pytest.mark.one_database
def test_of_an_anonymous_survey_no_count_tells_who_of_a_few_has_answered(
    survey: Survey, sender: Staff, tmp_path: Path
) -> None:
    Survey.objects.filter(pk=survey.pk).update(is_anonymous=True)
    survey.refresh_from_db()
    framed(survey, people(tmp_path, 20))
    framed(survey, people(tmp_path, 1, "N12", first=50))
    made = actions.draw_round(survey, "匿名", plan("link"), by=sender)
    made.invitations.update(state="sent", sent_at=timezone.now())
    made.invitations.filter(place__lt=9).update(is_used=True)
    made.invitations.filter(stratum="N12").update(is_used=True)
    assert {rate.name: rate.answered % 5 for rate in rates.of_round(made)} == {"N11": 0, "N12": 0}
    assert rates.of_round(made)[1].answered == 0
