"""Which fields of a register does the law ask for beside those a case has as columns? Read from its events.

Reception, flow and handling are to be kept whole (令2020年第3号): how it was classed, answered, extended, disputed,
reviewed, mediated, and by whom it is handled. 待贵行合规核验.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huixiang.apps.complaints import backdating
from huixiang.apps.complaints.classing import own_lists
from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.outcomes import Outcome
from huixiang.domain.complaints.classes import PAID, RESPONSIBILITY

COLUMNS = (
    gettext_lazy("产品类型"),
    gettext_lazy("根本原因"),
    gettext_lazy("责任认定"),
    gettext_lazy("已付补偿（元）"),
    gettext_lazy("受理时间"),
    gettext_lazy("暂停次数"),
    gettext_lazy("延长至"),
    gettext_lazy("移交次数"),
    gettext_lazy("投诉人异议"),
    gettext_lazy("申请核查"),
    gettext_lazy("核查决定时间"),
    gettext_lazy("调解"),
    gettext_lazy("重新办理次数"),
    gettext_lazy("办理人工号"),
    gettext_lazy("结束时间"),
    gettext_lazy("补录（晚录入的天数）"),
)
AT_ONCE = 500
Pair = tuple[Case, Outcome | None]
Lines = list[Event]


def with_lines(cases: Iterable[Pair]) -> Iterator[tuple[Case, Outcome | None, Lines]]:
    """Each case with its lines (verb, moment, what was told), read for many at once."""
    found = iter(cases)
    while part := list(islice(found, AT_ONCE)):
        lines = defaultdict[int, Lines](list)
        rows = Event.objects.filter(case_id__in=[case.pk for case, _outcome in part]).order_by("case_id", "seq")
        for line in rows.only("case_id", "verb", "at", "entered_at", "told"):
            lines[line.case_id].append(line)
        for case, outcome in part:
            yield case, outcome, lines[case.pk]


def cells(case: Case, lines: Lines) -> list[Any]:
    """In the order of COLUMNS; empty where nothing of it happened."""
    last = {line.verb: (line.at, line.told) for line in lines}
    times = defaultdict[str, int](int)
    classes: dict[str, Any] = {}
    for line in lines:
        times[line.verb] += 1
        classes |= line.told.get("classes", {}) if line.verb == "classify" else {}
    fen = str(classes.get(PAID) or "")
    return [
        *_named(classes),
        round(int(fen) / 100, 2) if fen.isdecimal() else "",
        _when(last, "accept"),
        times["pause"],
        str(last["extend"][1].get("rule", "")) if "extend" in last else "",
        times["hand_over"],
        _when(last, "dispute"),
        _when(last, "apply_review"),
        _when(last, "decide_review"),
        _mediated(last),
        times["reopen"],
        case.handler.number if case.handler else "",
        timezone.localtime(case.ended_at).strftime("%Y-%m-%d %H:%M") if case.ended_at else "",
        _backdated(lines),
    ]


def _backdated(lines: Lines) -> float | str:
    """Of what clocks read, the longest gap between what happened and when it was written down; "" where none is."""
    gaps = [found for line in lines if line.verb in backdating.COUNTED and (found := backdating.gap(line))]
    return round(max(gaps).total_seconds() / 86_400, 2) if gaps else ""


def _named(classes: dict[str, Any]) -> list[str]:
    is_english = (get_language() or "").startswith("en")
    lists = own_lists()
    found = []
    for kind in ("product", "root_cause"):
        names = {each.code: each.english if is_english else each.title for each in getattr(lists, kind)}
        code = str(classes.get(kind) or "")
        found.append(names.get(code, code))
    named = RESPONSIBILITY.get(str(classes.get("responsibility") or ""))
    return [*found, named[is_english] if named else ""]


def _when(last: dict[str, Any], verb: str) -> str:
    return timezone.localtime(last[verb][0]).strftime("%Y-%m-%d %H:%M") if verb in last else ""


def _mediated(last: dict[str, Any]) -> str:
    if "settle" in last:
        return _("成功")
    if "fail_mediation" in last:
        return _("不成")
    return _("进行中") if "mediate" in last else ""
