"""What becomes of the contacts in this file? Said on the page before it comes in, by whoever keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass

from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.preview import Sample
from huixiang.channels import registry
from huixiang.channels.contract import Fault
from huixiang.channels.mapping import Mapping, Source

Tells = Callable[[Sequence[str], bool], list[str]]
TELLS: list[Tells] = []


def tells(function: Tells) -> Tells:
    """Register what is done with contacts: `f(channels, of_calls)` returns sentences, of the channels by which they
    come; `of_calls`: they are callers' numbers in records of calls, without a word that was said.

    Of a stage after this one. The module must be imported by its app's `AppConfig.ready`, as for jobs.
    """
    TELLS.append(function)
    return function


@dataclass(frozen=True, slots=True)
class Contacts:
    """Which columns hold them, in how many of the rows looked at, and what becomes of them."""

    columns: tuple[str, ...]
    found: int
    rows: int
    is_customer: bool  # the same column also says which customer it is
    told: tuple[str, ...]


def contacts(choice: Choice, samples: Sequence[Sample]) -> Contacts | None:
    """None where this file, read so, tells of no contact at all."""
    sources = _sources(choice)
    named = sources["contact"].columns if "contact" in sources else ()
    reached = [each for each in samples if each.has_contact]
    if not named and not reached:
        return None
    customer = sources["customer"].columns if "customer" in sources else ()
    columns = named or customer
    of_calls = registry.tells_calls(choice.format)
    channels = list(dict.fromkeys(each.channel for each in (reached or samples) if each.channel))
    told = tuple(sentence for tell in TELLS for sentence in tell(channels, of_calls)) if channels else ()
    return Contacts(columns, len(reached), len(samples), bool(set(columns) & set(customer)), told)


def _sources(choice: Choice) -> Table[str, Source]:
    try:
        mapping: Mapping | None = getattr(registry.find(choice.format, choice.mapping), "mapping", None)
    except Fault:
        return {}  # the preview tells it
    return mapping.sources if mapping else {}
