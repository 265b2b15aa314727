"""What do verdicts add up to, and what becomes of what nobody can tell?"""

from __future__ import annotations

from dataclasses import replace

from huixiang.domain.standards.conformance import Measured, Verdict
from huixiang.domain.standards.scorecard import scorecard
from huixiang.domain.standards.starter import starter_set
from huixiang.domain.standards.values import Appraisal

SET = {each.code: each for each in starter_set()}


def test_each_line_adds_up_what_is_proven_and_leaves_out_the_rest() -> None:
    weights = {"waiting-ordinary": 20.0, "complaint-reply": 10.0, "hotline-answer-rate": 10.0, "looks": 40.0}
    standards = [replace(SET[code], appraisal=Appraisal("服务", weight)) for code, weight in weights.items()]
    found = {
        "waiting-ordinary": Measured(500, 12.0, 11.0, 13.0),
        "complaint-reply": Measured(200, 60.0, 53.0, 67.0),
        "hotline-answer-rate": Measured(5, 99.0, 90.0, 100.0),
    }
    [line] = scorecard([*standards, replace(SET["words"], appraisal=None)], found)
    earned = {each.standard.code: each.earned for each in line.entries}
    assert earned == {"waiting-ordinary": 20.0, "complaint-reply": 0.0, "hotline-answer-rate": None, "looks": None}
    assert (line.weight, line.proven, line.score) == (80.0, 30.0, 100 * 20 / 30)
    [near] = scorecard(standards[:1], {"waiting-ordinary": Measured(500, 21.0, 20.5, 21.5)})
    assert (near.entries[0].verdict, near.score) == (Verdict.NEAR, 50.0)
    [nothing] = scorecard(standards[:1], {})
    assert nothing.score is None
