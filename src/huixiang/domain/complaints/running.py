"""When did a clock run, and when did it stand still? One walk through the events of a case for each clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.rules import Limit, Pack, Reopening


@dataclass(frozen=True, slots=True)
class Warned:
    """What a person must know of a clock: a Chinese sentence with %(placeholders)s, and a code for machines."""

    message: str
    code: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """What the events made of a clock; moments as in `hours`.

    `pauses` are over, `still_since` is one that is not; `units` are the units that had the case, each with the moment
    from which it did.
    """

    rule: str
    amount: int
    start: int | None = None
    met: int | None = None
    ended: int | None = None
    pauses: list[tuple[int, int]] = field(default_factory=list)
    still_since: int | None = None
    units: list[tuple[int, str]] = field(default_factory=list)
    warned: list[Warned] = field(default_factory=list)

    def stopped(self) -> int | None:
        """When was it met or ended?"""
        return self.ended if self.met is None else self.met


Lapsed = Callable[[Run, int], bool]  # is the run's limit over at this moment?


def run(limit: Limit, pack: Pack, rule: str, events: Iterable[Event], lapsed: Lapsed) -> Run:
    """Walk through the events, of which the first is the receipt."""
    walk = _Walk(limit, pack, Run(rule, limit.limits[rule]), lapsed)
    for event in events:
        walk.take(event)
    return walk.run


class _Walk:
    def __init__(self, limit: Limit, pack: Pack, begun: Run, lapsed: Lapsed) -> None:
        self.run = begun
        self._limit, self._pack, self._lapsed = limit, pack, lapsed
        self._reasons: set[str] = set()  # for which it stands still
        self._seen: set[str] = set()  # of the events that meet it

    def take(self, event: Event) -> None:
        """The reopening comes before starts and stops: a decision after it is a new one."""
        if step := _STEPS.get(event.kind):
            step(self, event)
        if event.kind in self._limit.starts and self.run.stopped() is None:
            self._begin(event.at)
        if self._counts(event) and self.run.start is not None and self.run.stopped() is None:
            self._seen.add(event.kind)
            if self._limit.stops <= self._seen:
                self.run.met = event.at
                self._rest(event.at)

    def _counts(self, event: Event) -> bool:
        """A call that nobody answered meets nothing, unless the pack says so."""
        return event.kind in self._limit.stops and (not event.contact or event.contact in self._limit.contacts)

    def _begin(self, at: int) -> None:
        """A whole limit from here on. What it stands still for goes on."""
        self.run.start, self.run.met, self.run.ended = at, None, None
        self.run.pauses.clear()
        self._seen.clear()

    def _received(self, event: Event) -> None:
        self.run.units.append((event.at, event.unit))

    def _handed_over(self, event: Event) -> None:
        self.run.units.append((event.at, event.unit))

    def _paused(self, event: Event) -> None:
        if self.run.start is None or self.run.stopped() is not None:
            return
        if event.reason not in self._limit.pauses:
            self._warn("“%(reason)s”不能停止这项计时，期限照常", "pause_not_allowed", reason=event.reason)
        elif event.told_at is None:
            self._warn("暂停未告知投诉人（缺 told_at），期限照常", "pause_without_notice", reason=event.reason)
        else:
            self._reasons.add(event.reason)
            if self.run.still_since is None:
                self.run.still_since = event.at

    def _resumed(self, event: Event) -> None:
        """Without a reason all pauses end."""
        self._reasons = self._reasons - {event.reason} if event.reason else set()
        if not self._reasons:
            self._rest(event.at)

    def _rest(self, at: int) -> None:
        """The pause that runs is over, since it was lifted or since there is nothing left to pause."""
        if self.run.still_since is not None:
            self.run.pauses.append((self.run.still_since, at))
            self.run.still_since = None
        self._reasons.clear()

    def _extended(self, event: Event) -> None:
        """Only in time, and only with what the clause asks for; else the limit stays, and the reading says why."""
        extension, new = self._pack.extension(self.run.rule, event.rule), self._limit.limits.get(event.rule)
        if self.run.stopped() is not None or new in {None, self.run.amount}:
            self.run.rule = event.rule if extension else self.run.rule
        elif extension is None:
            self._warn("不能由“%(old)s”延长为“%(new)s”", "extension_not_allowed", old=self.run.rule, new=event.rule)
        elif "approval" in extension.needs and event.approved_by not in extension.approvers:
            message = "延长未经有权者审批（approved_by 须为 %(wanted)s），不生效"
            self._warn(message, "extension_without_approval", wanted="、".join(sorted(extension.approvers)))
        elif "notice" in extension.needs and event.told_at is None:
            self._warn("延长未告知投诉人（缺 told_at），不生效", "extension_without_notice")
        elif self._lapsed(self.run, event.at):
            self._warn("原期限已过，不能再延长", "extension_too_late")
        else:
            self.run.rule, self.run.amount = event.rule, new or self.run.amount

    def _withdrawn(self, event: Event) -> None:
        if self.run.stopped() is None:
            self.run.ended = event.at
            self._rest(event.at)

    def _reopened(self, event: Event) -> None:
        stopped = self.run.stopped()
        if stopped is None or self.run.start is None or self._limit.reopened is Reopening.STAYS:
            return
        if self._limit.reopened is Reopening.RESTARTS:
            self._begin(event.at)
        else:
            self.run.pauses.append((stopped, event.at))
            self.run.met = self.run.ended = None
            self._seen.clear()

    def _warn(self, message: str, code: str, **params: str) -> None:
        self.run.warned.append(Warned(message, code, params))


_STEPS: dict[str, Callable[[_Walk, Event], None]] = {
    "received": _Walk._received,
    "handed_over": _Walk._handed_over,
    "paused": _Walk._paused,
    "resumed": _Walk._resumed,
    "extended": _Walk._extended,
    "withdrawn": _Walk._withdrawn,
    "reopened": _Walk._reopened,
}
