"""Is the customer content? Rules over word lists, calibrated to probabilities. Written by hand: nothing was trained.

A later model takes the place of `Sentiments` by offering the same `read`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from math import exp, log1p
from typing import NamedTuple, Protocol

from huixiang.domain.understanding.assent import without_assent
from huixiang.domain.understanding.contract import Sentiment
from huixiang.domain.understanding.facts import Facts
from huixiang.domain.understanding.feelings import Adjectives, roles, strengths, strengths_in_chatter
from huixiang.domain.understanding.lexicon import entries
from huixiang.domain.understanding.register import Register


class Model(Protocol):
    """What every sentiment model offers: batches in, batches out, in the same order."""

    def read(
        self, normals: Sequence[str], tokens: Sequence[Sequence[str]], addressed: Sequence[bool] = ()
    ) -> list[Sentiment]:
        """Judge normal texts, given with their pieces as words.Words.tokens cuts them.

        `addressed` says of each whether it was said to the bank itself (empty: nobody knows).
        """
        ...


_STRONGER, _WEAKER = 1.4, 0.6
_DENIED_PRAISE, _DENIED_BLAME = -0.8, -0.4  # 不满意 is blame, 没有问题 is faint praise
_BEFORE_BUT, _AFTER_BUT = 0.6, 1.2
_ASKED, _WISHED = 0.5, 0.3  # 好用吗 and 希望方便些 tell of no experience yet
_SUPPOSED = 0.5  # nor do 如果额度太低 and 听说很方便
_COMPLAINT = 0.9  # blame from which on a question is a reproach: 为什么打不开？ wants no answer
_REACH = 4  # pieces a negation or degree reaches forward
_EMOJI_STRENGTH = 1.0
_EMOJI_AT_MOST = 3  # ten angry faces in a row are one feeling, not ten

# Logits of the three labels over log(1+blame), log(1+praise), questions, wishes, chatter. Round numbers, set by hand.
_NEGATIVE = {"bias": -0.3, "blame": 2.2, "praise": -1.0, "asked": -0.2, "wished": 0.5, "chatter": 0.0}
_NEUTRAL = {"bias": 0.8, "blame": 0.0, "praise": 0.0, "asked": 0.6, "wished": 0.0, "chatter": 1.3}
_POSITIVE = {"bias": -0.6, "blame": -1.2, "praise": 2.4, "asked": -0.2, "wished": -0.3, "chatter": 0.0}
_LINES = [
    tuple(line[name] for name in ("bias", "blame", "praise", "asked", "wished", "chatter"))
    for line in (_NEGATIVE, _NEUTRAL, _POSITIVE)
]
# Among customers some seven in eight say nothing of the bank, and the likeliest label would hide most of those who do.
# What is told there takes so much from neutral's logit; the probabilities stay honest.
_HEARD = 1.0


class Evidence(NamedTuple):
    """What speaks for which label? Sums of strengths, both counted upwards, clauses that ask or wish, and the manner.

    `chatter` says that customers talk among themselves; see register.
    """

    blame: float
    praise: float
    asked: int
    wished: int
    chatter: bool = False


@dataclass(slots=True)
class _Clause:
    """The part of a sentence read so far: what a negation, degree, question or wish in it reaches."""

    praise: float = 0.0
    blame: float = 0.0
    denied: bool = False
    degree: float = 1.0
    reach: int = 0
    asked: bool = False
    wished: bool = False
    supposed: bool = False
    aspect: str = ""

    def hear(self, strength: float) -> None:
        """Take in one word of praise (> 0) or blame (< 0)."""
        value = strength * self.degree
        if self.denied:
            value *= _DENIED_PRAISE if value > 0 else _DENIED_BLAME
        if value > 0:
            self.praise += value
        else:
            self.blame -= value
        self.denied, self.degree = False, 1.0

    def wear_off(self) -> None:
        """One piece more that says nothing: a negation or degree reaches only so far."""
        self.reach -= 1
        if not self.reach:
            self.denied, self.degree = False, 1.0


class Sentiments:
    """The rule model. It has no state but the word lists, so one object serves all threads."""

    def __init__(self) -> None:
        self._strength, self._in_chatter, self._role = strengths(), strengths_in_chatter(), roles()
        self._register, self._facts, self._adjectives = Register(), Facts(), Adjectives()
        self._heard = self._adjectives.words.union(self._strength, self._in_chatter, self._role)

    def read(
        self, normals: Sequence[str], tokens: Sequence[Sequence[str]], addressed: Sequence[bool] = ()
    ) -> list[Sentiment]:
        """Judge normal texts, given with their pieces. A text that says nothing is neutral, not sure."""
        return [
            self._of(normal, pieces, to_bank) if normal else Sentiment(0.05, 0.9, 0.05)
            for normal, pieces, to_bank in zip(normals, tokens, addressed or repeat(False, len(normals)), strict=True)
        ]

    def _of(self, normal: str, pieces: Sequence[str], addressed: bool) -> Sentiment:
        return judged(self.evidence(normal, without_assent(pieces) if addressed else pieces, addressed=addressed))

    def evidence(self, normal: str, pieces: Sequence[str], *, addressed: bool = False) -> Evidence:
        """Which praise and blame does a text hold? Clause by clause; what follows 但是 counts more.

        What is `addressed` to the bank is never talk among customers, whatever its words are.
        """
        praise = blame = 0.0
        asked = wished = 0
        weight = 1.0
        clause = _Clause()
        chatter = not addressed and self._register.is_chatter(normal)
        strength, role, adjectives = self._in_chatter if chatter else self._strength, self._role, self._adjectives
        heard = self._heard
        for piece in pieces:
            if piece not in heard:
                if clause.reach:
                    clause.wear_off()
                continue
            value = adjectives.said(piece, clause, strength.get(piece))
            if value is not None:
                clause.hear(value)
                continue
            part = role.get(piece)
            if part is None:
                if clause.reach:
                    clause.wear_off()
            elif part in ("止", "转折"):
                if piece in "？?":
                    clause.asked = True
                gained = _closed(clause)
                praise, blame = praise + weight * gained[0], blame + weight * gained[1]
                asked, wished = asked + clause.asked, wished + clause.wished
                clause = _Clause()
                if part == "转折":
                    praise, blame, weight = praise * _BEFORE_BUT, blame * _BEFORE_BUT, _AFTER_BUT
            else:
                _turn(clause, part)
        gained = _closed(clause)
        faces, facts = _faces(normal), self._facts.heard(normal, chatter=chatter)
        return Evidence(
            blame + weight * gained[1] + faces[1] + facts[1],
            praise + weight * gained[0] + faces[0] + facts[0],
            asked + clause.asked,
            wished + clause.wished,
            chatter,
        )


def _turn(clause: _Clause, part: str) -> None:
    """A word without a feeling of its own that turns the feeling of those after it."""
    if part == "否定":
        clause.denied = not clause.denied
        clause.reach = _REACH
    elif part in ("加强", "减弱"):
        clause.degree *= _STRONGER if part == "加强" else _WEAKER
        clause.reach = _REACH
    elif part == "疑问":
        clause.asked = True
    elif part == "假设":
        clause.supposed = True
    else:
        clause.wished = True


def _closed(clause: _Clause) -> tuple[float, float]:
    praise, blame = clause.praise, clause.blame
    if clause.asked:
        praise *= _ASKED
    if clause.wished:
        praise *= _WISHED
        blame *= 1.0 if not clause.asked else _ASKED
    if clause.supposed:
        praise, blame = praise * _SUPPOSED, blame * _SUPPOSED
    return praise, blame


def judged(evidence: Evidence) -> Sentiment:
    """Three probabilities from evidence: softmax over three lines. Logarithms, since a tenth insult adds little."""
    blame, praise = log1p(evidence.blame), log1p(evidence.praise)
    asked = min(evidence.asked, 2) if evidence.blame < _COMPLAINT else 0
    # Among customers 应该 and 建议 advise one another and ask nothing of the bank.
    wished, chatter = 0 if evidence.chatter else min(evidence.wished, 2), evidence.chatter
    weights = [
        exp(bias + by_blame * blame + by_praise * praise + by_asked * asked + by_wished * wished + by_chatter * chatter)
        for bias, by_blame, by_praise, by_asked, by_wished, by_chatter in _LINES
    ]
    total = sum(weights)
    negative, positive = weights[0] / total, weights[2] / total
    fair = Sentiment(negative, 1.0 - negative - positive, positive)
    if not evidence.chatter or fair.label != "neutral":
        return fair
    told = Sentiment(negative, fair.neutral * exp(-_HEARD), positive).label
    return fair if told == "neutral" else fair._replace(told=told)


_FACES = {face: float(section) for section, faces in entries("emoji.txt").items() for face in faces}
_FACE = re.compile("|".join(sorted(map(re.escape, _FACES), key=len, reverse=True)))
_FIRST_OF_FACE = re.compile("[\\[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]")
_ANY_FACE = re.compile("[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]|\\[[\u4e00-\u9fffa-z]")


def _faces(normal: str) -> tuple[float, float]:
    if not _FIRST_OF_FACE.search(normal) or not _ANY_FACE.search(normal):
        return 0.0, 0.0
    found = [_FACES[face] for face in _FACE.findall(normal)]
    happy, angry = sum(value > 0 for value in found), sum(value < 0 for value in found)
    return _EMOJI_STRENGTH * min(happy, _EMOJI_AT_MOST), _EMOJI_STRENGTH * min(angry, _EMOJI_AT_MOST)
