"""What may a log tell of an error? Its kind and its places in the code; its message might quote a customer."""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from types import TracebackType
from typing import Any

_ANSWERING = re.compile(r"(?<![\w/])/s/[^\s\"']+")


def told(error: BaseException) -> str:
    """The chain of errors, the first cause first: of each where it passed, and its type."""
    lines: list[str] = []
    for each in reversed(_chain(error)):
        lines += [*traceback.format_tb(each.__traceback__), f"{type(each).__name__}\n"]
    return "".join(lines).rstrip()


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


class Discreet(logging.Formatter):
    """Formats as any other, but for what an exception says, and for the address of a survey: it is a secret of one
    customer's, and with the moment beside it would tell who answered when."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have written it out in full
        return _ANSWERING.sub("/s/…", super().format(record))

    def formatException(self, ei: Any) -> str:  # the name that logging calls
        return told(ei[1]) if ei[1] else ""


def hook() -> None:
    """In production a command that breaks off tells no more than a log: its output may end up in one."""
    if os.environ.get("HUIXIANG_MODE", "production") == "production":
        sys.excepthook = _tell


def _tell(kind: type[BaseException], error: BaseException, places: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt | OSError):  # what the system says: a disk that is full, a file not there
        sys.__excepthook__(kind, error, places)
        return
    print(told(error), file=sys.stderr)  # noqa: T201
