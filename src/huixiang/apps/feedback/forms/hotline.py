"""Which calls, and by which limits? The address of the hotline's page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback.forms.filters import months_before
from huixiang.apps.feedback.hotline import Rules
from huixiang.domain.hotline import REPEAT_DAYS, SERVICE_SECONDS, SHORT_SECONDS
from huixiang.lake.questions import CallSlice

LONGEST = 3600  # seconds
MOST_DAYS = 90


class HotlineFilter(forms.Form):
    """Without a period: the last three months that have calls."""

    since = forms.DateField(
        label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    queue = forms.ChoiceField(label=_("队列"), required=False)
    within = forms.IntegerField(label=_("及时：几秒内接听"), required=False, min_value=0, max_value=LONGEST)
    short = forms.IntegerField(label=_("短放弃：几秒内挂断"), required=False, min_value=0, max_value=LONGEST)
    days = forms.IntegerField(label=_("重复：几天内再来电"), required=False, min_value=1, max_value=MOST_DAYS)

    def __init__(self, data: Any, *, queues: tuple[str, ...], span: tuple[date, date] | None) -> None:
        last = span[1] if span else None
        defaults: dict[str, Any] = {"within": SERVICE_SECONDS, "short": SHORT_SECONDS, "days": REPEAT_DAYS}
        defaults |= {"since": months_before(last, 3) if last else None, "until": last}
        given = {name: data.get(name) for name in self.base_fields if data.get(name) not in {None, ""}}
        if "all" in data:
            defaults |= {"since": span[0] if span else None}
        super().__init__({**defaults, **given}, auto_id="hotline_%s")
        field = self.fields["queue"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部队列")), *((name, name or _("未注明")) for name in queues)]
        for name, each in self.fields.items():
            each.widget.attrs["class"] = "form-select" if name == "queue" else "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            raise ValidationError(_("起始日期晚于截止日期，请调整后再看。"))
        return cleaned

    def slice(self) -> CallSlice:
        chosen = self.cleaned_data
        return CallSlice(chosen["since"], chosen["until"], (chosen["queue"],) if chosen["queue"] else ())

    def rules(self) -> Rules:
        chosen = self.cleaned_data
        return Rules(chosen["within"], chosen["short"], chosen["days"])
