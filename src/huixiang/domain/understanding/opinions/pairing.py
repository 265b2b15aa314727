"""Which opinion is of which aspect, and is it good or bad? The nearest aspect of the clause; the way that is good."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from huixiang.domain.understanding.contract import Opinion
from huixiang.domain.understanding.feelings import strengths
from huixiang.domain.understanding.lexicon import entries
from huixiang.domain.understanding.opinions.dictionary import Dictionary
from huixiang.domain.understanding.opinions.tags import ASPECT, BANK, OPINION, PRODUCT, Span

_CLAUSE = re.compile(r"[，,。.！!？?；;…~～\n]+")
_SENTENCE = re.compile(r"[。！!？?；;…\n]")
_BEHIND = 3  # characters: 快的到账 is rarer than 到账快, so an aspect behind counts as so much farther off
_SAYS = {"褒": 1, "贬": -1, "平": 0}
_DENY = ("不", "没", "没有", "不是", "无")
_REMEMBERED = 50_000  # polarities
_ASKS = ("多少", "多久", "怎么", "什么", "吗", "?", "？")


class Pairing:
    """Links spans of one text to opinions. `dictionary` says which way is good."""

    def __init__(self, dictionary: Dictionary | None = None) -> None:
        self._sections = dict((dictionary or Dictionary.shipped()).sections)
        self._strengths = strengths()
        modifiers = entries("modifiers.txt")
        self._denials = modifiers["否定"]
        turns = self._denials | modifiers["加强"] | modifiers["减弱"]
        self._turns = turns
        self._turn_lengths = sorted({len(turn) for turn in turns}, reverse=True)  # 非常 before 非
        self._known: dict[tuple[str, str, str, bool], str] = {}  # polarities that were asked for

    def link(self, text: str, spans: Sequence[Span]) -> tuple[Opinion, ...]:
        """The opinions of a text as `chain.plain` makes it, in order.

        What nobody names stays empty: 太慢了 is an opinion of no named aspect.
        """
        told = [span for span in spans if span.kind == OPINION]
        if not told:
            return ()
        clauses = [0, *[cut.end() for cut in _CLAUSE.finditer(text)], len(text) + 1]
        sentences = [0, *[cut.end() for cut in _SENTENCE.finditer(text)], len(text) + 1]
        aspects, products, banks = _Named(spans, ASPECT), _Named(spans, PRODUCT), _Named(spans, BANK)
        found = []
        for span in told:
            number = bisect_right(clauses, span.start)
            clause = clauses[number - 1], clauses[number]
            # 利率呢，太高了: the clause before may name what is spoken of.
            aspect = aspects.nearest(span, clause) or aspects.before(span, clauses[max(0, number - 2)])
            sentence = sentences[bisect_right(sentences, span.start) - 1]
            product = products.nearest(span, clause) or products.before(span, sentence)
            found.append(self._opinion(text, span, aspect, product, banks.before(span, 0)))
        return tuple(found)

    def _opinion(self, text: str, span: Span, aspect: Span | None, product: Span | None, bank: Span | None) -> Opinion:
        places, words = [], []
        for name, its in (("bank", bank), ("product", product), ("aspect", aspect), ("opinion", span)):
            if its is None:
                words.append("")
            else:
                words.append(text[its.start : its.end])
                places.append((name, its.start, its.end))
        denied = text.endswith(_DENY, max(0, span.start - 2), span.start)
        told = (words[3], self._sections.get(words[2], ""), self._sections.get(words[1], ""), denied)
        polarity = self._known.get(told)
        if polarity is None:
            if len(self._known) > _REMEMBERED:  # a trained reader may tell any words
                self._known.clear()
            self._known[told] = polarity = self._polarity(*told[:3], denied=denied)
        return Opinion(words[0], words[1], words[2], words[3], polarity, tuple(places))

    def _polarity(self, word: str, aspect: str, product: str, *, denied: bool) -> str:
        """By the sections of aspect and product.

        Turning words are taken off one by one (不是很高) until the rest is known.
        """
        if word.endswith(_ASKS):
            return "neutral"
        way, rest = (-1 if denied else 1), word.rstrip("了的啊呢吧呀哦")
        value = self._value(word, aspect, product)
        while value is None and rest:
            value = self._value(rest, aspect, product)
            turn = next((rest[:length] for length in self._turn_lengths if rest[:length] in self._turns), "")
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
            return _way(aspect, product) * (1 if section == "高" else -1)
        if section in _SAYS:
            return _SAYS[section]
        return self._sign(word) if word in self._strengths else None


def _way(aspect: str, product: str) -> int:
    """1 where more of the aspect is better, -1 where less is, 0 where nobody can tell; by their sections."""
    if aspect == "看产品":
        # Borrowers speak of rates far more often than savers do, but only a named product settles it.
        return {"贷款": -1, "卡": -1, "存款理财": 1}.get(product, 0)
    return {"越高越好": 1, "越低越好": -1}.get(aspect, 0)


class _Named:
    """The spans of one kind in a text, looked up by place: a text of ten thousand opinions takes no longer for each."""

    def __init__(self, spans: Sequence[Span], kind: str) -> None:
        self._its = [span for span in spans if span.kind == kind]
        self._starts = [span.start for span in self._its]

    def before(self, span: Span, low: int) -> Span | None:
        """The last one before a span, if it begins at `low` or later."""
        if not self._its:
            return None
        place = bisect_right(self._starts, span.start) - 1
        return self._its[place] if place >= 0 and self._starts[place] >= low else None

    def nearest(self, span: Span, stretch: tuple[int, int]) -> Span | None:
        """The nearest one of a stretch; one behind counts as _BEHIND characters farther off."""
        if not self._its:
            return None
        place = bisect_right(self._starts, span.start)
        before = self._its[place - 1] if place and self._starts[place - 1] >= stretch[0] else None
        after = self._its[place] if place < len(self._its) and self._starts[place] < stretch[1] else None
        if before is None or after is None:
            return before or after
        return before if span.start - before.end <= after.start - span.end + _BEHIND else after
