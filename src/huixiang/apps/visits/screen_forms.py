"""Of which unit, month and errand? The addresses of the pages of the digital channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ScreenFilter(forms.Form):
    """Without a month: the newest that has facts. `service`: the errand whose steps are shown."""

    month = forms.ChoiceField(label=_("月份"), required=False)
    service = forms.ChoiceField(label=_("业务"), required=False)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, months: Sequence[str], services: Sequence[str] = ()) -> None:
        given = {"month": months[0] if months else ""}
        super().__init__({**given, **{name: value for name, value in data.items() if value}})
        choices = {"month": list(months), "service": list(services)}
        for name, listed in choices.items():
            self.fields[name].choices = [(each, each) for each in listed]  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["class"] = "form-select"
