"""What is asked when the term of complaints is set? Years, and whether she is sure of what goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.forms.verbs import styled


class YearsForm(forms.Form):
    years = forms.IntegerField(label=_("办结后保存几年"), min_value=1, max_value=100)
    sure = forms.BooleanField(label=_("我知道到期的会清除，不能恢复"), required=False)

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, auto_id="years_%s", initial=initial)
        styled(self)
