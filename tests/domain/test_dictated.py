"""A number dictated over several turns is nobody's to read; amounts, days and the banks' own lines stay."""

from __future__ import annotations

import pytest

from huixiang.domain.understanding.dialogues import masked_turns


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("请问您的手机号/138/好的/0013/嗯/8000", "请问您的手机号/〔手机〕/好的/〔手机〕/嗯/〔手机〕"),
        ("身份证号是多少？/幺幺零幺零幺/请继续/幺九九零零三零七", "身份证号是多少？/〔身份证〕/请继续/〔身份证〕"),
        ("核对一下身份证后四位/0011", "核对一下身份证后四位/〔身份证〕"),
        ("短信验证码是？/4 4 2 1/好的", "短信验证码是？/〔密码已删除〕/好的"),
        ("您好/138/0013/0013/好的/8000", "您好/〔手机〕/〔手机〕/〔手机〕/好的/〔手机〕"),  # unasked, and repeated
        ("报一下手机号/是一三八/嗯/零零一三/一三八零零一三对吧", "报一下手机号/是〔手机〕/嗯/〔手机〕/〔手机〕对吧"),
        ("卡号？/6222/好，请问转了多少钱/500", "卡号？/〔银行卡〕/好，请问转了多少钱/500"),
        ("您好/我的信用卡被盗刷了12000元，等了120分钟", "您好/我的信用卡被盗刷了12000元，等了120分钟"),
        ("您好/投诉电话是多少？/95588，也可以打12378", "您好/投诉电话是多少？/95588，也可以打12378"),
        ("还款多少/500/还有吗/300/还有吗/200", "还款多少/500/还有吗/300/还有吗/200"),
        ("银行卡里的余额是多少/3500", "银行卡里的余额是多少/3500"),
    ],
)
def test_what_is_dictated_in_pieces_is_masked(said: str, kept: str) -> None:
    """The agent begins; the two speak by turns."""
    turns = said.split("/")
    sides = [("agent", "customer")[place % 2] for place in range(len(turns))]
    masked = masked_turns(turns, sides)
    assert "/".join(masked) == kept
    assert masked_turns(masked, sides) == masked
