"""How does any file become feedback records? Every format answers the same two questions: which rows, which record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from huixiang.domain.digital import Click, Downtime, KnownCustomer
from huixiang.domain.feedback import Channel, Record
from huixiang.domain.hotline import Stay
from huixiang.domain.waiting import Ticket

# Reserved names among a row's fields; no column of a file is ever called so, and no record keeps them as `extra`.
ROW_KEY = "__row__"  # which row it is where the source gives no number: kept when a person mends the row.
# The source ids made of it begin with this name. They are hashes of what the row says, so they are not to be stored.
RAW = "__raw__"  # what stood in the file where it could not be cut into columns
RESERVED = frozenset({ROW_KEY, RAW})
Fact = Ticket | Click | Downtime | KnownCustomer  # what is counted, and said by nobody
LONGEST_QUOTE = 30  # so much of what was found may stand in a message: it could be personal


class Fault(Exception):
    """What was found, where, and what to do about it, in words the user can act on.

    `message` is a Chinese sentence with named %(placeholders)s: it is also the key of the message catalogue, so the
    page translates it by looking it up. `column` names the source's column where there is one.
    """

    def __init__(self, message: str, *, column: str | None = None, **params: object) -> None:
        if column is not None:
            params["column"] = column  # so that the sentence may name it
        self.message, self.column, self.params = message, column, params
        super().__init__(message % params)


class Aside(Fault):
    """The row is read well, and is no voice or is broken by itself: no sign that the file is read in a wrong way."""

    @classmethod
    def of(cls, fault: Fault) -> Aside:
        column = {"column": fault.column} if fault.column is not None else {}
        return cls(fault.message, **{**fault.params, **column})  # type: ignore[arg-type]  # column is a text


class Unfinished(Fault):
    """The row was never handed in: nothing to count, and nothing to be mended."""


def marked(words: str) -> str:
    """Chinese words that a page will translate: marked for the catalogue, since channels know no Django."""
    return words


def quoted(found: str) -> str:
    """So much of what was found as a message may show."""
    return found if len(found) <= LONGEST_QUOTE else found[: LONGEST_QUOTE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file as text. `number` counts from 1 as a person counts in the file (header = 1, first row = 2)."""

    number: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be read: kept aside with its place and reason, to be mended and tried again.

    `cut`: the fields that do not stand here as they stood in the file, shortened or with bytes that fit nothing. As
    long as they are as they are here they must not come in, or half a complaint would count as a whole one. The same
    holds of a row that has RAW, which could not be cut into columns.
    """

    number: int
    fault: Fault
    fields: Mapping[str, str]
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the person who imports knows, and the file does not say."""

    channel: Channel | None = None
    branch: str | None = None
    product: str = ""
    time_zone: str = "Asia/Shanghai"
    extra: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None  # what was said more than a day later is refused; None: whoever asks checks it


class Meter:
    """How much of a file has been read? Whoever opens it says how to tell, once for all formats alike."""

    def __init__(self) -> None:
        self._tell: Callable[[], float] | None = None

    def by(self, tell: Callable[[], float]) -> None:
        """`tell` is asked seldom, at any time, also after the end."""
        self._tell = tell

    @property
    def share(self) -> float | None:
        """0 to 1; None where it cannot be known, or is not yet."""
        return None if self._tell is None else min(1.0, max(0.0, self._tell()))


class Format(Protocol):
    """One file per format. Adding a format is adding a file that answers these, and a line in registry.py."""

    name: str  # as in `huixiang import --as NAME`
    title: str  # Chinese, shown in the wizard
    suffixes: tuple[str, ...]

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        """Stream the rows in file order with bounded memory. Raises Fault where the file as a whole can't be read.

        The meter is told how to know the share read; a format that cannot know leaves it alone.
        """
        ...

    def record(self, row: Row, defaults: Defaults) -> Record:
        """Make the record of one row; the same for a row fresh from the file and one mended. Raises Fault."""
        ...


class CallFormat(Protocol):
    """A format that tells what became of calls, or facts that are counted, instead of what was said."""

    name: str
    title: str
    suffixes: tuple[str, ...]

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        """As a Format's; `path` may be a folder."""
        ...

    def record(self, row: Row, defaults: Defaults) -> Stay | Fact:
        """Make the stay, or the fact, of one row. Raises Fault."""
        ...
