"""A branch opens a survey, hangs up its poster, gives links out: by another system of the bank, and at a shell."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.surveys.actions import rounds
from huixiang.apps.surveys.models import Invitation, Response, Survey
from huixiang.web import cli
from tests import make
from tests.apps import surveys_cast
from tests.apps.api import caller
from tests.apps.surveys_cast import Customer
from tests.apps.test_surveys_sending import framed, people, plan
from tests.make import Bank

pytestmark = pytest.mark.one_database

PUBLIC = "https://voice.bank.example"


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.PUBLIC_URL = PUBLIC


@pytest.fixture
def sender(bank: Bank) -> Staff:
    return make.staff("3001", bank.north, "branch_manager")


@pytest.fixture
def survey(bank: Bank) -> Survey:
    return surveys_cast.survey(bank.north, is_public=False).survey


def here(address: str) -> str:
    assert address.startswith(PUBLIC)
    return address.removeprefix(PUBLIC)


def test_another_system_opens_prints_hands_out_and_takes_back(
    survey: Survey, sender: Staff, bank: Bank, tmp_path: Path
) -> None:
    system, place = caller(sender), f"/surveys/{survey.pk}"
    opened = system.post(f"{place}/public", {"is_public": True}).json()
    assert Customer(here(opened["address"])).answers().is_thanked
    poster = system.post(f"{place}/posters?unit={bank.north_outlet.code}").json()
    assert Customer(here(poster["address"])).answers().is_thanked
    assert set(Response.objects.values_list("via", "unit__code")) == {("link", None), ("qr", bank.north_outlet.code)}
    printed = system.get(f"{place}/posters/{bank.north_outlet.code}")
    assert (printed["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    assert system.get(f"{place}/posters/{bank.south_outlet.code}").status_code == 404
    assert system.post(f"{place}/posters?unit={bank.south_outlet.code}").status_code == 422
    assert system.post(f"{place}/public", {"is_public": False}).json()["is_public"] is False
    assert Customer(here(poster["address"])).response.status_code == 410

    framed(survey, people(tmp_path, 3))
    drawn = system.post(f"{place}/rounds", {
        "name": "柜面", "medium": "link", "share": 1.0, "since": str(plan().since), "until": str(plan().until),
    }).json()  # fmt: skip
    list_ = system.post(f"/survey-rounds/{drawn['id']}/links").json()["items"]
    assert {(each["unit"], each["tier"], each["staff"]) for each in list_} == {("N11", "金卡", "3001")}
    assert system.post(f"/survey-rounds/{drawn['id']}/links").status_code == 422, "who has it can answer for all"
    used, lost, _kept = list_
    assert Customer(here(used["address"])).answers().is_thanked
    told = system.post(f"/survey-rounds/{drawn['id']}/withdraw", {"reason": "发错人", "one": lost["number"]})
    assert told.json() == {"count": 1}
    assert Customer(here(lost["address"])).response.status_code == 410
    assert system.post(f"/survey-rounds/{drawn['id']}/reissue").json() == {"count": 1}
    (anew,) = system.post(f"/survey-rounds/{drawn['id']}/links").json()["items"]
    assert anew["number"] == lost["number"]
    assert Customer(here(anew["address"])).answers().is_thanked

    handed = system.post(f"{place}/hand", {"customer": "K77", "unit": bank.north_outlet.code}).json()
    assert Customer(here(handed["address"])).answers().is_thanked
    again = system.post(f"{place}/hand", {"customer": "K77", "unit": bank.north_outlet.code})
    assert (again.status_code, "休息" in again.content.decode()) == (422, True)
    desk = {each["staff"]: each["address"] for each in system.get(f"{place}/colleagues").json()["items"]}
    begun = make.client().post(here(desk["3001"]))
    assert Customer(begun["Location"]).answers().is_thanked
    assert Response.objects.filter(weight=0.0, invitation__asked_by=sender).count() == 2, (
        "known by whom they were asked"
    )
    assert make.client().post(here(desk["3001"]).replace("-", "-9", 1)).status_code == 404
    verbs = set(AuditRecord.objects.filter(actor="3001").values_list("verb", flat=True))
    assert {"survey.change", "survey.poster", "round.links", "round.withdraw", "round.reissue", "round.hand"} <= verbs


def test_whose_right_it_is_not_finds_nothing(survey: Survey, bank: Bank) -> None:
    stranger = caller(make.staff("3002", bank.south, "branch_manager"))
    tried = {"public": {"is_public": True}, "hand": {"customer": "K1", "unit": "S11"}, "posters?unit=N11": None}
    for path, content in tried.items():
        assert stranger.post(f"/surveys/{survey.pk}/{path}", content).status_code == 404
    assert stranger.get(f"/surveys/{survey.pk}/colleagues").status_code == 404
    assert stranger.get(f"/surveys/{survey.pk}/posters/N11").status_code == 404
    assert not Survey.objects.get(pk=survey.pk).is_public
    assert not Invitation.objects.exists()


def test_at_the_shell_the_same(
    survey: Survey, sender: Staff, bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    def typed(*words: object) -> str:
        assert cli.main(["surveys", *map(str, words)]) == 0
        return capsys.readouterr().out

    def refused(*words: object) -> str:
        assert cli.main(["surveys", *map(str, words)]) != 0
        return capsys.readouterr().err

    address = here(typed("public", survey.pk, "on").split()[-1])
    assert Customer(address).answers().is_thanked
    file = tmp_path / "海报.pdf"
    assert typed("poster", survey.pk, bank.north_outlet.code, "--out", file).strip() == str(file)
    assert file.read_bytes().startswith(b"%PDF-")
    assert "S11" in refused("poster", survey.pk, bank.south_outlet.code, "--out", file)
    assert Customer(here(typed("hand", survey.pk, "K1", "N11", "--by", 3001).strip())).answers().is_thanked
    make.staff("3003", bank.south, "branch_manager")
    assert "3003" in refused("hand", survey.pk, "K2", "N11", "--by", 3003)
    assert "3003" in refused("codes", survey.pk, "--by", 3003)
    assert "9999" in refused("codes", survey.pk, "--by", 9999)
    (line,) = typed("codes", survey.pk, "--by", 3001).splitlines()
    assert make.client().post(here(line.split()[-1])).status_code == 302

    framed(survey, people(tmp_path, 2, first=10))
    made = rounds.draw_round(survey, "柜面", plan("link"), by=sender)
    settings.PUBLIC_URL = ""
    assert "HUIXIANG_PUBLIC_URL" in refused("links", made.pk, "--by", 3001), "before the list is gone"
    settings.PUBLIC_URL = PUBLIC
    _header, *rows = csv.reader(io.StringIO(typed("links", made.pk, "--by", 3001).lstrip("\ufeff")))
    assert [Customer(here(row[-1])).answers().is_thanked for row in rows] == [True, True]
    assert "只能下载一次" in refused("links", made.pk, "--by", 3001)
    typed("public", survey.pk, "off")
    assert Customer(address).response.status_code == 410
    Survey.objects.filter(pk=survey.pk).update(state="paused")
    assert "还没有开放" in refused("hand", survey.pk, "K3", "N11", "--by", 3001)
