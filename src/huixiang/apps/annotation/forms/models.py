"""What does a person say when she lets a model read, and which months shall be read again?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.annotation.models import Task
from huixiang.apps.annotation.models.registry import valid_name


class ActivationForm(forms.Form):
    """`although_worse` is asked for only where the model is worse, or nobody can know."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        help_text=_("记入审计；请勿填写客户的个人信息。"),
    )
    although_worse = forms.BooleanField(
        label=_("仍要启用：我知道它在评价集上更差，或无从知道"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class RollbackForm(forms.Form):
    task = forms.ChoiceField(choices=Task.choices, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("理由"), max_length=400, required=False)


class TrainingForm(forms.Form):
    task = forms.ChoiceField(
        label=_("判断什么"), choices=Task.choices, widget=forms.Select(attrs={"class": "form-select"})
    )
    name = forms.CharField(
        label=_("模型名称"),
        max_length=24,
        validators=[valid_name],
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "placeholder": "q4"}),
        help_text=_("小写字母、数字与下划线；与编号一起记在每条声音上，如 q4-3。"),
    )


class RereadingForm(forms.Form):
    months = forms.MultipleChoiceField(
        label=_("月份"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("请选择至少一个月份")},
    )

    def __init__(self, data: Any = None, *, months: list[str]) -> None:
        super().__init__(data, auto_id="reread_%s")
        field = self.fields["months"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(month, month) for month in months]
