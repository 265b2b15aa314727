"""Is a voice about the own bank at all? Whoever keeps the names of other banks says so, for what is said in public.

Who speaks to the bank speaks of it, whatever other bank he names beside: only social media are asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from huixiang.domain.feedback import Channel

Judge = Callable[[str, date], str | None]
MAKERS: list[Callable[[], Judge]] = []


def judges(function: Callable[[], Judge]) -> Callable[[], Judge]:
    """Register who makes the judge of a batch: judge(normal, said_on) tells what a text in normal form, said on a day,
    is about; None is the bank.

    Of a stage after this one. The module must be imported by its app's `AppConfig.ready`, as for jobs.
    """
    MAKERS.append(function)
    return function


class Subjects:
    """What the voices of one batch are about: judged by the names in force when it came."""

    def __init__(self) -> None:
        self._judges: list[Judge] | None = None

    def about(self, channel: Channel, normal: str, said_on: date) -> str | None:
        """The column `about` of a voice."""
        if channel.is_to_the_bank:
            return None
        if self._judges is None:
            self._judges = [make() for make in MAKERS]
        return next((found for judge in self._judges if (found := judge(normal, said_on))), None)
