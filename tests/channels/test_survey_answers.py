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


def test_a_questionnaire_of_wenjuanxing_is_known_by_its_numbered_words(tmp_path: Path) -> None:
    """By the choices' words, one column each or all in one cell; what was skipped is no answer and no words."""
    done = (Choice("cash", {"zh": "存取款"}), Choice("card", {"zh": "办卡"}))
    asked = (
        Question("csat", Kind.CSAT, {"zh": "您满意吗？"}),
        Question("what", Kind.MULTIPLE, {"zh": "办了什么？"}, choices=done),
        Question("how", Kind.MULTIPLE, {"zh": "还想办什么？"}, choices=done),
        Question("why", Kind.TEXT, {"zh": "其他建议"}),
    )
    path = tmp_path / "a.csv"
    path.write_text(
        "序号,提交答卷时间,所用时间,来自IP,1、您满意吗？,2、办了什么？(存取款),2、办了什么？(办卡),3、还想办什么？,4、其他建议\n"
        "1,2026/9/1 8:05:00,45秒,1.2.3.4(北京-北京),5,1,0,存取款┋办卡,排队太久\n"
        "2,2026/9/1 9:05:00,50秒,1.2.3.5(北京-北京),(跳过),0,1,(跳过),(空)\n"
    )
    by, found = AnswerMapping({"number": "序号"}), list(rows(path, AnswerMapping()))
    reader = Reader(Questionnaire({}, (Section("s", {}, asked),)), by, list(found[0].fields), "Asia/Shanghai")
    answers = [told and told.answers for told in map(reader.told, found)]  # type: ignore[arg-type]
    assert answers == [
        {"csat": 5, "what": ["cash"], "how": ["cash", "card"], "why": "排队太久"},
        {"what": ["card"]},
    ]
    assert "来自IP" not in reader.whole.fields.values()
