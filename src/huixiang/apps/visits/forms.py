"""Of which unit, which month, and by which limit? The address of the page of waiting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.visits.measures import LIMIT_MINUTES
from huixiang.domain.waiting import LIMITS
from huixiang.domain.waiting.bands import BANDS


class WaitingFilter(forms.Form):
    """Without a month: the newest that has tickets."""

    month = forms.ChoiceField(label=_("月份"), required=False)
    limit = forms.TypedChoiceField(label=_("超过几分钟算久等"), required=False, coerce=int)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, months: list[str]) -> None:
        given = {"month": months[0] if months else "", "limit": str(LIMIT_MINUTES)}
        super().__init__({**given, **{name: value for name, value in data.items() if value}})
        self.fields["month"].choices = [(month, month) for month in months]  # type: ignore[attr-defined]
        self.fields["limit"].choices = [(f"{each // 60}", f"{each // 60}") for each in LIMITS]  # type: ignore[attr-defined]
        for name in ("month", "limit"):
            self.fields[name].widget.attrs["class"] = "form-select"


def band_names() -> dict[str, str]:
    """The times of the day by their names: 午间 11–14 时."""
    return {
        "morning": _("上午，%(hour)d 时前") % {"hour": BANDS["morning"][1]},
        "noon": _("午间，%(begin)d–%(end)d 时") % dict(zip(("begin", "end"), BANDS["noon"], strict=True)),
        "afternoon": _("下午，%(hour)d 时起") % {"hour": BANDS["afternoon"][0]},
    }


class FairFilter(WaitingFilter):
    """Besides: the one month or the three that end with it, and which time of the day."""

    span = forms.TypedChoiceField(
        label=_("看多久"), required=False, coerce=int, choices=[("1", _("一个月")), ("3", _("三个月"))]
    )
    band = forms.ChoiceField(label=_("时段"), required=False)

    def __init__(self, data: Any, *, months: list[str]) -> None:
        super().__init__({"span": "1"} | dict(data.items()), months=months)
        self.fields["band"].choices = [("", _("全天")), *band_names().items()]  # type: ignore[attr-defined]
        for name in ("span", "band"):
            self.fields[name].widget.attrs["class"] = "form-select"
