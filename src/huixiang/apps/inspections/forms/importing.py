"""What is asked of a file of inspections? Whose it is, and for which standard its forms count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.inspections import forming
from huixiang.apps.inspections.forms.visiting import styled
from huixiang.apps.standards.names import called
from huixiang.channels.inspection_sheets import LONGEST_SYSTEM, SYSTEM, SheetMapping


class SheetForm(forms.Form):
    file = forms.FileField(label=_("CSV 或 Excel 文件"), help_text=_("一行一份表；“组·项目”各列打 0、1、2 分"))
    system = forms.CharField(label=_("来自哪个系统"), max_length=LONGEST_SYSTEM, initial=SYSTEM)
    standard = forms.ChoiceField(
        label=_("计入哪份标准"), required=False, help_text=_("不选：只作记录，不计入标准的得分率")
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="sheet_%s")
        chosen = self.fields["standard"]
        assert isinstance(chosen, forms.ChoiceField)
        held = [(row.standard.code, called(row.value)) for row in forming.in_force(timezone.localdate())
                if row.value.aim and row.value.aim.measure == "inspection.score"]  # fmt: skip
        chosen.choices = [("", "—"), *held]
        styled(self)

    def mapping(self) -> SheetMapping:
        return SheetMapping(system=self.cleaned_data["system"].strip(), standard=self.cleaned_data["standard"])
