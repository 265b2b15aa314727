"""Who is named without a word that announces it? 昨天张秀英给我办的: a surname, a given name, and no word across."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huixiang.domain.understanding import dictionary
from huixiang.domain.understanding.digits import Hit
from huixiang.domain.understanding.lexicon import entries

_SURNAMES, _GIVEN = entries("surnames.txt"), entries("given.txt")
_COMPOUND, _WEAK = _SURNAMES["复姓"], _SURNAMES["虚字"] | _SURNAMES["平常字"]
_WORDS, _PLAIN = _SURNAMES["不是姓名"], _GIVEN["普通字"]
_ONE, _TWO = "".join(sorted(_SURNAMES["单姓"])), "".join(sorted({name[0] for name in _COMPOUND}))
_FIRST = f"(?:[{_ONE}]|{'|'.join(sorted(_COMPOUND))})"
_LATER = f"[{''.join(sorted(_GIVEN['常用字'] | _PLAIN))}]"
_HAN = "\u3400-\u9fff"
_NEAR = 8  # characters on either side, which tell where words end

_BEFORE = (
    "谢谢|感谢|表扬|点赞|投诉|举报|曝光|转给|寄给|打给|借给|汇给|还给|交给|卖给|送给|介绍|联系|接待我的|服务我的|办理的|写的|签的|名叫|"
    "是|找|叫|跟|与|由|被|把|给|对|向|让|请|替|收到|来自|听|和|及|、|姓|的|@|昨天|今天|前天|那天|上次|刚才|当时"
)
_AFTER = (
    "让|叫|说|讲|告诉|答应|承诺|推荐|帮我|给我|为我|跟我|骗|冒用|盗用|欠|还钱|转给|转账|借|接待|办理|态度|服务|老师|同志|行长|经理|很|非常|真|太|"
    "来电|致电|反映|称|通过电话|作证|都|也|就行|收|女[，,]|男[，,]|[，,][男女][，,]|和|与|、|本人|签|的[卡钱账贷款手电转]"
)
_TOLD_BEFORE = re.compile(f"(?:{_BEFORE})$")
_TOLD_AFTER = re.compile(f"[，,、]?(?:{_AFTER})")
# 祝海川银行越办越好 wishes a bank well; 张秀英银行卡丢了 tells of a person.
_BANK = re.compile("银行(?![卡账帐存流客职员工柜])|支行|分行")
# Both begin with a class of characters and no choice: the expressions look at every text, and so they are fast.
PERSON = re.compile(f"[{_ONE}]{_LATER}{{1,2}}|[{_TWO}][{_HAN}]{_LATER}")
_CANDIDATE = re.compile(f"[{_ONE}]{_LATER}|[{_TWO}][{_HAN}]{_LATER}")
_GIVENS = re.compile(f"{_LATER}{{1,2}}")
_TWO_ONLY = frozenset(_TWO) - frozenset(_ONE)
LATIN = re.compile("[nN]ame|NAME|工号[0-9]|[名人叫][ :：]{0,3}[A-Z]")
_NUMBERED = re.compile(
    rf"工号[0-9]{{2,8}}的?(?P<name>{_FIRST}[{_HAN}]{{1,2}}?)(?=服务|态度|很|说|给|帮|办|太|真|非常|[，。！,!、\s]|$)"
)
_LATIN = re.compile(
    r"(?:my name is|(?:full |your |cust(?:omer)? )?name\s?[:=]|(?:姓名|持卡人(?:姓名)?|我叫|户名)\s?[:：]?)\s?"
    r"(?P<name>[A-Z][A-Za-z'-]{1,15}(?:[ ·,]{1,2}[A-Z][A-Za-z'-]{0,15}){1,3})",
)


def latin_hits(shadow: str) -> Iterator[Hit]:
    """Names in Latin letters after the word for them, and names after a clerk's number."""
    for match in _LATIN.finditer(shadow):
        yield Hit(*match.span("name"), "name")
    for match in _NUMBERED.finditer(shadow):
        yield Hit(*match.span("name"), "name")


def person_hits(shadow: str) -> Iterator[Hit]:
    """Names that nothing announces. Only a few characters near each candidate are cut, so time grows with the text."""
    at = 0
    while match := _CANDIDATE.search(shadow, at):
        start = match.start()
        first = shadow[start : start + 2] if shadow[start : start + 2] in _COMPOUND else shadow[start]
        given = _GIVENS.match(shadow, start + len(first))
        length = _length(shadow, start, first, given[0]) if given and first not in _TWO_ONLY else 0
        if length and not _BANK.match(shadow, start + length):
            yield Hit(start, start + length, "name")
        at = start + (length or 1)


def _length(shadow: str, start: int, first: str, given: str) -> int:
    """How many characters from here on are a name? 0 where it is none."""
    lengths = [size for size in (2, 1) if size <= len(given) and _may(shadow, start, first, given[:size])]
    if not lengths:
        return 0
    left, middle = _clause_before(shadow, start), start + len(first)
    # Cut twice: a model of unknown words finds 张秀英, but takes 程浩说 for a name too.
    for guess in (True, False):
        pieces = _pieces(shadow, left, start, guess=guess)
        for size in lengths:
            if _is_name(shadow, (start, middle, middle + size), pieces):
                return len(first) + size
    return 0


def _may(shadow: str, start: int, first: str, given: str) -> bool:
    """Is it worth cutting into words? Most candidates are none at a glance."""
    text = first + given
    if text[:2] in _WORDS and first not in _COMPOUND:
        return False
    if len(given) == 2 and not (first in _WEAK and set(given) <= _PLAIN):
        return True
    alone = start == 0 or not "\u3400" <= shadow[start - 1] <= "\u9fff"
    return alone or bool(_TOLD_BEFORE.search(shadow[max(0, start - 6) : start]))


def _clause_before(shadow: str, start: int) -> int:
    left = start
    while left > max(0, start - _NEAR) and "\u3400" <= shadow[left - 1] <= "\u9fff":
        left -= 1
    return left


def _pieces(shadow: str, left: int, start: int, *, guess: bool) -> dict[int, tuple[int, str]]:
    """Where does each word near the place begin: its end and its part of speech?"""
    found, at = {}, left
    for word, tag in dictionary.tag(shadow[left : start + 4 + _NEAR], guess):
        found[at] = (at + len(word), tag)
        at += len(word)
    return found


def _is_name(shadow: str, places: tuple[int, int, int], pieces: dict[int, tuple[int, str]]) -> bool:
    start, middle, end = places
    inside = [(at, *piece) for at, piece in pieces.items() if start <= at < end]
    if not inside or inside[0][0] != start or inside[-1][1] != end:
        return False
    before = bool(_TOLD_BEFORE.search(shadow[max(0, start - 6) : start]))
    after = bool(_TOLD_AFTER.match(shadow, end))
    alone = start == 0 or not "\u3400" <= shadow[start - 1] <= "\u9fff"
    closed = end == len(shadow) or not "\u3400" <= shadow[end] <= "\u9fff"
    told = (before and (after or closed)) or (alone and after)
    given = shadow[middle:end]
    if len(inside) == 1:
        named = inside[0][2].startswith("nr") or not dictionary.has_word(shadow[start:end])
    else:
        named = len(given) == 1 or inside[1][2].startswith("nr") or not dictionary.has_word(given)
    if len(given) == 1:
        return told and named and not _ordinary(shadow[start:end], inside)
    if shadow[start:middle] in _WEAK:
        return named and (told or inside[0][2].startswith("nr"))
    return (named and not set(given) <= _PLAIN) or (told and named) or (before and (after or closed))


def _ordinary(name: str, inside: list[tuple[int, int, str]]) -> bool:
    return dictionary.has_word(name) and not inside[0][2].startswith("nr")
