"""Is it one branch, or all of a region? Alerts of one figure that began together are told as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huixiang.domain.statistics.control.alerts import Alert

MOST_OF = 0.5  # of a unit's charted parts: then it is the unit's
FEWEST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """One shift in words of where: the unit that all of it is in, and which of its parts moved."""

    unit: str
    parts: tuple[str, ...]
    alerts: tuple[Alert, ...]

    @property
    def first(self) -> Alert:
        """The surest of them."""
        return min(self.alerts, key=lambda alert: alert.p)


def grouped(raised: Mapping[str, Sequence[Alert]], above: Mapping[str, str], charted: Mapping[str, int]) -> list[Group]:
    """The alerts of one figure by unit, `above` telling each unit's superior, `charted` how many parts have charts.

    Where at least half of a superior's parts, and three of them, moved the same way and their possible first days
    overlap, the superior is named once; so on up to the bank.
    """
    groups = [Group(unit, (unit,), (alert,)) for unit, its in sorted(raised.items()) for alert in its]
    while lifted := _lifted(groups, above, charted):
        groups = lifted
    return sorted(groups, key=lambda group: group.first.p)


def _lifted(groups: list[Group], above: Mapping[str, str], charted: Mapping[str, int]) -> list[Group] | None:
    beneath = defaultdict[str, list[Group]](list)
    for group in groups:
        if superior := above.get(group.unit):
            beneath[superior].append(group)
    for superior, its in beneath.items():
        for together in _together(its):
            units = {group.unit for group in together}
            if len(units) >= max(FEWEST_PARTS, MOST_OF * charted.get(superior, 0)):
                one = Group(
                    superior,
                    tuple(sorted({part for group in together for part in group.parts})),
                    tuple(alert for group in together for alert in group.alerts),
                )
                return [*(group for group in groups if group not in together), one]
    return None


def _together(groups: list[Group]) -> list[list[Group]]:
    """Those that moved the same way and whose first days may have been the same one."""
    found = list[list[Group]]()
    for is_up in (True, False):
        rows = [group for group in groups if group.first.is_up is is_up]
        for day in sorted({group.first.since_latest for group in rows}):
            fit = [g for g in rows if g.first.since_earliest <= day <= g.first.since_latest]
            found.append(fit)
    return sorted(found, key=len, reverse=True)
