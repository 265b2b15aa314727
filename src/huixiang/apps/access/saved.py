"""Which pages can be kept with their filter under a name? Who has such a page registers it from its app's `ready`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise

LONGEST_VALUE = 120
MOST_VALUES = 30  # of one name, as when many are ticked
Kept = dict[str, list[str]]  # by name of the filter's field


@dataclass(frozen=True, slots=True)
class Savable:
    """`fields`: what of the filter is kept; never what is typed freely, which may name a customer. `period`: those
    that fix a time, left out where the newest is wanted.
    """

    page: str  # name of its address
    title: str | Promise
    right: str
    fields: frozenset[str]
    period: frozenset[str]

    def kept(self, asked: QueryDict, *, newest: bool) -> Kept:
        """Of an address' filter what may be kept."""
        names = self.fields - self.period if newest else self.fields
        told = {name: [value for value in asked.getlist(name) if value] for name in sorted(names & set(asked))}
        return {
            name: values
            for name, values in told.items()
            if values and len(values) <= MOST_VALUES and all(len(value) <= LONGEST_VALUE for value in values)
        }


_PAGES: dict[str, Savable] = {}


def savable(page: str, title: str | Promise, *, right: str, fields: Iterable[str], period: Iterable[str] = ()) -> None:
    """Register a page; its own door judges the opener's rights each time."""
    times = frozenset(period)
    _PAGES[page] = Savable(page, title, right, frozenset(fields) | times, times)


def pages() -> Mapping[str, Savable]:
    return _PAGES
