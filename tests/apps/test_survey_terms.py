"""Are answers to named surveys gone with their time, and do the results of those months stay what they were?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import actions, certifying, erasing, keeping, terms
from huixiang.apps.feedback.models import Erasure, Expiry, Term
from huixiang.apps.surveys import drawing, expiring, taking
from huixiang.apps.surveys.models import Invitation, Response, Round, Version
from huixiang.apps.surveys.result_cells import Choice, asked
from huixiang.apps.surveys.result_exports import leaving, sheet
from huixiang.apps.surveys.results import results
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import pseudonym
from huixiang.domain.surveys.scores import FEWEST
from huixiang.lake import expiring_answers
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.apps.surveys import answered, lies_in_the_lake, people, survey
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.apps.test_survey_files import MAPPING, brought
from tests.apps.test_survey_landing import GIVEN, rows
from tests.apps.test_terms import in_force, left_on_disk
from tests.make import Bank

CODE = expiring.CODE


def months_ago(count: int) -> date:
    """The middle of a month so long ago."""
    day = timezone.localdate().replace(day=15)
    for _ in range(count):
        day = (day.replace(day=1) - timedelta(days=1)).replace(day=15)
    return day


@pytest.fixture
def visits(bank: Bank, lake: Lake) -> Version:
    """Of three units and two tiers, drawn with two probabilities, two years ago; and a few whom all would know."""
    version = survey(bank.head_office)
    many = [
        replace(
            each, answered_on=months_ago(24), weight=4.0 if each.tier == "普卡" else 1.5, stratum=each.tier, seconds=97
        )
        for each in people(240)
    ]
    few = [
        replace(each, tier="黑金", weight=1.0, via="invitation", answered_on=months_ago(20)) for each in people(12, 7)
    ]
    lies_in_the_lake(lake, version, many + few)
    lies_in_the_lake(lake, version, [replace(each, answered_on=months_ago(1)) for each in people(30, 3)])
    return version


def told(by: Staff) -> list[Any]:
    """All that is told of the month in which many answered, to the last digit."""
    api, of = caller(by), f"until={months_ago(24):%Y-%m}"
    found = [api.get(f"/surveys/visit/results?{of}{more}").json() for more in ("", "&unit=N11", "&tier=普卡")]
    found += [api.get(f"/surveys/visit/compare?{of}&question=nps&by={trait}").json() for trait in ("unit", "tier")]
    drivers = api.get(f"/surveys/visit/drivers?{of}&question=csat").json()
    names = ("name", "johnson_weight", "correlation", "mean")  # how stable that is, is drawn by chance
    return [*found, drivers["answered_count"], *(one[name] for one in drivers["drivers"] for name in names)]


def scores(lake: Lake, version: Version, by: Staff) -> dict[str, tuple[int, float | None]]:
    """And of the whole time."""
    found = results(lake, asked(version.survey, Choice(), by)).questions
    return {one.title: (one.n, round(one.score.score.value, 9) if one.score else None) for one in found}


def test_a_term_is_seen_before_it_holds_and_results_stay_what_they_were(
    visits: Version, lake: Lake, quality: Staff, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring_answers, "AT_ONCE", 30)  # five of a unit and tier, of forty who are told alike
    old = {row["id"] for row in rows(lake, "responses") if row["answered_on"] < months_ago(12)}
    page, wanted = reverse("retention_channel", args=[CODE]), {"months": "12", "manner": "figures"}
    web = make.client(quality)
    looked = web.post(page, wanted | {"look": "1"}).content.decode()
    assert "之前的 252 份答卷" in looked
    assert "隔离的行保存几天" not in looked
    assert "252 份答卷里的客户假名" in looked
    assert "免得由文字旁的假名、机构与评分认出是哪一份" in looked
    harsh = web.post(page, wanted | {"look": "1", "manner": "delete"}).content.decode()
    assert "252 份答卷，连同全部选项" in harsh
    with pytest.raises(Fault, match="连同全部选项"):
        actions.settle_term(CODE, actions.Wanted(12, "delete"), sure=False, by=quality)
    assert (web.post(page, wanted).status_code, Term.objects.count()) == (200, 0), "nobody said that she is sure"
    assert web.post(page, wanted | {"sure": "on"}).status_code == 302
    assert make.client(manager).get(page).status_code == 404
    now = timezone.now()
    assert keeping.clear(now, "survey_answers") == 0, "not for a week"
    before = told(quality), scores(lake, visits, quality)

    later = now + timedelta(days=8)
    assert {each.keeping.code: each.due for each in keeping.told(later)}["survey_answers"] == 252
    assert (keeping.clear(later, "survey_answers"), keeping.clear(later, "survey_answers")) == (252, 0)
    assert (told(quality), scores(lake, visits, quality)) == before
    assert left_on_disk(lake, old) == 0
    gone = [row for row in rows(lake, "responses") if not row["import_id"]]
    assert len(gone) == 252
    assert {(row["answered_on"].day, row["seconds"], row["arrival"]) for row in gone} == {
        (1, 60, None),
        (1, None, None),
    }
    few = [row for row in gone if row["month"] == f"{months_ago(20):%Y-%m}"]
    known = {(row["unit"], row["tier"], row["stratum"], row["via"], row["weight"]) for row in few}
    assert known == {(None, "", "", "", 1.0)}, "four of a unit and tier are too few to be told apart"
    it = asked(visits.survey, Choice(), quality)
    days = {row[2] for row in leaving(lake, it, sheet(it, with_words=False)).rows}
    assert f"{months_ago(24):%Y-%m}" in days, "nobody answered on the first of the month"
    assert months_ago(1).isoformat() in days
    run = Expiry.objects.get()
    assert (run.voices, bytes(run.salt)) == (252, b"")
    assert AuditRecord.objects.get(verb="survey.expire").detail["count"] == 252

    api = caller(quality)
    assert api.get("/retention/surveys/answers").json()["figures"] == 252
    assert api.get("/retention/surveys/answers/effect?months=6&manner=delete").json()["answers"] == 252
    assert api.put("/retention/surveys/answers", {"months": 6, "manner": "delete"}).status_code == 422
    assert api.put("/retention/surveys/answers", {"months": 12}).json()["manner"] == "figures"
    assert caller(manager).put("/retention/surveys/answers", {"months": 12}).status_code == 404
    in_force(CODE, months=12, manner="delete")
    assert keeping.clear(later, "survey_answers") == 252, "harsher later, figures go too"
    assert len(rows(lake, "responses")) == 30


def test_killed_anywhere_the_next_night_ends_it_and_nothing_comes_back_with_its_file(
    bank: Bank, lake: Lake, quality: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, file = survey(bank.head_office), tmp_path / "答卷.csv"
    lines = [f"Q{n},{months_ago(24 if n < 8 else 2)} 09:00,N11,C{n},{n}" for n in range(11)]
    file.write_text("\n".join(["编号,时间,网点,客户号,推荐", *lines]), "utf-8")
    assert brought(file, version, MAPPING).new == 11
    points = sorted(row["value"] for row in rows(lake, "answers") if row["question"] == "nps")
    in_force(CODE, months=12)
    monkeypatch.setattr(expiring_answers, "AT_ONCE", 3)
    for owner, name in ((Lake, "exchange"), (Lake, "delete"), (expiring, "expire_answers"), (Lake, "forget_former")):
        with pytest.MonkeyPatch.context() as patch:
            dies_after(patch, owner, name)
            with pytest.raises(Killed):
                expiring.carry_out(timezone.now())
    expiring.carry_out(timezone.now())
    assert not Expiry.objects.exclude(salt=b"").exists()
    assert sorted(row["value"] for row in rows(lake, "answers") if row["question"] == "nps") == points
    assert len({row["id"] for row in rows(lake, "answers")}) == len(rows(lake, "responses")) == 11
    assert len(rows(lake, "speakers")) == 3
    again = brought(file.rename(file.with_name("再来.csv")), version, MAPPING)
    assert (again.new, again.same, again.erased) == (0, 3, 8)
    for months in (36, None):
        actions.settle_term(CODE, actions.Wanted(months=months), sure=True, by="cli:tester")
        again = brought(file.with_name("再来.csv").rename(file.with_name(f"{months}.csv")), version, MAPPING)
        assert (again.new, again.same, again.erased) == (0, 3, 8), "under a longer term the same would count twice"
        file.with_name(f"{months}.csv").rename(file.with_name("再来.csv"))


@pytest.mark.one_database
def test_own_links_leave_no_row_no_pseudonym_and_no_way_to_the_words(bank: Bank, lake: Lake, quality: Staff) -> None:
    version, day = survey(bank.head_office), months_ago(24)
    then = timezone.now() - (timezone.localdate() - day)
    sent = Round.objects.create(survey=version.survey, name="一", by=quality)
    mine = pseudonym("C1", b"x")

    def one(token: str, answers: dict[str, Any]) -> Response:
        asked_ = Invitation.objects.create(
            round=sent, token=token, customer=mine, medium="link", probability=0.5, keep_until=day, is_used=True
        )
        return answered(
            version, answers, invitation=asked_, answered_on=day, answered_at=then, via="invitation", weight=2.0
        )

    first = one("a", GIVEN | {"why": "排队太久"})
    taking.take_in()
    assert keeping.clear(timezone.now(), "voices-survey") == 0, "words have no term of their own"
    voices = {row["voice"] for row in rows(lake, "answers") if row["voice"]}
    kept = Response.objects.values().get()
    in_force(CODE, months=12)
    stuck = one("b", GIVEN)
    assert taking.take_in() == 0, "what waited too long is not taken in"
    assert expiring.carry_out(timezone.now()) == 0, "as long as words are there, no figure stands beside them"
    assert keeping.clear(timezone.now(), "voices-survey") == 2
    for _ in ("told alike", "answers renamed"):
        with pytest.MonkeyPatch.context() as patch:
            dies_after(patch, Lake, "exchange")
            with pytest.raises(Killed):
                expiring.carry_out(timezone.now())
    assert expiring.carry_out(timezone.now()) == 1
    assert not Response.objects.filter(pk__in=[first.pk, stuck.pk]).exists()
    assert not Invitation.objects.exclude(customer="").exists()
    assert Invitation.objects.filter(is_used=True).count() == 2, "how many answered is still known"
    found = rows(lake, "answers")
    named = {row["voice"] for row in found if row["voice"]}
    assert len(named) == len(voices) == 2
    assert not named & voices, "something was written, and nothing leads to it"
    (whose,) = {row["id"] for row in rows(lake, "responses")}
    beside = {(row["unit"], row["tier"], row["weight"]) for row in found if row["voice"]}
    assert (beside, whose in {row["id"] for row in found if row["voice"]}) == ({(None, "", 1.0)}, False)
    asked_ = {row["question"] for row in found if row["voice"] and ":" not in row["question"]}
    assert not asked_ & {row["question"] for row in found if row["id"] == whose}, "nor what she passed over"
    assert rows(lake, "speakers") == [], "her words are nobody's either"
    assert not [row for row in rows(lake, "voices") if row["text"] or row["id"] in voices]

    in_force(CODE, months=12, manner="delete")
    assert (expiring.carry_out(timezone.now()), rows(lake, "answers")) == (1, []), "harsher later, these counts go too"

    Response.objects.create(**kept | {"batch_id": None})  # an older database was put back
    assert expiring.carry_out(timezone.now()) == 0
    assert not Response.objects.exists()


@pytest.mark.one_database
def test_after_a_year_nobody_knows_who_was_asked(bank: Bank, quality: Staff) -> None:
    version, now = survey(bank.head_office, is_anonymous=True), timezone.now()
    sent = Round.objects.create(survey=version.survey, name="一", by=quality)
    told = {"round": sent, "customer": pseudonym("C1", b"x"), "medium": "link", "probability": 0.5}
    for token, days, kept in (("old", 367, -1), ("counts", 365, -1), ("reached", 367, 30), ("waits", 367, -1)):
        at = {"sent_at": now - timedelta(days=days), "keep_until": timezone.localdate() + timedelta(days=kept)}
        Invitation.objects.create(token=token, **told, **at)
    Response.objects.create(
        version=version, invitation=Invitation.objects.get(token="waits"), answered_on=timezone.localdate()
    )
    assert {each.keeping.code: each.due for each in keeping.told(now)}["survey_invited"] == 1
    assert (keeping.clear(now, "survey_invited"), keeping.clear(now, "survey_invited")) == (1, 0)
    assert Invitation.objects.get(customer="").token == "old"
    assert drawing.asked_on([str(told["customer"])], timezone.localdate()), "who was asked lately is left in peace"
    assert AuditRecord.objects.get(verb="survey.asked_expire").detail["count"] == 1


@pytest.mark.one_database
def test_whoever_is_left_over_weighs_as_others_do(bank: Bank, lake: Lake) -> None:
    version = survey(bank.head_office)
    others = [replace(each, answered_on=months_ago(24), weight=4.0) for each in people(36)]
    alone = replace(people(37)[-1], answered_on=months_ago(24), unit="S12", tier="钻石", stratum="钻石", weight=1.25)
    lies_in_the_lake(lake, version, [*others, alone])
    whole = sum(row["weight"] for row in rows(lake, "responses"))
    in_force(CODE, months=12)
    assert expiring.carry_out(timezone.now()) == 37
    left = rows(lake, "responses")
    (hers,) = (row for row in left if not row["unit"])
    assert sum(row["weight"] == hers["weight"] for row in left) > FEWEST, "1.25 would tell her stratum"
    assert sum(row["weight"] for row in left) == pytest.approx(whole)


@pytest.mark.one_database
def test_who_asks_for_erasure_meanwhile_gets_her_certificate(bank: Bank, lake: Lake, quality: Staff) -> None:
    version = survey(bank.head_office)
    lies_in_the_lake(lake, version, [replace(each, answered_on=months_ago(24)) for each in people(12)])
    lies_in_the_lake(
        lake,
        survey(bank.head_office, slug="anon", is_anonymous=True),
        [replace(each, id=each.id[::-1], answered_on=months_ago(24)) for each in people(12)],
    )
    hers = min(row["id"] for row in rows(lake, "responses") if row["survey"] == "visit")
    erasure = Erasure.objects.create(what=Erasure.What.VOICE, by=quality, voices=1)
    erasure.tombstones.create(voice_id=hers)
    in_force(CODE, months=12, manner="delete")
    assert (terms.stored(CODE).voices, expiring.carry_out(timezone.now())) == (12, 11)
    erasing.carry_out(erasure)
    assert certifying.is_clean(erasure)
    left = rows(lake, "responses")
    assert {row["survey"] for row in left} == {"anon"}, "who promised to know nobody has nobody to forget"
    assert actions.certify(erasure.pk, by=quality)


def candidates(lake: Lake, voice: dict[str, Any]) -> list[str]:
    """Which figures may be of whoever said this? By what stands beside her words: survey's month, unit and points."""
    points = {(row["id"], row["question"]): row["value"] for row in rows(lake, "answers")}
    return [
        row["id"]
        for row in rows(lake, "responses")
        if not row["import_id"]
        and row["month"] == f"{voice['said_on']:%Y-%m}"
        and row["unit"] in (None, voice["branch"])
        and points.get((row["id"], "nps")) == voice["rating"]
    ]


@pytest.mark.one_database
def test_words_that_are_kept_longer_lead_to_no_figure(bank: Bank, lake: Lake, quality: Staff) -> None:
    """One of many gave a rare score and wrote: by unit, month and score her words would find her other answers."""
    version = survey(bank.head_office)
    day, said_ = months_ago(24), GIVEN | {"nps": 0, "why": "柜员让我等了两个小时"}
    answered(version, said_, answered_on=day, answered_at=timezone.now() - (timezone.localdate() - day), via="link")
    lies_in_the_lake(lake, version, [replace(each, answered_on=months_ago(24)) for each in people(40)])
    taking.take_in()
    in_force("survey", months=36)
    in_force(CODE, months=12)
    page = make.client(quality).get(reverse("retention")).content.decode()
    assert "最长与“问卷答卷”一样久：12 个月" in page
    said = [row for row in rows(lake, "voices") if row["text"]]
    assert said
    for night in (timezone.now(), timezone.now() + timedelta(days=1)):
        expiring.carry_out(night)  # the words' step failed that night, say
        kept = [row for row in rows(lake, "voices") if row["text"]]
        assert [candidates(lake, row) for row in kept] == [[] for _ in kept] or all(
            len(candidates(lake, row)) >= FEWEST for row in kept
        )
        keeping.clear(night, "voices-survey")
    assert not [row for row in rows(lake, "voices") if row["text"]]
    assert not [row for row in rows(lake, "responses") if row["import_id"]]


@pytest.mark.one_database
def test_what_a_killed_night_left_half_cleared_is_ended_by_the_next_moment(
    bank: Bank, lake: Lake, tmp_path: Path
) -> None:
    version, file = survey(bank.head_office), tmp_path / "答卷.csv"
    lines = [f"Q{n},{months_ago(24)} 09:00,N11,C{n},{n}" for n in range(4)]
    file.write_text("\n".join(["编号,时间戳,网点,客户号,推荐", *lines]), "utf-8")
    assert brought(file, version, MAPPING.replace('at = "时间"\n', "")).new == 4, "when it was filled in is guessed"
    in_force(CODE, months=12)
    assert expiring.begin_due(timezone.now()) is None
    with pytest.MonkeyPatch.context() as patch:
        dies_after(patch, Lake, "exchange")
        with pytest.raises(Killed):
            expiring.carry_out(timezone.now())
    job = expiring.begin_due(timezone.now())
    assert job
    assert expiring.begin_due(timezone.now()) is None, "somebody is at it"
    jobs.perform.func(str(job.pk))
    assert not Expiry.objects.filter(finished_at=None).exists()
    ids = {row["id"] for row in rows(lake, "responses")}
    assert {row["id"] for row in rows(lake, "answers")} == ids, "each figure has its choices again"
    assert expiring.begin_due(timezone.now()) is None
