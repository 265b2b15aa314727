"""How does a hotline call go? A script in pairs of turns; the agent says the required words or does without them.

The agent hears what the call is about: what he has understood, asks, explains and promises stands by topic in
data/ways/calls.toml; where a complaint is taken down, in data/ways/intake.toml. A longer call has more of it.
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
from huixiang.simulation.speech.material import DATA, Source, read, word_lists
from huixiang.simulation.speech.pattern import ASPECT, OPINION, SLOTS, Pattern
from huixiang.simulation.speech.voices import FACES
from huixiang.simulation.speech.wording import Scene

_SENTENCE = re.compile(r"(?<=[。！？!?])(?=[^。！？!?])")
_CLAUSE = re.compile("[。！？!?；;，,…]")
_FORBIDDEN = 0.15  # share of unfriendly answers that are against the standard outright
CHARACTERS_A_SECOND = 4.2  # how fast people speak Chinese on the telephone: some 250 a minute
_TALKED = 0.8  # of a call's time, as far as there is something to say: the rest is looking up and waiting
_LOOKS_AGAIN = 3  # what is explained before a second look into the records
_ENOUGH, _MORE = 3, 3  # pairs that belong to the matter; pairs that would belong to any
_LONG = 600  # characters of a call in which the agent looks up something twice
_PRAISE, _ANY = "praise", "complaints.handling"

Pair = tuple[str, Pattern, Pattern]  # the caller's words to which alone it belongs, the agent, the caller
Pairs = Sequence[Pair]


class Dialogue:
    """Who holds the call? Reads the script once."""

    def __init__(self, banks: tuple[str, ...]) -> None:
        self._banks = banks
        self._words = word_lists(guise="aloud")
        self._script = script()
        self._calls = {"calls": calls(), "intake": calls("intake")}

    def hold(
        self,
        hand: Hand,
        utterance: Utterance,
        *,
        agent_name: str,
        polite: float,
        seconds: int = 0,
        intake: bool = False,
    ) -> list[Turn]:
        """The turns in order. The customer says the utterance's text in one or two turns, but no emoji."""
        call = _Call(hand, {**self._words, "agent": (agent_name,)}, self._banks, polite)
        mood = utterance.sentiment
        about = _PRAISE if mood == "positive" else next(iter(utterance.topics), _ANY)
        matter = self._matter(about, utterance, intake=intake)
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

    def _matter(self, about: str, utterance: Utterance, *, intake: bool) -> Mapping[str, Any]:
        """What belongs to this topic and to what was said of it; where that is little, what fits anything (filling)."""
        said, mood = utterance.text, utterance.sentiment
        every = self._calls["intake" if intake else "calls"]
        matter = dict(every.get(about) or self._calls["calls"].get(about) or self._calls["calls"][_ANY])
        if intake:
            own = self._script["intake"]
            matter |= {**own, "ask": (*matter["ask"], *own["ask"]), "heard": ()}
        heard, said = _asked(matter["heard"], said)
        fitting = {part: [pair for pair in matter[part] if _fits(pair[0], said)] for part in ("ask", "tell")}
        enough = intake or mood == "positive" or (mood == "negative" and len(fitting["tell"]) >= _ENOUGH)
        fitting["filling"] = [] if enough else self._script["filling"][mood]
        return {**matter, **fitting, "heard": heard}

    def _middle(self, call: _Call, utterance: Utterance, matter: Mapping[str, Any], characters: int) -> None:
        """Who calls, questions, looking it up, what is found, the answer; the agent never speaks twice in a row."""
        hand, mood = call.hand, utterance.sentiment
        praise = mood == "positive"
        if characters and not praise and hand.chance(0.7):
            place = hand.number(0, len(self._script["identity"]["agent"]) - 1)
            call.pair(*(self._script["identity"][who][place] for who in ("agent", "customer")))
        asked = hand.shuffled(matter["ask"])[: _share(len(matter["ask"]), characters, hand)]
        for _, *pair in asked:
            call.pair(*pair)
        looked = not praise and (bool(characters) or hand.chance(0.5))
        if looked:
            call.say("agent", self._lines("wait", "agent"))
            call.say("customer", self._lines("wait", mood))
        if characters:
            more = hand.shuffled(matter["filling"])[:_MORE]
            self._explain(call, (*matter["heard"], *matter["tell"], *more), characters, looked=looked)
        if characters or hand.chance(0.85):
            manner = call.manner()
            scolds = manner == "plain" and not praise and hand.chance(_FORBIDDEN)
            call.say("agent", self._lines("forbidden", "lines") if scolds else matter["answer"][mood])
            call.say("customer", self._lines("reply", "scolded" if scolds else mood))
        if hand.chance(0.4):
            call.say("agent", self._lines("more", "agent"))
            call.say("customer", self._lines("more", "customer"))

    def _explain(self, call: _Call, told: Pairs, characters: int, *, looked: bool) -> None:
        """The answer to what was asked; then what else was found and how it is done, as long as there is time."""
        back = self._lines("back", "agent") if looked and call.hand.chance(0.8) else ()
        for place, (_, agent, customer) in enumerate(told):
            if place and sum(len(turn.text) for turn in call.turns) > characters - 70:
                break
            if place == _LOOKS_AGAIN and characters > _LONG:
                call.say("agent", self._lines("wait", "agent"))
                call.say("customer", self._lines("wait", "neutral"))
            call.say("agent", *((back, (agent,)) if back else ((agent,),)))
            call.say("customer", (customer,))
            back = ()

    def _lines(self, *path: str) -> tuple[Any, ...]:
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


def _asked(answers: Pairs, said: str) -> tuple[Pairs, str]:
    """What answers the caller, and the clause of the caller's to which it is an answer: the last one that asks."""
    for clause in reversed(_CLAUSE.split(said)):
        for answer in answers:
            if answer[0] in clause:
                return (answer,), clause
    return (), said


def _fits(words: str, said: str) -> bool:
    """Does a pair belong to what the caller said? Where it names words, one must be there; -word must not."""
    parts = words.split("|") if words else []
    wanted = [part for part in parts if not part.startswith("-")]
    return (not wanted or any(part in said for part in wanted)) and not any(
        part[1:] in said for part in parts if part.startswith("-")
    )


def _pair(source: Source, written: Sequence[str], known: frozenset[str]) -> Pair:
    """Agent, caller, and the caller's words to which alone they belong, which may be left out."""
    agent, caller, *words = written
    return ("".join(words), *source.patterns([agent, caller], known, marks=False))  # type: ignore[return-value]


@lru_cache(maxsize=4)
def script(folder: Path = DATA) -> Mapping[str, Any]:
    """What is said whatever the call is about: data/ways/dialogue.toml, its lines parsed."""
    source, written = read(folder / "ways" / "dialogue.toml")
    known = _known(folder)

    def parsed(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: parsed(inner) for name, inner in part.items()}
        if isinstance(part[0], list):
            return tuple(_pair(source, pair, known) for pair in part)
        return source.patterns(part, known, marks=False)

    return dict(parsed(written))


@lru_cache(maxsize=4)
def calls(name: str = "calls", folder: Path = DATA) -> Mapping[str, Mapping[str, Any]]:
    """What belongs to the matter, by topic: data/ways/calls.toml, or intake.toml where a complaint is taken down."""
    source, written = read(folder / "ways" / f"{name}.toml")
    known, found = _known(folder), dict[str, Mapping[str, Any]]()
    for part in written["call"]:
        pairs = {key: tuple(_pair(source, pair, known) for pair in part.get(key, ())) for key in ("ask", "tell")}
        heard = tuple((words, *source.patterns(pair, known, marks=False)) for words, *pair in part.get("heard", ()))
        answers = part.get("answer", {})
        matter = {
            **pairs,
            "heard": heard,
            "echo": source.patterns(part["echo"], known, marks=False),
            "answer": {mood: source.patterns(lines, known, marks=False) for mood, lines in answers.items()},
        }
        found |= dict.fromkeys(part["topics"], matter)
    return found
