"""Which columns of a file say where a customer can be reached? By their names and by what stands in them.

Never the number of a paper, card or account, however much it looks like a telephone; nor the telephone of somebody
else: the bank's own people, its branches, whoever is to be called in an emergency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from huixiang.channels.synonyms import plain
from huixiang.domain.contacts import is_mail, is_one, reached_at

MOST = 3  # columns: the first of them that is filled counts
_MOSTLY, _PARTLY = 0.8, 0.5  # of the filled cells; people write "无" and WeChat names where a telephone is asked for
_NAMES = (
    "手机号码 手机号 手机 联系手机 联系电话 联系方式 回电号码 回电电话 来电号码 主叫号码 客户电话 客户手机 电话号码 "
    "电话 邮箱地址 电子邮箱 电子邮件 客户邮箱 邮箱 发件人邮箱 "
    "mobile mobileno mobilenumber mobilephone cellphone cell phone phoneno phonenumber telephone tel contact contactno "
    "contactphone contactnumber caller callerid ani email emailaddress mail"
)
NAMES = tuple(_NAMES.split())
_ENDS = re.compile(r"(?:手机号码?|手机|电话号码?|电话|联系方式|来电号码|主叫号码|邮箱地址|邮箱|电子邮件|e-?mail)\d?$")
_LATIN = re.compile(r"(?:^|[^a-z])(?:mobile|phone|e-?mail|tel)(?:[^a-z]|$)")
_OF_TELEPHONE = re.compile(r"(?:mobile|phone|tel|cell)[\s_-]*(?:no|num|number)\b")
# A number of the bank's or the state's. What names a telephone at its end is one: 银行卡预留手机号.
_NUMBER = re.compile(
    r"证|护照|执照|通行|卡|账|帐|户号|户口|社保|信用代码|工号|编号|编码|代码|流水|单号|序号|机构号|网点号|客户号|会员号|客户id|会员id|用户id|密码|验证码"
    r"|idcard|idno|idnumber|card|account|acct|passport|certificate|licen[cs]e|iban|ssn|serial|order|ticket|case"
    r"|(?:customer|member|user|client)(?:id|no|number)|(?:^|[^a-z])(?:id|no|pin)(?:[^a-z]|$)"
)
_OTHERS = re.compile(
    r"坐席|座席|客服|客户经理|经理|柜员|员工|经办|受理|处理|回访人|登记人|审核|主管|负责人|网点|支行|分行|机构|部门|银行电话|行内"
    r"|紧急|配偶|亲属|家属|担保|推荐|介绍|被叫|被投诉|对方|商户|收款|付款|开户行|传真"
    r"|agent|staff|teller|employee|officer|manager|clerk|handler|branch|outlet|callee|called|emergency|spouse|referr|fax"
)


def may_hold(column: str) -> bool:
    """Could this column hold a customer's contact? Not one that by its name holds a number of the bank's.

    >>> may_hold("银行卡预留手机号"), may_hold("客户"), may_hold("客户号"), may_hold("证件号码"), may_hold("坐席电话")
    (True, True, False, False, False)
    """
    return not _OTHERS.search(plain(column)) and (_is_named(column) or not _is_number(column))


def of(columns: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns by whose names a contact stands there, the likeliest first: telephones before addresses."""
    found = [column for column in columns if may_hold(column) and _is_named(column) and _fits(values[column])]
    return sorted(found, key=lambda column: (_are_mails(values[column], column), _rank(column)))[:MOST]


def by_content(columns: Sequence[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Columns whose names tell nothing and that hold little but telephones or addresses, nearly each another one."""
    return [column for column in columns if may_hold(column) and _are_contacts(values[column])][:MOST]


def _is_named(column: str) -> bool:
    name = plain(column)
    return (
        name in NAMES or bool(_ENDS.search(name)) or bool(_LATIN.search(column.casefold()) and not _is_number(column))
    )


def _is_number(column: str) -> bool:
    name = _OF_TELEPHONE.sub("phone", column.casefold())
    return bool(_NUMBER.search(plain(name)) or _NUMBER.search(name))


def _rank(column: str) -> int:
    name = plain(column)
    return NAMES.index(name) if name in NAMES else len(NAMES)


def _fits(values: Sequence[str]) -> bool:
    """Under such a name half suffices: one row at a time is looked at anyway."""
    return not values or sum(reached_at(value) is not None for value in values) >= _PARTLY * len(values)


def _are_mails(values: Sequence[str], column: str) -> bool:
    told = [contact for value in values if (contact := reached_at(value))]
    return sum(map(is_mail, told)) * 2 > len(told) if told else "邮" in column or "mail" in column.casefold()


def _are_contacts(values: Sequence[str]) -> bool:
    told = [value for value in values if is_one(value)]
    return bool(told) and len(told) >= _MOSTLY * len(values) and len(set(told)) * 2 > len(told) and not _runs(told)


def _runs(values: Sequence[str]) -> bool:
    """Numbers that count up are nobody's telephones."""
    numbers = [int(value) for value in values if value.isdecimal()]
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) > 2 and len(steps) == 1 and abs(steps.pop()) <= len(numbers)
