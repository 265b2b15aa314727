"""Are the standards of what customers say of the bank held against the answers to its surveys?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from huixiang.apps.standards import measuring
from huixiang.apps.standards.survey_measures import shown_units
from huixiang.apps.surveys.result_cells import Choice, asked
from huixiang.apps.surveys.results import results
from huixiang.domain.standards.values import Aim, Standard
from huixiang.lake.store import Lake
from tests.apps import surveys
from tests.apps.test_standards import SET
from tests.make import Bank

pytestmark = pytest.mark.one_database
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def standard(measure: str) -> Standard:
    return replace(SET["satisfaction"], aim=Aim(measure, 80, 5))


def test_the_share_satisfied_is_what_the_surveys_results_tell(bank: Bank, lake: Lake) -> None:
    assert measuring.count(standard("survey.csat"), *YEAR) == []
    version = surveys.survey(bank.head_office)
    surveys.lies_in_the_lake(lake, version, surveys.people(300))
    found = {each.period: each for each in measuring.count(standard("survey.csat"), *YEAR) or []}
    assert found.keys() == {"", "2026-01", "2026-02", "2026-03", "2026-04"}
    told = next(each for each in results(lake, asked(version.survey, Choice(), None)).questions
                if each.question.code == "csat")  # fmt: skip
    assert told.score
    whole = found[""]
    assert (whole.n, whole.value) == (300, pytest.approx(100 * told.score.good.value))
    assert (whole.low, whole.high) == (
        pytest.approx(100 * told.score.good.low),
        pytest.approx(100 * told.score.good.high),
    )
    nps = measuring.whole(measuring.count(standard("survey.nps"), *YEAR) or [])
    assert nps
    assert -100 <= nps.low < nps.value < nps.high <= 100
    assert measuring.count(standard("survey.easy"), *YEAR) == [], "nobody was asked how easy it was"


def test_each_unit_has_its_own_but_for_those_of_whom_few_answered(bank: Bank, lake: Lake) -> None:
    version = surveys.survey(bank.head_office)
    surveys.lies_in_the_lake(lake, version, [each for each in surveys.people(300) if each.unit != "S11"])
    found = {each.unit: each.n for each in measuring.count_by_unit(standard("survey.csat"), *YEAR) or []}
    assert found == {"HQ": 200, "N": 200, "N1": 200, "N11": 100, "N12": 100}
    few = [replace(each, id=f"few{number}") for number, each in enumerate(surveys.people(9)) if each.unit == "S11"]
    surveys.lies_in_the_lake(lake, version, few)
    found = {each.unit: each.n for each in measuring.count_by_unit(standard("survey.csat"), *YEAR) or []}
    assert found == {"HQ": 203}, "with any part of the north, the whole would tell of the three in the south"


def test_what_is_told_of_a_tree_never_tells_of_few() -> None:
    tree = {"A": ("A",), "B": ("A", "B"), "C": ("A", "C"), "D": ("A", "B", "D"), "E": ("A", "B", "E")}
    assert shown_units({"D": 50, "E": 60, "C": 70}, tree) == {"A", "B", "C", "D", "E"}
    assert shown_units({"D": 5, "E": 60, "C": 70}, tree) == {"A", "B", "C"}
    assert shown_units({"D": 5, "E": 4, "C": 70}, tree) == {"A"}, "with A alone, C would tell of B"
    assert shown_units({"D": 5}, tree) == set()
