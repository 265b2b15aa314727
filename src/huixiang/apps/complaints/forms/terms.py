"""What is asked when head office sets warnings, opening hours or a year's holidays?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Unit
from huixiang.apps.access.sentences import told
from huixiang.apps.complaints.forms.verbs import styled
from huixiang.apps.complaints.models import OpeningTerm, RulePack
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.hours import OFFICE, Opening
from huixiang.domain.complaints.openings import opening_of, spans_of, special_of, told_spans
from huixiang.domain.complaints.warning import MOST_PERCENT, Level

DAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


class Dated(forms.Form):
    effective_from = forms.DateField(
        label=_("自何日起用"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        start = {"effective_from": timezone.localdate()} | (initial or {})
        super().__init__(data, initial=start, auto_id="term_%s")
        styled(self)


def _percent(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_PERCENT, required=False)


class WarningForm(Dated):
    pack = forms.ChoiceField(label=_("规则包"), required=False)
    handler = _percent(_("告知办理人（%）"))
    unit = _percent(_("告知承办机构（%）"))
    superior = _percent(_("告知上级机构（%）"))
    head_office = _percent(_("告知总行（%）"))

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        codes = RulePack.objects.order_by("code").values_list("code", flat=True).distinct()
        field = self.fields["pack"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部规则包")), *((code, code) for code in codes)]
        self.order_fields(["pack", "handler", "unit", "superior", "head_office", "effective_from"])

    def percents(self) -> dict[Level, int | None]:
        return {level: self.cleaned_data[level.value] for level in Level}


def _why() -> forms.CharField:
    return forms.CharField(label=_("为什么改这项设定"), max_length=200)


class SpansField(forms.CharField):
    def clean(self, value: Any) -> Any:
        try:
            return spans_of(super().clean(value))
        except BadCase as bad:
            raise ValidationError(told(bad.message, bad.params)) from None


class SpecialField(forms.CharField):
    def clean(self, value: Any) -> Any:
        try:
            return special_of(super().clean(value))
        except BadCase as bad:
            raise ValidationError(told(bad.message, bad.params)) from None


class HoursForm(Dated):
    """A week, and what differs from it. `inherits`: from that day on again as the unit above."""

    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), to_field_name="code", label=_("机构号"),
                                  widget=forms.TextInput)  # fmt: skip
    inherits = forms.BooleanField(label=_("自那日起随上级机构，不另设"), required=False)
    holiday = SpansField(label=_("法定节假日"), max_length=80, required=False)
    make_up = SpansField(label=_("调休上班日"), max_length=80, required=False)
    special = SpecialField(label=_("另有安排的日子"), max_length=4000, required=False,
                           widget=forms.Textarea(attrs={"rows": 3}),
                           help_text=_("一行一天：2027-02-17 10:00-15:00，或 2027-02-18 休"))  # fmt: skip

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        for number, name in enumerate(DAYS):
            self.fields[f"day_{number}"] = SpansField(label=name, max_length=80, required=False)
        self.fields["why"] = _why()
        self.fields["day_0"].help_text = _("如 9:00-12:00, 13:30-17:00；不营业留空或写“休”")
        days = [f"day_{number}" for number in range(7)]
        self.order_fields(["unit", "effective_from", "inherits", *days, "holiday", "make_up", "special", "why"])
        styled(self)

    def hours(self) -> Opening | None:
        said = self.cleaned_data
        if said["inherits"]:
            return None
        return Opening(week=tuple(said[f"day_{n}"] for n in range(7)), holiday=said["holiday"],
                       make_up=said["make_up"], special=said["special"])  # fmt: skip

    @staticmethod
    def start(row: OpeningTerm | None) -> dict[str, Any]:
        """What holds now, as it would be typed."""
        hours = opening_of(row.hours) if row and row.hours else OFFICE
        make_up = hours.week[0] if hours.make_up is None else hours.make_up
        return {
            **{f"day_{n}": told_spans(spans) for n, spans in enumerate(hours.week)},
            "holiday": told_spans(hours.holiday),
            "make_up": told_spans(make_up),
            "special": "\n".join(f"{day} {told_spans(spans)}" for day, spans in sorted(hours.special.items())),
        }


class HolidayForm(forms.Form):
    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2059)
    notice = forms.CharField(label=_("放假通知的文号与日期"), max_length=120)
    text = forms.CharField(label=_("放假与调休"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}),
                           help_text=_("一行一天：2027-01-01 元旦；周末调休上班写 2027-02-06 上班"))  # fmt: skip
    why = _why()

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="holiday_%s", initial=initial)
        styled(self)
