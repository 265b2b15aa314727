"""A survey goes to LimeSurvey and comes back: the same, and what LimeSurvey does not do is told before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from huixiang.channels.surveys import read
from huixiang.channels.surveys.equations import without_skips
from huixiang.channels.surveys.kinds import types
from huixiang.channels.surveys.writing import written
from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some, holds
from huixiang.domain.surveys.flow import way_through
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Quota, Section, Skip
from tests.channels.test_surveys import MANY, PARTS, asked, part, survey

BOTH = {"zh": "好", "en": "good"}


def came_back(it: Questionnaire) -> Questionnaire:
    return read(written(it).data, "a.lss").questionnaire


@pytest.mark.parametrize("type_", [*types()])
def test_what_came_from_limesurvey_goes_there_and_comes_back_the_same(type_: str) -> None:
    """Each of its types, with conditions, a quota and words that repeat an answer beside it."""
    quota = [{"id": 1, "name": "没办成", "qlimit": 50, "active": 1}]
    members = [{"quota_id": 1, "qid": 1, "code": code} for code in ("A2", "A3")]
    data = survey(*MANY[:5], asked(6, type_, "Q6", gid=2), quota=quota, members=members,
                  subquestions=[*PARTS, part(61, 6, "S1")])  # fmt: skip
    first = read(data, "a.lss").questionnaire
    assert came_back(first) == first


def question(code: str, kind: Kind = Kind.TEXT, *codes: str, **fields: object) -> Question:
    choices = tuple(Choice(each, {"zh": f"选{each}", "en": f"take {each}"}) for each in codes)
    return Question(code, kind, BOTH, choices=choices, **fields)  # type: ignore[arg-type]


UNLIKE = Questionnaire(
    {"zh": "回访 <1 万 & {以上}", "en": "After"},
    (
        Section("s1", {"zh": "一"}, (
            question("nps_now", Kind.NPS, is_required=True),
            question("csat", Kind.CSAT, most=7, aspect="waiting"),
            question("ease", Kind.CES),
            replace(question("what", Kind.MULTIPLE, "cash", "card_or_book", "other", is_shuffled=True), choices=(
                Choice("cash", {"zh": "现金"}, is_open=True),
                Choice("card_or_book", {"zh": "卡"}, is_fixed=True),
                Choice("none", {"zh": "没有"}, is_exclusive=True),
                Choice("other", {"zh": "别的", "en": "Else"}, is_open=True),
            )),
        ), is_shuffled=True),
        Section("s2", {}, (
            question("why", least=5, most=200, shown_if=Compare("nps_now", Operator.AT_MOST, 6),
                     help={"zh": "选了{{what|什么}}，打了 {{nps_now}} 分\n请说"}),
            replace(question("how", Kind.MATRIX, "very_good", "bad"), rows=(Choice("at_desk", {"zh": "柜台"}),)),
            question("day", Kind.DATE),
        ), shown_if=Some((Compare("what", Operator.INCLUDES, "card_or_book"), Compare("ease", Operator.IS, 7)))),
        Section("s3", {}, (
            question("best", Kind.RANK, "a", "b", "c", most=2,
                     shown_if=All((Compare("how", Operator.IS, "very_good", "at_desk"),
                                   Compare("day", Operator.AT_LEAST, "2026-01-01")))),
        )),
    ),
    ("zh", "en"),
    thanks={"zh": "谢谢，{{nps_now}} 分我们记下了"},
    quotas=(Quota("quota1", "推荐", Some(tuple(Compare("nps_now", Operator.IS, mark) for mark in (9, 10))), 9),),
)  # fmt: skip


def test_what_limesurvey_cannot_hold_is_told_and_comes_back_nevertheless() -> None:
    writing = written(UNLIKE)
    assert came_back(UNLIKE) == UNLIKE
    told = "\n".join(map(str, writing.losses))
    for place, why in (("nps_now", "写成单选"), ("what", "填写栏"), ("what", "固定"), ("why", "几个字"),
                       ("how", "very_good → ")):  # fmt: skip
        assert any(f"“{place}”" in line and why in line for line in told.splitlines()), (place, why, told)
    assert not any("条件" in line for line in told.splitlines())


def test_the_file_holds_what_limesurvey_takes() -> None:
    """Codes of letters and digits, short ones; each reference leads somewhere; braces begin no expression."""
    root = etree.fromstring(written(UNLIKE, is_anonymous=True).data)
    cells = {table.tag: [{cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")]
             for table in root if table.find("rows") is not None}  # fmt: skip
    assert root.findtext("DBVersion") == "600"
    assert all(
        row["title"].isalnum() and len(row["title"]) <= 20 for row in [*cells["questions"], *cells["subquestions"]]
    )
    assert all(row["code"].isalnum() and len(row["code"]) <= 5 for row in cells["answers"])
    qids = {row["qid"] for row in [*cells["questions"], *cells["subquestions"]]}
    assert len(qids) == len(cells["questions"]) + len(cells["subquestions"])
    assert {row["qid"] for row in [*cells["question_l10ns"], *cells["question_attributes"]]} <= qids
    assert {row["aid"] for row in cells["answer_l10ns"]} == {row["aid"] for row in cells["answers"]}
    assert cells["surveys"][0]["anonymized"] == "Y"
    title = cells["surveys_languagesettings"][0]["surveyls_title"]
    assert title == "回访 &lt;1 万 &amp; &#123;以上&#125;"
    assert {row["code"] for row in cells["quota_members"]} == {"9", "10"}


def test_what_cannot_be_written_is_told_and_never_hides_a_question() -> None:
    ranked = Compare("best", Operator.INCLUDES, "a")
    asked_last = question("end_word", shown_if=ranked, help={"zh": "为什么是{{best}}"})
    whole = replace(UNLIKE, sections=(*UNLIKE.sections, Section("s4", {}, (asked_last,))),
                    quotas=(Quota("q", "排序", ranked, 5), Quota("r", "全部", None, 5)))  # fmt: skip
    told = "\n".join(map(str, written(whole).losses))
    assert "“end_word”：显示条件" in told
    assert "“排序”：这个配额" in told
    assert "“全部”：没有条件的配额" in told
    assert "重复“best”" in told
    back = came_back(whole)
    assert back.question("end_word").shown_if is None
    assert [quota.name for quota in back.quotas] == ["全部"]


def test_a_quota_of_several_choices_goes_there_as_all_and_not_as_any() -> None:
    both = tuple(Compare("what", Operator.INCLUDES, code) for code in ("cash", "none"))
    with_both, with_any = (
        replace(UNLIKE, quotas=(Quota("quota1", "两样", when, 9),)) for when in (All(both), Some(both))
    )
    assert came_back(with_both) == with_both
    assert came_back(with_any).quotas == ()
    assert "“两样”：这个配额" in "\n".join(map(str, written(with_any).losses))


@pytest.mark.parametrize("picked", range(16))
def test_without_skips_the_same_is_shown(picked: int) -> None:
    """A skip of a section that is itself hidden, the first of two that hold, one over the other, and to the end."""
    yes = [Compare(f"q{number}", Operator.IS, "y") for number in range(4)]
    sections = tuple(Section(f"s{number}", {}, (question(f"q{number}", Kind.SINGLE, "y", "n"),)) for number in range(6))
    sections = (*sections[:2], replace(sections[2], shown_if=Not(yes[1])), *sections[3:])
    skips = (Skip("s0", yes[0], "s2"), Skip("s1", yes[1], "s3"), Skip("s1", yes[0], "s5"), Skip("s2", yes[2], "s4"),
             Skip("s3", All((yes[3], yes[1]))))  # fmt: skip
    it = Questionnaire(BOTH, sections, skips=skips)
    shown: list[Condition | None] = without_skips(it)
    plain = replace(it, skips=(), sections=tuple(map(_shown, sections, shown)))
    answers = {f"q{number}": "y" if picked >> number & 1 else "n" for number in range(6)}
    assert way_through(plain, answers).shown == way_through(it, answers).shown
    assert holds(None, answers)
    assert any("没有跳转" in str(loss) for loss in written(it).losses)


def _shown(section: Section, shown_if: Condition | None) -> Section:
    return replace(section, shown_if=shown_if)
