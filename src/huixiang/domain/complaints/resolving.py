"""Which complaints were resolved at the first go (一次性解决), and of how many can that be known?

A case counts once its window is over, whatever it showed before: who counts early failures at once but waits for the
successes reports the youngest cases as the worst. Nor does a failure count of a case whose success could not be seen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from huixiang.domain.complaints.hours import day_of
from huixiang.domain.complaints.resolution import Definition, Sign, Since
from huixiang.domain.statistics.intervals import Interval, share


class Answer(StrEnum):
    """Was it resolved at the first go?"""

    YES = "yes"
    NO = "no"
    NOT_YET = "not_yet"  # not closed, or its window is still open
    UNKNOWABLE = "unknowable"  # whether the customer came again cannot be seen


class Why(StrEnum):
    """Why is there no yes, beside the signs of `Sign`?"""

    NOT_CLOSED = "not_closed"
    WINDOW_OPEN = "window_open"
    ANONYMOUS = "anonymous"
    UNCLASSIFIED = "unclassified"  # on which matter it was is not known
    NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True, slots=True)
class Contact:
    """The customer complained, by whatever channel, whether a case came of it or it joined one.

    `customer` is a pseudonym, empty where nobody knows who it was; `matter` holds codes of business, product and cause.
    """

    at: int
    customer: str
    matter: Mapping[str, str]
    regulator: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint; `closed_at` when it was first decided and told, None before. `signs` are its own, with moments.

    Withdrawn, refused and merged cases are none: whoever asks leaves them out.
    """

    number: str
    customer: str
    matter: Mapping[str, str]
    received_at: int
    closed_at: int | None
    signs: tuple[tuple[Sign, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer for one case, and all that led to it: signs first, in the definition's order."""

    case: Case
    answer: Answer
    reasons: tuple[Sign | Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """Of the cases that can be judged, which share was resolved at the first go? None is 'no data'.

    `coverage` is the share of all cases asked about that can be judged; `reasons` are how often each thing spoke
    against it or kept it from being known (one case may have several).
    """

    yes: int
    judged: int
    asked: int
    value: Interval | None
    coverage: float | None
    answers: Mapping[Answer, int]
    reasons: Mapping[Sign | Why, int] = field(default_factory=dict)


def judge(cases: Iterable[Case], contacts: Iterable[Contact], definition: Definition, until: int) -> Iterator[Judged]:
    """The answer for each case by all that was known at `until`; what came later is not looked at."""
    heard: dict[tuple[str, ...], list[Contact]] = defaultdict(list)
    for contact in contacts:
        key = _key(contact.customer, contact.matter, definition)
        if key and contact.at <= until:
            heard[key].append(contact)
    for case in cases:
        if case.received_at <= until:
            key = _key(case.customer, case.matter, definition)
            yield _judged(case, heard.get(key, []) if key else [], definition, until)


def rate(judged: Iterable[Judged]) -> Rate:
    """How many of them, with Wilson's interval, and of how many is it known?"""
    answers, reasons = Counter[Answer](), Counter[Sign | Why]()
    for each in judged:
        answers[each.answer] += 1
        reasons.update(each.reasons)
    yes, asked = answers[Answer.YES], answers.total()
    known = yes + answers[Answer.NO]
    return Rate(yes, known, asked, share(yes, known), known / asked if asked else None, dict(answers), dict(reasons))


def _key(customer: str, matter: Mapping[str, str], definition: Definition) -> tuple[str, ...] | None:
    """Who and on what; None where either is not known."""
    parts = (customer, *(matter.get(each, "") for each in sorted(definition.same_matter)))
    return parts if all(parts) else None


def _judged(case: Case, heard: Iterable[Contact], definition: Definition, until: int) -> Judged:
    signs = [*case.signs, *_of_contacts(heard)]
    seen = tuple(each.sign for each in definition.against if _seen(each.sign, signs, case, definition, until))
    if case.closed_at is None or case.closed_at > until:
        return Judged(case, Answer.NOT_YET, (*seen, Why.NOT_CLOSED))
    if day_of(until) <= day_of(case.closed_at) + definition.window_days:
        return Judged(case, Answer.NOT_YET, (*seen, Why.WINDOW_OPEN))
    if definition.counts(Sign.REPEATED) and not _key(case.customer, case.matter, definition):
        return Judged(case, Answer.UNKNOWABLE, (*seen, Why.UNCLASSIFIED if case.customer else Why.ANONYMOUS))
    confirmed = any(sign is Sign.CONFIRMED and case.closed_at <= at <= until for sign, at in signs)
    missing = () if definition.silence_counts or confirmed else (Why.NOT_CONFIRMED,)
    return Judged(case, Answer.NO if seen or missing else Answer.YES, (*seen, *missing))


def _of_contacts(heard: Iterable[Contact]) -> Iterator[tuple[Sign, int]]:
    for contact in heard:
        yield Sign.REPEATED, contact.at
        if contact.regulator:
            yield Sign.REGULATOR, contact.at


def _seen(sign: Sign, signs: Iterable[tuple[Sign, int]], case: Case, definition: Definition, until: int) -> bool:
    against = definition.counts(sign)
    closed = case.closed_at
    since = closed if against and against.since is Since.CLOSED else case.received_at
    last = until if closed is None else closed
    window = day_of(last) + definition.window_days
    return since is not None and any(
        what is sign and since < at <= until and day_of(at) <= window for what, at in signs
    )
