"""Does a letter say all that it must, and does a wrong template say where it is wrong?"""

from __future__ import annotations

import pytest

from huixiang.domain.complaints.letters import BadLetter, addressed, check_letter, check_template, draft, remedies


def test_an_unknown_field_is_told_with_its_line() -> None:
    with pytest.raises(BadLetter) as told:
        check_template("{投诉人}：\n您的{客户经理}……")
    assert "第 2 行的字段“{客户经理}”不认识" in str(told.value)
    with pytest.raises(BadLetter, match="大括号不成对"):
        check_template("编号 {编号")


def test_what_the_case_does_not_know_a_person_writes_before_it_can_leave() -> None:
    text = draft("{投诉人}：{编号} 的处理结果：{处理结果}", {"编号": "2026-000001"})
    with pytest.raises(BadLetter, match="请填写：处理结果"):
        check_letter("accept", text)
    check_letter("accept", text.replace("〔请填写：处理结果〕", "退还年费"))
    assert addressed(text).startswith("投诉人：2026-000001")
    assert addressed(text, "王芳").startswith("王芳：")


def test_a_reply_names_all_four_ways() -> None:
    check_letter("reply", remedies(30))
    with pytest.raises(BadLetter, match="没有写明这些途径：仲裁、诉讼"):
        check_letter("reply", "可以申请核查、调解。")
