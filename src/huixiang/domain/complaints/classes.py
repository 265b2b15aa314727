"""How is a complaint classed? By channel, business, cause (JR/T 0169), product, root cause, responsibility, money.

Each `classify` line tells what was changed and no more; what holds is the fold over all of them, the later by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from huixiang.domain.complaints.standing import Entry
from huixiang.domain.complaints.tables import Table, once, sections, tables_of

AXES = {"channel": "A", "business": "B", "cause": "C"}  # class → top of the tree of JR/T 0169
PAID = "paid_fen"
KINDS = (*AXES, "product", "root_cause", "responsibility", PAID)
RESPONSIBILITY = {
    "full": ("有责", "the bank is responsible"),
    "part": ("部分责任", "partly responsible"),
    "none": ("无责", "not responsible"),
    "misunderstanding": ("客户误解", "a misunderstanding of the customer's"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A product or root cause of the list, in force from `since` until the day before `until`."""

    code: str
    title: str
    english: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """The bank's dated lists."""

    product: tuple[Named, ...]
    root_cause: tuple[Named, ...]

    def on(self, day: date) -> Lists:
        """As they hold on a day."""
        return Lists(_on(self.product, day), _on(self.root_cause, day))


def _on(listed: Iterable[Named], day: date) -> tuple[Named, ...]:
    return tuple(each for each in listed if each.since <= day and (each.until is None or day < each.until))


@cache
def shipped_lists() -> Lists:
    """The lists that come with the product."""
    return read_lists((files("huixiang.domain.complaints") / "data" / "classes.toml").read_text("utf-8"))


def read_lists(text: str) -> Lists:
    """The lists of a TOML text. Raises BadCase that says which part is wrong and what to write."""
    table = tables_of(text)
    head = Table(table, "投诉分类清单", {"product", "root_cause"})
    return head.done(Lists(_listed(table, "product"), _listed(table, "root_cause")))


def _listed(table: Mapping[str, object], key: str) -> tuple[Named, ...]:
    found = tuple(_named(each, f"[[{key}]] {n}") for n, each in enumerate(sections(table, key), 1))
    once(key, [f"{each.code} {each.since}" for each in found])
    return found


def _named(found: object, place: str) -> Named:
    has_end = isinstance(found, Mapping) and "until" in found
    table = Table(found, place)
    code, title, english, since = table.code("code"), table.text("title"), table.text("english"), table.day("since")
    return table.done(Named(code, title, english, since, table.day("until") if has_end else None))


def classes_of(entries: Iterable[Entry]) -> dict[str, str]:
    """How is the case of these entries classed? What was emptied is left out."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.verb == "classify":
            found |= entry.told.get("classes", {})
    return {kind: code for kind, code in found.items() if code}
