"""In which tone does somebody speak? The mood changes with what happened; dialect and spelling stay with a person."""

from __future__ import annotations

from collections.abc import Mapping

from huixiang.simulation.speech.contract import POLARITIES
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.voices import Voice

# What becomes of a way of typing where nobody types: on paper people misspell otherwise than at a keyboard.
_UNTYPED: Mapping[str, Mapping[str, str]] = {
    "typed": {},
    "paper": {"typo": "pen", "emoji": "plain", "english": "plain", "cantonese": "plain"},
    "spoken": {"typo": "plain", "emoji": "plain", "english": "plain", "traditional": "plain"},
}
_SPREAD = 2_654_435_761  # Knuth's multiplier: neighbouring rows fall far apart


class Tones:
    """Who speaks how?"""

    def __init__(self, voices: Mapping[str, Voice]) -> None:
        self._all = {mood: _weights(voices, mood) for mood in POLARITIES}
        self._moods = {mood: [pair for pair in self._all[mood] if not voices[pair[0]].way] for mood in POLARITIES}
        ways = {name: sum(voice.weights.values()) for name, voice in voices.items() if voice.way}
        self._ways, self._whole = ways, sum(sum(voice.weights.values()) for voice in voices.values())

    def of(self, hand: Hand, sentiment: str, guise: str, writer: int = -1, mood: str = "") -> str:
        """In which tone does this `writer` speak who feels like this? -1 is anybody; `mood` where it is known."""
        if writer < 0:
            tone = mood or hand.weighted(self._all[sentiment])
        else:
            tone = self.way(writer) or mood or hand.weighted(self._moods[sentiment])
        return _UNTYPED[guise].get(tone, tone)

    def way(self, writer: int) -> str:
        """Which way of writing is this person's own? Empty: the common one, in which moods show."""
        rest = (writer + 1) * _SPREAD % 2**32 / 2**32 * self._whole
        for name, weight in self._ways.items():
            rest -= weight
            if rest < 0:
                return name
        return ""


def _weights(voices: Mapping[str, Voice], mood: str) -> list[tuple[str, float]]:
    return [(name, voice.weights[mood]) for name, voice in voices.items() if voice.weights[mood]]
