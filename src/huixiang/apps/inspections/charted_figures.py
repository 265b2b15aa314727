"""Which share of the lines looked at falls short, day by day? Watched as the other figures of service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from huixiang.apps.inspections.models import Answer, VisitState
from huixiang.apps.inspections.reach import SEE
from huixiang.apps.standards.charting import Counts, by_unit, charted
from huixiang.domain.inspections.scoring import FULLY
from huixiang.domain.statistics.control import Kind


@charted("inspection.short", _("检查未做到的项目占比"), Kind.SHARES, right=SEE)
def short(since: date, until: date) -> Mapping[str, Counts]:
    """By the first inspector of each case, as decisions left it: what was withdrawn does not count."""
    rows = (
        Answer.objects.filter(level__isnull=False, form__visit__state=VisitState.DONE, form__visit__is_second=False)
        .filter(form__visit__visited_on__range=(since, until))
        .order_by()
        .values_list("form__visit__unit__code", "form__visit__visited_on")
        .annotate(lines=Count("pk"), short=Count("pk", filter=Q(finding__level__lt=FULLY) | _unheard()))
    )
    told = list(rows)
    lines = by_unit(((unit, day, float(of)) for unit, day, of, _short in told), since, until)
    fell = by_unit(((unit, day, float(count)) for unit, day, _of, count in told), since, until)
    return {unit: Counts(fell[unit], lines[unit]) for unit in lines}


def _unheard() -> Q:
    """Of forms that came from other systems, which raise no findings here."""
    return Q(finding=None, level__lt=FULLY)
