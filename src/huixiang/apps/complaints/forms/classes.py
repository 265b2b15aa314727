"""What is asked when a complaint is classed? Each by a list of the day of its receipt; only changes are told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.classing import Choice, choices_on
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.standings import history
from huixiang.domain.complaints.classes import PAID, classes_of

LABELS = {
    "channel": _("业务办理渠道（A）"),
    "business": _("业务类别（B）"),
    "cause": _("投诉原因（C）"),
    "product": _("产品"),
    "root_cause": _("根因"),
    "responsibility": _("责任认定"),
}
MONEY = "paid_yuan"
CENT = Decimal(100)


def class_fields(case: Case) -> dict[str, forms.Field]:
    """A list for each class, with what is chosen now; one that is no longer in the list stays choosable."""
    choices = choices_on(timezone.localdate(case.received_at))
    now = classes_of(history(case).entries)
    fields: dict[str, forms.Field] = {kind: _field(kind, choices[kind], now.get(kind, "")) for kind in LABELS}
    paid = Decimal(now[PAID]) / CENT if PAID in now else None
    fields[MONEY] = forms.DecimalField(
        label=_("已付补偿（元）"), min_value=0, max_digits=12, decimal_places=2, required=False, initial=paid
    )
    return fields


def _field(kind: str, choices: tuple[Choice, ...], now: str) -> forms.ChoiceField:
    listed = [(each.code, title(each)) for each in choices]
    gone = [(now, now)] if now and now not in dict(listed) else []
    return forms.ChoiceField(label=LABELS[kind], choices=[("", "—"), *listed, *gone], required=False, initial=now)


def title(choice: Choice) -> str:
    """In the reader's language."""
    return choice.title if (get_language() or "zh").startswith("zh") else choice.english


def changed(case: Case, data: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, str]:
    """What differs from what holds now, of what was sent: one click sends three classes and clears no other."""
    now = classes_of(history(case).entries)
    wanted = {kind: str(said.get(kind) or "") for kind in LABELS if kind in data}
    if MONEY in data:
        wanted[PAID] = "" if said.get(MONEY) is None else str(int(said[MONEY] * CENT))
    return {kind: code for kind, code in wanted.items() if code != now.get(kind, "")}
