"""How does a hotline call go? A script in pairs of turns; the agent says the required words or does without them.

The agent hears what the call is about: what he has understood, asks, explains and promises stands by topic in
data/ways/calls.toml. A longer call has more of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
CHARACTERS_A_SECOND = 4.2  # how fast people speak Chinese on the telephone: some 250 a minute
_TALKED = 0.8  # of a call's time, as far as there is something to say: the rest is looking up and waiting
_LOOKS_AGAIN = 3  # what is explained before a second look into the records
_LONG = 600  # characters of a call in which the agent looks up something twice
_PRAISE, _ANY = "praise", "complaints.handling"

Pairs = Sequence[Sequence[Pattern]]


class Dialogue:
    """Who holds the call? Reads the script once."""

    def __init__(self, banks: tuple[str, ...]) -> None:
        self._banks = banks
        self._words = word_lists(guise="aloud")
        self._script = script()
        self._calls = calls()

    def hold(self, hand: Hand, utterance: Utterance, *, agent_name: str, polite: float, seconds: int = 0) -> list[Turn]:
        """The turns in order. The customer says the utterance's text in one or two turns, but no emoji."""
        call = _Call(hand, {**self._words, "agent": (agent_name,)}, self._banks, polite)
        mood = utterance.sentiment
        about = _PRAISE if mood == "positive" else next(iter(utterance.topics), _ANY)
        matter = self._calls.get(about) or self._calls[_ANY]
        first, rest = _halves(hand, FACES.sub("", utterance.text))
        call.say("agent", self._lines("greeting", call.manner()))
        call.say("customer", self._lines("hello", mood), then=first)
        call.say("agent", self._lines("understanding", mood, call.manner()), matter["echo"])
        if rest:
            call.turns.append(Turn("customer", rest))
        else:
            call.say("customer", self._lines("detail", mood))
        self._middle(call, utterance, matter, round(seconds * CHARACTERS_A_SECOND * _TALKED))
        call.say("agent", self._lines("closing", call.manner()))
        if hand.chance(0.6):
            call.say("customer", self._lines("bye", mood))
        return call.turns

    def _middle(self, call: _Call, utterance: Utterance, matter: Mapping[str, Any], characters: int) -> None:
        """Who calls, questions, looking it up, what is found, the answer; the agent never speaks twice in a row."""
        hand, mood, said = call.hand, utterance.sentiment, utterance.text
        praise = mood == "positive"
        if characters and not praise and hand.chance(0.7):
            place = hand.number(0, len(self._script["identity"]["agent"]) - 1)
            call.pair(*(self._script["identity"][who][place] for who in ("agent", "customer")))
        asked = hand.shuffled(matter["ask"])[: _share(len(matter["ask"]), characters, hand)]
        for pair in asked:
            call.pair(*pair)
        looked = not praise and (bool(characters) or hand.chance(0.5))
        if looked:
            call.say("agent", self._lines("wait", "agent"))
            call.say("customer", self._lines("wait", mood))
        heard = [pair for words, *pair in matter["heard"] if characters and words in said]
        self._explain(call, heard[:1], matter["tell"], characters, looked=looked)
        if characters or hand.chance(0.85):
            manner = call.manner()
            scolds = manner == "plain" and not praise and hand.chance(_FORBIDDEN)
            call.say("agent", self._lines("forbidden", "lines") if scolds else matter["answer"][mood])
            call.say("customer", self._lines("reply", "scolded" if scolds else mood))
        if hand.chance(0.4):
            call.say("agent", self._lines("more", "agent"))
            call.say("customer", self._lines("more", "customer"))

    def _explain(self, call: _Call, heard: Pairs, tell: Pairs, characters: int, *, looked: bool) -> None:
        """The answer to what was asked; then what else was found and how it is done, as long as there is time."""
        back = self._lines("back", "agent") if looked and call.hand.chance(0.8) else ()
        for place, (agent, customer) in enumerate((*heard, *tell) if characters else ()):
            if place >= len(heard) and sum(len(turn.text) for turn in call.turns) > characters - 70:
                break
            if place == _LOOKS_AGAIN and characters > _LONG:
                call.say("agent", self._lines("wait", "agent"))
                call.say("customer", self._lines("wait", "neutral"))
            call.say("agent", *((back, (agent,)) if back else ((agent,),)))
            call.say("customer", (customer,))
            back = ()

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

    def say(self, who: str, *lines: tuple[Pattern, ...], then: str = "") -> None:
        """One turn of its own: one of these lines, and one of each further list, with `then` behind them."""
        scene = Scene(self.hand, Draft(), Facts(), self._banks, self._words, said=self._said)
        for options in lines:
            scene.put(self.hand.pick(options))
        self.turns.append(Turn(who, scene.draft.finish()[0] + then))

    def pair(self, agent: Pattern, customer: Pattern) -> None:
        """A question of the agent's and its answer."""
        self.say("agent", (agent,))
        self.say("customer", (customer,))


def _share(there: int, characters: int, hand: Hand) -> int:
    """How many of the questions are asked? One at most in a short call, all of them in one of three minutes."""
    if not characters:
        return int(hand.chance(0.5))
    return min(there, 1 + characters // 130)


def _halves(hand: Hand, text: str) -> tuple[str, str]:
    """What is said at once, and what only after the agent's first word? Cut where a sentence ends, if at all."""
    cuts = [cut.start() for cut in _SENTENCE.finditer(text)]
    if not cuts or hand.chance(0.3):
        return text, ""
    cut = hand.pick(cuts)
    return text[:cut], text[cut:]


def _known(folder: Path) -> frozenset[str]:
    return (SLOTS | set(word_lists(folder)) | {"agent"}) - {ASPECT, OPINION}


@lru_cache(maxsize=4)
def script(folder: Path = DATA) -> Mapping[str, Any]:
    """What is said whatever the call is about: data/ways/dialogue.toml, its lines parsed."""
    source, written = read(folder / "ways" / "dialogue.toml")
    known = _known(folder)

    def parsed(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: parsed(inner) for name, inner in part.items()}
        return source.patterns(part, known, marks=False)

    return dict(parsed(written))


@lru_cache(maxsize=4)
def calls(folder: Path = DATA) -> Mapping[str, Mapping[str, Any]]:
    """What belongs to the matter, by topic: data/ways/calls.toml."""
    source, written = read(folder / "ways" / "calls.toml")
    known, found = _known(folder), dict[str, Mapping[str, Any]]()
    for part in written["call"]:
        matter = {
            "echo": source.patterns(part["echo"], known, marks=False),
            "heard": tuple(
                (words, *source.patterns(pair, known, marks=False)) for words, *pair in part.get("heard", ())
            ),
            "ask": tuple(source.patterns(pair, known, marks=False) for pair in part["ask"]),
            "tell": tuple(source.patterns(pair, known, marks=False) for pair in part["tell"]),
            "answer": {mood: source.patterns(lines, known, marks=False) for mood, lines in part["answer"].items()},
        }
        found |= dict.fromkeys(part["topics"], matter)
    return found
