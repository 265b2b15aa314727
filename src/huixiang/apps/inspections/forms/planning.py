"""What is asked when a plan is drawn, and when it is decided?"""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections import drawing
from huixiang.apps.inspections.actions import Wanted
from huixiang.apps.inspections.forms.visiting import form_choices, styled
from huixiang.apps.inspections.models import Kind
from huixiang.apps.inspections.reach import PLAN


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _clock(label: Any, initial: time) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, initial=initial)


def _whole(label: Any, most: int, initial: int, help_text: Any = "", least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, initial=initial, help_text=help_text)


class PlanForm(forms.Form):
    title = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("方式"), choices=Kind.choices)
    unit = forms.CharField(label=_("从哪个机构以下抽取（机构号）"), max_length=32)
    unit_kinds = forms.MultipleChoiceField(
        label=_("机构级别"), choices=Unit.Kind.choices, initial=[Unit.Kind.OUTLET], widget=forms.CheckboxSelectMultiple
    )
    since, until = _day(_("期间自")), _day(_("期间至"))
    opens, closes = _clock(_("进店不早于"), time(9)), _clock(_("进店不晚于"), time(16, 30))
    visits_each = _whole(_("每个机构几次"), 12, 1, least=1)
    percent = _whole(_("抽取机构占比（%）"), 100, 100, _("在每一层（上级与级别相同的机构）里按这个比例抽，至少一个"), 1)
    twice_percent = _whole(_("两人独立打分的占比（%）"), 100, 15, _("用于校准：两人互相看不到对方的表"))
    standards = forms.MultipleChoiceField(label=_("按哪些标准的检查表"), widget=forms.CheckboxSelectMultiple)
    inspectors = forms.MultipleChoiceField(
        label=_("派哪些人"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("本单位的人不查本单位；一年内离开的也不查"),
    )
    seed = forms.IntegerField(
        label=_("随机种子"), required=False, min_value=0, max_value=2**48,
        help_text=_("留空则新取一个；同样的条件与种子，抽出的结果相同"),
    )  # fmt: skip

    def __init__(self, by: Staff, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, auto_id="plan_%s", initial=initial)
        self._by = by
        people = [(each.number, f"{each.name} · {each.number}") for each in drawing.choosable(by, PLAN)]
        for name, choices in (("standards", form_choices()), ("inspectors", people)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        styled(self)

    def clean_unit(self) -> Unit:
        code = self.cleaned_data["unit"].strip()
        found = Unit.objects.visible_to(self._by, PLAN).filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("您的范围内没有机构“%(code)s”：请核对机构号。"), params={"code": code})
        return found

    def wanted(self) -> Wanted:
        said = dict(self.cleaned_data)
        for name in ("opens", "closes"):
            said[name] = said[name].hour * 60 + said[name].minute
        return Wanted(**said)


class PlanReturnForm(forms.Form):
    words = forms.CharField(label=_("退回的理由"), max_length=500)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="return_%s")
        styled(self)
