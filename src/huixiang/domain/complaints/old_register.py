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
Lapsed = Callable[[Sequence[Entry], int, str], bool]


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
    paused: Told | None = None
    pause: str = ""
    resumed: Told | None = None
    disputed: Told | None = None
    mediated: Told | None = None
    settled: Told | None = None
    failed: Told | None = None  # mediation
    reviewed: Told | None = None  # applied for
    review_decided: Told | None = None
    review_told: Told | None = None
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

    `lapsed`: is the limit of this clock over at a moment, after these entries?
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
    is_lapsed = act.verb in {"ask_extension", "extend"} and lapsed(before, at, "reply")
    is_too_late = act.verb == "apply_review" and lapsed(before, at, "review_application")
    return replace(act, at=at, source=OLD_REGISTER, has_words=True, told_at=told_at, is_lapsed=is_lapsed,
                   is_review_lapsed=is_too_late)  # fmt: skip


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
        latest = old.closed or old.withdrawn or old.refused or _last_contest(old) or old.replied or old.accepted
        latest = latest or old.received
        yield "cause_code", latest, Act("classify", 0, classes=old.classes, known=old.known)


def _last_contest(old: OldCase) -> Told | None:
    told = [at for _name, at, _act in _contested(old)]
    return told[-1] if told else None


def _worked_on(old: OldCase, rule: str) -> Iterator[tuple[str, Told, Act]]:
    assert old.accepted is not None
    if old.handler:
        yield "handler", old.accepted, Act("assign", 0, to=old.handler)
    yield "accepted_at", old.accepted, Act("take", 0, by=old.handler)
    for told, acts in sorted(_stretched(old), key=lambda each: each[0].at):
        for name, act in acts:
            yield name, told, act


def _stretched(old: OldCase) -> Iterator[tuple[Told, list[tuple[str, Act]]]]:
    """What gave it more time, in whichever order it came."""
    by = old.handler
    if old.extended:
        approved = [("approver", Act("approve_extension", 0, levels=old.levels))] if old.levels else []
        asked, longer = Act("ask_extension", 0, by=by, rule=old.extension), Act("extend", 0, by=by)
        yield old.extended, [("extended_at", asked), *approved, ("approver", longer)]
    if old.paused:
        yield old.paused, [("paused_at", Act("pause", 0, by=by, reason=old.pause))]
    if old.resumed:
        yield old.resumed, [("resumed_at", Act("resume", 0, by=by, reason=old.pause))]


def _contested(old: OldCase) -> Iterator[tuple[str, Told, Act]]:
    """What came after the reply; who decided the review is not told by a register, and not made up."""
    ways: tuple[tuple[str, Told | None, str], ...] = (
        ("disputed_at", old.disputed, "dispute"),
        ("mediated_at", old.mediated, "mediate"),
        ("settled_at", old.settled, "settle"),
        ("mediation_failed_at", old.failed, "fail_mediation"),
        ("review_at", old.reviewed, "apply_review"),
        ("review_decided_at", old.review_decided, "decide_review"),
        ("review_told_at", old.review_told, "tell_review"),
    )
    known = [(told, name, verb) for name, told, verb in ways if told]
    for told, name, verb in sorted(known, key=lambda each: each[0].at):
        yield name, told, Act(verb, 0, medium=old.medium if verb == "tell_review" else "")


def _answered(old: OldCase) -> Iterator[tuple[str, Told, Act]]:
    by = old.handler
    if decided := old.decided or old.replied:
        yield "decided_at" if old.decided else "replied_at", decided, Act("decide", 0, by, fen=old.fen)
    if old.replied:
        yield "replied_at", old.replied, Act("reply", 0, by, medium=old.medium)
    yield from _contested(old)
    if old.withdrawn:
        yield "withdrawn_at", old.withdrawn, Act("withdraw", 0, by)
    if old.closed:
        yield "closed_at", old.closed, Act("close", 0, by)
