"""How does a focus group talk? A moderator leads from topic to topic; most agree with one another, some do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from huixiang.simulation.speech.composing import Composer, Saying
from huixiang.simulation.speech.contract import Facts, Utterance, sentiment_of
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.material import DATA, read

MODERATOR = "主持人"
_MOST_PEOPLE = 26  # participants are lettered A to Z
_DISSENT = 0.15
_PROBES = 0.3  # share of turns after which the moderator asks on
_KINDS = {
    "negative": ("pain_point", "pain_point", "pain_point", "expectation", "demand"),
    "neutral": ("expectation",),
}
# Each keeps one way of speaking through the whole talk: most speak as everybody does.
_TONES = ("plain", "plain", "plain", "plain", "northeast", "sichuan")
_AFTER = ("example", "others", "quiet", "against")


@dataclass(slots=True)
class _Round:
    """One talk: who sits there, how each speaks, and what has been said so far."""

    hand: Hand
    composer: Composer
    tones: dict[str, str]
    used: set[int] = field(default_factory=set)


class Discussion:
    """Who leads the talk? Reads the moderator's lines once."""

    def __init__(self) -> None:
        _, written = read(DATA / "ways" / "discussion.toml")
        self._moderator = {name: tuple(lines) for name, lines in written["moderator"].items()}
        self._leads: dict[str, tuple[str, ...]] = {name: tuple(lines) for name, lines in written["lead"].items()}

    def hold(
        self, hand: Hand, composer: Composer, topic_polarities: Sequence[tuple[str, str]], *, people: int
    ) -> list[tuple[str, Utterance]]:
        """Who said what, in order. The moderator's lines are noise: they think nothing of anything."""
        if not 1 <= people <= _MOST_PEOPLE:
            raise ValueError(f"{people} participants; from 1 to {_MOST_PEOPLE}, as they are lettered A to Z")
        labels = [f"参与者{chr(ord('A') + place)}" for place in range(people)]
        talk = _Round(hand, composer, {label: hand.pick(_TONES) for label in labels})
        said = [self._asked(hand, "welcome")]
        for pair in topic_polarities:
            said.append(self._asked(hand, "question", composer.materials[pair[0]].topic.name))
            speakers = hand.shuffled(labels)[: hand.number((people + 1) // 2, people)]
            said.extend(self._on(talk, pair, speakers))
        said.append(self._asked(hand, "thanks"))
        return said

    def _on(self, talk: _Round, pair: tuple[str, str], speakers: Sequence[str]) -> Iterator[tuple[str, Utterance]]:
        """All that is said about one topic. What the moderator asks on is answered."""
        topic, polarity = pair
        hand, before, probe = talk.hand, "", ""
        others = [mood for mood in talk.composer.materials[topic].topic.polarities if mood not in (polarity, "neutral")]
        for place, label in enumerate(speakers):
            dissents = bool(before and others) and probe not in ("others", "against") and hand.chance(_DISSENT)
            dissents = dissents or (probe == "against" and bool(others) and hand.chance(0.5))
            mood = hand.pick(others) if dissents else polarity
            yield label, self._statement(talk, label, (topic, mood), self._lead(hand, before, (mood, polarity), probe))
            before, probe = mood, ""
            if hand.chance(_PROBES):
                # Whoever asks others whether they met with the same must not be told the opposite.
                last = place == len(speakers) - 1
                asked = hand.pick(("example",) if last else _AFTER if mood == polarity else ("example", "quiet"))
                yield self._asked(hand, asked)
                if asked == "example":
                    yield label, self._statement(talk, label, (topic, mood), hand.pick(self._leads["example"]))
                else:
                    probe = asked

    def _lead(self, hand: Hand, before: str, moods: tuple[str, str], probe: str) -> str:
        """With which words does one take one's turn? Agreement only where the last speaker thought the same.

        `moods` are one's own and that of the most.
        """
        mood, most = moods
        if not before:
            return hand.pick(self._leads["first"])
        if mood != before:
            return hand.pick(self._leads["back" if mood == most else "other"])
        return hand.pick(self._leads[{"": "same", "against": "agree"}.get(probe, probe)])

    def _asked(self, hand: Hand, part: str, topic: str = "") -> tuple[str, Utterance]:
        text = hand.pick(self._moderator[part]).replace("{topic}", topic)
        return MODERATOR, Utterance(text, (), "neutral", "noise", "polite", (), (), ())

    def _statement(self, talk: _Round, label: str, pair: tuple[str, str], lead: str) -> Utterance:
        hand, (_, mood) = talk.hand, pair
        example = lead in self._leads["example"]
        saying = Saying(
            about=(pair,),
            sentiment=sentiment_of((mood,)),
            tone=talk.tones[label],
            length="short" if example else "long" if hand.chance(0.3) else "medium",
            kind=_example_kind(mood) if example else hand.pick(_KINDS.get(mood, ("praise",))),
            facts=Facts(),
            planted=False,
            lead=lead,
            guise="spoken",
            used=talk.used,
        )
        return talk.composer.compose(hand, saying)


def _example_kind(mood: str) -> str:
    return {"negative": "pain_point", "positive": "praise"}.get(mood, "expectation")
