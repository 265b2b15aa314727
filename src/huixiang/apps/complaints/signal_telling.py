"""How is a signal told? What, where, since when, against what, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.classing import choices_on
from huixiang.apps.complaints.forms.classes import title
from huixiang.apps.complaints.models import Case, Signal
from huixiang.apps.feedback import findings, rises
from huixiang.domain.complaints.signals import ACCUSED, ALL, WORD
from huixiang.domain.statistics.surveillance import Finding

FEW = 10  # cases below which the interval is wide, and says so
DIMENSIONS = {
    ALL: _("投诉总量"),
    "business": _("业务"),
    "cause": _("投诉原因"),
    "matter": _("服务事项"),
    "product": _("产品"),
    ACCUSED: _("被投诉的员工"),
    WORD: _("用词"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One signal as pages and API tell it: the newest numbers while it lasts, those of its alert afterwards."""

    signal: Signal
    what: str
    where: str
    found: Finding
    also: tuple[str, ...] = ()

    @property
    def dimension(self) -> Any:
        return DIMENSIONS[self.signal.dimension]

    @property
    def is_small(self) -> bool:
        return self.found.observed < FEW


def told(rows: Iterable[Signal], by: Staff) -> list[Told]:
    """Each that this person may see; those of a cluster under the one that leads it, where that is in sight too."""
    signals = list(rows)
    names = _units({signal.unit for signal in signals})
    shown = {signal.pk for signal in signals}
    under: dict[int, list[Signal]] = {}
    for signal in signals:
        if signal.lead_id in shown:
            under.setdefault(signal.lead_id, []).append(signal)
    people = _people(signals)
    return [
        Told(
            signal,
            _what(signal, people),
            names[signal.unit],
            rises.finding(signal.alert if signal.ended_on else signal.last),
            tuple(f"{_what(each, people)} · {names[each.unit]}" for each in under.get(signal.pk, ())),
        )
        for signal in signals
        if signal.lead_id not in shown
    ]


def cases_of(signal: Signal, by: Staff) -> Any:
    """Those of its cases that this person may see, the newest first."""
    return (
        Case.objects.visible_to(by).filter(pk__in=signal.cases).select_related("unit").order_by("-received_at", "-pk")
    )


def _units(codes: set[str]) -> dict[str, str]:
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    return {code: names.get(code, code) if code else gettext("全行") for code in codes}


def _people(signals: list[Signal]) -> dict[str, str]:
    numbers = {signal.value for signal in signals if signal.dimension == ACCUSED}
    return dict(Staff.objects.filter(number__in=numbers).values_list("number", "name")) if numbers else {}


def _what(signal: Signal, people: dict[str, str]) -> str:
    if signal.dimension == ALL:
        return gettext("全部投诉")
    if signal.dimension == ACCUSED:
        return f"{people.get(signal.value, '')} {signal.value}".strip()
    if signal.dimension == WORD:
        return f"“{signal.value}”"
    if signal.dimension == "product":
        return _product(signal.value, timezone.localdate())
    return findings.path(signal.value)


def _product(code: str, day: date) -> str:
    return next((title(each) for each in choices_on(day)["product"] if each.code == code), code)
