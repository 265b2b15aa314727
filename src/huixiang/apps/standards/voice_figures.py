"""How do customers feel, day by day and unit by unit? The negative share of each day's voices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import facts
from huixiang.apps.standards.charting import Counts, by_unit, charted
from huixiang.domain.statistics.control import Kind
from huixiang.domain.statistics.control.series import Floats
from huixiang.lake import questions


@charted("voice.negative", _("负面声音占比"), Kind.SHARES, right="overview.see")
def negative(since: date, until: date) -> Mapping[str, Counts]:
    found = questions.felt_days(facts.lake(), since, until)
    bad = by_unit(((each.branch, each.day, each.negative) for each in found), since, until)
    return {unit: Counts(bad[unit], of) for unit, of in voices(since, until).items()}


def voices(since: date, until: date) -> dict[str, Floats]:
    """How many voices there were, by unit with all below it."""
    found = questions.felt_days(facts.lake(), since, until)
    return by_unit(((each.branch, each.day, each.voices) for each in found), since, until)
