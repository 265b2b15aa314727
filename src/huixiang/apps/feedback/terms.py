"""How long is kept what came by a channel? By whole months, from the end of the month in which it was said.

Without a term that people set nothing goes. A new term begins to hold after a week, so that a slip of the pen can be
taken back, and the page says until then what would go. What went once does not come in again, however long a later
term is: what is left of it is counted, and would be counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

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


def kept_from(code: str, today: date) -> str:
    """The first month of which something may still come in; "": of any."""
    return max(over(of(code), today), floors(code).get(code, ""))


def outlived_by_words(months: int | None, manner: str) -> bool:
    """Would the words of a survey, with pseudonym, unit, rating and moment, still stand beside its figures?"""
    words = of(Channel.SURVEY.value).months
    return months is not None and manner == Term.Manner.FIGURES and (words is None or words > months)


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
class Besides:
    """What besides a channel's voices has a term: its name, and how much of it is there (see `stored`)."""

    name: str | Promise
    stored: Stored


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
    for each in Term.objects.all():
        months[each.channel] = max(months.get(each.channel, ""), over(each, today))
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
