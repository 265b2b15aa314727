"""How does a focus group talk? A moderator leads from topic to topic; most agree with one another, some do not."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.simulation.speech.composing import Composer, Saying
from huixiang.simulation.speech.contract import Facts, Utterance, sentiment_of
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.material import DATA, read

MODERATOR = "主持人"
_MOST_PEOPLE = 26  # participants are lettered A to Z
_DISSENT = 0.15
_KINDS = {"negative": ("pain_point", "pain_point", "expectation", "demand"), "neutral": ("expectation", "question")}
_SPOKEN = ("plain", "plain", "plain", "polite", "northeast", "sichuan", "english")


class Discussion:
    """Who leads the talk? Reads the moderator's lines once."""

    def __init__(self) -> None:
        _, written = read(DATA / "ways" / "discussion.toml")
        self._moderator = {name: tuple(lines) for name, lines in written["moderator"].items()}
        self._leads = {name: tuple(lines) for name, lines in written["lead"].items()}

    def hold(
        self, hand: Hand, composer: Composer, topic_polarities: Sequence[tuple[str, str]], *, people: int
    ) -> list[tuple[str, Utterance]]:
        """Who said what, in order. The moderator's lines are noise: they think nothing of anything."""
        if not 1 <= people <= _MOST_PEOPLE:
            raise ValueError(f"{people} participants; from 1 to {_MOST_PEOPLE}, as they are lettered A to Z")
        labels = [f"参与者{chr(ord('A') + place)}" for place in range(people)]
        said = [self._asked(hand, "welcome")]
        used: set[int] = set()
        for topic, polarity in topic_polarities:
            name = composer.materials[topic].topic.name
            said.append(self._asked(hand, "question", name))
            speakers = hand.shuffled(labels)[: hand.number((people + 1) // 2, people)]
            for place, label in enumerate(speakers):
                if place and hand.chance(0.25):
                    said.append(self._asked(hand, "probe"))
                said.append((label, self._statement(hand, composer, (topic, polarity), first=place == 0, used=used)))
        said.append(self._asked(hand, "thanks"))
        return said

    def _asked(self, hand: Hand, part: str, topic: str = "") -> tuple[str, Utterance]:
        text = hand.pick(self._moderator[part]).replace("{topic}", topic)
        return MODERATOR, Utterance(text, (), "neutral", "noise", "polite", (), (), ())

    def _statement(
        self, hand: Hand, composer: Composer, pair: tuple[str, str], *, first: bool, used: set[int]
    ) -> Utterance:
        topic, polarity = pair
        others = [mood for mood in composer.materials[topic].topic.polarities if mood != polarity]
        dissents = not first and bool(others) and hand.chance(_DISSENT)
        if dissents:
            polarity = hand.pick(others)
        saying = Saying(
            about=((topic, polarity),),
            sentiment=sentiment_of((polarity,)),
            tone=hand.pick(_SPOKEN),
            length="long" if hand.chance(0.4) else "medium",
            kind=hand.pick(_KINDS.get(polarity, ("praise",))),
            facts=Facts(),
            planted=False,
            lead=hand.pick(self._leads["other" if dissents else "first" if first else "more"]),
            spoken=True,
            used=used,
        )
        return composer.compose(hand, saying)
