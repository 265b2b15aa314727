"""What must stay: a text full of holes tells the bank nothing. And no text, however hostile, stops the work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.understanding.masking import MARKS, mask


@pytest.mark.parametrize(
    "text",
    [
        "订单号2023112000012345一直没到",
        "工单WD20231120001无人处理",
        "工单号23800138000请跟进",
        "流水号6222021234567890123已提供",
        "2020年1 3 4 5 6 7 8 10 11这10个月份",
        "IMEI 490154203237518",
        "保单号：110228123456",
        "转账15000000000元还是¥13800138000.00",
        "账户余额1000000000元",
        "扣了1,234,567.89元，手续费2.50元",
        "2023-11-20 13:00:05 提交，20231120复核",
        "2023年11月20日到2024年1月3日",
        "版本8.1.0.2.3比7.6.5.4.3慢",
        "新APP2023版，更新V10086，更新A12345",
        "客服95588、95533和400-810-1234、8008101234都打不通",
        "投诉到12378和12363",
        "验证码60秒收不到，密码6位数输错3次",
        "95588发来的验证码",
        "一二三四五六七，上山打老虎",
        "密码输入错误，密码忘记了，验证码收不到",
        "客户经理态度差，大堂经理马上过来，工行大堂经理和蔼",
        "高级经理、项目经理、任何先生、保安先生",
        "姓名和手机号不一致，户名不符，联系人列表空白",
        "我是客户，我是老用户，我是江苏的",
        "本人曾接到来电，本人严正声明，本人余额不对",
        "客户高兴，客户满意，客户关系",
        "3号窗口，8号线，地铁2号线，A座",
        "不知道30号能不能到账",
        "在人民路上的网点，朝阳区的支行",
        "讲了三遍，祝海川银行越办越好",
        "微信支付、微信wechat登录、QQ登录",
        "iPhone13promax和mate60打不开，iOS17.1.2",
        "等了120分钟，排了56号，前面还有18人",
        "年化3.85%，30年期，每月8765.43",
        "尾号1234的卡",
        "！！！！！！😡😡😡",
    ],
)
def test_what_names_nobody_stays_as_it_is(text: str) -> None:
    assert mask(text).text == text


@given(st.text("打不开闪退登录转账，。！?😀🌹\n\t 好的很方便快捷", max_size=80))
def test_ordinary_words_and_emoji_are_never_touched(text: str) -> None:
    assert mask(text).text == text


@given(st.text(max_size=40), st.text(max_size=40))
def test_around_a_hit_the_text_stays(before: str, after: str) -> None:
    # A full stop apart, so that what stands around does not run into the number.
    start, end = mask(f"{before}。").text, mask(f"。{after}").text
    assert mask(f"{before}。请拨打13800138000。{after}").text == f"{start}请拨打{MARKS['mobile']}{end}"


LONG = 40_000  # characters: what takes time by their square would take minutes


@pytest.mark.parametrize(
    "text",
    [
        "1" * LONG,
        "1 " * (LONG // 2),
        "1--" * (LONG // 3),
        "一" * LONG,
        "a" * LONG,
        "a@" * (LONG // 2),
        "a." * (LONG // 2),
        "张" * LONG,
        "我叫" * (LONG // 2),
        "王先生" * (LONG // 30),
        "路1号" * (LONG // 3),
        "密码是" * (LONG // 3),
        "密码" + " " * LONG,
        "*" * LONG,
        "1*" * (LONG // 2),
        "13800138000 " * (LONG // 120),
        "〔手机〕" * (LONG // 4),
        "京A1" * (LONG // 3),
        "微信a" * (LONG // 3),
        "(010)" * (LONG // 5),
        "138,0013," * (LONG // 9),
        "6222." * (LONG // 5),
        "1…" * (LONG // 2),
        "1某某" * (LONG // 3),
        "0752-657***" * (LONG // 11),
        "85" * (LONG // 2),
        "1o" * (LONG // 2),
        "叫张三的" * (LONG // 40),
        "王总" * (LONG // 2),
        "有效期12/28" * (LONG // 8),
        "密码 1 " * (LONG // 5),
        "苑12-3-" * (LONG // 6),
        "12号楼3单元" * (LONG // 7),
        "张三，" * (LONG // 3),
        "我妈" * (LONG // 2),
        "a@张三@" * (LONG // 5),
    ],
    ids=lambda text: repr(text[:4]),
)
def test_a_long_hostile_text_is_read_in_one_sweep(text: str) -> None:
    masked = mask(text).text
    assert mask(masked).text == masked
