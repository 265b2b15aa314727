"""Which view is to be shown inside which other pages, and for how long?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import SavedView, Staff
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.intake.actions.boxes import origin
from huixiang.apps.subscriptions import reports
from huixiang.apps.subscriptions.actions import LONGEST_DAYS
from huixiang.channels.contract import Fault


class EmbedForm(forms.Form):
    view = forms.ModelChoiceField(label=_("视图"), queryset=SavedView.objects.none(), empty_label=None)
    origins = forms.CharField(
        label=_("允许嵌入的网站"),
        help_text=_("一行一个，如 https://portal.bank.example；别的网站打不开"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
    days = forms.IntegerField(label=_("几天后失效"), min_value=1, max_value=LONGEST_DAYS, initial=90)

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        views = SavedView.objects.visible_to(by).filter(page__in=reports.PAGES)
        self.fields["view"].queryset = views  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "view" else "form-control"

    def clean_origins(self) -> list[str]:
        try:
            return sorted(set(map(origin, self.cleaned_data["origins"].split())))
        except Fault as fault:
            raise forms.ValidationError(told_fault(fault)) from None
