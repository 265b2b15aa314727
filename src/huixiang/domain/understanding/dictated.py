"""Which digits does a caller dictate turn by turn? 请问您的手机号 / 138 / 好的 / 0013 / 嗯 / 八零零零 is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from huixiang.domain.understanding.masking import MARK, MARKS, mask

_NUMERAL = "0-9０-９〇○零一二三四五六七八九幺"
_SPOKEN = str.maketrans("〇○零一二三四五六七八九幺", "0001234567891")
_RUN = re.compile(f"[{_NUMERAL}](?:[ -]?[{_NUMERAL}])*(?: ?[xXＸ])?")
# What may stand beside the digits, or alone between them, while somebody dictates.
_BESIDE = re.compile(
    "[\\s，,。.、！!？?…—~-]|嗯|啊|哦|噢|喔|哎|呃|额|那个|好|的|对|是|行|可以|没错|请|继续|您|你|说|讲|念|报|记|稍等|一下|等等|慢|点|"
    "再|来|一遍|下了|然后|后面|前面|接着|还有|最后|剩下|呢|吗|吧|了|完|谢谢|我|在听|重复|核对|中间"
)
# Words for a number of a person, and what its digits become. Those in the second form must be asked for or told.
_NUMBERS = (
    ("mobile", "手机号|手机号码|电话号|联系电话|联系方式|预留号码", "手机|电话|号码"),
    ("identity", "身份证号|证件号|身份证[前后末尾]|证件[前后末尾]", "身份证|证件"),
    ("secret", "验证码|校验码|动态码|短信码|密码|口令|安全码|有效期|背面|卡背", ""),
    ("card", "卡号|尾号", "银行卡|信用卡|储蓄卡|卡"),
    ("account", "账号|帐号|户号|账户号", "账户|帐户|存折"),
)
_PIECE = "[前后末][0-9一二三四五六七八两]位(?:数字?)?"  # of the number that was spoken of before
_PIECE_SAID = re.compile(_PIECE)
_WORDS = re.compile("|".join([*(f"(?P<{kind}>{'|'.join(filter(None, words))})" for kind, *words in _NUMBERS), _PIECE]))
_SURE = re.compile("|".join([_PIECE, *(sure for _kind, sure, _word in _NUMBERS)]))
_ASKED = re.compile(_PIECE + "|多少|报|提供|告诉|说一|核对|核实|念|输入|留的|是[^0-9]{0,2}[0-9]")
_SUBJECT = re.compile("[多几]少?[钱久块元万]|金额|余额|额度|积分|几[点号天期年月]|日期|时间|利率|期数|投诉")
_SHORT = 8  # characters of a turn that need not change the subject
_LEAST = 3  # digits that are one piece of a number where words stand beside them
_WHOLE = 7  # digits that may be a number by themselves
_AMOUNT = re.compile(r"\s*(?:[元块万亿圆年月日号天次期笔分秒点个位%％]|\.\d)")
_HOTLINE = re.compile("955[0-9]{2}|12378|12363|12345|12315|100(?:86|10|00)|1[12][0249]|[48]00[0-9]{7}")


def masked_digits(texts: Sequence[str], sides: Sequence[str]) -> list[str]:
    """The turns without the digits that were asked for, or that make one number said in pieces."""
    found = list(texts)
    if not any(map(_RUN.search, texts)):
        return found
    for place, kind in _asked(texts):
        found[place] = _without(texts[place], kind)
    for places in _chains(texts, sides):
        kinds = mask("".join(_digits(texts[place]) for place in places)).counts
        if kinds:  # the other side may repeat a piece in between
            for place in range(places[0], places[-1] + 1):
                found[place] = _without(found[place], next(iter(kinds)))
    return found


def _asked(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The turns from the question for a number on until the subject changes, with what was asked for."""
    kind = ""
    for place, text in enumerate(texts):
        is_asked = _ASKED.search(text) and not _SUBJECT.search(text)
        words = [word for word in _WORDS.finditer(text) if is_asked or _SURE.match(word[0])]
        if words:
            kind = next((word.lastgroup for word in reversed(words) if word.lastgroup), kind or "card")
        elif not (_is_dictated(text) or len(text) <= _SHORT) or _SUBJECT.search(text):
            kind = kind if _RUN.search(text) and not _SUBJECT.search(text) else ""
        if kind:
            yield place, kind


def _chains(texts: Sequence[str], sides: Sequence[str]) -> Iterator[list[int]]:
    """The turns of one side that hold digits alone, with no other words on either side between."""
    dictated = [_is_dictated(text) for text in texts]
    for side in dict.fromkeys(sides):
        held: list[int] = []
        for place, alone in enumerate([*dictated, False]):
            if not alone:
                if len(held) > 1:
                    yield held
                held = []
            elif sides[place] == side and _digits(texts[place]):
                held.append(place)


def _is_dictated(text: str) -> bool:
    """Is there nothing but digits and what people say between them?"""
    return not _BESIDE.sub("", _RUN.sub("", _PIECE_SAID.sub("", MARK.sub("", text))))


def _digits(text: str) -> str:
    runs = "".join(_RUN.findall(_PIECE_SAID.sub("", MARK.sub("", text))))
    return re.sub("[^0-9X]", "", runs.translate(_SPOKEN).upper())


def _without(text: str, kind: str) -> str:
    """Digits that stand alone go whatever their number; among words only those that look like a piece."""
    alone = _is_dictated(text)

    def marked(run: re.Match[str]) -> str:
        digits = _digits(run[0])
        is_kept = _HOTLINE.fullmatch(digits) or _AMOUNT.match(text, run.end())
        if is_kept or (not alone and len(digits) < _LEAST):
            return run[0]
        own = mask(digits).counts if len(digits) >= _WHOLE else {}
        return MARKS[next(iter(own), kind)]

    return _RUN.sub(marked, text)
