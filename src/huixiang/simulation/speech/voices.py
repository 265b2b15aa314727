"""In whose voice is it said? Angry, polite, from the north-east, with slips of the pen: data/ways/tones.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import opencc

from huixiang.simulation.speech.contract import POLARITIES
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.material import DATA, Source, read, word_lists
from huixiang.simulation.speech.pattern import ASPECT, OPINION, SLOTS, Pattern

# What is written but not spoken: emoji, and emoji codes such as [微笑].
FACES = re.compile("[\U00002600-\U000027bf\U0001f300-\U0001faff\ufe0f]|\\[[\u4e00-\u9fff]{1,3}\\]")
# How letters and posts begin and end, but no talk and no slip.
_WRITTEN = re.compile(
    f"{FACES.pattern}|[您你]好|尊敬|客服|盼复|盼覆|等覆|解答|回复|抽空|[！？?]{{2}}|五星|老铁们|老师|老師|发网上|·|看一下"
    "|[A-Za-z]"
)
_PAUSES = str.maketrans("，。；", "   ")


@dataclass(frozen=True, slots=True)
class Voice:
    """How does this kind of customer write? Its own beginnings and ends, and words that stand for other words."""

    name: str
    weights: Mapping[str, float]
    openings: Mapping[str, tuple[Pattern, ...]]
    closings: Mapping[str, tuple[Pattern, ...]]
    ends: tuple[str, ...]
    emoji: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, float]]
    finder: re.Pattern[str] | None
    marked: bool
    script: str
    loose: float
    way: bool
    record: bool

    def change(self, hand: Hand, *, typed: bool = True) -> Callable[[str, str], str]:
        """How does a piece sound in this voice? Names change their script only, numbers nothing."""
        loose = typed and not self.record and hand.chance(self.loose)

        def said(text: str, name: str) -> str:
            if name.startswith("planted:"):
                return text
            if not name:
                if self.finder:
                    text = self.finder.sub(lambda match: self._word(hand, match[0]), text)
                if loose and not text.startswith("。。"):
                    text = text.translate(_PAUSES)
            return traditional(text, self.script) if self.script else text

        return said

    def aloud(self) -> Voice:
        """The same voice on the line or on paper: no emoji, and one mark at the end instead of a row of them."""

        def plain(lists: Mapping[str, tuple[Pattern, ...]]) -> Mapping[str, tuple[Pattern, ...]]:
            return {mood: tuple(one for one in ways if not _is_net(one)) for mood, ways in lists.items()}

        ends = tuple(dict.fromkeys(FACES.sub("", end)[:1] for end in self.ends)) or ("。",)
        return replace(
            self,
            emoji={mood: () for mood in self.emoji},
            ends=tuple("。" if end in "…～~，." else "！" if end in "？?!" and end else end for end in ends),
            openings=plain(self.openings),
            closings=plain(self.closings),
        )

    def _word(self, hand: Hand, word: str) -> str:
        other, share = self.words[word]
        return other if share >= 1 or hand.chance(share) else word


def _is_net(pattern: Pattern) -> bool:
    """Has it emoji, an exclamation or a salutation that nobody says aloud?"""
    return any(_WRITTEN.search(text) for text, is_slot, _ in pattern.parts if not is_slot)


@lru_cache(maxsize=1 << 16)
def traditional(text: str, script: str = "s2tw") -> str:
    """How is it written in traditional characters? As many characters as before, so that places stay right."""
    converter = _converter(script)
    whole = converter.convert(text)
    return whole if len(whole) == len(text) else "".join(converter.convert(one)[:1] or one for one in text)


@lru_cache(maxsize=4)
def _converter(script: str) -> opencc.OpenCC:
    return opencc.OpenCC(script)


@lru_cache(maxsize=4)
def voices(folder: Path = DATA) -> Mapping[str, Voice]:
    """Which voices are there? By name, in the order of the file."""
    source, content = read(folder / "ways" / "tones.toml")
    known = (SLOTS | set(word_lists(folder))) - {ASPECT, OPINION}
    return {written["name"]: _voice(source, written, known) for written in content["tone"]}


def _voice(source: Source, written: dict[str, Any], known: frozenset[str]) -> Voice:
    def moods(part: str) -> dict[str, tuple[Pattern, ...]]:
        lists = written.get(part, {})
        return {mood: source.patterns(lists.get(mood, []), known, marks=False) for mood in POLARITIES}

    words = {old: (new, float(share)) for old, new, share in written.get("words", []) if share > 0}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return Voice(
        written["name"],
        written["weights"],
        moods("opening"),
        moods("closing"),
        tuple(written["ends"]),
        {mood: tuple(written.get("emoji", {}).get(mood, ())) for mood in POLARITIES},
        words,
        re.compile("|".join(map(re.escape, longest_first))) if words else None,
        bool(written.get("marked", False)),
        str(written.get("script", "")),
        float(written.get("loose", 0.06)),
        bool(written.get("way", False)),
        bool(written.get("record", False)),
    )
