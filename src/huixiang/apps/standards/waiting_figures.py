"""How long do people wait at each branch, day by day? docs/methods/waiting.md defines both figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import facts
from huixiang.apps.standards.charting import MINUTES, Counts, by_unit, charted
from huixiang.domain.statistics.control import Kind
from huixiang.lake.questions import waits

LIMIT_SECONDS = 20 * 60
FEWEST = 20  # called on a day: of fewer the ninth in ten says little


@charted("waiting.share_over", _("等候超时占比"), Kind.SHARES, right="waiting.see")
def share_over(since: date, until: date) -> Mapping[str, Counts]:
    days = _days(since, until)
    over = by_unit(((each.branch, each.day, each.over) for each in days), since, until)
    of = by_unit(((each.branch, each.day, each.of) for each in days), since, until)
    return {unit: Counts(over[unit], of[unit]) for unit in of}


@charted("waiting.p90", _("等候时长九成位数"), Kind.TIMES, right="waiting.see", shown=MINUTES)
def p90(since: date, until: date) -> Mapping[str, Counts]:
    """In minutes, of the branches themselves: percentiles do not add up to those of a unit above."""
    found: dict[str, Counts] = {}
    for each in _days(since, until):
        if each.called >= FEWEST and each.p90:
            line = found.setdefault(each.branch, Counts(np.full((until - since).days + 1, np.nan)))
            line.values[(each.day - since).days] = each.p90 / 60
    return found


def _days(since: date, until: date) -> list[waits.DayOver]:
    lake = facts.lake()
    return waits.over_days(lake, since, until, LIMIT_SECONDS) if lake.version("tickets") >= 0 else []
