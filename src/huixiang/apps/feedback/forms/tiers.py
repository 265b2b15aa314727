"""Which classes are there, what are they called, and what does each weigh? One line a class, one more for a new one."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from huixiang.domain.tiers import HEAVIEST, LIGHTEST, LONGEST_NAME, MOST, Tier, Tiers

_BETWEEN = re.compile(r"\s*[,，、;；\n]\s*")  # not by a space, which stands in English names
_LONGEST_WORDS = 400


class TierForm(forms.Form):
    code = forms.CharField(label=_("编码"), max_length=20, required=False)
    name = forms.CharField(label=_("名称"), max_length=LONGEST_NAME, required=False)
    name_en = forms.CharField(label=_("英文名"), max_length=LONGEST_NAME, required=False)
    words = forms.CharField(label=_("来源里的其他写法"), max_length=_LONGEST_WORDS, required=False)
    weight = forms.FloatField(label=_("权重"), min_value=LIGHTEST, max_value=HEAVIEST, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
        self.fields["weight"].widget.attrs["step"] = "any"
        if self.initial.get("code"):  # it stands in the lake with the voices
            self.fields["code"].widget.attrs["readonly"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_filled and not cleaned.get("code"):
            raise ValidationError(_("请写编码，如 diamond：它随声音保存，以后不能改"))
        return cleaned

    @property
    def is_filled(self) -> bool:
        """An emptied name takes the class off the list."""
        return bool(self.cleaned_data.get("name"))

    def tier(self) -> Tier:
        told = self.cleaned_data
        words = tuple(filter(None, _BETWEEN.split(told["words"].strip())))
        weight = 1.0 if told["weight"] is None else told["weight"]
        return Tier(self.initial.get("code") or told["code"], told["name"], told["name_en"], words, weight)


class RestForm(forms.Form):
    unknown = forms.FloatField(label=_("未注明的权重"), min_value=LIGHTEST, max_value=HEAVIEST)
    note = forms.CharField(label=_("改了什么"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
        self.fields["unknown"].widget.attrs["step"] = "any"


_Lines = formset_factory(TierForm, extra=1, max_num=MOST, absolute_max=MOST + 1)


def lines(data: Any, found: Tiers) -> BaseFormSet[Any]:
    initial = [
        {"code": t.code, "name": t.name, "name_en": t.name_en, "words": "、".join(t.words), "weight": t.weight}
        for t in found.tiers
    ]
    return _Lines(data, initial=initial, prefix="tier")


def told(found: BaseFormSet[Any], rest: RestForm) -> Tiers:
    """The list as it was filled in."""
    return Tiers(tuple(form.tier() for form in found if form.is_filled), rest.cleaned_data["unknown"])
