"""What does a branch manager do with a survey, and what is she kept from?"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.surveys import actions
from huixiang.apps.surveys.actions import Terms
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.starting import STARTS, started
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.checking import problems
from huixiang.domain.surveys.conditions import Compare, Operator
from huixiang.domain.surveys.plain import from_plain
from huixiang.domain.surveys.questionnaire import Kind
from huixiang.web import cli
from tests import make
from tests.apps.api import caller
from tests.make import Bank


@pytest.fixture
def survey(bank: Bank) -> Survey:
    return actions.create_survey(bank.north_outlet, Terms("到店"), started("visit"), by="cli:test")


def sent(client: Client, name: str, /, *args: Any, **fields: Any) -> Any:
    """A form filled in on the page as it stands now."""
    pk = args[0]
    return client.post(reverse(name, args=args), {"revision": Survey.objects.get(pk=pk).revision, **fields})


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.one_database
def test_each_template_can_be_published_as_it_is(bank: Bank, manager: Staff) -> None:
    for name, _title, _about in STARTS:
        found = problems(started(name))
        assert not [problem for problem in found if not problem.is_hint] or name == "empty"
    browser = make.client(manager)
    fields = {"name": "到店之后", "unit": bank.north_outlet.code, "start": "visit", "retention_days": 90}
    made = browser.post(reverse("survey_new"), fields)
    survey = Survey.objects.get()
    assert made["Location"] == reverse("survey_questions", args=[survey.pk])
    assert "这次要办的事办成了吗" in said(browser.get(made["Location"]))
    assert sent(browser, "survey_verb", survey.pk, "publish").status_code == 302
    survey.refresh_from_db()
    assert (survey.state, survey.versions.count()) == ("open", 1)
    assert browser.post(reverse("survey_new"), fields | {"unit": bank.south_outlet.code}).status_code == 422


@pytest.mark.one_database
def test_a_question_is_written_with_its_condition(survey: Survey, manager: Staff) -> None:
    browser = make.client(manager)
    made = sent(browser, "survey_question_new", survey.pk, "last", kind="single")
    assert said(browser.get(made["Location"])).count('data-operators="') > 4
    fields = {
        "words": "还会来吗？", "kind": "single", "code": "again", "choices": "会\n不会\n其他 [可填写]",
        "if-group": ["1", "2", "1"], "if-subject": ["nps", "done", ""], "if-operator": ["at_least", "is", "is"],
        "if-value": ["nps=9", "done=no", ""], "if-typed": ["", "", ""],
    }  # fmt: skip
    look = sent(browser, "survey_question_look", survey.pk, "q1", **fields)
    assert "还会来吗" in said(look)
    assert sent(browser, "survey_question", survey.pk, "q1", **fields).status_code == 302
    survey.refresh_from_db()
    question = from_plain(survey.draft).question("again")
    assert [choice.wording["zh"] for choice in question.choices] == ["会", "不会", "其他"]
    assert question.shown_if is not None
    shown = said(browser.get(reverse("survey_questions", args=[survey.pk])))
    assert "至少（≥）“9” 或 “这次要办的事办成了吗？”是“没办成”" in shown
    wrong = sent(browser, "survey_question", survey.pk, "again", **fields | {"if-value": ["", "done=no", ""]})
    assert wrong.status_code == 422


@pytest.mark.one_database
def test_two_people_at_once_are_told(survey: Survey, manager: Staff) -> None:
    browser, page = make.client(manager), {"revision": survey.revision}
    assert sent(browser, "survey_question_verb", survey.pk, "csat", "up").status_code == 302
    late = browser.post(reverse("survey_section", args=[survey.pk, "visit"]), page | {"words": "另一个标题"})
    assert late.status_code == 409
    assert f"{manager.name} 在您打开这一页之后改过这份问卷" in said(late)
    assert "另一个标题" in said(late)
    again = {"revision": late.context["survey"].revision, "words": "另一个标题"}
    assert browser.post(reverse("survey_section", args=[survey.pk, "visit"]), again).status_code == 409, "nor twice"
    survey.refresh_from_db()
    assert survey.revision == 1


@pytest.mark.one_database
def test_what_is_wrong_bars_publishing_and_has_a_link(survey: Survey, manager: Staff) -> None:
    browser = make.client(manager)
    sent(browser, "survey_question_verb", survey.pk, "done", "remove")
    page = said(browser.get(reverse("survey_questions", args=[survey.pk])))
    assert reverse("survey_question", args=[survey.pk, "why_not"]) in page
    assert "条件里的题目“done”不存在" in page
    sent(browser, "survey_verb", survey.pk, "publish")
    survey.refresh_from_db()
    assert survey.state == "draft"


@pytest.mark.one_database
def test_a_published_version_stays_and_the_next_tells_the_difference(survey: Survey, manager: Staff) -> None:
    browser = make.client(manager)
    sent(browser, "survey_verb", survey.pk, "publish")
    first = survey.versions.get().definition
    fields = {"words": "一共等了多久？", "kind": "text", "code": "better", "least": 0, "most": 100}
    sent(browser, "survey_question", survey.pk, "better", **fields)
    assert survey.versions.get().definition == first
    with pytest.raises(Fault, match="匿名"):
        actions.change_survey(survey.pk, Terms("到店", is_anonymous=True), by=manager)
    draft = said(browser.get(reverse("survey_version", args=[survey.pk, 0])))
    assert "一共等了多久" in draft
    assert "<del>" in draft
    sent(browser, "survey_verb", survey.pk, "publish")
    assert survey.versions.count() == 2
    with pytest.raises(Fault, match="一样"):
        actions.publish_survey(survey.pk, Survey.objects.get().revision, by=manager)
    with pytest.raises(Fault, match="不能删除"):
        actions.delete_survey(survey.pk, by=manager)
    for verb, state in (("pause", "paused"), ("reopen", "open"), ("close", "closed")):
        sent(browser, "survey_verb", survey.pk, verb)
        assert Survey.objects.get().state == state
    verbs = set(AuditRecord.objects.filter(on_kind="survey").values_list("verb", flat=True))
    assert verbs >= {"survey.create", "survey.edit", "survey.publish", "survey.pause", "survey.reopen", "survey.close"}


@pytest.mark.one_database
def test_pages_skips_languages_and_quotas_are_set(survey: Survey, manager: Staff) -> None:
    browser = make.client(manager)
    none = {
        f"{prefix}-{name}": ""
        for prefix in ("if", "skip0")
        for name in ("group", "subject", "operator", "value", "typed")
    }
    skip = {"skip0-subject": "csat", "skip0-operator": "at_most", "skip0-value": "csat=2", "skip0-to": "last"}
    assert sent(browser, "survey_section", survey.pk, "visit", **none | skip | {"words": "办理"}).status_code == 302
    assert sent(browser, "survey_words", survey.pk, title="题", languages=["en", "ug"]).status_code == 302
    page = browser.get(reverse("survey_translation", args=[survey.pk, "ug"]))
    assert "缺译文" in said(page)
    sent(browser, "survey_translation", survey.pk, "ug", **{"question:csat": "رازى بولدىڭىزمۇ؟"})
    only = {name: value for name, value in none.items() if name.startswith("if")}
    fans = {"if-subject": "nps", "if-operator": "at_least", "if-value": "nps=9"}
    assert (
        sent(browser, "survey_quota", survey.pk, "new", **only | fans | {"name": "推荐者", "limit": 50}).status_code
        == 302
    )
    made = from_plain(Survey.objects.get().draft)
    assert (made.skips[0].when, made.skips[0].to) == (Compare("csat", Operator.AT_MOST, 2), "last")
    assert made.languages == ("zh", "en", "ug")
    assert made.question("csat").wording["ug"].startswith("رازى")
    assert made.quotas[0].when == Compare("nps", Operator.AT_LEAST, 9)
    sent(browser, "survey_section_new", survey.pk)
    sent(browser, "survey_section_verb", survey.pk, "s1", "up")
    assert [section.code for section in from_plain(Survey.objects.get().draft).sections][-2:] == ["s1", "last"]


@pytest.mark.one_database
def test_the_preview_is_walked_through_and_keeps_nothing(survey: Survey, manager: Staff) -> None:
    browser, place = make.client(manager), reverse("survey_preview", args=[survey.pk])
    page = browser.get(place)
    assert "这次要办的事办成了吗" in said(page)
    unanswered = browser.post(place, {"page": "visit", "answers": "{}"})
    assert unanswered.status_code == 422
    assert "请回答这一题" in said(unanswered)
    following = browser.post(place, {"page": "visit", "answers": "{}", "q-done": "no", "q-csat": "4"})
    assert "没有全部办成" in said(following)
    carried = re.search(r'name="answers" value="([^"]*)"', said(following))
    assert carried is not None
    back = browser.post(place, {"page": "visit.2", "answers": carried[1].replace("&quot;", '"'), "back": "1"})
    assert re.search(r'value="no" checked', said(back))
    hostile = browser.post(place, {"page": "visit", "answers": '{"nps": {"a": [1]}, "x": null, "done": 1.5}'})
    assert hostile.status_code == 422
    assert Survey.objects.get().revision == 0


@pytest.mark.one_database
def test_exported_and_imported_it_is_exactly_the_same(survey: Survey, bank: Bank, manager: Staff) -> None:
    browser = make.client(manager)
    file = browser.get(reverse("survey_export", args=[survey.pk]))
    assert json.loads(file.content) == survey.draft
    fields = {"name": "另一份", "unit": bank.north_outlet.code, "retention_days": 90}
    upload = SimpleUploadedFile("a.json", file.content)
    assert browser.post(reverse("survey_new"), fields | {"file": upload}).status_code == 302
    assert Survey.objects.get(name="另一份").draft == survey.draft
    wrong = browser.post(reverse("survey_new"), fields | {"file": SimpleUploadedFile("a.json", b'{"format": 1')})
    assert wrong.status_code == 422
    assert "第 1 行" in said(wrong)


@pytest.mark.one_database
def test_what_limesurvey_does_not_do_is_told_before_its_file_is_taken(
    survey: Survey, bank: Bank, manager: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    """By page, API and command the same file; imported here it asks the same."""
    browser = make.client(manager)
    page = browser.get(reverse("survey_limesurvey", args=[survey.pk]))
    assert "写成单选；再导入本系统时仍是打分题" in said(page)
    file = browser.get(reverse("survey_lss", args=[survey.pk]))
    assert file["Content-Disposition"] == f'attachment; filename="survey-{survey.slug}.lss"'
    fields = {"name": "绕了一圈", "unit": bank.north_outlet.code, "retention_days": 90}
    upload = SimpleUploadedFile("a.lss", file.content)
    assert browser.post(reverse("survey_new"), fields | {"file": upload}).status_code == 302
    asked, back = (from_plain(each.draft) for each in (survey, Survey.objects.get(name="绕了一圈")))
    assert list(back.questions()) == list(asked.questions())
    assert cli.main(["surveys", "export", str(survey.pk), "--format", "lss"]) == 0
    told = capsys.readouterr()
    assert told.out.encode() == file.content
    assert "打分题" in told.err
    read = caller(manager, "survey.see").get(f"/surveys/{survey.pk}/limesurvey")
    assert read.json()["document"].encode() == file.content
    assert any("打分题" in loss for loss in read.json()["losses"])
    assert browser.get(reverse("survey_lss", args=[survey.pk]), {"version": "7"}).status_code == 404


@pytest.mark.one_database
def test_beyond_reach_and_right_there_is_nothing(survey: Survey, stranger: Staff) -> None:
    for browser in (make.client(stranger),):
        taken = ("survey_export", "survey_limesurvey", "survey_lss")
        for name in ("survey", "survey_questions", "survey_preview", *taken):
            assert browser.get(reverse(name, args=[survey.pk])).status_code == 404
        assert sent(browser, "survey_verb", survey.pk, "publish").status_code == 404
        assert sent(browser, "survey_question_verb", survey.pk, "csat", "remove").status_code == 404
    assert Kind.NPS in {question.kind for question in from_plain(Survey.objects.get().draft).questions()}
