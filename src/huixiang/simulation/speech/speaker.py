"""What would this customer say? The made-up bank's whole speech behind three verbs: say, dialogue, discussion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from huixiang.simulation.speech.composing import Composer, Saying
from huixiang.simulation.speech.contract import KINDS, LENGTHS, Facts, Topic, Turn, Utterance, sentiment_of
from huixiang.simulation.speech.dialogue import Dialogue
from huixiang.simulation.speech.discussion import Discussion
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.tones import Tones

# What is said of something that pleased, annoyed or just exists? Shares are the author's guess, not measured.
_KINDS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "negative": (("pain_point", 6.0), ("demand", 2.5), ("expectation", 1.5)),
    "neutral": (("question", 4.0), ("expectation", 4.0), ("pain_point", 0.0)),
    "positive": (("praise", 9.0), ("expectation", 1.0)),
}
_LENGTHS = (("short", 5.0), ("medium", 4.0), ("long", 1.0))
# Who shouts demands rather than hopes; who mocks asks for nothing.
_BLUNT = {
    ("angry", "expectation"): "demand",
    ("ironic", "expectation"): "pain_point",
    ("ironic", "demand"): "pain_point",
}
_NO_FACTS = Facts()


class Speaker:
    """Who speaks for all the bank's customers? Loads the word material once; holds nothing between calls."""

    def __init__(self, bank_names: Sequence[str]) -> None:
        if not bank_names or not all(bank_names):
            raise ValueError("a speaker needs at least one name of the bank, and no empty one")
        self._composer = Composer(tuple(bank_names))
        self._dialogue = Dialogue(tuple(bank_names))
        self._tones = Tones(self._composer.voices)
        self._discussion = Discussion()

    def topics(self) -> Mapping[str, Topic]:
        """What can be talked about? By topic code."""
        return MappingProxyType({one.topic.code: one.topic for one in self._composer.materials.values()})

    def say(  # noqa: PLR0913  the one call of this package: every part of it is a choice that a scenario may make
        self,
        dice: np.random.Generator,
        about: Sequence[tuple[str, str]],
        *,
        tone: str = "",
        length: str = "short|medium|long",
        facts: Facts = _NO_FACTS,
        kind: str = "",
        plant: float = 0.0,
        guise: str = "typed",
        writer: int = -1,
    ) -> Utterance:
        """What does the customer say about these (topic, polarity) pairs? Nothing to say (or kind noise) gives noise.

        An empty `tone` or `kind` is drawn as it fits the polarities; `length` may name several, parted by |, one of
        which is drawn (all three: short ones come oftest). `plant` is the probability of personal data, 0 to 1.
        What is not typed (`guise`) has no emoji and no slips of the keyboard. The same `writer`, a customer's row,
        keeps one way of writing through life, whatever the `tone`; -1 is anybody.
        """
        hand = Hand(dice)
        self._check(about, tone, length, kind)
        sentiment = sentiment_of(tuple(polarity for _, polarity in about))
        tone = self._tones.of(hand, sentiment, guise, writer, tone)
        drawn = hand.weighted(_KINDS[sentiment])
        saying = Saying(
            about=tuple(about),
            sentiment=sentiment,
            tone=tone,
            length=_length(hand, length),
            kind="noise" if not about else kind or _BLUNT.get((tone, drawn), drawn),
            facts=facts,
            planted=plant > 0 and hand.chance(plant),
            guise=guise,
        )
        return self._composer.compose(hand, saying)

    def dialogue(
        self,
        dice: np.random.Generator,
        utterance: Utterance,
        *,
        agent_name: str,
        polite: float,
        seconds: int = 0,
        intake: bool = False,
    ) -> list[Turn]:
        """How does the call go in which this is said? `polite` 0 to 1 is the share of required words.

        4 to 14 turns; more where the call lasts `seconds` and there is something to talk about. `intake`: it is a
        complaint, and the agent takes it down.
        """
        hand = Hand(dice)
        return self._dialogue.hold(
            hand, utterance, agent_name=agent_name, polite=polite, seconds=seconds, intake=intake
        )

    def discussion(
        self, dice: np.random.Generator, topic_polarities: Sequence[tuple[str, str]], *, people: int
    ) -> list[tuple[str, Utterance]]:
        """What is said round the table? (主持人 or 参与者A…, utterance) in order; `people` from 1 to 26."""
        self._check(topic_polarities, "", "medium", "")
        return self._discussion.hold(Hand(dice), self._composer, topic_polarities, people=people)

    def _check(self, about: Sequence[tuple[str, str]], tone: str, length: str, kind: str) -> None:
        for topic, polarity in about:
            material = self._composer.materials.get(topic)
            if material is None:
                raise ValueError(f"no topic {topic!r}; topics() lists all {len(self.topics())}")
            if polarity not in material.topic.polarities:
                offered = " ".join(material.topic.polarities)
                raise ValueError(f"topic {topic} cannot be said as {polarity!r}; it offers {offered}")
        if tone and tone not in self._composer.voices:
            raise ValueError(f"no tone {tone!r}; known are {' '.join(self._composer.voices)}")
        if kind and kind not in KINDS:
            raise ValueError(f"no kind {kind!r}; known are {' '.join(KINDS)}")
        if not set(length.split("|")) <= set(LENGTHS):
            raise ValueError(f"length {length!r} should be some of {'|'.join(LENGTHS)}")


def _length(hand: Hand, written: str) -> str:
    named = written.split("|")
    return named[0] if len(named) == 1 else hand.weighted([pair for pair in _LENGTHS if pair[0] in named])
