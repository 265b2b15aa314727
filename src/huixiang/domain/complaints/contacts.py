"""Was the complainant spoken with (联系记录)? How each contact went, and which of them a clock of the pack counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MEDIA = {"phone": "电话", "mail": "邮件", "sms": "短信", "letter": "信函", "face": "当面", "other": "其他"}
DIRECTIONS = {"out": "我方联系", "in": "投诉人联系"}
OUTCOMES = {
    "reached": "已联系上",
    "call_back": "约定回电",
    "refused": "拒绝沟通",
    "sent": "已发出，未知是否收到",
    "no_answer": "无人接听",
    "wrong_number": "号码或地址有误",
}
SPOKEN = frozenset({"reached", "call_back", "refused"})  # somebody was there: what was said belongs to it
DONE = frozenset({"reached", "refused"})  # the call-back that was agreed is no longer owed
WAYS = frozenset(f"{direction}:{outcome}" for direction in DIRECTIONS for outcome in OUTCOMES)
# What counts where a pack does not say: the two spoke with each other.
COUNTED = frozenset({"out:reached", "in:reached", "out:call_back", "in:call_back"})


def told_of(medium: str, direction: str, outcome: str, call_back_at: int | None) -> dict[str, Any]:
    """What a line keeps of it; the words are sealed beside it."""
    told: dict[str, Any] = {"medium": medium, "direction": direction, "outcome": outcome}
    return told | ({"call_back_at": call_back_at} if outcome == "call_back" else {})


def way_of(told: Mapping[str, Any]) -> str:
    """As a pack names it, "out:reached"; "" of a line from before contacts were told apart, which always counted."""
    return f"{told['direction']}:{told['outcome']}" if "outcome" in told else ""
