"""What is wrong with the bank's standards today, as far as the bank's own facts and people tell?"""

from __future__ import annotations

from datetime import date

from huixiang.apps.standards import measuring, owners
from huixiang.apps.standards.models import approved
from huixiang.domain.standards.linting import Found, Known, lint


def found_on(day: date) -> list[Found]:
    return lint(approved(), day, Known(measuring.measured(), owners.owns(day), measuring.unseen))


def watch(day: date) -> int:
    """Each night: how many findings are there?"""
    return len(found_on(day))
