"""Where can this person be reached? The telephone number or e-mail address in what was typed, written in one way.

"138 1234 5678", "+86-13812345678" and "张女士 13812345678" are one telephone: only so is who wrote known again, and
found when all of hers is to be erased.
"""

from __future__ import annotations

import re
import unicodedata

# At most 64 signs before "@" (RFC 5321): the time for a long text without "@" grows with its length alone.
# "=" only after a "+", as in addresses for bounces: else "邮箱=a@b" would be another's.
_MAIL = re.compile(
    r"(?:[A-Za-z0-9._%-]{1,64}\+[A-Za-z0-9._%+=-]{1,64}|[A-Za-z0-9._%+-]{1,64})@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
LONGEST = 320  # characters of an address (RFC 5321: 64, "@" and 255)
_BETWEEN = re.compile(r"(?<=\d)[\s().\-–—·]+(?=\d)")  # within a number
_CHINA = re.compile(r"^(?:(?:\+|00)86|86(?=1[3-9]\d{9}$)|0(?=1[3-9]\d{9}$))")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIXED = re.compile(r"0\d{9,11}")  # area code and number
_ABROAD = re.compile(r"\+\d{8,15}")
_NUMBER = re.compile(r"\+?\d+")
_WRITTEN_FIXED = re.compile(r"(?:\+?86[\s-]?)?\(?0\d{2,3}\)?[\s-]\d{7,8}(?:-\d{1,6})?")  # with its area code set apart
_MACHINE = re.compile(
    r"(?:mailer-daemon|postmaster|double-bounce|bounces?(?:[._+-][^@]*)?|(?:no|do-?not|donot)[._-]?reply[^@]*"
    r"|auto-?(?:reply|responder|mailer)[^@]*|(?:[^@]*[._+-])?(?:no-?reply|bounces?))@",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:联系(?:方式|电话|人)?|回电|来电号码|电话(?:号码)?|手机(?:号码?)?|邮箱|邮件|e-?mail|tel|phone)\s*(?:[:：]\s*)?([^\s。；;][^\n。；;]{4,79})",
    re.IGNORECASE,
)


def reached_at(typed: str) -> str | None:
    """The first telephone number or e-mail address in it; None where there is none.

    >>> reached_at("张女士 138 1234 5678"), reached_at("Wang@Example.com"), reached_at("+852 9123 4567")
    ('13812345678', 'wang@example.com', '+85291234567')
    >>> reached_at("微信 abc"), reached_at("123")
    (None, None)
    """
    plain = unicodedata.normalize("NFKC", typed)
    if mail := _MAIL.search(plain):
        return mail[0].casefold()
    for number in (*_NUMBER.findall(_BETWEEN.sub("", plain)), *_NUMBER.findall(plain)):
        found = _CHINA.sub("", number)
        if any(form.fullmatch(found) for form in (_MOBILE, _FIXED, _ABROAD)):
            return str(found)
        if found != number and _FIXED.fullmatch(f"0{found}"):  # +86 10 …: abroad the area code stands without its 0
            return f"0{found}"
    return None


def is_one(typed: str) -> bool:
    """Is it one telephone number or e-mail address, and nothing else? By its form alone, where no name says so.

    Ten digits that begin with 0 may be any number of the bank's; only with its area code set apart it is a telephone.

    >>> is_one("+86 138-1234-5678"), is_one("Wang@Example.com"), is_one("0571-87654321")
    (True, True, True)
    >>> is_one("0012345678"), is_one("11010519491231002X"), is_one("6222021234567890123"), is_one("致电13812345678")
    (False, False, False, False)
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    if len(plain) > LONGEST:
        return False
    if "@" in plain:
        return bool(_MAIL.fullmatch(plain))
    number = _CHINA.sub("", _BETWEEN.sub("", plain))
    return bool(_MOBILE.fullmatch(number) or _ABROAD.fullmatch(number) or _WRITTEN_FIXED.fullmatch(plain))


def left_for_answer(text: str) -> str | None:
    r"""The contact that somebody wrote under what he had to say; None where none is named as his.

    Only after a word for it, for a number in a story may be another's.

    >>> left_for_answer("排队太久。\n联系电话：138 1234 5678"), left_for_answer("有人用13812345678骗我")
    ('13812345678', None)
    """
    found = (reached_at(each) for each in _LABEL.findall(unicodedata.normalize("NFKC", text)))
    return next((contact for contact in found if contact), None)


def is_mail(contact: str) -> bool:
    return "@" in contact


def is_machine(contact: str) -> bool:
    """Does a machine write from this address? A letter to it would come back, or be answered by another machine.

    >>> is_machine("no-reply@shop.example"), is_machine("bounces+1=a.example@list.example"), is_machine("nora@a.cn")
    (True, True, False)
    """
    return is_mail(contact) and bool(_MACHINE.match(contact))


def takes_messages(contact: str) -> bool:
    """Can a short message be sent to it? Not to a telephone on a wall."""
    return bool(_MOBILE.fullmatch(contact) or _ABROAD.fullmatch(contact))
