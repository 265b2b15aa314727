"""Of which unit, which month, and by which limit? The address of the page of waiting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.visits.measures import LIMIT_MINUTES
from huixiang.domain.waiting import LIMITS


class WaitingFilter(forms.Form):
    """Without a month: the newest that has tickets."""

    month = forms.ChoiceField(label=_("月份"), required=False)
    limit = forms.TypedChoiceField(label=_("超过几分钟算久等"), required=False, coerce=int)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, months: list[str]) -> None:
        given = {"month": months[0] if months else "", "limit": str(LIMIT_MINUTES)}
        super().__init__({**given, **{name: value for name, value in data.items() if value}})
        self.fields["month"].choices = [(month, month) for month in months]  # type: ignore[attr-defined]
        self.fields["limit"].choices = [(f"{each // 60}", f"{each // 60}") for each in LIMITS]  # type: ignore[attr-defined]
        for name in ("month", "limit"):
            self.fields[name].widget.attrs["class"] = "form-select"
