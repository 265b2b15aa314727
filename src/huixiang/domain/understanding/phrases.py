"""What is said about what? Key phrases such as 登录 打不开: an aspect and the opinion that stands by it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise

from huixiang.domain.understanding.feelings import strengths
from huixiang.domain.understanding.lexicon import all_entries

AT_MOST = 5  # phrases a text
_REACH = 4  # pieces between an aspect and its opinion
_END = frozenset("，,。.！!？?；;…\n")


class Phrases:
    """Finds key phrases by the lists of aspects and of opinions."""

    def __init__(self) -> None:
        self._aspects = all_entries("aspects.txt")
        strong = strengths()
        self._opinions = (
            frozenset(strong)
            - self._aspects
            - frozenset({"好", "挺", "可以", "强", "气", "唉", "哎", "晕", "谢谢", "感谢", "希望"})
        )
        self._denials = frozenset(
            {"不", "没", "没有", "无", "未", "不太", "不够", "不怎么", "不是", "无法", "不能", "不会"}
        )
        self._known = dict.fromkeys(self._opinions, "opinion") | dict.fromkeys(self._aspects, "aspect")
        # 验证码收不到 holds its aspect in itself.
        heads = tuple(self._aspects)
        self._whole = frozenset(word for word in self._opinions if len(word) > 3 and word.startswith(heads))
        self._known |= dict.fromkeys(self._denials, "denial") | dict.fromkeys(_END, "end")

    def read(self, pieces: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
        """At most five phrases of a text in order, each once. Without a pair, words beside one of either."""
        found: dict[str, None] = {}
        aspect, opinion, denial = (-9, ""), (-9, ""), -9
        for place, piece in enumerate(pieces):
            kind = self._known.get(piece)
            if kind is None:
                continue
            if kind == "end":
                aspect, opinion = (-9, ""), (-9, "")
            elif kind == "denial":
                denial = place
            elif kind == "aspect":
                # 垃圾 软件: the opinion right before. Otherwise the aspect waits for its opinion.
                if place - opinion[0] == 1 or (place - opinion[0] == 2 and pieces[place - 1] == "的"):
                    found[f"{opinion[1]} {piece}"] = None
                aspect = (place, piece)
            else:
                said = pieces[denial] + piece if place - denial == 1 else piece
                if place - aspect[0] <= _REACH:
                    found[f"{aspect[1]} {said}"] = None
                    aspect = (-9, "")
                elif piece in self._whole:
                    found[said] = None
                opinion = (place, said)
        if not found:
            pairs = (pair for pair in pairwise(words) if pair[0] in self._known or pair[1] in self._known)
            found = dict.fromkeys(f"{left} {right}" for left, right in islice(pairs, 2))
        return tuple(found)[:AT_MOST]
