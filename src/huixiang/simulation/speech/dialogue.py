"""How does a hotline call go? A script in pairs of turns; the agent says the required words or does without them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from huixiang.simulation.speech.contract import Facts, Turn, Utterance
from huixiang.simulation.speech.draft import Draft
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.material import DATA, read, word_lists
from huixiang.simulation.speech.pattern import ASPECT, OPINION, SLOTS, Pattern
from huixiang.simulation.speech.voices import FACES
from huixiang.simulation.speech.wording import Scene

_SENTENCE = re.compile(r"(?<=[。！？!?])(?=[^。！？!?])")
_FORBIDDEN = 0.15  # share of unfriendly answers that are against the standard outright


class Dialogue:
    """Who holds the call? Reads the script once."""

    def __init__(self, banks: tuple[str, ...]) -> None:
        self._banks = banks
        self._words = word_lists()
        self._script = script()

    def hold(self, hand: Hand, utterance: Utterance, *, agent_name: str, polite: float) -> list[Turn]:
        """The turns in order, 4 to 14. The customer says the utterance's text in one or two turns, but no emoji."""
        call = _Call(hand, {**self._words, "agent": (agent_name,)}, self._banks, polite)
        mood = utterance.sentiment
        first, rest = _halves(hand, FACES.sub("", utterance.text))
        call.say("agent", self._lines("greeting", call.manner()))
        call.say("customer", self._lines("hello", mood), then=first)
        call.say("agent", self._lines("understanding", mood, call.manner()))
        if rest:
            call.turns.append(Turn("customer", rest))
        self._middle(call, mood)
        call.say("agent", self._lines("closing", call.manner()))
        if hand.chance(0.6):
            call.say("customer", self._lines("bye", mood))
        return call.turns

    def _middle(self, call: _Call, mood: str) -> None:
        """Questions, waiting, the answer: each may be missing, but the agent never speaks twice in a row."""
        if call.turns[-1].who == "agent":
            call.say("customer", self._lines("detail", mood))
        for part in ("ask", "wait"):
            if call.hand.chance(0.5):
                self._pair(call, part, mood)
        if call.hand.chance(0.85):
            manner = call.manner()
            scolds = manner == "plain" and call.hand.chance(_FORBIDDEN)
            call.say("agent", self._lines("forbidden", "lines") if scolds else self._lines("answer", mood, manner))
            call.say("customer", self._lines("reply", "scolded" if scolds else mood))
        if call.hand.chance(0.4):
            self._pair(call, "more", mood)

    def _pair(self, call: _Call, part: str, mood: str) -> None:
        """A question and its answer. What [ask] asks is answered by the line at the same place of its other list."""
        questions = self._script[part]["agent"]
        place = call.hand.number(0, len(questions) - 1)
        call.say("agent", (questions[place],))
        if part == "ask":
            call.say("customer", (self._script[part]["customer"][place],))
        else:
            call.say("customer", self._script[part].get("customer") or self._script[part][mood])

    def _lines(self, *path: str) -> tuple[Pattern, ...]:
        found: Any = self._script
        for step in path:
            found = found[step]
        return tuple(found)


class _Call:
    """What has been said on the line so far?"""

    def __init__(self, hand: Hand, words: Mapping[str, tuple[str, ...]], banks: tuple[str, ...], polite: float) -> None:
        self.hand, self.turns = hand, list[Turn]()
        self._words, self._banks, self._polite = words, banks, polite
        self._said: dict[str, str] = {}

    def manner(self) -> str:
        """Does the agent use the required words this time?"""
        return "required" if self.hand.chance(self._polite) else "plain"

    def say(self, who: str, lines: tuple[Pattern, ...], *, then: str = "") -> None:
        """One of these lines as a turn of its own, with `then` behind it."""
        scene = Scene(self.hand, Draft(), Facts(), self._banks, self._words, said=self._said)
        scene.put(self.hand.pick(lines))
        self.turns.append(Turn(who, scene.draft.finish()[0] + then))


def _halves(hand: Hand, text: str) -> tuple[str, str]:
    """What is said at once, and what only after the agent's first word? Cut where a sentence ends, if at all."""
    cuts = [cut.start() for cut in _SENTENCE.finditer(text)]
    if not cuts or hand.chance(0.3):
        return text, ""
    cut = hand.pick(cuts)
    return text[:cut], text[cut:]


@lru_cache(maxsize=4)
def script(folder: Path = DATA) -> Mapping[str, Any]:
    """The script as read from data/ways/dialogue.toml, its lines parsed."""
    source, written = read(folder / "ways" / "dialogue.toml")
    known = (SLOTS | set(word_lists(folder)) | {"agent"}) - {ASPECT, OPINION}

    def parsed(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: parsed(inner) for name, inner in part.items()}
        return source.patterns(part, known, marks=False)

    return dict(parsed(written))
