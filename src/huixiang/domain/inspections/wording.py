"""Did the agent say what must be said, and nothing that must not? docs/methods/hotline-words.md.

Only what was written down is read: no tone, no look, and what the transcription misheard is misheard here as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from huixiang.domain.standards.values import Phrase, Stage, Wording

EDGE_TURNS = 2  # of the agent's turns, how many are the opening, and how many the closing
_ENDS = re.compile("[。！？；，、,.!?;:：\n]")
_QUOTED = re.compile('“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|"[^"]*"')
# Somebody else's words are told: 您刚才说……; but 您说的这个…… tells of a thing, and 我跟您说…… are the agent's own.
_TOLD = re.compile(
    "(?<![跟对和向给诉])(?:您|你|他|她|客户|柜员|同事|有人|人家|对方|他们|网点)(?:刚才|刚刚|之前|上次|当时)?(?:是|还|也)?"
    "(?:跟[您你我]|对[您你我])?(?:说|讲|问|提到|反映|回答|投诉)(?!的|明|起)"
)
# What is denied, or told not to be done, right before it: 不能说…… 不会跟您讲…… 请不要……
_DENIED = re.compile(
    "(?:不能|不会|不要|不可以|不应该?|不该|不用|不必|不许|不是|没有|从不|绝不|并非|别|没|禁止)"
    "(?:再|去)?(?:跟|对|和|向)?(?:[您你]|客户|我们)?(?:这么|这样)?(?:说|讲|回答|出现|写)?(?:过|什么)?$"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One saying: of which phrase, in which of the agent's turns, from where to where in its text."""

    phrase: Phrase
    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judged:
    """`missing`: required, and not said where it belongs; `heard`: forbidden, and said."""

    missing: tuple[Phrase, ...]
    heard: tuple[Heard, ...]


def judge(turns: Sequence[str], wording: Wording) -> Judged | None:
    """One call by the agent's turns, in order. None: too little was said to be judged."""
    if len(turns) < EDGE_TURNS:
        return None
    missing = tuple(each for each in wording.phrases if not any(_said(each, turns)))
    return Judged(missing, tuple(heard for each in wording.forbidden for heard in _said(each, turns)))


def _said(phrase: Phrase, turns: Sequence[str]) -> Iterator[Heard]:
    """Where is it said? The stage of a call is counted in the agent's own turns."""
    for place in _places(phrase.stage, len(turns)):
        for start, end in spans(turns[place], phrase):
            yield Heard(phrase, place, start, end)


def _places(stage: Stage, count: int) -> range:
    if stage is Stage.OPENING:
        return range(min(EDGE_TURNS, count))
    return range(max(0, count - EDGE_TURNS), count) if stage is Stage.CLOSING else range(count)


def spans(text: str, phrase: Phrase) -> list[tuple[int, int]]:
    """Where in this turn does the agent say it as her own? Signs and blanks between the characters do not matter."""
    plain, places = _plain(text)
    if not any(_plain(saying)[0] in plain for saying in phrase.any_of):
        return []
    excepted = [span for saying in phrase.unless for span in _found(plain, saying)]
    found = {span for saying in phrase.any_of for span in _found(plain, saying)
             if not any(a < span[1] and span[0] < b for a, b in excepted)}  # fmt: skip
    own = sorted((places[start], places[end - 1] + 1) for start, end in found)
    return [span for span in own if _is_own(text, span[0])]


def _found(plain: str, saying: str) -> Iterator[tuple[int, int]]:
    sought, start = _plain(saying)[0], 0
    while sought and (start := plain.find(sought, start)) >= 0:
        yield start, start + len(sought)
        start += 1


@lru_cache(maxsize=4_096)
def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """Letters and digits alone, in one form, and where each stood.

    Kept for a while: every saying is asked of every turn, and a turn of every phrase.
    """
    kept = [(folded, place) for place, sign in enumerate(text) if sign.isalnum()
            for folded in unicodedata.normalize("NFKC", sign).casefold()]  # fmt: skip
    return "".join(sign for sign, _place in kept), tuple(place for _sign, place in kept)


def _is_own(text: str, start: int) -> bool:
    """Neither quoted, nor told of others, nor denied."""
    if any(quote.start() < start < quote.end() for quote in _QUOTED.finditer(text)):
        return False
    ends = [end.end() for end in _ENDS.finditer(text, 0, start)]
    before = text[ends[-1] if ends else 0 : start].strip()
    sentence = _sentence(text, start)
    return not _DENIED.search(before) and not _TOLD.search(before) and not _tells(sentence)


def _sentence(text: str, start: int) -> str:
    """What stands in the same sentence before it, across its commas."""
    begin = max((text.rfind(sign, 0, start) for sign in "。！？；!?;\n"), default=-1) + 1
    return text[begin:start].strip()


def _tells(before: str) -> bool:
    """他跟我说，不归他管: the verb of saying ends what stands before the comma."""
    told = re.sub("[，、,:：\\s]+$", "", before)
    found = list(_TOLD.finditer(told))
    return bool(found) and found[-1].end() == len(told) and told != before
