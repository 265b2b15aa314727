"""What must not be stored: every kind of personal data, wedged between Chinese characters and half-written."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huixiang.domain.understanding.digits import is_identity, is_luhn
from huixiang.domain.understanding.masking import _HELD, MARKS, mask

# Chinese characters that stand around a number in a sentence; \w and \b take them for letters.
AROUND = st.text("我的手机打不通了请回电话给谢办理业务在哪里，。！？：；）（", max_size=6)
DIGITS = st.sampled_from("0123456789")
FULL_WIDTH = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
FORMAL = str.maketrans("0123456789", "零幺贰叁肆伍陆柒捌玖")
GAPS = st.sampled_from(["", " ", "-", "  ", "—", "\u3000"])


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    return "1" + draw(st.sampled_from("3456789")) + "".join(draw(st.lists(DIGITS, min_size=9, max_size=9)))


@st.composite
def identities(draw: st.DrawFn, last_year: int = 2023) -> str:
    region = draw(st.sampled_from(["110101", "310115", "440305", "510104", "650102"]))
    born = draw(st.dates(date(1900, 1, 1), date(last_year, 12, 31))).strftime("%Y%m%d")
    serial = "".join(draw(st.lists(DIGITS, min_size=3, max_size=3)))
    return next(
        f"{region}{born}{serial}{check}" for check in "0123456789X" if is_identity(f"{region}{born}{serial}{check}")
    )


@st.composite
def cards(draw: st.DrawFn) -> str:
    size = draw(st.integers(15, 18))
    head = draw(st.sampled_from(["6222", "6217", "4367", "5187", "9558"]))
    body = head + "".join(draw(st.lists(DIGITS, min_size=size - 4, max_size=size - 4)))
    return next(f"{body}{check}" for check in "0123456789" if is_luhn(f"{body}{check}"))


mask("我叫张三")  # the dictionary is read on first use, which takes longer than hypothesis grants


def in_groups(number: str, sizes: tuple[int, ...], gap: str) -> str:
    pieces, start = [], 0
    for size in sizes:
        pieces.append(number[start : start + size])
        start += size
    return gap.join([*pieces, number[start:]]) if number[start:] else gap.join(pieces)


@given(AROUND, mobiles(), AROUND, GAPS)
def test_a_mobile_number_goes_however_it_is_written(before: str, number: str, after: str, gap: str) -> None:
    for written in (
        number,
        in_groups(number, (3, 4), gap),
        "+86" + gap + number,
        "86-" + number,
        number.translate(FULL_WIDTH),
        number.translate(SPOKEN),
        number.translate(FORMAL),
        gap.join(number),
        f"{number[:3]}****{number[7:]}",
        f"{number[:3]}＊＊＊＊{number[7:]}",
    ):
        masked = mask(before + written + after)
        assert masked.text == before + MARKS["mobile"] + after, written
        assert masked.counts == {"mobile": 1}


@given(AROUND, identities(), AROUND)
def test_an_identity_number_goes_with_any_tail(before: str, number: str, after: str) -> None:
    for written in (number, number.lower(), number.translate(FULL_WIDTH), in_groups(number, (6, 8), " ")):
        masked = mask(before + written + after)
        assert masked.text == before + MARKS["identity"] + after, written


@given(identities(), st.sampled_from("0123456789"))
def test_a_mistyped_check_digit_hides_nothing_less(number: str, check: str) -> None:
    assert mask(f"证件号{number[:17]}{check}已提交").text == f"证件号{MARKS['identity']}已提交"


@given(identities(last_year=1999))
def test_the_old_identity_number_of_15_digits_goes_too(number: str) -> None:
    assert mask(f"身份证{number[:6]}{number[8:17]}过期").text == f"身份证{MARKS['identity']}过期"


ORDERS = st.sampled_from(["投诉号码：", "订单号", "工单", "工单号：", "流水号 ", "流水 ", "合同", "受理编号是"])


@given(ORDERS, mobiles(), cards(), identities())
def test_no_word_for_an_order_shields_a_person(order: str, mobile: str, card: str, identity: str) -> None:
    """A bank can live without an order number that looks like a telephone; a leaked card breaks the rule."""
    for number in (mobile, card, identity):
        masked = mask(f"{order}{number}，请查")
        assert number not in masked.text, number
        assert masked.text.startswith(order)


@given(AROUND, cards(), AROUND, GAPS)
def test_a_bank_card_goes_in_one_piece_or_in_fours(before: str, number: str, after: str, gap: str) -> None:
    for written in (number, in_groups(number, (4, 4, 4, 4), gap), number.translate(FULL_WIDTH)):
        masked = mask(before + written + after)
        assert not set(masked.text) & set("0123456789０１２３４５６７８９"), written
        assert sum(masked.counts.values()) == 1


@pytest.mark.parametrize("cue", ["卡号", "账号：", "账户是", "帐号 "])
def test_an_account_number_needs_no_check_digit_after_its_cue(cue: str) -> None:
    assert mask(f"我的{cue}1000000000000007查不到").text.startswith(f"我的{cue}〔")
    assert mask(f"我的{cue}1000 0000 0000 0007查不到").counts == {"account": 1}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("座机010-88886666转123没人接", "座机〔电话〕没人接"),
        ("请打(0755)86001234找我", "请打〔电话〕找我"),
        ("单位电话０５７１－８７６５４３２１", "单位电话〔电话〕"),
        ("家里电话62345678", "家里电话〔电话〕"),
        ("发到zhang_san.88@example.com.cn吧", "发到〔邮箱〕吧"),
        ("邮箱是lisi＠ｅｘａｍｐｌｅ．ｃｏｍ", "邮箱是〔邮箱〕"),
        ("邮箱lisi @ example点com", "邮箱〔邮箱〕"),
        ("车牌京A·12345被拖走", "车牌〔车牌〕被拖走"),
        ("我的粤BD12345是新能源", "我的〔车牌〕是新能源"),
        ("沪ad98765停门口", "〔车牌〕停门口"),
        ("护照号码E12345678过期", "护照号码〔护照〕过期"),
        ("持EA1234567入境", "持〔护照〕入境"),
        ("港澳通行证C12345678", "港澳通行证〔证件〕"),
        ("台胞证：12345678", "台胞证：〔证件〕"),
        ("回乡证H12345678", "回乡证〔证件〕"),
        ("香港身份证A123456(7)", "香港身份证〔证件〕"),
        ("QQ：123456789", "QQ：〔QQ〕"),
        ("微信号wx_abc123加我", "微信号〔微信〕加我"),
        ("VX：lisi-2020", "VX：〔微信〕"),
        ("家住北京市海淀区中关村大街27号3单元501室，请上门", "家住〔地址〕，请上门"),
        ("地址：江苏省苏州市姑苏区人民路1188号", "地址：〔地址〕"),
        ("寄到幸福小区3栋2单元", "寄到〔地址〕"),
        ("住在红旗镇五一村12号", "住在〔地址〕"),
        ("手机1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣谢谢", "手机〔手机〕谢谢"),
        ("身份证110101********1234", "身份证〔身份证〕"),
        ("卡6222****1234扣了钱", "卡〔银行卡〕扣了钱"),
    ],
)
def test_other_numbers_and_places_that_name_a_person_go(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫张三，想办卡", "我叫〔姓名〕，想办卡"),
        ("本人李小明在网点排队", "本人〔姓名〕在网点排队"),
        ("姓名：欧阳建国", "姓名：〔姓名〕"),
        ("户名是王丽", "户名是〔姓名〕"),
        ("联系人：阿里木·买买提", "联系人：〔姓名〕"),
        ("客户赵淑芬反映", "客户〔姓名〕反映"),
        ("经办人：孙悦", "经办人：〔姓名〕"),
        ("客户经理王丽态度好", "客户经理〔姓名〕态度好"),
        ("感谢王先生和欧阳女士", "感谢〔姓名〕先生和〔姓名〕女士"),
        ("贵行的李经理很热情", "贵行的〔姓名〕经理很热情"),
        ("诸葛行长接待了我", "〔姓名〕行长接待了我"),
    ],
)
def test_names_go_after_the_words_that_announce_them(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("密码是abc123，别外传", "密码是〔密码已删除〕，别外传"),
        ("登录密码123456不对", "登录密码〔密码已删除〕不对"),
        ("验证码：８８９９００", "验证码：〔密码已删除〕"),
        ("CVV 123和有效期", "CVV 〔密码已删除〕和有效期"),
        ("他说445566是验证码", "他说〔密码已删除〕是验证码"),
        ("密码一二三四五六", "密码〔密码已删除〕"),
    ],
)
def test_secrets_are_deleted_rather_than_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked
    assert "secret" in mask(text).counts


def test_several_kinds_in_one_sentence_are_counted_by_kind() -> None:
    masked = mask("我叫张三，电话13800138000或13900139000，邮箱a.b@example.com")
    assert masked.text == "我叫〔姓名〕，电话〔手机〕或〔手机〕，邮箱〔邮箱〕"
    assert masked.counts == {"name": 1, "mobile": 2, "email": 1}


PIECES = st.sampled_from(
    [
        "13800138000",
        "110101199003077758",
        "6222021234567890128",
        "我叫",
        "王先生",
        "密码是",
        "abc123",
        "路",
        "12号",
        "卡号",
        " ",
        "-",
        "〔手机〕",
        "〔",
        "〕",
        "微信",
        "a@b.cn",
        "京A12345",
        "一三八",
        "00",
        "****",
        "😊",
        "，",
        "转账",
        "010-",
        "88886666",
        "李经理",
        "+86",
        "3室",
        "小区",
        "是",
        "验证码",
        "E12345678",
        "的",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join)))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text).text
    assert mask(once) == type(mask(once))(once, {})


@pytest.mark.parametrize("gate", _HELD, ids=lambda gate: gate.pattern[:12])
def test_no_rule_is_left_out_for_a_character_that_is_not_there(gate: re.Pattern[str]) -> None:
    @settings(max_examples=60, database=None)
    @given(st.from_regex(gate))
    def holds(text: str) -> None:
        assert _HELD[gate].search(text)

    holds()
