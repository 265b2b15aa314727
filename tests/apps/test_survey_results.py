"""The results of a survey as readers meet them: in their reach, small groups hidden, and what leaves as files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pyreadstat
import pytest
from django.utils import timezone
from python_calamine import load_workbook

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.surveys import analyses
from huixiang.apps.surveys.handed_scores import handed_scores
from huixiang.apps.surveys.models import Invitation, Round, Version
from huixiang.apps.surveys.result_cells import Choice, asked
from huixiang.apps.surveys.results import Result, results
from huixiang.domain.surveys.plain import to_plain
from huixiang.domain.surveys.questionnaire import Choice as Option
from huixiang.domain.surveys.questionnaire import Kind, Question
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.api import caller
from tests.apps.surveys import VISIT, lies_in_the_lake, people, said, survey
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def visits(bank: Bank, lake: Lake) -> Version:
    version = survey(bank.head_office)
    lies_in_the_lake(lake, version, people(300))
    lies_in_the_lake(lake, version, people(40, seed=2, marks=["straight_lining"], unit="N11"))
    return version


def _text(file: Any) -> str:
    return b"".join(file.streaming_content).decode("utf-8-sig")


def of(found: Any, code: str) -> Result:
    return next(result for result in found.questions if result.question.code == code)


def test_the_page_tells_scores_within_reach_and_marks_apart(
    visits: Version, lake: Lake, quality: Staff, manager: Staff
) -> None:
    everything = results(lake, asked(visits.survey, Choice(), quality))
    assert (everything.responses, everything.marked) == (340, 40)
    nps = of(everything, "nps")
    assert nps.score is not None
    assert nps.without_marked is not None
    assert nps.score.score.low < nps.score.score.value < nps.score.score.high
    assert [step.n for step in nps.steps] == [85, 85, 85, 85]
    assert [part.n for part in of(everything, "what").parts] == [170, 340, 0]
    clean = results(lake, asked(visits.survey, Choice(marked=False), quality))
    assert of(clean, "nps").score.score.value == pytest.approx(nps.without_marked.value)  # type: ignore[union-attr]
    assert results(lake, asked(visits.survey, Choice(), manager)).responses == 240  # her two outlets only
    with pytest.raises(LookupError):
        asked(visits.survey, Choice(unit="S11"), manager)
    page = make.client(manager).get(f"/surveys/{visits.survey_id}/results/")
    assert page.status_code == 200
    assert "240" in page.content.decode()
    assert make.client(manager).get(f"/surveys/{visits.survey_id}/results/?since=x").status_code == 422


def test_nine_people_are_never_shown(bank: Bank, lake: Lake, quality: Staff) -> None:
    version = survey(bank.head_office)
    lies_in_the_lake(lake, version, people(9))
    page = make.client(quality).get(f"/surveys/{version.survey_id}/results/").content.decode()
    assert "不足 10 人" in page
    assert not of(results(lake, asked(version.survey, Choice(), quality)), "nps").score
    lies_in_the_lake(lake, version, [*people(40, seed=3, unit="N11"), *people(8, seed=4, unit="S11")])
    lines = analyses.by_group(lake, asked(version.survey, Choice(), quality), "nps")
    # The three of N12 and the eleven of S11: hidden together, or the small one were the whole without the others.
    assert {line.code: line.compared.is_hidden for line in lines} == {"N11": False, "N12": True, "S11": True}


def test_branches_drivers_and_crossed_answers(visits: Version, lake: Lake, quality: Staff) -> None:
    it = asked(visits.survey, Choice(marked=False), quality)
    lines = {line.code: line.compared for line in analyses.by_group(lake, it, "csat")}
    assert lines["S11"].differs
    assert lines["S11"].score.value < lines["S11"].shrunken < lines["N11"].score.value  # type: ignore[union-attr,operator]
    found = analyses.key_drivers(lake, it, "csat")
    assert found is not None
    assert [driver.name for driver in found.drivers] == ["态度", "等候"]
    assert found.drivers[0].is_ahead
    table = analyses.crossed(lake, it, "staff", "age")
    assert table is not None
    assert table.rows == ("青年", "长者")
    assert table.table.test is not None
    assert table.table.test.p < 1e-6
    browser = make.client(quality)
    for place in ("compare/?by=tier", "drivers/?question=csat", "crossed/?one=nps&other=tier:", "words/"):
        assert browser.get(f"/surveys/{visits.survey_id}/results/{place}").status_code == 200
    assert browser.get(f"/surveys/{visits.survey_id}/results/crossed/?one=nps&other=nothing").status_code == 404


def test_each_row_of_a_matrix_is_an_aspect_and_of_one_with_a_name_all_rows_together(
    bank: Bank, lake: Lake, quality: Staff
) -> None:
    points = tuple(Option(str(point), said(str(point))) for point in range(1, 6))
    rows = (Option("wait", said("等候时间")), Option("staff", said("员工态度")))
    parts = Question("parts", Kind.MATRIX, said("各方面怎么样？"), choices=points, rows=rows)
    trust = replace(parts, code="trust", rows=(rows[0], Option("other", said("专业"))), aspect="信任")
    verdict = VISIT.question("csat")
    asking = replace(VISIT, sections=(replace(VISIT.sections[0], questions=(verdict, parts, trust)),))
    version = survey(bank.head_office, asking)
    marked = [
        {
            "parts": {row: str(one.answers[row]) for row in ("wait", "staff")},
            "trust": {"wait": "3", "other": str(n % 5 + 1)},
        }
        for n, one in enumerate(people(300))
    ]
    given = [
        replace(one, answers={"csat": one.answers["csat"], **each}, shown=["csat", "parts", "trust"])
        for one, each in zip(people(300), marked, strict=True)
    ]
    lies_in_the_lake(lake, version, given)
    found = analyses.key_drivers(lake, asked(version.survey, Choice(), quality), "csat")
    assert found is not None
    assert found.n == 300
    assert [driver.name for driver in found.drivers] == ["员工态度", "等候时间", "信任"]
    assert found.drivers[2].mean == pytest.approx(3.0, abs=0.01)
    page = make.client(quality).get(f"/surveys/{version.survey_id}/results/drivers/").content.decode()
    assert "只问了一个方面" not in page
    assert "员工态度" in page


def test_versions_are_counted_together_only_where_the_question_is_the_same(
    visits: Version, lake: Lake, quality: Staff
) -> None:
    plain = to_plain(VISIT)
    plain["sections"][0]["questions"][1]["wording"]["zh"] = "您对这次服务满意吗？"
    second = Version.objects.create(survey=visits.survey, number=2, definition=plain)
    lies_in_the_lake(lake, second, people(60, seed=5))
    found = results(lake, asked(visits.survey, Choice(), quality))
    assert (of(found, "nps").n, of(found, "csat").n) == (400, 60)
    assert of(found, "csat").left_out == (1,)
    assert "没有合并" in make.client(quality).get(f"/surveys/{visits.survey_id}/results/").content.decode()


def test_the_response_rate_stands_beside_the_result(visits: Version, bank: Bank, lake: Lake, quality: Staff) -> None:
    sent = Round.objects.create(
        survey=visits.survey, name="一月", by=quality, account=[{"stratum": "", "framed": 400, "drawn": 40}]
    )
    for number in range(40):
        Invitation.objects.create(
            round=sent,
            token=str(number),
            customer=str(number),
            medium="sms",
            probability=0.1,
            stratum="金卡" if number < 35 else "普卡",
            sent_at=timezone.now() if number < 38 else None,
            is_used=number < 8,
            keep_until=timezone.localdate(),
        )
    covered = results(lake, asked(visits.survey, Choice(), quality)).coverage
    assert (covered.drawn, covered.delivered, covered.completed) == (40, 38, 8)
    assert covered.rr1 is not None
    assert covered.rr1.value == 0.2
    assert [stratum.drawn for stratum in covered.strata] == [None, None]  # five of one would tell of the other
    browser, place = make.client(quality), f"/surveys/{visits.survey_id}/results"
    for page in ("", "compare/", "drivers/?question=nps", "crossed/?one=nps&other=age", "words/"):
        assert "完成 8（AAPOR RR1）" in browser.get(f"{place}/{page}").content.decode(), page
    figures = b"".join(browser.get(f"{place}/figures.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    told = {row[2]: row[3:5] for row in csv.reader(io.StringIO(figures)) if row[0] == "答卷"}
    assert (told["抽中"][0], told["送达"][0], told["应答率（AAPOR RR1）"]) == ("40", "38", ["8", "0.2"])
    assert told["金卡 层的应答率"] == ["", ""]


def test_what_is_left_between_the_whole_and_a_part_tells_of_no_few(bank: Bank, lake: Lake, quality: Staff) -> None:
    """Of a survey with names: by page, file and every choice of one branch, tier or month."""
    version = survey(bank.head_office)
    groups = (("N11", "普卡", 40), ("N12", "金卡", 30), ("S11", "普卡", 6), ("N12", "白金卡", 7))
    everybody = [
        one for n, (unit, tier, count) in enumerate(groups) for one in people(count, n + 3, unit=unit, tier=tier)
    ]
    lies_in_the_lake(lake, version, everybody)

    def shown(**choice: str) -> int:
        found = results(lake, asked(version.survey, Choice(**choice), quality))  # type: ignore[arg-type]
        return next(each.n for each in found.questions if each.question.code == "nps")

    whole = shown()
    units = {code: shown(unit=code) for code in ("N11", "N12", "S11", bank.north.code, bank.south.code)}
    tiers = {tier: shown(tier=tier) for tier in ("普卡", "金卡", "白金卡")}
    assert (whole, units["S11"], tiers["白金卡"]) == (83, 0, 0)
    assert units[bank.north.code] == 0, "all but six"
    hidden = [code for code in ("N11", "N12", "S11") if not units[code]]
    assert len(hidden) > 1, "the others, taken from the whole, would tell of the six"
    assert [tier for tier, n in tiers.items() if n] == ["普卡"]
    assert shown(unit="N12", tier="白金卡") == 0
    answer = make.client(quality).get(f"/surveys/{version.survey_id}/results/?unit={bank.north.code}")
    assert "相减后剩下的不足 10 人" in answer.content.decode()


def test_what_leaves_as_a_file(visits: Version, quality: Staff, manager: Staff, tmp_path: Any) -> None:
    browser, place = make.client(quality), f"/surveys/{visits.survey_id}/results"
    figures = b"".join(browser.get(f"{place}/figures.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert any(row[2] == "净推荐值 NPS" for row in csv.reader(io.StringIO(figures)))
    answers = b"".join(browser.get(f"{place}/answers.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(answers)))
    assert len(rows) == 340
    assert {row["年龄"] for row in rows} == {"青年", "长者"}
    path = tmp_path / "answers.sav"
    path.write_bytes(b"".join(browser.get(f"{place}/answers.sav").streaming_content))  # type: ignore[attr-defined]
    table, told = pyreadstat.read_sav(path)
    assert told.column_names_to_labels["nps"] == "您会推荐我们吗？"
    assert told.variable_value_labels["age"] == {1.0: "青年", 2.0: "长者"}
    measures = {name: told.variable_measure[name] for name in ("nps", "age", "weight", "unit")}
    assert measures == {"nps": "scale", "age": "nominal", "weight": "scale", "unit": "nominal"}
    assert len(table) == 340
    assert any("没有应答率" in note for note in told.notes), "how many were asked stands in the file itself"
    book = load_workbook(io.BytesIO(b"".join(browser.get(f"{place}/answers.xlsx").streaming_content)))  # type: ignore[attr-defined]
    assert "没有应答率" in str(book.get_sheet_by_name("说明").to_python())
    assert make.client(manager).get(f"{place}/answers.csv").status_code == 404  # she may see, not export
    assert AuditRecord.objects.filter(verb="survey.export", outcome="done").count() == 3


def test_anonymous_answers_leave_without_ids_and_not_when_few(bank: Bank, lake: Lake, quality: Staff) -> None:
    version = survey(bank.head_office, is_anonymous=True)
    lies_in_the_lake(lake, version, people(9))
    browser, place = make.client(quality), f"/surveys/{version.survey_id}/results"
    assert browser.get(f"{place}/answers.csv").status_code == 302
    lies_in_the_lake(lake, version, [*people(30, seed=6, unit="N11", tier="金卡"), *people(5, seed=7, unit="S11")])
    answers = b"".join(browser.get(f"{place}/answers.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(answers)))
    assert "答卷" not in rows[0]
    assert {row["机构号"] for row in rows} == {"N11"}, "the others wait until they are enough"


def test_no_two_looks_at_anonymous_answers_tell_of_fewer_than_ten(bank: Bank, lake: Lake, quality: Staff) -> None:
    """A curious colleague notes every figure of every choice on three days, takes files home, and subtracts."""
    version = survey(bank.head_office, is_anonymous=True)
    browser, place = make.client(quality), f"/surveys/{version.survey_id}/results"
    choices = [{}, {"unit": "N11"}, {"tier": "金卡"}, {"unit": "N11", "until": "2026-03"}, {"since": "2026-02"}]
    choices += [{"marked": "out"}, {"unit": "N11", "marked": "out"}, {"unit": "S11"}]
    noted: dict[str, set[int]] = {}
    li = replace(people(1, seed=8)[0], weight=2.0, answered_on=date(2026, 5, 4), language="ug", unit="N11", tier="金卡")
    days = [
        people(90, seed=2),
        [li, *people(7, seed=3, unit="N11", marks=["speeding"])],
        people(26, seed=4, unit="S11"),
    ]
    for number, day in enumerate(days):
        for at, one in enumerate(day):
            if at % 4:  # "age" is answered by one in four
                one.answers.pop("age")  # type: ignore[attr-defined]
        lies_in_the_lake(lake, version, [replace(one, id=f"{number}{one.id}", shown=None) for one in day])
        for choice in choices:
            found = browser.get(f"{place}/", choice).context["found"]
            file = browser.get(f"{place}/answers.csv", choice)
            lines = [] if file.status_code == 302 else list(csv.DictReader(io.StringIO(_text(file))))
            for code, title in (("nps", "您会推荐我们吗？"), ("age", "年龄")):
                leaving = sum(1 for line in lines if line[title])
                noted.setdefault(f"{code} {choice.get('unit')}", set()).update({of(found, code).n, leaving})
            beside = Counter(tuple(line.values())[:8] for line in lines)  # all but the answers
            assert min(beside.values(), default=10) >= 10
            assert "2.0" not in {line["权重"] for line in lines}  # her invitation's weight would have been hers alone
    for figures in noted.values():
        assert min((b - a for a, b in pairwise(sorted(figures | {0}))), default=10) >= 10, noted
    assert max(noted["nps None"]) >= 110
    for page in ("compare/", "drivers/", "crossed/?one=nps&other=tier:", "words/?question=why", "figures.csv"):
        assert browser.get(f"{place}/{page}").status_code == 200


def test_links_that_colleagues_handed_over_count_in_no_score_and_are_told_apart(
    bank: Bank, lake: Lake, quality: Staff
) -> None:
    version = survey(bank.head_office)
    lies_in_the_lake(lake, version, people(40))
    drawn = results(lake, asked(version.survey, Choice(), quality))
    lies_in_the_lake(lake, version, people(30, seed=5, weight=0.0, unit="N11"))
    still = results(lake, asked(version.survey, Choice(), quality))
    assert (still.responses, still.handed, of(still, "nps").score) == (40, 30, of(drawn, "nps").score)
    apart = results(lake, asked(version.survey, Choice(handed=True), quality))
    by = caller(quality, "survey.see")
    scores = [by.get("/surveys/visit/results", handed=each).json()["questions"][0] for each in ("true", "false")]
    assert [each["answered_count"] for each in scores] == [30, 40]
    wrong = by.get("/surveys/visit/results", tier="铂金")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/tier")
    assert "金卡" in wrong.json()["errors"][0]["detail"]
    assert (apart.responses, apart.effective) == (30, 30)
    page = f"/surveys/{version.survey_id}/results/"
    assert "30 份，不计入结果" in make.client(quality).get(page).content.decode()
    assert "由人挑选" in make.client(quality).get(page, {"handed": "only"}).content.decode()


def test_who_hands_out_links_to_the_pleased_is_found(
    bank: Bank, lake: Lake, quality: Staff, manager: Staff, capsys: Any
) -> None:
    """N11 asks by hand whom it likes, N12 as chance would, and S11 asked three, who are hidden."""
    version = survey(bank.head_office)
    drawn = {"via": "invitation", "weight": 2.0}
    lies_in_the_lake(lake, version, [*people(180, **drawn)])
    fans = [replace(one, answers={"nps": 10}) for one in people(25, seed=2, unit="N11", weight=0.0, via="invitation")]
    others = {"weight": 0.0, "via": "invitation"}
    lies_in_the_lake(
        lake, version, [*people(20, seed=3, unit="N12", **others), *people(3, seed=4, unit="S11", **others)]
    )
    lies_in_the_lake(lake, version, [replace(each, id=f"f{each.id}") for each in fans])
    found = handed_scores(lake, version.survey, quality)
    assert found is not None
    lines = {line.code: line for line in found.lines}
    assert {code: str(line.gap.verdict) for code, line in lines.items()} == {
        "": "higher", "N11": "higher", "N12": "too_few", "S11": "too_few",
    }, "beside the sum of all, N12's number would tell S11's three"  # fmt: skip
    assert lines["N11"].gap.less is not None
    assert lines["N11"].gap.less.low > 0
    page = make.client(quality).get(f"/surveys/{version.survey_id}/fairness/").content.decode()
    assert page.count("值得了解原因") == 2
    assert cli.main(["surveys", "fairness", "visit"]) == 0
    assert "higher" in capsys.readouterr().out
    assert cli.main(["surveys", "results", "visit", "--handed", "--question", "nps", "--csv"]) == 0
    assert "48" in capsys.readouterr().out
    told = caller(quality, "survey.see").get("/surveys/visit/fairness").json()
    units = {line["code"]: line for line in told["handed_scores"]}
    assert (told["question"], units["N11"]["verdict"], units["N11"]["handed_score"]) == ("nps", "higher", 100.0)
    assert (units["N11"]["handed_count"], units["S11"]["handed_count"], units["S11"]["less"]) == (25, None, None)
    assert units["N11"]["less"]["low"] == pytest.approx(lines["N11"].gap.less.low, abs=0.01)
    for wrong, allowed in (("--unit", "N11"), ("--tier", "金卡"), ("--question", "csat"), ("--version", "1")):
        assert cli.main(["surveys", "results", "visit", wrong, "7"]) != 0
        assert allowed in capsys.readouterr().err


def test_a_branch_manager_finds_surveys_of_head_office_with_her_part(bank: Bank, lake: Lake, quality: Staff) -> None:
    """Of a survey of head office she sees her units' part of the results, and how many of her answers came."""
    version = survey(bank.head_office)
    lies_in_the_lake(lake, version, [*people(40, unit="N11"), *people(25, seed=3, unit="S11")])
    manager = make.staff("1008", bank.north_branch, "branch_manager")
    page, place = make.client(manager).get("/surveys/"), f"/surveys/{version.survey_id}/"
    assert f'href="{place}results/"' in page.content.decode()
    assert [received for _survey, _is_own, received in page.context["lines"]] == [40]
    assert make.client(manager).get(place).status_code == 404
    assert "作答方式" not in make.client(manager).get(f"{place}results/").content.decode()
    whole = make.client(quality).get("/surveys/")
    assert [received for _survey, _is_own, received in whole.context["lines"]] == [65]
    assert "作答方式" in make.client(quality).get(f"{place}results/").content.decode()


def test_pages_say_what_they_cannot_tell(bank: Bank, lake: Lake, quality: Staff) -> None:
    """One aspect alone is no driver; without tiers no branch can be seen with the customers of another."""
    two = replace(VISIT.sections[0], questions=VISIT.sections[0].questions[:2])
    version = survey(bank.head_office, replace(VISIT, sections=(two,)))
    lies_in_the_lake(lake, version, people(60, tier=""))
    browser, place = make.client(quality), f"/surveys/{version.survey_id}/results/"
    compared = browser.get(f"{place}compare/").content.decode()
    assert "不列“同一客户结构”" in compared
    assert 'data-title="同一客户结构"' not in compared
    assert "至少要有两个方面" in browser.get(f"{place}drivers/").content.decode()
