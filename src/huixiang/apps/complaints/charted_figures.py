"""Are there more complaints than the voices let expect? Complaints of a day for a thousand voices of that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.models import Case
from huixiang.apps.standards.charting import PER_THOUSAND, Counts, by_unit, charted
from huixiang.apps.standards.voice_figures import voices
from huixiang.domain.statistics.control import Kind


@charted("complaint.rate", _("每千条声音的投诉"), Kind.RATES, right="complaint.see", shown=PER_THOUSAND)
def rate(since: date, until: date) -> Mapping[str, Counts]:
    """By the day of receipt. What was merged is one complaint with the other; what is stored only is not used."""
    counted = Counter((unit, timezone.localdate(at)) for unit, at in _received(since, until))
    cases = by_unit(((unit, day, number) for (unit, day), number in counted.items()), since, until)
    return {
        unit: Counts(cases.get(unit, np.zeros(len(of))), of)
        for unit, of in voices(since, until).items()
        if unit in cases
    }


def _received(since: date, until: date) -> list[tuple[str, datetime]]:
    begin, end = (timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in (since, until))
    rows = Case.objects.filter(merged_into=None, is_held=False, received_at__gte=begin)
    rows = rows.filter(received_at__lt=end + timedelta(days=1)).order_by()
    return list(rows.values_list("unit__code", "received_at"))
