"""What shall be erased, why, and is the person sure? It cannot be undone, so she says so herself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback.models import Erasure


class CustomerForm(forms.Form):
    """Whose voices? The number is made a pseudonym at once and kept nowhere."""

    customer = forms.CharField(
        label=_("客户号"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text=_("与导入文件中“客户”列的写法相同；只用来查找，不会保存。"),
    )


class ErasureForm(forms.Form):
    what = forms.ChoiceField(label=_("删除什么"), widget=forms.RadioSelect(attrs={"class": "form-check-input"}))
    reason = forms.CharField(
        label=_("原因"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        help_text=_("客户在何时、以何种方式提出；请勿填写客户的个人信息。"),
    )
    sure = forms.BooleanField(
        label=_("我已核对，并知道删除后无法恢复"),
        error_messages={"required": _("请确认：删除后无法恢复")},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, data: Any = None, *, voices: int, customers: tuple[int, int]) -> None:
        """`voices`: 1 where a single voice may be chosen; `customers`: how many voices and calls the customer has.

        Neither: nothing that is known to be his but rows in quarantine, which are looked through.
        """
        super().__init__(data, auto_id="erase_%s")
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        offered = [(Erasure.What.VOICE.value, gettext("只删除这一条声音"))] if voices else []
        if any(customers):
            count, calls = customers
            title = gettext("删除这位客户在您权限范围内的全部声音（%(count)d 条）") % {"count": count}
            if calls:
                title = gettext(
                    "删除这位客户的全部声音（%(count)d 条）与通话记录（%(calls)d 条），限于您的权限范围"
                ) % {
                    "count": count,
                    "calls": calls,
                }
            offered.append((Erasure.What.CUSTOMER.value, title))
        if not offered:
            title = gettext("没有找到这位客户的声音；清空隔离的行中写有这个客户号的内容")
            offered.append((Erasure.What.CUSTOMER.value, title))
        what.choices = offered
        what.initial = offered[0][0] if offered else None
