"""How does a case stand? What its entries, read in order, have made of it; nothing else is the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from huixiang.domain.complaints.contacts import DONE
from huixiang.domain.complaints.states import State


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's history: who (a staff number; "" the system) did what, and when (as in `hours`).

    `told` holds what else belongs to it, without personal data: `told_at`, `rule`, `unit`, `to`, `case`, `fen` …
    """

    at: int
    verb: str
    by: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


Recused = tuple[frozenset[str], frozenset[str]]  # staff complained of, units that must keep out


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer limit that was asked for. `level` is that of the approver, "" before there is one."""

    rule: str
    by: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands. `hands` are all who worked on, decided or approved it: none of them may review it.

    `accused` are the staff complained of, `conflicts` the units whose people must keep out of it, here or in a case
    merged into this one: `own` are both of this case alone, `brought` those of each in `merged`. `before` is how it
    stood when it was merged away itself.
    """

    state: State = State.NEW
    rule: str = ""
    unit: str = ""
    handler: str = ""
    received_at: int = 0
    last_at: int = 0
    accused: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    hands: frozenset[str] = frozenset()
    paused: frozenset[str] = frozenset()
    extension: Extension | None = None
    is_major: bool = False
    author: str = ""  # of the decision that waits for the second pair of eyes
    decided_by: str = ""
    fen: int = 0
    is_decided: bool = False
    is_told: bool = False
    reviewer: str = ""
    merged: frozenset[str] = frozenset()
    own: Recused = (frozenset(), frozenset())
    brought: Mapping[str, Recused] = field(default_factory=dict)
    into: str = ""
    before: Standing | None = None
    is_held: bool = False
    files: frozenset[str] = frozenset()  # attached and not withdrawn
    call_back_at: int | None = None  # agreed with the complainant and still owed
    mandate: str = ""  # of who speaks for another: held, missing or invalid
    tied: frozenset[str] = frozenset()  # cases whose customer is the same, as a person confirmed
    suspicion: str = ""

    def concerns(self, person: str, units: frozenset[str]) -> bool:
        """Must this person keep out of it?"""
        return bool(person) and (person in self.accused or not self.conflicts.isdisjoint(units))


_IN_HAND = {State.ASSIGNED, State.INVESTIGATING, State.AWAITING, State.PROPOSED, State.DECIDED}
_UNDECIDED: dict[str, Any] = {"author": "", "decided_by": "", "fen": 0, "is_decided": False}


def _recused(entry: Entry) -> Recused:
    return frozenset(entry.told.get("accused", ())), frozenset(entry.told.get("conflicts", ()))


def _received(now: Standing, entry: Entry) -> Standing:
    told = entry.told
    accused, conflicts = _recused(entry)
    return replace(
        now,
        rule=told["rule"],
        unit=told["unit"],
        received_at=entry.at,
        accused=accused,
        own=(accused, conflicts),
        is_major=told.get("seriousness") == "major",
        mandate=told.get("mandate", ""),
    )


def _assigned(now: Standing, entry: Entry) -> Standing:
    return _with_hand(replace(now, handler=entry.told["to"]), entry.told["to"])


def _taken(now: Standing, entry: Entry) -> Standing:
    """A deputy works on it for whom it was given to: she has it again when she is back."""
    away = entry.told.get("deputy_of", "")
    return _with_hand(_with_hand(replace(now, handler=away or entry.by), entry.by), away)


def _contacted(now: Standing, entry: Entry) -> Standing:
    """An agreed call-back is owed until they have spoken, or agreed on another one."""
    outcome = entry.told.get("outcome")
    if outcome == "call_back":
        return replace(now, call_back_at=entry.told["call_back_at"])
    return replace(now, call_back_at=None) if outcome in DONE else now


def _attached(now: Standing, entry: Entry) -> Standing:
    return replace(now, files=now.files | {entry.told["file"]["id"]})


def _detached(now: Standing, entry: Entry) -> Standing:
    return replace(now, files=now.files - {entry.told["file"]["id"]})


def _with_hand(now: Standing, person: str) -> Standing:
    return replace(now, hands=now.hands | {person}) if person else now


def _handed_over(now: Standing, entry: Entry) -> Standing:
    return replace(now, unit=entry.told["unit"], handler="", author="")


def _accused(now: Standing, entry: Entry) -> Standing:
    """Whoever had it, or wrote a decision that was not told yet, and is now complained of loses it at once."""
    people, units = _recused(entry)
    accused, conflicts, own = now.accused | people, now.conflicts | units, (now.own[0] | people, now.own[1] | units)
    now = replace(now, accused=accused, conflicts=conflicts, own=own)
    if now.state not in _IN_HAND or accused.isdisjoint({now.handler, now.author, now.decided_by}):
        return replace(now, handler="") if now.handler in accused else now
    if now.handler and now.handler not in accused:  # he goes on; what the other one decided counts for nothing
        return replace(now, state=State.INVESTIGATING, **_UNDECIDED)
    return replace(now, state=State.ACCEPTED, handler="", **_UNDECIDED)


def _graded(now: Standing, entry: Entry) -> Standing:
    return replace(now, is_major=entry.told["seriousness"] == "major")


def _new_facts(now: Standing, entry: Entry) -> Standing:
    """What was decided before them is decided anew: the clock begins again."""
    return replace(now, **_UNDECIDED)


def _paused(now: Standing, entry: Entry) -> Standing:
    return replace(now, paused=now.paused | {entry.told["reason"]})


def _resumed(now: Standing, entry: Entry) -> Standing:
    return replace(now, paused=now.paused - {entry.told["reason"]})


def _asked_extension(now: Standing, entry: Entry) -> Standing:
    return replace(now, extension=Extension(entry.told["rule"], entry.by))


def _approved_extension(now: Standing, entry: Entry) -> Standing:
    assert now.extension is not None
    return _with_hand(replace(now, extension=replace(now.extension, level=entry.told["level"])), entry.by)


def _declined_extension(now: Standing, entry: Entry) -> Standing:
    return replace(now, extension=None)


def _extended(now: Standing, entry: Entry) -> Standing:
    return replace(now, extension=None, rule=entry.told["rule"])


def _proposed(now: Standing, entry: Entry) -> Standing:
    return _with_hand(replace(now, author=entry.by, fen=entry.told.get("fen", 0)), entry.by)


def _returned(now: Standing, entry: Entry) -> Standing:
    return replace(now, author="", fen=0)


def _decided(now: Standing, entry: Entry) -> Standing:
    return _with_hand(replace(now, is_decided=True, decided_by=entry.by, fen=entry.told.get("fen", now.fen)), entry.by)


def _replied(now: Standing, entry: Entry) -> Standing:
    return _with_hand(replace(now, is_told=True, paused=frozenset()), entry.by)


def _reviewing(now: Standing, entry: Entry) -> Standing:
    return replace(now, reviewer="")


def _reviewed(now: Standing, entry: Entry) -> Standing:
    return replace(now, reviewer=entry.by)


def _reopened(now: Standing, entry: Entry) -> Standing:
    return replace(now, handler="", is_told=False, extension=None, **_UNDECIDED)


def _withdrawn(now: Standing, entry: Entry) -> Standing:
    return replace(now, paused=frozenset(), extension=None)


def _absorbed(now: Standing, entry: Entry) -> Standing:
    """Who must keep out of the other one must keep out of both."""
    case = entry.told["case"]
    return _keeping_out(replace(now, merged=now.merged | {case}, brought={**now.brought, case: _recused(entry)}))


def _let_go(now: Standing, entry: Entry) -> Standing:
    case = entry.told["case"]
    brought = {other: who for other, who in now.brought.items() if other != case}
    return _keeping_out(replace(now, merged=now.merged - {case}, brought=brought))


def _keeping_out(now: Standing) -> Standing:
    told = (now.own, *now.brought.values())
    accused, conflicts = (frozenset[str]().union(*(each[n] for each in told)) for n in (0, 1))
    return replace(now, accused=accused, conflicts=conflicts)


def _split_off(now: Standing, entry: Entry) -> Standing:
    assert now.before is not None
    return now.before


def _held(now: Standing, entry: Entry) -> Standing:
    return replace(now, is_held=True)


def _checked_mandate(now: Standing, entry: Entry) -> Standing:
    return replace(now, mandate=entry.told["mandate"])


def _tied(now: Standing, entry: Entry) -> Standing:
    return replace(now, tied=now.tied | {entry.told["case"]})


def _untied(now: Standing, entry: Entry) -> Standing:
    return replace(now, tied=now.tied - {entry.told["case"]})


def _suspected(now: Standing, entry: Entry) -> Standing:
    return replace(now, suspicion=entry.told["suspicion"])


LEARNS = {
    "check_mandate": _checked_mandate,
    "tie": _tied,
    "untie": _untied,
    "suspect": _suspected,
    "register": _received,
    "assign": _assigned,
    "take": _taken,
    "hand_over": _handed_over,
    "contact": _contacted,
    "attach": _attached,
    "detach": _detached,
    "accuse": _accused,
    "grade": _graded,
    "new_facts": _new_facts,
    "pause": _paused,
    "resume": _resumed,
    "ask_extension": _asked_extension,
    "approve_extension": _approved_extension,
    "decline_extension": _declined_extension,
    "extend": _extended,
    "propose": _proposed,
    "return": _returned,
    "decide": _decided,
    "approve": _decided,
    "reply": _replied,
    "apply_review": _reviewing,
    "decide_review": _reviewed,
    "reopen": _reopened,
    "withdraw": _withdrawn,
    "absorb": _absorbed,
    "release": _let_go,
    "split": _split_off,
    "hold": _held,
}
