"""Which complaints is it about? Those received in a period, narrowed by what the register tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.forms.of_return import CODE, OfReturn
from huixiang.apps.complaints.forms.verbs import styled
from huixiang.apps.complaints.models import Case, CaseQuerySet
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.outcomes import Outcome
from huixiang.apps.feedback import findings
from huixiang.domain.complaints.handling import End
from huixiang.domain.complaints.resolution import Sign
from huixiang.domain.complaints.resolving import Answer, Why

A_YEAR = timedelta(days=364)
ENDS = {"open": End.OPEN, "answered": End.ANSWERED, "withdrawn": End.WITHDRAWN}
END_NAMES = {"open": _("未办结"), "answered": _("已答复"), "withdrawn": _("已撤回")}
LATES = {"yes": True, "no": False, "not_yet": None}
LATE_NAMES = {"yes": _("超期"), "no": _("按期"), "not_yet": _("期限未到或无从判断")}
ANSWERS = {
    Answer.YES: _("一次性解决"),
    Answer.NO: _("未能一次性解决"),
    Answer.NOT_YET: _("还不能判断"),
    Answer.UNKNOWABLE: _("无从知道"),
}
REASONS: dict[Sign | Why, Any] = {
    Sign.REOPENED: _("重新办理"),
    Sign.REPEATED: _("同一客户就同一事项再次反映"),
    Sign.REGULATOR: _("升级到监管部门"),
    Sign.REVIEW_APPLIED: _("申请核查"),
    Sign.DISPUTED: _("投诉人不认可处理结果"),
    Why.NOT_CLOSED: _("尚未答复"),
    Why.WINDOW_OPEN: _("观察期未满"),
    Why.ANONYMOUS: _("不知投诉人是谁"),
    Why.UNCLASSIFIED: _("未分类"),
    Why.NOT_CONFIRMED: _("投诉人未明确认可"),
}
REASON_OF = {str(reason): reason for reason in REASONS}


def _choices(first: Any, names: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [("", first), *((str(code), name) for code, name in names.items())]


class PeriodForm(forms.Form):
    """Received from one day until another, both counted in, by a unit with all below it."""

    since = forms.DateField(label=_("收到自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("收到至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    unit = forms.CharField(label=_("机构号"), max_length=32, required=False)

    def __init__(self, data: Any, *, by: Staff) -> None:
        super().__init__(data, auto_id="chosen_%s")
        self._by = by
        styled(self)

    def clean_unit(self) -> Unit | None:
        code = self.cleaned_data["unit"].strip()
        found = Unit.objects.visible_to(self._by, SEE).filter(code=code).first() if code else None
        if code and found is None:
            raise ValidationError(_("您的范围内没有机构“%(code)s”：请核对机构号。"), params={"code": code})
        return found

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("since") and said.get("until") and said["since"] > said["until"]:
            raise ValidationError(_("起始日晚于截止日：请对调。"))
        return said

    @property
    def period(self) -> tuple[date, date]:
        """A year until today, where nothing else was asked for."""
        until = self.cleaned_data.get("until") or timezone.localdate()
        return self.cleaned_data.get("since") or until - A_YEAR, until

    def rows(self) -> CaseQuerySet:
        """In her sight; with faults in the form none, rather than others than were asked for."""
        seen = Case.objects.visible_to(self._by)
        if not self.is_valid():
            return seen.none()
        since, until = self.period
        rows = seen.filter(received_at__gte=_begin(since), received_at__lt=_begin(until + timedelta(days=1)))
        unit = self.cleaned_data["unit"]
        return rows.filter(unit__path__startswith=unit.path) if unit else rows


class ChosenForm(OfReturn, PeriodForm):
    """The register's filter. What must be reckoned of each case (its end, its answer) stands in the second part."""

    way = forms.ChoiceField(label=_("投诉来源"), choices=[("", _("全部")), *Case.Way.choices], required=False)
    seriousness = forms.ChoiceField(label=_("投诉等级"), choices=[("", _("全部")), *Case.Seriousness.choices],
                                    required=False)  # fmt: skip
    business = forms.ChoiceField(label=_("业务类别"), required=False)
    end = forms.ChoiceField(label=_("结果"), choices=_choices(_("全部"), END_NAMES), required=False)
    late = forms.ChoiceField(label=_("期限"), choices=_choices(_("全部"), LATE_NAMES), required=False)
    answer = forms.ChoiceField(label=_("一次性解决"), choices=_choices(_("全部"), ANSWERS), required=False)
    at = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)  # this unit, without those below
    counted = forms.CharField(max_length=3, required=False, widget=forms.HiddenInput)  # those a figure counts alone
    why = forms.ChoiceField(label=_("原因"), choices=_choices(_("全部"), REASONS), required=False)

    def __init__(self, data: Any, *, by: Staff) -> None:
        super().__init__(data, by=by)
        field = self.fields["business"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), ("none", _("未分类")), *businesses()]
        asked = str(data.get("business", ""))
        if CODE.fullmatch(asked) and asked not in dict(field.choices):
            field.choices = [*field.choices, (asked, findings.name("taxonomy", asked))]
        self.offer(data)

    def rows(self) -> CaseQuerySet:
        rows = super().rows()
        if not self.is_valid():
            return rows
        said = self.cleaned_data
        for name in ("way", "seriousness"):
            rows = rows.filter(**{name: said[name]}) if said[name] else rows
        rows = rows.filter(unit__code=said["at"]) if said["at"] else rows
        rows = self.of_return(rows, self.period)
        if said["business"] == "none":
            return rows.filter(business_code="")
        below = Q(business_code=said["business"]) | Q(business_code__startswith=f"{said['business']}.")
        return rows.filter(below) if said["business"] else rows

    @property
    def is_reckoned(self) -> bool:
        """Does it ask for what only the events of each case can tell?"""
        return self.is_valid() and any(self.cleaned_data[name] for name in ("end", "late", "answer", "why", "counted"))

    def holds(self, found: Outcome) -> bool:
        """Is this one of those asked for?"""
        said = self.cleaned_data
        judged = found.judged
        return not (
            (said["end"] and found.handled.end is not ENDS[said["end"]])
            or (said["late"] and found.late is not LATES[said["late"]])
            or (said["answer"] and (judged is None or judged.answer != said["answer"]))
            or (said["why"] and (judged is None or REASON_OF[said["why"]] not in judged.reasons))
        )


def businesses() -> Iterator[tuple[str, str]]:
    """The first level of JR/T 0169's B, with their names."""
    codes = (code for code, _name in findings.choices("taxonomy"))
    return ((code, findings.name("taxonomy", code)) for code in codes if code.startswith("B.") and code.count(".") == 1)


def business_name(code: str) -> str:
    return findings.name("taxonomy", ".".join(code.split(".")[:2])) if code else str(_("未分类"))


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
