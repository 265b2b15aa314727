"""What became of a call to the hotline? One stay in a queue, its identity, and what the measures count.

docs/methods/hotline.md defines each measure. Source of the terms: ITU-T E.600; COPC CX Standard (service level).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import Channel, digest, voice_id

SERVICE_SECONDS = 20  # answered within so many: the usual service level of banks' hotlines, 80/20
SHORT_SECONDS = 5  # who hangs up sooner has misdialled, or heard the announcement only
REPEAT_DAYS = 7
SAME_STAY_SECONDS = 5  # apart at most, of one stay that two files tell: a log counts whole seconds
FEWEST = 10  # stays below which no percentile is told
FEW = 30  # below which numbers are called few
_MOBILE = re.compile(r"1[3-9]\d{9}")
_NUMBER = re.compile(r"[^\d+]{0,40}(\+?\d{7,15})\D{0,20}")  # with less nobody outside can be called
_STARRED = re.compile(r"\d[*×xX#]|[*×xX#]\d")
_BETWEEN = re.compile(r"[\s().\-–—·]+")
NOBODY = frozenset(
    ["anonymous", "unknown", "restricted", "private", "unavailable", "withheld", "匿名", "未知", "不详", "无", "隐藏"]
)


class Outcome(StrEnum):
    """How did the stay in the queue end?"""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    TIMEOUT = "timeout"  # waited as long as the queue allows
    KEY = "key"  # left by pressing a key: a call back, the menu
    EMPTY = "empty"  # nobody was on duty
    LOST = "lost"  # reached, and dropped before a word
    UNFINISHED = "unfinished"  # the file ends before the stay does


class Transfer(StrEnum):
    """How was the caller handed on?"""

    NONE = ""
    BLIND = "blind"
    ATTENDED = "attended"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of one call in one queue, as its source tells it. Unmasked: lives in memory only.

    `entered_at` is aware. `is_whole`: the source saw it enter; else the moment is reckoned back from its end.
    `continues`: an agent asks in this queue for a caller who was answered before. Seconds are None where not told.
    """

    call_id: str
    queue: str
    entered_at: datetime
    outcome: Outcome
    wait_seconds: int | None = None
    talk_seconds: int | None = None
    hold_seconds: int | None = None
    caller: str = ""  # telephone; becomes a keyed pseudonym
    customer: str = ""  # the bank's number of the customer, likewise
    agent: str = ""
    transfer: Transfer = Transfer.NONE
    transferred_to: str = ""
    rings_unanswered: int = 0
    continues: bool = False
    is_whole: bool = True
    source: str = ""  # "queue_log" or "records"
    branch: None = None  # a hotline is of the whole bank
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def contact(self) -> str | None:
        """Where can the caller be reached? None where an agent asks for him, or the exchange tells no whole number."""
        return None if self.continues else reached_at(telephone(self.caller))

    def voice_id(self, key: bytes) -> str:
        """Which stay is this? A keyed hash, so that nobody finds a call by trying numbers."""
        return digest("stay", self.call_id, self.queue, str(int(self.entered_at.timestamp())), key=key)

    def content_hash(self, key: bytes) -> str:
        """Two sources tell different parts of one stay: what is told is compared field by field, not by a hash."""
        return ""

    def transcript_id(self, key: bytes) -> str:
        """The id of the voice that was said in this call."""
        return _of_call(self.call_id, key)


@lru_cache(maxsize=8192)
def _of_call(call_id: str, key: bytes) -> str:
    """Asked four times of each stay as it lands."""
    return voice_id(Channel.HOTLINE, call_id, key)


def telephone(told: str) -> str:
    """From which number did the call come, however the exchange writes it? "" where it tells none.

    A word in its place (anonymous), a number that is too short, starred out or a filler is nobody's: callers who have
    it in common are not one person.

    >>> telephone("+86 138 0013 8000"), telephone("013800138000"), telephone("sip:13800138000@10.0.0.1")
    ('13800138000', '13800138000', '13800138000')
    >>> telephone("anonymous"), telephone("138****8000"), telephone("8001"), telephone("00000000")
    ('', '', '', '')
    """
    if _MOBILE.fullmatch(told):
        return told
    if _STARRED.search(told):
        return ""
    plain = unicodedata.normalize("NFKC", told).partition("@")[0]
    number = _NUMBER.fullmatch(_BETWEEN.sub("", plain))
    found = reached_at(plain) or (number[1] if number else "")
    return found if len(set(found)) > 1 else ""


def bank_number(told: str) -> str:
    """Which customer does the record name? "" for a word or zeros that stand for nobody known."""
    return "" if told.strip().casefold() in NOBODY or not told.strip(" 0") else told
