"""For which period and unit is it asked; what is told of a denominator; which file brings many of them?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.forms.verbs import styled
from huixiang.apps.complaints.models import Denominator
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.models.returns import MOST_COUNTED
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.periods import Period, period_of, read_period

QUARTERS, YEARS = 9, 3
HINT = _("列：机构号、分母（如 客户数）、日期、数量、来源；有一行不对就一行也不写。")


class ReportForm(forms.Form):
    """A quarter or year, and a unit in her sight; without them the last whole quarter, and all she sees."""

    period = forms.CharField(label=_("报告期"), required=False)
    unit = forms.CharField(label=_("机构号"), max_length=32, required=False)

    def __init__(self, data: Any, *, by: Staff, only_quarters: bool = False) -> None:
        last = period_of(timezone.localdate()).before()
        given = {"period": data.get("period") or last.code, "unit": data.get("unit") or ""}
        super().__init__(given, auto_id="report_%s")
        self._by = by
        self.first = last
        known = [last.after(), last]
        while len(known) < QUARTERS:
            known.append(known[-1].before())
        years = [] if only_quarters else [Period(last.after().year - n) for n in range(YEARS)]
        asked = str(given["period"])
        choices = [(each.code, each.code) for each in (*known, *years)]
        if asked and asked not in dict(choices):
            choices.append((asked, asked))
        self.fields["period"] = forms.ChoiceField(label=_("报告期"), choices=choices, required=False,
                                                  initial=last.code)  # fmt: skip
        styled(self)

    def clean_period(self) -> Period:
        text = self.cleaned_data["period"]
        try:
            return read_period(text) if text else self.first
        except BadCase as bad:
            raise ValidationError(bad.message, params=bad.params) from None  # told by its catalogue key

    def clean_unit(self) -> Unit | None:
        code = self.cleaned_data["unit"].strip()
        seen = Unit.objects.visible_to(self._by, SEE)
        found = seen.filter(code=code).first() if code else seen.order_by("path").first()
        if code and found is None:
            raise ValidationError(_("您的范围内没有机构“%(code)s”：请核对机构号。"), params={"code": code})
        return found


class DenominatorForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One number by hand."""

    unit = forms.CharField(label=_("机构号"), max_length=32)
    value = forms.IntegerField(label=_("数量"), min_value=1, max_value=MOST_COUNTED - 1)

    class Meta:
        model = Denominator
        fields = ("kind", "unit", "on", "value", "source")
        widgets = {"on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, data: Any = None, *, by: Staff) -> None:
        super().__init__(data, auto_id="denominator_%s")
        self._by = by
        styled(self)

    def clean_unit(self) -> Unit:
        code = self.cleaned_data["unit"].strip()
        found = Unit.objects.visible_to(self._by, SEE).filter(code=code).first()
        if found is None:
            raise ValidationError(_("您的范围内没有机构“%(code)s”：请核对机构号。"), params={"code": code})
        return found

    def _post_clean(self) -> None:
        """It makes no row itself: the action does, with its right and its audit record."""


class DenominatorFileForm(forms.Form):
    """Many numbers: 机构号, 分母, 日期, 数量, 来源."""

    file = forms.FileField(label=_("CSV 或 XLSX 文件"), help_text=HINT)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="denominators_%s")
        styled(self)


class ReasonForm(forms.Form):
    """Why is there a new version, or why is one sent back?"""

    reason = forms.CharField(label=_("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="reason_%s")
        styled(self)
