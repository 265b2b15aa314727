"""Which cases does one figure of a return count? The register's hidden filters, so that a figure opens to its cases."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints import tallying
from huixiang.apps.complaints.models import CaseQuerySet, Event
from huixiang.apps.feedback import findings
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.domain.complaints.states import State

HIDDEN = ("returned", "classed", "repeats", "did", "classed_after")
CODE = re.compile(r"[ABC](\.[A-Za-z0-9_]+)+")


def _hidden(most: int = 12) -> forms.CharField:
    return forms.CharField(max_length=most, required=False, widget=forms.HiddenInput)


class OfReturn(forms.Form):
    """`returned`: those that a return counts. `classed`: with codes of their day's book, or not."""

    cause = forms.ChoiceField(label=_("投诉原因"), required=False)
    channel = forms.ChoiceField(label=_("业务办理渠道"), required=False)
    returned = _hidden()
    classed = _hidden()
    repeats = _hidden()  # yes: merged into another; no: the others
    did = _hidden(24)  # a verb that was done
    classed_after = forms.DateField(required=False, widget=forms.HiddenInput)

    def offer(self, given: dict[str, str]) -> None:
        """The levels that a return counts by; a code of an older book that was asked for stays to be chosen."""
        for name, top, most in (("cause", "C", 1), ("channel", "A", 2)):
            codes = [code for code, _name in findings.choices("taxonomy") if code.startswith(f"{top}.")]
            codes = [code for code in codes if code.count(".") <= most]
            asked = given.get(name, "")
            codes += [asked] if CODE.fullmatch(asked) and asked not in codes else []
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *((code, findings.name("taxonomy", code)) for code in codes)]

    @property
    def is_of_return(self) -> bool:
        return self.is_valid() and any(self.cleaned_data[name] for name in HIDDEN)

    def of_return(self, rows: CaseQuerySet, period: Any) -> CaseQuerySet:
        said = self.cleaned_data
        rows = _of_verbs(_narrowed(rows, said), said)
        if not said["classed"]:
            return rows
        whole = tallying.classed(tallying.Days(*period))
        return rows.filter(whole) if said["classed"] == "yes" else rows.exclude(whole)


def _narrowed(rows: CaseQuerySet, said: dict[str, Any]) -> CaseQuerySet:
    for name in ("cause", "channel"):
        if code := said[name]:
            own = f"{name}_code"
            rows = rows.filter(Q(**{own: code}) | Q(**{f"{own}__startswith": f"{code}."}))
    if said["returned"] == "refused":
        rows = rows.filter(state=State.REFUSED)
    elif said["returned"] == "yes":  # "all" are those, and the refused
        rows = tallying.counting(rows)
    return rows.filter(merged_into__isnull=said["repeats"] != "yes") if said["repeats"] else rows


def _of_verbs(rows: CaseQuerySet, said: dict[str, Any]) -> CaseQuerySet:
    lines = Event.objects.filter(case=OuterRef("pk"))
    if said["did"]:
        rows = rows.filter(Exists(lines.filter(verb=said["did"]))) if said["did"] in VERBS else rows.none()
    if day := said["classed_after"]:
        rows = rows.filter(Exists(lines.filter(verb="classify", entered_at__gte=tallying.begin(day))))
    return rows
