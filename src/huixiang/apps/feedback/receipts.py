"""Is who spoke told at once that it came in? Who polls a mailbox may say so, for what that mailbox brings."""

from __future__ import annotations

from collections.abc import Callable

from huixiang.apps.feedback.models import Import

Says = Callable[[Import], bool | None]
SAYS: list[Says] = []


def says(function: Says) -> Says:
    """Register who decides: `f(imported)`; None where it is none of his, and the channel's own setting holds.

    The module must be imported by its app's `AppConfig.ready`, as for jobs.
    """
    SAYS.append(function)
    return function


def wished(imported: Import) -> bool | None:
    return next((found for say in SAYS if (found := say(imported)) is not None), None)


Owns = Callable[[], set[str]]
OWNS: list[Owns] = []


def owns(function: Owns) -> Owns:
    """Register who knows addresses of the bank's own, which are never thanked: `f()` gives them in small letters."""
    OWNS.append(function)
    return function


def own() -> set[str]:
    return set[str]().union(*(addresses() for addresses in OWNS))
