"""What does a person tell with files of slips, and of one slip?"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.slips.actions import LONGEST_TEXT, RIGHT, Correction
from huixiang.apps.slips.models import Slip, Words

NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class _OfUnit(forms.Form):
    unit = forms.ModelChoiceField(
        label=gettext_lazy("机构"), queryset=Unit.objects.none(), empty_label=gettext_lazy("请选择")
    )
    said_on = forms.DateField(
        label=gettext_lazy("日期"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, staff: Staff, **given: Any) -> None:
        super().__init__(data, **given)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.visible_to(staff, RIGHT).filter(closed_on=None)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"


class BringForm(_OfUnit):
    """The files themselves are looked at one by one: one that is wrong keeps the others not out."""

    def __init__(self, data: Any = None, *, staff: Staff) -> None:
        super().__init__(data, staff=staff, auto_id="bring_%s")
        units = self.fields["unit"].queryset  # type: ignore[attr-defined]
        if units.count() == 1:
            self.fields["unit"].initial = units.get()
        self.fields["said_on"].label = _("意见单上没有日期时，按这一天算（可不填）")


class SlipForm(_OfUnit):
    more = forms.CharField(
        label=gettext_lazy("图上还有、没有读出来的话"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 2}),
    )
    field_order = ("more", "said_on", "unit")

    def __init__(self, data: Any = None, *, staff: Staff, slip: Slip, words: Words) -> None:
        given = {"unit": slip.unit_id, "said_on": slip.said_on, "more": words.more}
        super().__init__(data, staff=staff, initial=given, auto_id="slip_%s")
        if not words.lines:
            self.fields["more"].label = _("意见单上写了什么？")
            self.fields["more"].widget.attrs["rows"] = 6

    def correction(self, typed: list[str]) -> Correction:
        found = self.cleaned_data
        return Correction(typed, found["more"], found["unit"], found["said_on"])


def cuts(typed: str) -> list[float]:
    """ "33 66" → .33, .66: where to cut, in hundredths, however they are set apart."""
    return [float(found) / 100 for found in NUMBER.findall(typed)]
