"""What announces a person may stand elsewhere: in the title, or in the name of the column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.understanding.cells import mask_cell
from huixiang.domain.understanding.masking import mask, mask_after
from tests.domain.test_masking import PIECES


@pytest.mark.parametrize(
    ("title", "text", "kept"),
    [
        ("我的密码是", "abc123", "〔密码已删除〕"),
        ("联系电话", "62345678 请回", "〔电话〕 请回"),
        ("姓名", "王芳 投诉", "〔姓名〕 投诉"),
        ("卡号", "123456789012", "〔账号〕"),
        ("微信号", "zhangsan88", "〔微信〕"),
        ("手机银行", "打不开", "打不开"),
    ],
)
def test_words_in_the_title_announce_what_is_in_the_text(title: str, text: str, kept: str) -> None:
    assert mask_after(f"{title}\n", text) == (f"{title}\n", kept)


@given(*[st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=8).map("".join))] * 2)
def test_cut_in_two_or_not_the_same_is_masked(before: str, text: str) -> None:
    assert "".join(mask_after(before, text)) == mask(before + text).text


@pytest.mark.parametrize(
    ("column", "cell", "kept"),
    [
        ("姓名", "王芳", "〔姓名〕"),
        ("户名", "司马相如", "〔姓名〕"),
        ("客户姓名", "Zhang San", "〔姓名〕"),
        ("联系人", "阿布", "〔姓名〕"),
        ("CUST_NAME", "ZHANG", "〔姓名〕"),
        ("custName", "张", "〔姓名〕"),
        ("坐席", "8001 小李", "〔姓名〕"),
        ("手机号", "138 0013", "〔手机〕"),
        ("住址", "幸福里东口", "〔地址〕"),
        ("查询密码", "无", "〔密码已删除〕"),
        ("我的密码是", "abc123", "〔密码已删除〕"),
        ("备注", "请回电13800138000", "请回电〔手机〕"),
        ("应用名称", "手机银行", "手机银行"),
        ("网点名称", "人民路支行", "人民路支行"),
        ("手机型号", "Mate60", "Mate60"),
        ("姓名", "", ""),
        ("", "姓名：王芳", "姓名：〔姓名〕"),
    ],
)
def test_a_column_of_names_is_masked_whole_and_another_is_read_as_text(column: str, cell: str, kept: str) -> None:
    assert mask_cell(column, cell) == kept
