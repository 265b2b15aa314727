"""Is a voice about the own bank at all? Whoever keeps the names of other banks says so, for what is said in public.

Who speaks to the bank speaks of it, whatever other bank he names beside: only social media are asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from huixiang.domain.feedback import Channel

Judge = Callable[[str, date], str | None]
JUDGES: list[Judge] = []


def judges(function: Judge) -> Judge:
    """Register who tells what a text (in normal form), said on a day, is about: f(normal, said_on); None: the bank.

    Of a stage after this one. The module must be imported by its app's `AppConfig.ready`, as for jobs.
    """
    JUDGES.append(function)
    return function


def about(channel: Channel, normal: str, said_on: date) -> str | None:
    """The column `about` of a voice."""
    if channel.is_to_the_bank:
        return None
    return next((found for judge in JUDGES if (found := judge(normal, said_on))), None)
