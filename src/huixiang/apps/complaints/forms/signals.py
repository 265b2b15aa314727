"""What does a person say of a signal?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.models import Signal


class JudgeForm(forms.Form):
    state = forms.ChoiceField(
        label=_("研判"), choices=Signal.State.choices, widget=forms.Select(attrs={"class": "form-select"})
    )
    reason = forms.CharField(
        label=_("依据与去向"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text=_("不成立须写明为什么；请不要写人名与号码。"),
    )
