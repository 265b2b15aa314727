"""What was said on the line, turn by turn? The agent's words beside the customer's, masked."""

from __future__ import annotations

from dataclasses import dataclass

from huixiang.lake.questions.slices import ask, voices
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One turn; columns of schema.TURNS, which explains them."""

    number: int
    side: str
    start: float | None
    end: float | None
    staff: str
    text: str


def dialogue(lake: Lake, voice_id: str) -> list[SpokenTurn]:
    """The turns of this voice's call, in order; none where it came without a dialogue."""
    found = voices(lake, table="turns")
    rows = ask(lake, found.filter(found.id == voice_id).select(*SpokenTurn.__slots__).order_by("number"))
    return [SpokenTurn(**row) for row in rows]
