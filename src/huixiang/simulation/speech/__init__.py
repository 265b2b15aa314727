"""How do the made-up bank's customers talk? Invented texts with the truth about them beside each."""

from huixiang.simulation.speech.contract import (
    Facts,
    Mention,
    Opinion,
    Planted,
    Span,
    Topic,
    Turn,
    Utterance,
)
from huixiang.simulation.speech.speaker import Speaker

__all__ = ["Facts", "Mention", "Opinion", "Planted", "Span", "Speaker", "Topic", "Turn", "Utterance"]
