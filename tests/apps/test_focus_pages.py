"""Who sees what of a focus group, what may leave and in which form, and what does the command say?"""

from __future__ import annotations

import argparse
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from lxml import etree

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.focus import actions
from huixiang.apps.focus.models import Session, Utterance
from huixiang.web.commands import focus as command
from tests import make
from tests.apps.api import caller
from tests.apps.focus import DAY, bring, seat, talk_of
from tests.make import Bank

pytestmark = pytest.mark.one_database

QDA = "{urn:QDA-XML:project:1.0}"
SCHEMA = str(Path(__file__).with_name("refi_project.xsd"))


@pytest.fixture
def analyst(bank: Bank) -> Staff:
    return make.staff("1010", bank.head_office, "analyst")


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1011", bank.head_office, "complaint_handler")


@pytest.fixture
def talk(bank: Bank, quality: Staff) -> Session:
    return talk_of(bank, quality)


@pytest.fixture
def coded_talk(talk: Session, quality: Staff, analyst: Staff, handler: Staff) -> Session:
    """The analyst has coded all of it, the handler has not begun."""
    for name in ("参与者A", "参与者B", "参与者C"):
        seat(talk, quality, name)
    bring(talk, quality)
    actions.begin_coding(talk.pk, [analyst.number, handler.number], by=quality)
    code = actions.add_code(talk.study_id, "=字太小", by=analyst)
    for each in Utterance.objects.of_participants():
        actions.code(each.pk, [code.pk] if "字太小" in each.text else [], by=analyst)
    return talk


def test_each_sees_what_her_post_opens_and_a_coder_nothing_of_the_other(
    coded_talk: Session,
    bank: Bank,
    quality: Staff,
    analyst: Staff,
    handler: Staff,
) -> None:
    study, session = reverse("focus_study", args=[coded_talk.study_id]), reverse("focus_session", args=[coded_talk.pk])
    here = make.client(make.staff("1002", bank.north_branch, "branch_manager"))
    assert (here.get(study).status_code, here.get(session).status_code) == (200, 200)
    assert "整项研究的结论" in here.get(study).content.decode(), "of the head office's study her own talk alone"
    assert here.get(reverse("focus_codebook", args=[coded_talk.study_id])).status_code == 404
    away = make.client(make.staff("1003", bank.south_branch, "branch_manager"))
    clerk = make.client(make.staff("1004", bank.north_outlet, "staff"))
    for browser in (away, clerk):
        assert {browser.get(place).status_code for place in (study, session)} == {404}
    hers, blind = make.client(analyst), make.client(handler)
    assert "还没有完成编码" in blind.get(study).content.decode()
    page = blind.get(reverse("focus_coding", args=[coded_talk.pk])).content.decode()
    assert " checked" not in page, "not one of the other's ticks"
    assert "还没有完成编码" in hers.get(study).content.decode(), "who answered all may change it still: blind as before"
    assert "两人都编过的发言只有 0 句" in make.client(quality).get(study).content.decode()
    assert hers.get(reverse("focus_settling", args=[coded_talk.pk])).status_code == 302, "coders settle nothing"
    assert make.client(quality).get(reverse("focus_coding", args=[coded_talk.pk])).status_code == 404
    mine = caller(handler).get(f"/focus/sessions/{coded_talk.pk}/utterances").json()["items"]
    assert {each["codes"] for each in mine} == {None}
    assert caller(handler).get(f"/focus/studies/{coded_talk.study_id}/agreement").status_code == 422
    assert AuditRecord.objects.filter(verb="focus.read", actor=handler.number).count() == 2


def test_codebook_codings_project_and_report_leave_masked_and_on_record(
    coded_talk: Session,
    quality: Staff,
    analyst: Staff,
) -> None:
    browser = make.client(quality)

    def taken(kind: str) -> bytes:
        response: Any = browser.get(reverse("focus_export", args=[coded_talk.study_id, kind]))
        return response.getvalue() if response.streaming else response.content

    said = taken("coded").decode("utf-8-sig")
    assert "13812345678" not in said
    assert "'=字太小" in said, "no spreadsheet runs it"
    assert len(said.splitlines()) == 5, "a head and four utterances; the moderator's are none"
    assert zipfile.is_zipfile(io.BytesIO(taken("sheet")))
    assert etree.fromstring(taken("qdc")).tag == "{urn:QDA-XML:codebook:1.0}CodeBook"
    with zipfile.ZipFile(io.BytesIO(taken("qdpx"))) as project:
        root = etree.fromstring(project.read("project.qde"))
        etree.XMLSchema(file=SCHEMA).assertValid(root)
        (source,) = root.iter(f"{QDA}TextSource")
        text = project.read(source.get("plainTextPath").replace("internal://", "Sources/")).decode()
    (marked,) = [each for each in root.iter(f"{QDA}PlainTextSelection") if each.find(f"{QDA}Coding") is not None]
    assert text[int(marked.get("startPosition")) : int(marked.get("endPosition"))] == "字太小，看不清。"
    codes = {each.get("guid") for each in root.iter(f"{QDA}Code")}
    assert {each.get("targetGUID") for each in root.iter(f"{QDA}CodeRef")} <= codes
    report = browser.get(reverse("focus_report", args=[coded_talk.pk]))
    assert report.content.startswith(b"%PDF")
    assert AuditRecord.objects.filter(verb="focus.export").count() == 5


def test_the_command_brings_a_record_in_and_tells_what_stayed_out(
    talk: Session,
    quality: Staff,
    tmp_path: Path,
    capsys: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huixiang.apps.focus.voices.take_in", lambda: 0)
    seat(talk, quality, "参与者A")
    file = tmp_path / "座谈.txt"
    file.write_text("参与者A：排队太久。\n路人甲：我不同意。\n参与者A：\n", "utf-8")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["import", str(file), "--session", str(talk.pk)])) == 1
    told = capsys.readouterr().out
    assert "座谈.txt:3" in told
    assert "新增 1，已有 0，未收 1" in told, "the stranger has not agreed to anything"
    assert command.run(parser.parse_args(["list"])) == 0
    assert "参加者 2，发言 1" in capsys.readouterr().out
    assert date(2026, 3, 16) == talk.held_on


def test_another_system_settles_finishes_and_tells_the_theme_but_never_a_coder(
    coded_talk: Session, quality: Staff, analyst: Staff, handler: Staff
) -> None:
    head, coder, study = caller(quality), caller(analyst), coded_talk.study_id
    word = head.post(f"/focus/studies/{study}/codes", {"name": "看不清", "definition": "字太小"}).json()
    for each in Utterance.objects.of_participants():
        body = {"codes": [word["id"]] if "字太小" in each.text else []}
        assert caller(handler).put(f"/focus/utterances/{each.pk}/codes", body).status_code == 204
    assert coder.get(f"/focus/sessions/{coded_talk.pk}/disputes").status_code == 422, "not for one of the two"
    (dispute,) = head.get(f"/focus/sessions/{coded_talk.pk}/disputes").json()
    assert {each["coder"] for each in dispute["answers"]} == {analyst.number, handler.number}
    assert head.post(f"/focus/sessions/{coded_talk.pk}/finish").status_code == 422, "one dispute is left"
    settle = f"/focus/utterances/{dispute['utterance']}/settle"
    assert head.post(settle, {"codes": [word["id"]]}).status_code == 204
    theme = {"name": "字小", "codes": [word["id"]], "quotes": [dispute["utterance"]]}
    assert coder.post(f"/focus/studies/{study}/themes", theme).status_code == 422, "it tells what the other said"
    assert head.post(f"/focus/sessions/{coded_talk.pk}/finish").json()["state"] == "done"
    (other,) = [each["id"] for each in head.get(f"/focus/studies/{study}/codes").json() if each["id"] != word["id"]]
    assert head.post(f"/focus/codes/{other}/merge", {"into": word["id"]}).json() == word
    renamed = head.put(f"/focus/codes/{word['id']}", {"name": "字小", "definition": ""}).json()
    assert renamed["name"] == "字小"
    made = coder.post(f"/focus/studies/{study}/themes", theme).json()
    assert (made["utterances"], made["people"], made["quotes"][0]["text"]) == (1, 1, "字太小，看不清。")
    assert head.post(f"/focus/themes/{made['id']}/propose", {"kind": "pain_point"}).json()["need"]
    person = Utterance.objects.get(pk=dispute["utterance"]).participant
    assert person
    narrower = head.put(f"/focus/participants/{person.pk}/consent", {"consent": "analysis", "consented_on": str(DAY)})
    assert narrower.json()["consent"] == "analysis"
    (told,) = head.get(f"/focus/studies/{study}/themes").json()
    assert told["quotes"] == [], "who no longer allows to be quoted is not"


def test_a_study_without_codes_or_talks_is_a_project_all_the_same(bank: Bank, quality: Staff) -> None:
    """Lists without an entry are none in the standard's schema, and would be refused by the other program."""
    study = actions.open_study(bank.head_office, actions.Plan("空"), by=quality)
    content = make.client(quality).get(reverse("focus_export", args=[study.pk, "qdpx"])).content
    with zipfile.ZipFile(io.BytesIO(content)) as project:
        etree.XMLSchema(file=SCHEMA).assertValid(etree.fromstring(project.read("project.qde")))
    refused = make.client(quality).get(reverse("focus_export", args=[study.pk, "qdc"]))
    assert refused.status_code == 302, "an empty codebook is nothing to take along"
