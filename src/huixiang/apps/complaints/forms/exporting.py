"""What is asked before who complains leaves the house? Which cases, and on which ground."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.forms.verbs import styled


class PeopleForm(forms.Form):
    """The ground stands in the audit, masked."""

    numbers = forms.CharField(label=_("投诉编号"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
                              help_text=_("一行一个，或用逗号分开。"))  # fmt: skip
    ground = forms.CharField(label=_("谁调取、文号"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
                             help_text=_("谁要、凭什么：法院或监管的名称与文号。记入审计。"))  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="people_%s")
        styled(self)

    def said(self) -> dict[str, Any]:
        numbers = self.cleaned_data["numbers"].replace(",", "\n").replace("，", "\n").split("\n")
        return {"numbers": numbers, "ground": self.cleaned_data["ground"]}
