"""Answers that another program kept: are a labelled scale's numbers, a choice's words and an empty date understood?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat

from huixiang.channels.survey_answers import AnswerMapping, Reader, rows
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Section


def test_spss_labels_tell_choices_and_numbers_tell_scales(tmp_path: Path) -> None:
    """Of one scale the ends have labels, of the other all points; the second never sent it off; 99 is user-missing."""
    sexes = (Choice("m", {"zh": "男"}), Choice("f", {"zh": "女"}))
    asked = (
        Question("nps", Kind.NPS, {}),
        Question("csat", Kind.CSAT, {}),
        Question("sex", Kind.SINGLE, {}, choices=sexes),
    )
    path = tmp_path / "a.sav"
    told = {"id": [1.0, 2.0, 3.0], "submitdate": pd.to_datetime(["2026-11-01", None, "2026-11-02"]),
            "nps": [10.0, 0.0, 7.0], "csat": [5.0, 1.0, 99.0], "sex": [1.0, 2.0, None]}  # fmt: skip
    points = {1: "很差", 2: "差", 3: "一般", 4: "好", 5: "很好", 99: "不知道"}
    pyreadstat.write_sav(
        pd.DataFrame(told), str(path), missing_ranges={"csat": [99]},
        variable_value_labels={"nps": {0: "绝不", 10: "一定"}, "csat": points, "sex": {1: "男", 2: "女"}},
    )  # fmt: skip
    by, found = AnswerMapping(), list(rows(path, AnswerMapping()))
    reader = Reader(Questionnaire({}, (Section("s", {}, asked),)), by, list(found[0].fields), "Asia/Shanghai")
    answers = [told and told.answers for told in map(reader.told, found)]  # type: ignore[arg-type]
    assert answers == [{"nps": 10, "csat": 5, "sex": "m"}, None, {"nps": 7}]
