"""How do the screens work, day by day? docs/methods/digital.md defines both figures; they are the whole bank's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import facts
from huixiang.apps.standards.charting import Counts, charted
from huixiang.domain.statistics.control import Kind
from huixiang.lake.questions import screen_use


@charted("digital.errors", _("电子渠道出错率"), Kind.SHARES, right="digital.see", is_whole=True)
def errors(since: date, until: date) -> Mapping[str, Counts]:
    """Tries that failed, of all tries."""
    lake = facts.lake()
    if lake.version("clicks") < 0:
        return {}
    found = Counts(*np.zeros((2, (until - since).days + 1)))
    for day, tries, failed in screen_use.daily_tries(lake, since, until):
        _keep(found, (day - since).days, failed, tries)
    return {"": found}


@charted("digital.funnel", _("电子渠道办成率"), Kind.SHARES, right="digital.see", is_whole=True)
def completion(since: date, until: date) -> Mapping[str, Counts]:
    """Sessions that were done, of those whose end is known."""
    lake = facts.lake()
    if lake.version("clicks") < 0:
        return {}
    found = Counts(*np.zeros((2, (until - since).days + 1)))
    for (_key, day), use in screen_use.uses(lake, since, until, "").items():
        _keep(found, (day - since).days, use.done, use.closed)
    return {"": found}


def _keep(found: Counts, day: int, count: int, of: int) -> None:
    assert found.of is not None
    found.values[day], found.of[day] = count, of
