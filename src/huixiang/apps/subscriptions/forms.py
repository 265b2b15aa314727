"""Which view is to be shown inside which other pages, and for how long?"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import SavedView, Staff
from huixiang.apps.subscriptions import reports
from huixiang.apps.subscriptions.actions import LONGEST_DAYS

# https alone; http for a trial on this machine. No path and no wildcard: the policy names whole sites.
ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?")


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
        found = [each.rstrip("/").lower() for each in self.cleaned_data["origins"].split()]
        for each in found:
            if not ORIGIN.fullmatch(each):
                raise forms.ValidationError(
                    _("“%(origin)s”不是网站地址；请写 https:// 开头、不带路径的地址。") % {"origin": each}
                )
        return sorted(set(found))
