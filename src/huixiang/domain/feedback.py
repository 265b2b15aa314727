"""What is one voice? The one form in which feedback of every channel is understood and kept."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache


class Channel(StrEnum):
    """By which way did the customer speak? (The complaint code's 渠道 differs: where business was done.)"""

    SUGGESTION_BOX = "suggestion_box"
    HOTLINE = "hotline"
    WEBSITE = "website"
    APP_REVIEW = "app_review"
    SOCIAL = "social"
    SURVEY = "survey"
    FOCUS_GROUP = "focus_group"
    OTHER = "other"

    @property
    def is_to_the_bank(self) -> bool:
        """Does who speaks here speak to the bank? In public, customers talk among themselves too."""
        return self not in (Channel.SOCIAL, Channel.OTHER)

    @property
    def is_answered(self) -> bool:
        """Is who speaks here answered by herself, where she can be reached?

        Not in public: a nickname is no contact, and the answer belongs under the post. Not in surveys and talks, which
        promise that who answered stays apart from what was answered.
        """
        return self in (Channel.SUGGESTION_BOX, Channel.HOTLINE, Channel.WEBSITE)


class Precision(StrEnum):
    """How exactly is it known when the customer spoke?"""

    TIME = "time"
    DAY = "day"
    UNKNOWN = "unknown"  # the source gives no date; the day it was received stands in


class Side(StrEnum):
    """Who spoke on the line? Only the customer's words are a voice; the agent's are judged by the bank's standard."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"  # announcements and robots: neither


@dataclass(frozen=True, slots=True)
class Turn:
    """What did one side say, before the other spoke? Seconds from the beginning of the recording, where it tells."""

    side: Side
    text: str
    start: float | None = None
    end: float | None = None
    staff: str = ""  # the agent's number, as the source writes it


@dataclass(frozen=True, slots=True)
class Post:
    """Where in public was it said, and how far did it go? Counts are the platform's own, as of the export.

    `author` is whatever the source calls who wrote it, and becomes a keyed pseudonym. `parent` is the source's number
    of the post that this one passes on; "" for an original. `hands`: through how many named hands it came, by its text.
    """

    platform: str = ""
    url: str = ""
    author: str = ""
    parent: str = ""
    followers: int | None = None
    reposts: int | None = None
    comments: int | None = None
    likes: int | None = None
    hands: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """What did one customer say, as the source tells it? Unmasked: lives in memory only, never stored as it is.

    `said_at` and `received_at` are aware datetimes; `rating` is on 1..5; `customer` is whatever the source calls
    its customer and becomes a keyed pseudonym. `extra` holds the source's columns that no field took. `series` says
    within what the source's numbers are unique: an app store, one outlet's suggestion box; "" is the whole channel.
    `turns` is the dialogue out of which `text` was taken, where there was one. `platform` is the app store or the
    website of other people's; `post` what else is known of what was said in public; `replied_at` when it was
    replied. `contact` is where an answer can be sent; it is no part of
    what was said: it is sealed apart from the voice, or forgotten. `tier` is the customer's class at the bank: the
    source's word for it, and once read by the bank's list (tiers.py) its code.
    """

    channel: Channel
    source_id: str
    text: str
    said_at: datetime | None = None
    said_precision: Precision = Precision.UNKNOWN
    received_at: datetime | None = None
    branch: str | None = None
    product: str = ""
    product_version: str = ""
    customer: str | None = None
    rating: float | None = None
    title: str = ""
    reply: str = ""
    attachments: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    series: str = ""
    turns: tuple[Turn, ...] = ()
    platform: str = ""
    post: Post | None = None
    replied_at: datetime | None = None
    contact: str = ""
    tier: str = ""

    @property
    def is_passed_on(self) -> bool:
        """Does it pass on what another said, without a word of its own? Then it is no voice, and counts as reach."""
        return self.post is not None and bool(self.post.parent) and not self.text and not self.title

    def voice_id(self, key: bytes) -> str:
        """Which voice is this? A keyed hash over channel, series and source id: 24 hex digits, the same every time."""
        return voice_id(self.channel, self.source_id, key, series=self.series)

    def content_hash(self, key: bytes) -> str:
        """Has the source changed it since? A keyed hash over all that the source says, but the moment of receipt."""
        said = self.said_at.isoformat() if self.said_at else ""
        return digest(
            said,
            self.branch or "",
            self.product,
            self.product_version,
            self.customer or "",
            "" if self.rating is None else repr(float(self.rating)),
            self.title,
            self.text,
            self.reply,
            *self.attachments,
            json.dumps(dict(sorted(self.extra.items())), ensure_ascii=False) if self.extra else "{}",
            *(
                part
                for turn in self.turns
                for part in (turn.side, turn.staff, turn.text, repr(turn.start), repr(turn.end))
            ),
            *(("post", *map(str, astuple(self.post))) if self.post else ()),
            *(("replied", self.replied_at.isoformat()) if self.replied_at else ()),
            *(("tier", self.tier) if self.tier else ()),
            key=key,
        )


def voice_id(channel: Channel, source_id: str, key: bytes, series: str = "") -> str:
    """Under which id is the voice known that a source numbers so? A call's record finds its transcript by it."""
    return digest(channel, series, source_id, key=key)


def digest(*parts: str, key: bytes = b"") -> str:
    """96-bit BLAKE2b over length-prefixed parts, so that ("ab","c") and ("a","bc") differ. 24 hex digits.

    Of what the source says only a keyed digest is ever stored: who knows how telephone numbers look would try them all
    and undo an unkeyed one. `key` has 64 bytes at most.
    """
    pieces: list[bytes] = []
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        pieces += (len(encoded).to_bytes(8, "big"), encoded)
    return hashlib.blake2b(b"".join(pieces), digest_size=12, key=key).hexdigest()


@lru_cache(maxsize=65_536)
def keyed_bits(name: str, value: str, key: bytes) -> int:
    """64 keyed bits that stand for one part of what a fact is known by, so that a million are added up at once."""
    return int.from_bytes(hashlib.blake2b(f"{name}\0{value}".encode(), digest_size=8, key=key).digest(), "big")


def pseudonym(customer: str, key: bytes) -> str:
    """Which customer is it, without knowing who? HMAC-SHA256 of the source's name for him, 32 hex digits.

    The same customer has the same pseudonym in every import under one key; without the key nobody gets back.
    """
    return hmac.new(key, customer.strip().casefold().encode(), hashlib.sha256).hexdigest()[:32]


class Pseudonyms:
    """The same pseudonyms, as 16 bytes, of very many customers: HMAC with its first block done once (RFC 2104)."""

    def __init__(self, key: bytes) -> None:
        block = (key if len(key) <= 64 else hashlib.sha256(key).digest()).ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(each ^ 0x36 for each in block))
        self._outer = hashlib.sha256(bytes(each ^ 0x5C for each in block))

    def of(self, customers: Iterable[str]) -> list[bytes]:
        """In their order, none of them ""."""
        inner, outer, found = self._inner.copy, self._outer.copy, []
        for customer in customers:
            first, second = inner(), outer()
            first.update(customer.strip().casefold().encode())
            second.update(first.digest())
            found.append(second.digest()[:16])
        return found
