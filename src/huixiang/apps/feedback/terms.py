"""How long is kept what came by a channel? By whole months, from the end of the month in which it was said.

Without a term that people set nothing goes. A new term begins to hold after a week, so that a slip of the pen can be
taken back, and the page says until then what would go. What went once does not come in again, however long a later
term is: what is left of it is counted, and would be counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise

from huixiang.apps.feedback.admission import Gate
from huixiang.apps.feedback.classification import Entry
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Bygone, Expiry, Term
from huixiang.apps.feedback.names import CHANNELS
from huixiang.domain.feedback import Channel, Record
from huixiang.domain.hotline import Stay
from huixiang.lake import questions

LEAST_MONTHS, MOST_MONTHS = 6, 240  # below, a need or a rise would lack the past that it is measured against
LEAST_DAYS, MOST_DAYS = 7, 3_650
COMPLAINTS = 36  # months that a bank keeps what belongs to a complaint, at the least
GRACE = timedelta(days=7)


def of(channel: str) -> Term:
    """As people have set it, or without a limit."""
    return Term.objects.filter(channel=channel).first() or Term(channel=channel)


def before(today: date, months: int) -> str:
    """The first month ("2024-12") that is kept: what was said in earlier ones is over."""
    place = today.year * 12 + today.month - 1 - months
    return f"{place // 12:04}-{place % 12 + 1:02}"


def over(term: Term, today: date) -> str:
    """Before which month is it over now? "": nothing is, or not yet."""
    if term.months is None or term.from_on is None or term.from_on > today:
        return ""
    return before(today, term.months)


def floors(*codes: str) -> dict[str, str]:
    """Before which month did something go already, of each code? Nobody knows any more which of it a file holds."""
    runs = Expiry.objects.filter(channel__in=codes) if codes else Expiry.objects.all()
    return dict(runs.order_by().values_list("channel").annotate(Max("before")))


def turns(channel: str, today: date) -> list[tuple[Term, str]]:
    """By which terms is something of a channel over now, and before which month? Its own, and one that caps it.

    What it said stands beside pseudonym, unit, rating and moment, and would tell whose the figures are: the words
    become figures in the same night, whatever becomes of them later.
    """
    capping = [of(code) for code, each in BESIDES.items() if each.caps == channel]
    caps = [
        Term(channel=channel, manner=Term.Manner.FIGURES, months=each.months, from_on=each.from_on)
        for each in capping
        if each.manner == Term.Manner.FIGURES
    ]
    return [(term, before) for term in (of(channel), *caps) if (before := over(term, today))]


def over_of(channel: str, today: date) -> str:
    """Before which month are the voices of a channel over now, by whichever term?"""
    return max((before for _term, before in turns(channel, today)), default="")


def kept_from(code: str, today: date) -> str:
    """The first month of which something may still come in; "": of any."""
    return max(over_of(code, today), floors(code).get(code, ""))


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of a channel: voices with their words, and figures; records of calls; posts of social media."""

    voices: int = 0
    figures: int = 0
    calls: int = 0
    posts: int = 0

    @property
    def all(self) -> int:
        return self.voices + self.calls + self.posts


Stored = Callable[[frozenset[str] | None, str], Amount]


@dataclass(frozen=True, slots=True)
class Words:
    """How is such a term told? `figures`, `deletes`: what would go, with %(month)s and %(count)s in it."""

    about: str | Promise
    since: str | Promise  # from when on the months count
    manners: tuple[str | Promise, str | Promise]  # of `figures` and of `delete`
    stored: Callable[[int], str]
    figures: Callable[[int], str]
    deletes: Callable[[int], str]

    def going(self, count: int, manner: str, before: str) -> str:
        """In words: how much would go."""
        told = (self.deletes if manner == Term.Manner.DELETE else self.figures)(count)
        return told % {"count": f"{count:,}", "month": before}


@dataclass(frozen=True, slots=True)
class Besides:
    """What besides a channel's voices has a term: its name, and how much of it is there (see `stored`).

    `caps`: the channel whose voices go with its figures, lest they tell whose those are.
    """

    name: str | Promise
    stored: Stored
    words: Words
    caps: str = ""


BESIDES: dict[str, Besides] = {}


def named() -> dict[str, str | Promise]:
    """Of what may a term be set? Code and name."""
    return {**CHANNELS, **{code: each.name for code, each in BESIDES.items()}}


def stored(channel: str, reach: frozenset[str] | None = None, until: str = "") -> Amount:
    """How much is there of a channel, of these units, of earlier months than `until`?"""
    if channel in BESIDES:
        return BESIDES[channel].stored(reach, until)
    rows = [
        row
        for row in questions.stored(lake())
        if row.channel == channel and (not until or row.month < until) and (reach is None or row.branch in reach)
    ]
    calls = _others("calls", until) if channel == Channel.HOTLINE and reach is None else 0
    posts = _others("posts", until) if channel == Channel.SOCIAL and reach is None else 0
    return Amount(sum(row.words for row in rows), sum(row.figures for row in rows), calls, posts)


def due(code: str, now: datetime) -> int:
    """How much of what has a term besides the voices is over now? Where all goes, what was left as figures too."""
    term = of(code)
    if not (until := over(term, timezone.localdate(now))):
        return 0
    found = stored(code, until=until)
    return found.voices + (found.figures if term.manner == Term.Manner.DELETE else 0)


def _others(table: str, until: str) -> int:
    return sum(row.words for row in questions.stored(lake(), table) if not until or row.month < until)


@dataclass(frozen=True, slots=True)
class Over:
    """What comes too late to be kept: it is counted as what was erased before, and kept out."""

    months: dict[str, str]  # channel → the first month of which something may still come in
    bygone: frozenset[str]

    def keeps_out(self, channel: str, month: str, id_: str) -> bool:
        return month < self.months.get(channel, "") or id_ in self.bygone


def coming(ids: Iterable[str]) -> Over:
    """What of these may not come in? Asked under the lake's lock, as for what was erased."""
    today = timezone.localdate()
    months = floors()
    for channel in named():
        months[channel] = max(months.get(channel, ""), over_of(channel, today))
    return Over(months, frozenset(Bygone.objects.among(set(ids), Bygone.What.VOICE)))


def is_too_late(entry: Entry, gate: Gate, over_: Over) -> bool:
    """Is its time over already? What bears no date is as old as its coming, unless it went before."""
    record: object = entry.record
    if isinstance(record, Stay):
        return over_.keeps_out(Channel.HOTLINE, f"{timezone.localdate(record.entered_at):%Y-%m}", entry.voice_id)
    if not isinstance(record, Record):
        return False  # a guest's: survey answers have a term of their own
    month = f"{gate.said_on(record, record.said_at):%Y-%m}" if record.said_at else "9999"
    return over_.keeps_out(str(record.channel), month, entry.voice_id)
