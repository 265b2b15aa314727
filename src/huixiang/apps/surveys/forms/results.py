"""Which answers are looked at? The address of the result pages."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Unit
from huixiang.apps.surveys.result_cells import Choice

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def month(text: str) -> str:
    """Raises ValidationError."""
    if text and not MONTH.fullmatch(text):
        raise ValidationError(_("月份写作 2026-11。"))
    return text


class ResultFilter(forms.Form):
    """Without anything: all that was answered, in all versions."""

    version = forms.TypedChoiceField(label=_("版本"), required=False, coerce=int, empty_value=None)
    since = forms.CharField(label=_("自"), required=False, widget=forms.TextInput(attrs={"type": "month"}))
    until = forms.CharField(label=_("至"), required=False, widget=forms.TextInput(attrs={"type": "month"}))
    unit = forms.ChoiceField(label=_("机构"), required=False)
    tier = forms.ChoiceField(label=_("客户等级"), required=False)
    marked = forms.ChoiceField(label=_("带可疑标记的"), required=False, choices=[("", _("计入")), ("out", _("不计入"))])

    handed = forms.ChoiceField(
        label=_("同事转交的链接"), required=False, choices=[("", _("不计入")), ("only", _("只看这些"))]
    )

    def __init__(self, data: Any, *, versions: list[int], tiers: tuple[str, ...], reach: frozenset[str] | None) -> None:
        super().__init__(data, auto_id="result_%s")
        units = Unit.objects.filter(closed_on=None) if reach is None else Unit.objects.filter(code__in=reach)
        listed = [(code, name) for code, name in units.order_by("path").values_list("code", "name")]
        self._offer("version", [("", _("各版本共有")), *((n, _("第 %(n)s 版") % {"n": n}) for n in versions)])
        self._offer("unit", [("", _("全部机构")), *listed])
        self._offer("tier", [("", _("全部等级")), *((tier, tier) for tier in tiers)])
        for name, each in self.fields.items():
            is_choice = isinstance(self.fields[name], forms.ChoiceField)
            each.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def clean_since(self) -> str:
        return month(self.cleaned_data["since"])

    def clean_until(self) -> str:
        return month(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            raise ValidationError(_("起始月份晚于截止月份，请调整后再看。"))
        return cleaned

    def choice(self) -> Choice:
        """What was asked for; nothing at all where the address makes no sense."""
        if not self.is_valid():
            return Choice()
        c = self.cleaned_data
        return Choice(
            c["version"] or 0, c["since"], c["until"], c["unit"], c["tier"], c["marked"] != "out", c["handed"] == "only"
        )

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
