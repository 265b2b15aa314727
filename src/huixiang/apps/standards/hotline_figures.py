"""How is the hotline reached, day by day? Shares of the day's stays, as docs/methods/hotline.md defines them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import facts
from huixiang.apps.feedback.hotline import Line
from huixiang.apps.standards.charting import Counts, charted
from huixiang.domain.statistics.control import Kind
from huixiang.lake import questions
from huixiang.lake.questions import CallSlice


@charted("hotline.service_level", _("热线服务水平"), Kind.SHARES, right="hotline.see", is_whole=True)
def service_level(since: date, until: date) -> Mapping[str, Counts]:
    return _shares(since, until, lambda line: (line.tally.in_time, line.timed))


@charted("hotline.abandonment", _("热线放弃率"), Kind.SHARES, right="hotline.see", is_whole=True)
def abandonment(since: date, until: date) -> Mapping[str, Counts]:
    return _shares(since, until, lambda line: (line.abandoned, line.offered))


def _shares(since: date, until: date, counted: Callable[[Line], tuple[int, int]]) -> dict[str, Counts]:
    lake = facts.lake()
    if lake.version("calls") < 0:
        return {}
    found = Counts(*np.zeros((2, (until - since).days + 1)))
    for tally in questions.tally(lake, CallSlice(since, until), "entered_on"):
        day = (date.fromisoformat(f"{tally.key}") - since).days
        found.values[day], found.of[day] = counted(Line(tally))  # type: ignore[index]  # of is given
    return {"": found}
