"""How does a line of an old register become the history of a case? By the same verbs and the same table, or not at all.

A line tells when a case came in, was accepted, answered, closed; of each the verbs follow that lead there. Where the
table refuses one of them, dates or states contradict each other, and the line is told back with the field at fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from huixiang.domain.complaints.acting import OLD_REGISTER, Act, entry_of
from huixiang.domain.complaints.lifecycle import VERBS, after, refusal
from huixiang.domain.complaints.rules import Pack
from huixiang.domain.complaints.running import Warned
from huixiang.domain.complaints.standing import Entry, Standing

DAY = 86_400
Lapsed = Callable[[Sequence[Entry], int], bool]


class Contradiction(Exception):
    """`field` of the line does not go with the others; `found` says why."""

    def __init__(self, name: str, found: Warned) -> None:
        self.field, self.found = name, found
        super().__init__(found.code)


@dataclass(frozen=True, slots=True)
class Told:
    """When was it? `is_day`: only the day is known, so that on the day of the step before it is not earlier."""

    at: int
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class OldCase:
    """What the line tells. `levels` is who approved the extension; `known` the codes of the day (see Act)."""

    received: Told
    unit: str
    seriousness: str = "ordinary"
    accepted: Told | None = None
    refused: Told | None = None
    refusal: str = ""
    handler: str = ""
    extended: Told | None = None
    extension: str = ""
    levels: frozenset[str] = frozenset()
    decided: Told | None = None
    fen: int = 0
    replied: Told | None = None
    medium: str = ""
    closed: Told | None = None
    withdrawn: Told | None = None
    classes: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One line to be written, and the field that told of it."""

    entry: Entry
    act: Act
    field: str


def history_of(old: OldCase, pack: Pack, lapsed: Lapsed) -> list[Step]:
    """All lines, in order. Raises Contradiction.

    `lapsed`: is the limit for the reply over at a moment, after these entries?
    """
    now, steps = Standing(), list[Step]()
    for name, told, wanted in _wanted(old, pack):
        at = _placed(told, now.last_at)
        act = _at(wanted, at, [step.entry for step in steps], lapsed)
        if found := refusal(now, act, pack):
            raise Contradiction(name, found)
        entry = entry_of(now, act, VERBS[act.verb].asks, pack)
        now = after(now, entry)
        steps.append(Step(entry, act, name))
    return steps


def _at(act: Act, at: int, before: Sequence[Entry], lapsed: Lapsed) -> Act:
    """What was told was told at that moment; what was written then is not asked for."""
    told_at = at if "told" in VERBS[act.verb].asks else None
    is_lapsed = act.verb in {"ask_extension", "extend"} and lapsed(before, at)
    return replace(act, at=at, source=OLD_REGISTER, has_words=True, told_at=told_at, is_lapsed=is_lapsed)


def _placed(told: Told, last_at: int) -> int:
    same_day = told.is_day and told.at // DAY == last_at // DAY
    return max(told.at, last_at) if same_day else told.at


def _wanted(old: OldCase, pack: Pack) -> Iterator[tuple[str, Told, Act]]:
    """Which verbs lead to what the line tells? In the order in which a case goes its way."""
    rule = pack.rules[0].code
    yield "received_at", old.received, Act("register", 0, rule=rule, unit=old.unit, seriousness=old.seriousness)
    if old.accepted:
        yield "accepted_at", old.accepted, Act("accept", 0)
    if old.refused:
        yield "refused_at", old.refused, Act("refuse", 0, reason=old.refusal)
    if old.accepted:
        yield from _worked_on(old, rule)
    yield from _answered(old)
    if old.classes:
        latest = old.closed or old.withdrawn or old.refused or old.replied or old.accepted or old.received
        yield "cause_code", latest, Act("classify", 0, classes=old.classes, known=old.known)


def _worked_on(old: OldCase, rule: str) -> Iterator[tuple[str, Told, Act]]:
    assert old.accepted is not None
    if old.handler:
        yield "handler", old.accepted, Act("assign", 0, to=old.handler)
    yield "accepted_at", old.accepted, Act("take", 0, by=old.handler)
    if old.extended:
        yield "extended_at", old.extended, Act("ask_extension", 0, by=old.handler, rule=old.extension)
        if old.levels:
            yield "approver", old.extended, Act("approve_extension", 0, levels=old.levels)
        yield "approver", old.extended, Act("extend", 0, by=old.handler)


def _answered(old: OldCase) -> Iterator[tuple[str, Told, Act]]:
    by = old.handler
    if decided := old.decided or old.replied:
        yield "decided_at" if old.decided else "replied_at", decided, Act("decide", 0, by, fen=old.fen)
    if old.replied:
        yield "replied_at", old.replied, Act("reply", 0, by, medium=old.medium)
    if old.withdrawn:
        yield "withdrawn_at", old.withdrawn, Act("withdraw", 0, by)
    if old.closed:
        yield "closed_at", old.closed, Act("close", 0, by)
