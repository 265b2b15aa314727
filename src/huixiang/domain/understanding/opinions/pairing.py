"""Which opinion is of which aspect, and is it good or bad? The nearest aspect of the clause; the way that is good."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from huixiang.domain.understanding.contract import Opinion
from huixiang.domain.understanding.lexicon import entries
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.domain.understanding.opinions.dictionary import Dictionary
from huixiang.domain.understanding.opinions.tags import ASPECT, BANK, OPINION, PRODUCT, Span
from huixiang.domain.understanding.sentiment import strengths

_CLAUSE = re.compile(r"[，,。.！!？?；;…~～\n]+")
_SENTENCE = re.compile(r"[。！!？?；;…\n]")
_BEHIND = 3  # characters: 快的到账 is rarer than 到账快, so an aspect behind counts as so much farther off
_SAYS = {"褒": 1, "贬": -1, "平": 0}
_DENY = ("不", "没", "没有", "不是", "无")
_ASKS = ("多少", "多久", "怎么", "什么", "吗", "?", "？")


class Pairing:
    """Links spans of one text to opinions. `dictionary` says which way is good."""

    def __init__(self, dictionary: Dictionary | None = None) -> None:
        self._sections = dict((dictionary or Dictionary.shipped()).sections)
        self._strengths = strengths()
        modifiers = entries("modifiers.txt")
        self._denials = modifiers["否定"]
        turns = self._denials | modifiers["加强"] | modifiers["减弱"]
        self._turns = tuple(sorted(turns, key=len, reverse=True))  # 非常 before 非

    def link(self, text: str, spans: Sequence[Span]) -> tuple[Opinion, ...]:
        """The opinions of a text in order. What nobody names stays empty: 太慢了 is an opinion of no named aspect."""
        if not any(span.kind == OPINION for span in spans):
            return ()
        text = plain(text)
        clauses = [0, *(cut.end() for cut in _CLAUSE.finditer(text)), len(text) + 1]
        sentences = [0, *(cut.end() for cut in _SENTENCE.finditer(text)), len(text) + 1]
        found = []
        for span in spans:
            if span.kind != OPINION:
                continue
            clause = _around(span, clauses)
            aspect = _nearest(span, [its for its in spans if its.kind == ASPECT and _within(its, clause)])
            if aspect is None:  # 利率呢，太高了: the clause before may name what is spoken of
                aspect = _last_before(span, spans, ASPECT, _before(clause, clauses))
            product = _nearest(span, [its for its in spans if its.kind == PRODUCT and _within(its, clause)])
            product = product or _last_before(span, spans, PRODUCT, _around(span, sentences))
            bank = _last_before(span, spans, BANK, (0, len(text)))
            found.append(self._opinion(text, span, aspect, product, bank))
        return tuple(found)

    def _opinion(self, text: str, span: Span, aspect: Span | None, product: Span | None, bank: Span | None) -> Opinion:
        named = {"bank": bank, "product": product, "aspect": aspect, "opinion": span}
        words = {name: text[its.start : its.end] if its else "" for name, its in named.items()}
        denied = text[max(0, span.start - 2) : span.start]
        polarity = self._polarity(words["opinion"], words["aspect"], words["product"], denied=denied)
        places = tuple((name, its.start, its.end) for name, its in named.items() if its)
        return Opinion(**words, polarity=polarity, spans=places)

    def _polarity(self, word: str, aspect: str, product: str, *, denied: str) -> str:
        """Turning words before it are taken off one by one (不是很高) until the rest is known."""
        if word.endswith(_ASKS):
            return "neutral"
        way, rest = (-1 if denied.endswith(_DENY) else 1), word.rstrip("了的啊呢吧呀哦")
        value = self._value(word, aspect, product)
        while value is None and rest:
            value = self._value(rest, aspect, product)
            turn = next((turn for turn in self._turns if rest.startswith(turn)), "")
            if value is not None or not turn:
                break
            way = -way if turn in self._denials else way
            rest = rest[len(turn) :]
        if value is None:
            value = 1 if way < 0 else 0  # 没XX of a word unknown is more often a lack than a blessing
        value *= way
        return "positive" if value > 0 else "negative" if value < 0 else "neutral"

    def _sign(self, word: str) -> int:
        strength = self._strengths.get(word, 0.0)
        return (strength > 0) - (strength < 0)

    def _value(self, word: str, aspect: str, product: str) -> int | None:
        """1 good, -1 bad, 0 neither; None where the word is not known."""
        section = self._sections.get(word)
        if section in ("高", "低"):
            return self._way(aspect, product) * (1 if section == "高" else -1)
        if section in _SAYS:
            return _SAYS[section]
        return self._sign(word) if word in self._strengths else None

    def _way(self, aspect: str, product: str) -> int:
        """1 where more of the aspect is better, -1 where less is, 0 where nobody can tell."""
        section = self._sections.get(aspect)
        if section == "看产品":
            # Borrowers speak of rates far more often than savers do, but only a named product settles it.
            return {"贷款": -1, "卡": -1, "存款理财": 1}.get(self._sections.get(product, ""), 0)
        return {"越高越好": 1, "越低越好": -1}.get(section or "", 0)


def _around(span: Span, cuts: Sequence[int]) -> tuple[int, int]:
    return next((a, b) for a, b in pairwise(cuts) if a <= span.start < b)


def _before(clause: tuple[int, int], cuts: Sequence[int]) -> tuple[int, int]:
    place = cuts.index(clause[0])
    return (cuts[place - 1], clause[0]) if place else (0, 0)


def _within(span: Span, stretch: tuple[int, int]) -> bool:
    return stretch[0] <= span.start < stretch[1]


def _nearest(span: Span, others: Sequence[Span]) -> Span | None:
    def far(other: Span) -> int:
        return span.start - other.end if other.end <= span.start else other.start - span.end + _BEHIND

    return min(others, key=far, default=None)


def _last_before(span: Span, spans: Sequence[Span], kind: str, stretch: tuple[int, int]) -> Span | None:
    its = [other for other in spans if other.kind == kind and other.end <= span.start and _within(other, stretch)]
    return its[-1] if its else None
