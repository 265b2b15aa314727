"""What did the hotline's agents say, turn by turn? Calls that were transcribed, between two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huixiang.lake.questions.slices import ask, voices
from huixiang.lake.store import Lake

AGENT = "agent"


@dataclass(frozen=True, slots=True)
class AgentTurn:
    """One turn of an agent's; `voice` is the call's transcript. Texts are masked, as all in the lake."""

    voice: str
    day: date
    number: int
    staff: str
    text: str


def agent_turns(lake: Lake, since: date, until: date) -> list[AgentTurn]:
    """Call by call in order of their days, each with its turns in order."""
    turns, calls = voices(lake, table="turns"), voices(lake)
    own = calls.filter(calls.said_on.between(since, until)).select(voice="id", day="said_on", call_month="month")
    # By the month first: the months' files that do not matter are not read.
    said = turns.filter(turns.side == AGENT, turns.month >= f"{since:%Y-%m}", turns.month <= f"{until:%Y-%m}").select(
        "id", "number", "staff", "text"
    )
    found = said.join(own, said.id == own.voice).select("voice", "day", "number", "staff", "text")
    return [AgentTurn(**row) for row in ask(lake, found.order_by("day", "voice", "number"))]
