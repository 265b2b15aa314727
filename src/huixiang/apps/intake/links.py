"""What else is there for a customer of this post box? Later stages offer it; intake knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from huixiang.apps.intake.models import PostBox


class Link(NamedTuple):
    """To a page for customers; the language is added to the address."""

    href: str
    title: str


Offer = Callable[[PostBox], Link | None]
OFFERS: list[Offer] = []


def offer(function: Offer) -> Offer:
    """Register what stands at the foot of a box's pages: `f(box)` returns a link, None where it leads to nothing.

    The module must be imported by its app's `AppConfig.ready`, as for panels.
    """
    OFFERS.append(function)
    return function


def offered(box: PostBox) -> list[Link]:
    return [link for each in OFFERS if (link := each(box))]
