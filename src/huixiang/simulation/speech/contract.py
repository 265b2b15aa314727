"""What does an invented text carry besides its words? The truth that a measurement can later be held against."""

from __future__ import annotations

from dataclasses import dataclass

POLARITIES = ("negative", "neutral", "positive")
KINDS = ("demand", "expectation", "pain_point", "praise", "question", "noise")
LENGTHS = ("short", "medium", "long")
# Into a telephone or at a keyboard; on the line or round a table; on a slip of paper, by hand.
GUISES = ("typed", "spoken", "paper")


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the text? Characters from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is thought of what? `aspect` and `opinion` are None where the customer left the word out."""

    topic: str
    polarity: str
    aspect: Span | None
    opinion: Span | None


@dataclass(frozen=True, slots=True)
class Planted:
    """Which personal data stands where? `value` is the plain form; the text may hold it half-written (一三八…)."""

    kind: str
    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Where is the bank or one of its products named? `kind` is bank or product."""

    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Utterance:
    """What did one customer say, and what is true of it? All spans count characters of `text`."""

    text: str
    topics: tuple[str, ...]
    sentiment: str
    kind: str
    tone: str
    opinions: tuple[Opinion, ...]
    mentions: tuple[Mention, ...]
    planted: tuple[Planted, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened to this customer? Empty or 0 is unknown: then the customer says something likely instead.

    `minutes` waited, `times` tried or come, `version` of the app (8.3.1); of what a clerk writes down, the `source`
    by which it came in (客服热线), and what the customer `told` him if known. Who has `left` the branch was never
    served. `errand` is what one came for, `who` whom one speaks of; `impairment` one of 视障, 听障, 肢体残障; who is
    `old` has no parents any more.
    """

    product: str = ""
    branch: str = ""
    version: str = ""
    minutes: int = 0
    times: int = 0
    source: str = ""
    left: bool = False
    errand: str = ""
    who: str = ""
    impairment: str = ""
    old: bool = False
    told: Utterance | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Who said what on the hotline? `who` is agent or customer."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be talked about, where, and with which feelings? `channels` are branch, app, hotline or all."""

    code: str
    name: str
    channels: tuple[str, ...]
    polarities: tuple[str, ...]


def sentiment_of(polarities: tuple[str, ...]) -> str:
    """Is the customer content on the whole? The commoner of praise and blame; blame wins a tie, the costlier miss."""
    bad, good = polarities.count("negative"), polarities.count("positive")
    if bad == good == 0:
        return "neutral"
    return "negative" if bad >= good else "positive"
