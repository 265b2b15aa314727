"""What do we write to who complains? Texts with named fields in braces, filled from the case; the rest by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# By verb: what the letter is called that tells of it. The receipt leaves by itself, with the registration.
TITLES = {
    "register": "投诉登记回执",
    "accept": "投诉受理告知书",
    "refuse": "投诉不予受理告知书",
    "pause": "投诉暂停计时告知书",
    "extend": "投诉延长办理期限告知书",
    "reply": "投诉处理答复书",
    "tell_review": "投诉核查决定告知书",
}
NAME = "投诉人"  # the one field that is never filled in what is kept: only for who may know it
FIELDS = (NAME, "编号", "收到日", "收到方式", "投诉事项", "投诉请求", "期限", "条文", "事由", "新期限", "处理结果",
          "理由", "四种救济途径", "银行", "机构", "地址", "电话", "日期")  # fmt: skip
WAYS = {"核查": "核查", "调解": "调解", "仲裁": "仲裁", "诉讼": "诉讼|起诉"}
SHORT = frozenset({"register", "accept", "pause", "extend"})  # a short message may tell of it: it holds no answer
LONGEST_BODY, LONGEST_TITLE = 5000, 40
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_OPEN = re.compile(r"〔请填写：([^〕\n]*)〕")


class BadLetter(ValueError):
    """What is wrong with a text: a Chinese sentence with %(placeholders)s, the key of the message catalogue."""

    def __init__(self, message: str, **params: Any) -> None:
        self.message, self.params = message, params
        super().__init__(message % params)


def check_template(body: str) -> None:
    """Does it name only fields there are? Raises BadLetter that names the line and the first one unknown."""
    for number, line in enumerate(body.splitlines(), 1):
        for name in _FIELD.findall(line):
            if name not in FIELDS:
                raise BadLetter("第 %(line)s 行的字段“{%(name)s}”不认识；可用的有 %(known)s", line=number,
                                name=name[:20], known="、".join(FIELDS))  # fmt: skip
        if set(_FIELD.sub("", line)) & set("{}"):
            raise BadLetter("第 %(line)s 行的大括号不成对；字段请写成 {编号}", line=number)


def draft(body: str, values: Mapping[str, str]) -> str:
    """The text with what the case knows; what it does not know stands as 〔请填写：处理结果〕.

    >>> draft("{投诉人}：您的投诉（{编号}）{处理结果}。", {"编号": "2026-000001"})
    '{投诉人}：您的投诉（2026-000001）〔请填写：处理结果〕。'
    """
    check_template(body)

    def said(found: re.Match[str]) -> str:
        name = found[1]
        return found[0] if name == NAME else values.get(name) or f"〔请填写：{name}〕"

    return _FIELD.sub(said, body)


def check_letter(verb: str, text: str) -> None:
    """Is it whole, so that it can be sent? Raises BadLetter that says what is left to write."""
    if left := sorted(set(_OPEN.findall(text))):
        raise BadLetter("公文还没有写完，请填写：%(fields)s", fields="、".join(left))
    if unknown := [name for name in _FIELD.findall(text) if name != NAME]:
        raise BadLetter("公文里的“{%(name)s}”没有填；请写出内容，或删去", name=unknown[0][:20])
    if verb == "reply" and (missing := [way for way, words in WAYS.items() if not re.search(words, text)]):
        raise BadLetter("答复书没有写明这些途径：%(ways)s", ways="、".join(missing))


def addressed(text: str, name: str = "") -> str:
    """As the reader sees it: the name for who may know it, else 投诉人."""
    return text.replace(f"{{{NAME}}}", name or NAME)


def remedies(days: int) -> str:
    """The four ways, with the limit for a review of the rule pack."""
    return (
        f"（一）核查：对处理决定有异议的，可自收到本答复之日起 {days} 日内，向本行上级机构书面申请核查；\n"
        "（二）调解：可以向金融消费纠纷调解组织申请调解；\n"
        "（三）仲裁：双方有仲裁协议的，可以向约定的仲裁机构申请仲裁；\n"
        "（四）诉讼：可以依法向有管辖权的人民法院提起诉讼。"
    )
