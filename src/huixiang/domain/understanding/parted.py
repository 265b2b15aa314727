"""Which numbers are written in pieces? With emoji, line breaks or words between: 前七位1380013，后四位8000."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from huixiang.domain.understanding.digits import (
    BANK,
    CALL,
    LOOK,
    ORDER,
    REGIONS,
    Hit,
    is_card,
    is_identity,
    is_identity_form,
)
from huixiang.domain.understanding.shadow import GAP

_FAR = 10  # characters between two pieces of one number
_LONGEST = 19  # digits
_CHAIN = re.compile(rf"[0-9]+(?:[^0-9\0]{{1,{_FAR}}}[0-9]+)+[xX]?|[0-9]{{26,}}[xX]?")
_DIGITS = re.compile("[0-9]+")
_MOBILE = re.compile("1[3-9][0-9]{9}")
_WHOLE = re.compile("1[3-9][0-9]{9}|[1-9][0-9]{17}")  # a number by itself, no piece of one
_LINE = re.compile("0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
_NEAR = re.compile(GAP)
_LETTER = re.compile("[A-Za-z\u3400-\u9fff]")
# Words by which people go on with a number that they have begun.
_ON = re.compile("[后和]|再|接着|中间|然后|最后|还有|剩|嗯|呃|额|啊|那个|换行|空格|杠|横|…|、和")
_NUMBER = re.compile(
    r"手机|电话|座机|号码|号是|联系|微信|[打拨加记]|我的?号|tel|phone|mobile|[前头]\S{0,2}位", re.IGNORECASE
)
_CARD = re.compile(r"卡号|账号|帐号|账户|[这张我]卡|银行卡|信用卡|储蓄卡|卡[ :：]?$")
_THREE_FOUR_FOUR = ((3, 4, 4), (4, 4, 3), (3, 3, 5), (1,) * 11)


class _Window(NamedTuple):
    """Some pieces that stand one after another: where, their digits together, what stands between and before."""

    spans: Sequence[tuple[int, int]]
    digits: str
    gaps: Sequence[str]
    before: str

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(end - start for start, end in self.spans)

    @property
    def signs(self) -> bool:
        """Do only signs stand between?"""
        return not any(map(_LETTER.search, self.gaps))

    @property
    def alike(self) -> bool:
        """Does the same sign stand between all of them? Both brackets count as one."""
        return self.signs and len({gap.strip().replace(")", "(") for gap in self.gaps}) == 1

    @property
    def even(self) -> bool:
        """Are the pieces as long as one another, the last one at most as long?"""
        return len(set(self.lengths[:-1])) == 1 and self.lengths[-1] <= self.lengths[0]

    @property
    def goes_on(self) -> bool:
        """Does each word between say that the number goes on?"""
        return all(_ON.search(gap) or not _LETTER.search(gap) for gap in self.gaps)


def parted_hits(shadow: str) -> Iterator[Hit]:
    """Numbers in pieces that other rules read one by one; where words stand between, each piece is a hit of its own."""
    for chain in _CHAIN.finditer(shadow):
        yield from _chain_hits(shadow, [match.span() for match in _DIGITS.finditer(shadow, *chain.span())])


def _chain_hits(shadow: str, spans: list[tuple[int, int]]) -> Iterator[Hit]:
    """The hits among pieces that stand one after another. `flat` is all their digits, `piece` where each ends there."""
    flat = "".join(shadow[start:end] for start, end in spans)
    ends = list(accumulate(end - start for start, end in spans))
    piece = {end: place for place, end in enumerate(ends)}
    first = 0
    while first < len(spans):
        at, after = ends[first - 1] if first else 0, first + 1
        if ends[first] - at > _LONGEST:
            yield from _run_together(shadow, *spans[first])
        for size in _sizes(flat[at : at + 2]):
            last = piece.get(at + size, first)
            if last > first and (kind := _number(shadow, spans[first : last + 1], flat[at : at + size])):
                yield from _hits(shadow, spans[first : last + 1], kind)
                after = last + 1
                break
        first = after


@cache
def _sizes(begin: str) -> tuple[int, ...]:
    """How many digits may a number have that begins so? Most numbers begin as none does that we look for."""
    sizes = {18, 17} if begin in REGIONS else set()
    if BANK.match(begin + "58"):  # 95 is a bank's where 58 follows; the whole number is looked at later
        sizes |= set(range(13, _LONGEST + 1))
    if re.match("1[3-9]", begin):
        sizes.add(11)
    if begin.startswith("0"):
        sizes |= {10, 11, 12}
    return tuple(sorted(sizes, reverse=True))


def _number(shadow: str, spans: list[tuple[int, int]], digits: str) -> str | None:
    """Are these pieces one number, and which?"""
    end = spans[-1][1]
    kind = _by_digits(digits, shadow[end : end + 1])
    if not kind or any(_WHOLE.fullmatch(shadow, *span) for span in spans):
        return None
    gaps = [shadow[left[1] : right[0]] for left, right in pairwise(spans)]
    before = shadow[max(0, spans[0][0] - LOOK) : spans[0][0]]
    if not _believed(kind, _Window(spans, digits, gaps, before)):
        return None
    return "identity" if kind == "old" else kind


def _by_digits(digits: str, next_letter: str) -> str | None:
    """What could it be by its digits alone?"""
    size = len(digits)
    if is_identity(digits) or (size == 17 and next_letter in ("x", "X") and is_identity(digits + "X")):
        return "identity"
    if size >= 13:
        return "card" if is_card(digits) else "old" if size == 15 and is_identity_form(digits) else None
    if digits[0] == "0":
        return "landline" if _LINE.fullmatch(digits) else None
    return "mobile" if _MOBILE.fullmatch(digits) else None


def _believed(kind: str, window: _Window) -> bool:
    """Is it one number, by how its pieces stand and what is said around them?"""
    if all(map(_NEAR.fullmatch, window.gaps)):
        return False  # what is written so closely is read by the rules for whole numbers
    if kind == "identity" or ORDER.search(window.before):
        return kind == "identity"  # region, date of birth and check digit are no coincidence
    if kind == "old":
        return window.alike and window.even and "证" in window.before
    if kind == "card":
        return (window.alike and (window.even or window.digits[:2] == "62")) or (
            window.digits[:2] == "62" and _told(window, _CARD)
        )
    if kind == "mobile":
        usual = window.alike and window.lengths in _THREE_FOUR_FOUR
        return usual or (bool(_NUMBER.search(window.before)) and (window.alike or _says_on(window)))
    return window.signs and bool(CALL.search(window.before))


def _told(window: _Window, cue: re.Pattern[str]) -> bool:
    return _says_on(window) or (window.signs and bool(cue.search(window.before)))


def _says_on(window: _Window) -> bool:
    return window.goes_on and any(map(_ON.search, window.gaps))


def _hits(shadow: str, spans: Sequence[tuple[int, int]], kind: str) -> list[Hit]:
    start, end = spans[0][0], spans[-1][1]
    start -= shadow[start - 1 : start] == "(" and shadow[spans[0][1]] == ")"
    if kind == "identity" and sum(right - left for left, right in spans) == 17:
        end += 1  # the X
        spans = [*spans[:-1], (spans[-1][0], end)]
    if any(right[0] - left[1] > 2 and _LETTER.search(shadow, left[1], right[0]) for left, right in pairwise(spans)):
        return [Hit(*span, kind) for span in spans]
    return [Hit(start, end, kind)]


def _run_together(shadow: str, start: int, end: int) -> Iterator[Hit]:
    """An identity number and a telephone without anything between: one of both ends is the identity number."""
    for left in (start, end - 18):
        if is_identity(shadow[left : left + 18]):
            yield Hit(left, left + 18, "identity")
            return
