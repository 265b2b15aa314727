"""How long, and what then? With what would go before one's eyes, and the word that one is sure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback.actions import Wanted
from huixiang.apps.feedback.models import Term
from huixiang.apps.feedback.terms import BESIDES, LEAST_DAYS, LEAST_MONTHS, MOST_DAYS, MOST_MONTHS


class TermForm(forms.Form):
    months = forms.IntegerField(
        label=_("声音保存几个月"),
        required=False,
        min_value=LEAST_MONTHS,
        max_value=MOST_MONTHS,
        help_text=_("从说话那个月的月底算起，6 到 240 个月；空着就没有期限。"),
    )
    manner = forms.ChoiceField(label=_("到期之后"), choices=Term.Manner.choices, widget=forms.RadioSelect)
    row_days = forms.IntegerField(
        label=_("被隔离的行保存几天"),
        required=False,
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
        help_text=_("从导入那天算起，7 到 3650 天；空着就没有期限。行的原文清空，行数仍计入账目。"),
    )
    sure = forms.BooleanField(label=_("我已核对：清理之后无法恢复"), required=False)

    def __init__(self, data: Any = None, *, term: Term) -> None:
        initial = {"months": term.months, "manner": term.manner, "row_days": term.row_days}
        super().__init__(data, initial=initial, auto_id="term_%s")
        if term.channel in BESIDES:  # no rows wait there
            del self.fields["row_days"]
            self.fields["months"].label = _("保存几个月")
            words = BESIDES[term.channel].words
            names = list(zip((Term.Manner.FIGURES, Term.Manner.DELETE), words.manners, strict=True))
            self.fields["manner"] = forms.ChoiceField(label=_("到期之后"), choices=names, widget=forms.RadioSelect)
            self.fields["months"].help_text = str(words.since)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name in ("months", "row_days") else "form-check-input"

    def wanted(self) -> Wanted:
        found = self.cleaned_data
        return Wanted(found["months"], found["manner"], found.get("row_days"))
