"""LimeSurvey's files, written by hand after its public format: of old and new versions, single questions, traps."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

import pytest

from huixiang.channels.contract import Fault
from huixiang.channels.surveys import read
from huixiang.channels.surveys.kinds import types
from huixiang.domain.surveys.checking import problems
from huixiang.domain.surveys.conditions import All, Compare, Not, Operator, Some
from huixiang.domain.surveys.questionnaire import Kind, Questionnaire

Rows = Iterable[dict[str, object]]


def lss(kind: str = "Survey", languages: tuple[str, ...] = ("zh-Hans", "en"), **tables: Rows) -> bytes:
    parts = [f" <{name}><rows>{''.join(map(_row, rows))}</rows></{name}>\n" for name, rows in tables.items()]
    codes = "".join(f"<language>{code}</language>" for code in languages)
    head = f"<document>\n <LimeSurveyDocType>{kind}</LimeSurveyDocType>\n <languages>{codes}</languages>\n"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{"".join(parts)}</document>'.encode()


def _row(cells: dict[str, object]) -> str:
    return "<row>" + "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in cells.items()) + "</row>"


def asked(qid: int, type: str, title: str, **cells: object) -> dict[str, object]:  # LimeSurvey's word
    usual = {
        "parent_qid": 0,
        "sid": 7,
        "gid": 1,
        "other": "N",
        "mandatory": "N",
        "question_order": qid,
        "relevance": "1",
    }
    return {"qid": qid, **usual, "type": type, "title": title} | cells


def part(qid: int, parent: int, title: str, scale: int = 0) -> dict[str, object]:
    return {"qid": qid, "parent_qid": parent, "title": title, "question_order": qid, "scale_id": scale}


def words(**told: str) -> list[dict[str, object]]:
    """q1="办成了吗": the words of question 1; in English the same with a mark."""
    return [
        {"qid": name[1:], "language": language, "question": f"<p>{text}{mark}</p>", "help": ""}
        for name, text in told.items()
        for language, mark in (("zh-Hans", ""), ("en", " (en)"))
    ]


def answers(qid: int, *codes: str, scale: int = 0) -> tuple[Rows, Rows]:
    rows = [
        {"aid": f"{qid}{scale}{n}", "qid": qid, "code": code, "sortorder": n, "scale_id": scale}
        for n, code in enumerate(codes)
    ]
    told = [
        {"aid": row["aid"], "answer": f"答{row['code']}", "language": language}
        for row in rows
        for language in ("zh-Hans", "en")
    ]
    return rows, told


def survey(*questions: dict[str, object], subquestions: Rows = (), quota: Rows = (), members: Rows = ()) -> bytes:
    listed, told = answers(1, "A1", "A2", "A3")
    for qid, codes, scale in ((3, ("1", "2", "3"), 0), (4, ("x", "y"), 0), (4, ("p", "q"), 1), (5, ("r1", "r2"), 0)):
        more = answers(qid, *codes, scale=scale)
        listed, told = [*listed, *more[0]], [*told, *more[1]]
    return lss(
        surveys=[{"sid": 7, "language": "zh-Hans", "additional_languages": "en"}],
        surveys_languagesettings=[SETTINGS],
        groups=GROUPS,
        group_l10ns=[{"gid": 1, "group_name": "第一组", "language": "zh-Hans"}],
        questions=questions, subquestions=subquestions, answers=listed, answer_l10ns=told,
        quota=quota, quota_members=members,
        question_l10ns=words(
            q1="办成了吗", q2="因为什么", q3="各项", q4="双", q5="排", q6="为什么选 {Q1.shown}？", q21="排队",
            q22="态度", q31="柜台", q32="大堂", q41="行", q61="其一",
        ),
        question_attributes=[{"qid": 2, "attribute": "exclude_all_others", "value": "SQ2"}],
    )  # fmt: skip


SETTINGS = {"surveyls_language": "zh-Hans", "surveyls_title": "回访", "surveyls_welcometext": "<b>您好</b>"}
GROUPS = [
    {"gid": 1, "group_order": 1, "grelevance": "1"},
    {"gid": 2, "group_order": 2, "grelevance": 'Q1.NAOK == "A2"'},
]
PARTS = [part(21, 2, "SQ1"), part(22, 2, "SQ2"), part(31, 3, "D"), part(32, 3, "H"), part(41, 4, "R")]
MANY = (
    asked(1, "L", "Q1", mandatory="Y", other="Y"),
    asked(2, "M", "Q2", relevance='((Q1.NAOK == "A2"))'),
    asked(3, "F", "Q3", relevance='Q2_SQ1.NAOK == "Y" or (Q1 != "A1" and !is_empty(Q1.NAOK))'),
    asked(4, "1", "Q4", relevance="7X1X3D.NAOK >= 2"),
    asked(5, "R", "Q5"),
    asked(6, "T", "Q6", gid=2, relevance='strlen(Q1) > 3'),
)  # fmt: skip


def made(data: bytes) -> Questionnaire:
    return read(data, "a.lss").questionnaire


def test_a_survey_becomes_a_questionnaire_that_can_be_published() -> None:
    reading = read(survey(*MANY, subquestions=PARTS), "a.lss")
    written = reading.questionnaire
    assert [problem for problem in problems(written) if not problem.is_hint] == []
    assert (written.title, written.welcome, written.languages) == ({"zh": "回访"}, {"zh": "您好"}, ("zh", "en"))
    kinds = {question.code: question.kind for question in written.questions()}
    assert kinds == {
        "Q1": Kind.SINGLE, "Q2": Kind.MULTIPLE, "Q3": Kind.MATRIX, "Q4": Kind.MATRIX, "Q4_2": Kind.MATRIX,
        "Q5": Kind.RANK, "Q6": Kind.TEXT,
    }  # fmt: skip
    first = written.question("Q1")
    assert first.is_required
    assert [(choice.code, choice.is_open) for choice in first.choices][-1] == ("other", True)
    assert first.wording == {"zh": "办成了吗", "en": "办成了吗 (en)"}
    assert written.question("Q2").choices[1].is_exclusive
    assert written.question("Q6").wording["zh"] == "为什么选 {{Q1}}？"
    assert written.sections[1].shown_if == Compare("Q1", Operator.IS, "A2")


def test_equations_become_conditions_and_the_others_are_told_with_their_place() -> None:
    reading = read(survey(*MANY, subquestions=PARTS), "a.lss")
    written = reading.questionnaire
    assert written.question("Q2").shown_if == Compare("Q1", Operator.IS, "A2")
    assert written.question("Q3").shown_if == Some(
        (
            Compare("Q2", Operator.INCLUDES, "SQ1"),
            All((Not(Compare("Q1", Operator.IS, "A1")), Not(Compare("Q1", Operator.UNANSWERED)))),
        )
    )
    assert written.question("Q4").shown_if == Compare("Q3", Operator.ONE_OF, ("2", "3"), "D")
    told = [str(loss) for loss in reading.losses]
    assert any("Q6" in each and "strlen" in each and each.startswith("第 ") for each in told)
    assert any("双量表" in each for each in told)


def test_quotas_come_with_their_conditions() -> None:
    quota = [
        {"id": 1, "name": "没办成", "qlimit": 50, "active": 1},
        {"id": 2, "name": "旧的", "qlimit": 9, "active": 0},
    ]
    members = [{"quota_id": 1, "qid": 1, "code": "A2"}, {"quota_id": 1, "qid": 1, "code": "A3"}]
    reading = read(survey(*MANY, subquestions=PARTS, quota=quota, members=members), "a.lss")
    (found,) = reading.questionnaire.quotas
    assert (found.name, found.limit, found.when) == ("没办成", 50, Compare("Q1", Operator.ONE_OF, ("A2", "A3")))
    assert any("旧的" in str(loss) for loss in reading.losses)


def test_a_quota_of_several_choices_counts_who_made_all_of_them_as_limesurvey_does() -> None:
    """Each choice and each row of a matrix is a column there: within one any, of several all."""
    quota = [{"id": 1, "name": "两样都办", "qlimit": 50, "active": 1}]
    codes = [(2, "SQ1"), (3, "D-1"), (2, "SQ2"), (3, "H-2"), (3, "D-3")]
    members = [{"quota_id": 1, "qid": qid, "code": code} for qid, code in codes]
    (found,) = read(survey(*MANY, subquestions=PARTS, quota=quota, members=members), "a.lss").questionnaire.quotas
    assert found.when == All((
        Compare("Q2", Operator.INCLUDES, "SQ1"),
        Compare("Q3", Operator.ONE_OF, ("1", "3"), "D"),
        Compare("Q2", Operator.INCLUDES, "SQ2"),
        Compare("Q3", Operator.IS, "2", "H"),
    ))  # fmt: skip


def test_a_quota_that_is_not_understood_stays_away_instead_of_counting_everybody() -> None:
    """Half understood it would count more people than it means, and close the survey too early."""
    quota = [{"id": 1, "name": "没办成", "qlimit": 50, "active": 1}]
    members = [{"quota_id": 1, "qid": 1, "code": code} for code in ("A2", "gone")]
    reading = read(survey(*MANY, subquestions=PARTS, quota=quota, members=members), "a.lss")
    assert reading.questionnaire.quotas == ()
    assert any("没办成：配额的条件“gone”没有看懂" in str(loss) for loss in reading.losses)


def test_what_a_question_does_over_there_and_not_here_is_told() -> None:
    """As LimeSurvey 5 and 6 write it: most attributes stand there switched off, which tells nobody anything."""
    off = ("array_filter", "array_filter_exclude", "em_validation_q", "time_limit", "other_comment_mandatory")
    attributes = [{"qid": qid, "attribute": name, "value": value, "language": ""}
                  for qid, value in ((1, ""), (1, "0"), (2, "Q1")) for name in off]  # fmt: skip
    told = [
        str(loss)
        for loss in read(
            lss(
                surveys=[{"sid": 7, "language": "zh-Hans", "anonymized": "Y"}],
                surveys_languagesettings=[
                    {
                        "surveyls_language": "zh-Hans",
                        "surveyls_endtext": "谢谢 {Q1.shown}",
                        "surveyls_policy_notice": "<p>我们保存一年</p>",
                    }
                ],
                groups=[{"gid": 1, "group_order": 1}],
                group_l10ns=[{"gid": 1, "group_name": "甲", "description": "先读", "language": "zh-Hans"}],
                questions=[asked(1, "S", "Q1"), asked(2, "M", "Q2", mandatory="S"), asked(3, "S", "Q3", preg="/^1/")],
                subquestions=[part(21, 2, "SQ1") | {"relevance": "Q1 == 'x'"}],
                question_l10ns=words(q1="您好 {TOKEN:FIRSTNAME}", q2="为 {Q1.shown}，写 &#123;这样&#125;", q3="三"),
                question_attributes=attributes,
                defaultvalues=[{"dvid": 1, "qid": 3}],
            ),
            "a.lss",
        ).losses
    ]
    wanted = {"Q1": "{TOKEN:FIRSTNAME}", "anonymized": "匿名", "surveyls_policy_notice": "隐私说明", "1": "说明文字"}
    wanted |= {"Q2": "array_filter|校验规则|限时|必须填写|必答|行的显示条件", "Q3": "校验规则|预先填好"}
    for code, whys in wanted.items():
        mine = [each for each in told if f"，{code}：" in each]
        assert len(mine) == len(whys.split("|")), (code, mine)
        assert all(any(why in each for each in mine) for why in whys.split("|")), (code, mine)
    assert len(told) == 12, told


def test_pictures_scripts_bounds_by_formula_and_words_of_a_full_quota_are_told() -> None:
    """Nothing of it can be taken over, and customers would miss it."""
    said = "<p>这张海报<img src='/upload/a.png'>，<a href='https://bank.example'>细则</a></p>"
    listed, told = answers(1, "A1", "A2")
    told[0] = told[0] | {"answer": "<img src='/upload/b.png'>"}
    losses = read(
        lss(
            surveys=[{"sid": 7, "language": "zh-Hans", "expires": "2026-12-31 00:00:00"}],
            surveys_languagesettings=[SETTINGS | {"surveyls_description": "<p>本行想听您的意见</p>"}],
            groups=[{"gid": 1, "group_order": 1}],
            questions=[asked(1, "L", "Q1"), asked(2, "M", "Q2"), asked(3, "N", "Q3"), asked(4, "S", "Q4")],
            subquestions=[part(21, 2, "SQ1"), part(22, 2, "SQ2")],
            answers=listed,
            answer_l10ns=told,
            question_l10ns=[*words(q1="一", q2="二", q3="三", q21="甲", q22="乙"),
                            {"qid": 4, "language": "zh-Hans", "question": said, "script": "$('#x').hide()"}],
            question_attributes=[
                {"qid": 2, "attribute": "max_answers", "value": "{Q3}"},
                {"qid": 2, "attribute": "min_answers", "value": "1"},
                {"qid": 3, "attribute": "suffix", "value": "元", "language": "zh-Hans"},
            ],
            quota=[{"id": 1, "name": "甲满", "qlimit": 10, "active": 1}],
            quota_members=[{"id": 1, "qid": 1, "quota_id": 1, "code": "A1"}],
            quota_languagesettings=[
                {"quotals_quota_id": 1, "quotals_language": code, "quotals_message": "名额已满"}
                for code in ("zh-Hans", "en")
            ],
            surveyurlparameters=[{"sid": 7, "parameter": "branch"}],
        ),
        "a.lss",
    ).losses  # fmt: skip
    found = sorted(str(loss).partition("，")[2] for loss in losses if "数字题" not in str(loss))
    assert [each.partition("：")[0] for each in found] == [
        "Q1", "Q2", "Q3", "Q4", "Q4", "Q4", "branch", "expires", "surveyls_description", "甲满",
    ]  # fmt: skip
    for word in ("图片", "上限是算式", "suffix", "脚本", "网址", "名额已满", "描述", "截止"):
        assert any(word in each for each in found), word


def test_whether_a_survey_is_anonymous_may_stand_elsewhere_and_is_told() -> None:
    """`I`: as its group over there has it, which the file does not tell."""
    parts = {"groups": [{"gid": 1}], "questions": [asked(1, "S", "Q1")], "question_l10ns": words(q1="一")}
    (told,) = read(lss(surveys=[{"sid": 7, "language": "zh-Hans", "anonymized": "I"}], **parts), "a.lss").losses
    assert "调查组" in str(told)


@pytest.mark.parametrize("type_", [*types(), "X", "I", "*", "|", ";", ":", "?"])
def test_each_type_becomes_a_question_or_is_told(type_: str) -> None:
    """Q1 stands beside it, so that there is something to take over."""
    alone = asked(6, type_, "Q6")
    reading = read(survey(MANY[0], alone, subquestions=[part(61, 6, "S1")]), "a.lss")
    came = [question for question in reading.questionnaire.questions() if question.code.startswith("Q6")]
    assert came or any("Q6" in str(loss) for loss in reading.losses)


def test_a_file_from_before_version_4_has_its_words_in_the_rows() -> None:
    """And conditions in a table of their own: of one question any answer, of several questions all."""
    both = [asked(1, "L", "Q1", language=code, question=f"问 {code}") for code in ("en", "zh-Hans")]
    rows = [*both, asked(2, "T", "Q2", language="en", question="why", relevance="1")]
    listed = [
        {"qid": 1, "code": code, "answer": f"answer {code}", "language": "en", "sortorder": 1}
        for code in ("A", "B", "C")
    ]
    former = [{"qid": 2, "scenario": 1, "cfieldname": "7X1X1", "method": "==", "value": code} for code in ("A", "B")]
    written = made(lss(languages=("en", "zh-Hans"), questions=rows, answers=listed, conditions=former))
    assert written.question("Q1").wording == {"en": "问 en", "zh": "问 zh-Hans"}
    assert written.question("Q2").shown_if == Compare("Q1", Operator.ONE_OF, ("A", "B"))
    former = [{"qid": 3, "scenario": 1, "cfieldname": "7X1X2", "method": "==", "value": "@7X1X1@"}]
    other = read(lss(questions=[*rows, asked(3, "T", "Q3")], answers=listed, conditions=former), "a.lss")
    assert other.questionnaire.question("Q3").shown_if is None
    assert any("Q3：条件“@7X1X1@”没有导入" in str(loss) for loss in other.losses)


def test_one_question_alone_is_read_from_an_lsq() -> None:
    written = made(lss("Question", questions=[asked(5, "Y", "end")], question_l10ns=words(q5="满意吗")))
    (only,) = written.questions()
    assert (only.code, [choice.code for choice in only.choices]) == ("q_end", ["Y", "N"])


LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
TOO_DEEP = b'{"format": "huixiang-survey-1", "sections": [{"code": "s", "questions": [], "shown_if": %s{}%s}]}' % (
    b'{"not": ' * 150,
    b"}" * 150,
)
OF_NO_KIND = b'{"format": "huixiang-survey-1", "sections": [{"code": "s", "questions": [{"code": "q", "kind": "x"}]}]}'
TRAPS = {
    "DOCTYPE": b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>',
    "不是完好的 XML|DOCTYPE": f'<!DOCTYPE d [<!ENTITY a0 "ha">{LAUGHS}]><document>&a9;</document>'.encode(),
    "DOCTYPE|完好": '<!DOCTYPE d [<!ENTITY x SYSTEM "http://x/">]><document>&x;</document>'.encode("utf-16"),
    "第 2 行第 ": b"<document>\n<a></document>",
    "没有 LimeSurveyDocType": b"<html><body/></html>",
    "没有能导入的题目": lss(),
    "不是问卷": lss("Tokens"),
    "是空的": b" \n",
    "既不是 JSON": b"PK\x03\x04",
    "超过 8 MB": b"<" + b" " * (8 << 20),
    "第 1 行第 13 个字": b'{"format": 1',
    "sections\\[0\\].questions\\[0\\].kind": OF_NO_KIND,
    "nested deeper than 100": TOO_DEEP,
    "套得太深": b"[" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("told", TRAPS)
def test_what_is_no_questionnaire_is_refused_in_words(told: str) -> None:
    with pytest.raises(Fault, match=told):
        read(TRAPS[told], "a.lss")
