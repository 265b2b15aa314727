"""May a reader look at just these answers? Not where two choices side by side would tell what a few answered.

A page with eleven months beside one with twelve tells of the twelfth; all without the marked ones tells of the marked;
a region without its branches tells of the branch left over. So in an anonymous survey a choice must leave out none or
enough, in each of its parts, whatever else is chosen. Who is not many herself is hidden anyway (small_cells.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from huixiang.apps.access.models import Unit
from huixiang.apps.surveys.result_cells import Asked, Choice, cut
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.surveys.small_cells import blocks, hidden
from huixiang.lake.questions import Cells, survey_cells
from huixiang.lake.questions.survey_cells import RESPONSE
from huixiang.lake.store import Lake


def careful(lake: Lake, it: Asked) -> Asked:
    """The same, where it gives nobody away. Raises ValidationError that says what to choose instead."""
    if it.survey.is_anonymous and it.choice != Choice():
        every = survey_cells(lake, it.survey.slug)
        cells = every.where(every.having("question", {RESPONSE}))
        for check in (_version, _unit, _tier, _months, _marked):
            check(cells, it)
    return it


def _version(cells: Cells, it: Asked) -> None:
    if chosen := it.choice.version:
        rest = _without(cells, it, version=0)
        counts: Counter[str] = Counter()
        for number, people in zip(rest.version, rest.n, strict=True):
            counts[str(number)] += int(people)
        _refuse_hidden(counts, str(chosen))


def _tier(cells: Cells, it: Asked) -> None:
    if chosen := it.choice.tier:
        _refuse_hidden(_counted(_without(cells, it, tier=""), "tier"), chosen)


def _unit(cells: Cells, it: Asked) -> None:
    """Beside its sisters where the reader sees the unit above, else beside all others that she sees."""
    if not it.choice.unit:
        return
    chosen = Unit.objects.select_related("parent").get(code=it.choice.unit)
    counts, above = _counted(_without(cells, it, unit=""), "unit"), chosen.parent
    parts: Counter[str] = Counter()
    if above is None or (it.reach is not None and above.code not in it.reach):
        own = set(Unit.objects.filter(path__startswith=chosen.path).values_list("code", flat=True))
        for code, people in counts.items():
            parts[chosen.code if code in own else ""] += people
    else:
        for code, path in Unit.objects.filter(path__startswith=above.path).values_list("code", "path"):
            parts[path[len(above.path) :].split("/")[0]] += counts.get(code, 0)
    _refuse_hidden(parts, chosen.code)


def _months(cells: Cells, it: Asked) -> None:
    """From the beginning of a run of months that holds enough people to the end of one."""
    since, until = it.choice.since, it.choice.until
    if not since and not until:
        return
    counts = _counted(_without(cells, it, since="", until=""), "month")
    months = sorted(counts)
    runs = [(months[first], months[last]) for first, last in blocks([counts[month] for month in months], FEWEST)]
    seen = [run for run in runs if (not since or run[1] >= since) and (not until or run[0] <= until)]
    cuts = any((since > first and since <= last) or (until and first <= until < last) for first, last in seen)
    if cuts:
        told = {"n": FEWEST, "since": seen[0][0], "until": seen[-1][1]}
        raise ValidationError(
            _("这个时间段与相邻的月份只差不到 %(n)s 人，会让人推出他们答了什么。请改看 %(since)s 至 %(until)s。") % told
        )


def _marked(cells: Cells, it: Asked) -> None:
    if not it.choice.marked:
        rest = _without(cells, it, marked=True)
        parts = {"marked": int(rest.n[rest.is_marked].sum()), "": int(rest.n[~rest.is_marked].sum())}
        _refuse_hidden(parts, "")


def _without(cells: Cells, it: Asked, **part: object) -> Cells:
    """What the choice holds without one of its parts."""
    return cut(cells, replace(it, choice=replace(it.choice, **part)))  # type: ignore[arg-type]


def _counted(cells: Cells, column: str) -> dict[str, int]:
    names = cells.names[column]
    found = np.bincount(cells.places[column], cells.n, len(names))
    return {name: int(people) for name, people in zip(names, found, strict=True)}


def _refuse_hidden(counts: Mapping[str, int], chosen: str) -> None:
    """Few ones alone are hidden wherever they are shown; many are refused where they would give few away."""
    names = list(counts)
    out = {names[place] for place in hidden([counts[name] for name in names], FEWEST)}
    if chosen in out and counts[chosen] >= FEWEST:
        raise ValidationError(
            _("这样筛选会让人推出不到 %(n)s 人答了什么：剩下的太少。请换一个范围，或看全部。") % {"n": FEWEST}
        )
