"""How is a unit or a colleague found by name or number, and what is asked for a file, a contact or a deputy?"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import flatatt
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit

MOST_OFFERED = 12
MEDIA = {"phone": _("电话"), "mail": _("邮件"), "sms": _("短信"), "letter": _("信函"), "face": _("当面"),
         "other": _("其他方式")}  # fmt: skip
DIRECTIONS = {"out": _("我方联系投诉人"), "in": _("投诉人联系我方")}
OUTCOMES = {
    "reached": _("已联系上"),
    "call_back": _("约定回电"),
    "refused": _("拒绝沟通"),
    "sent": _("已发出，未知是否收到"),
    "no_answer": _("无人接听"),
    "wrong_number": _("号码或地址有误"),
}


class Suggested(forms.TextInput):
    """A line to type into; what is found stands below it while one types, and typing alone is enough."""

    def __init__(self, url_name: str, **options: Any) -> None:
        super().__init__(**options)
        self._url = reverse_lazy(url_name)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}_offered"
        asks = {"list": listed, "autocomplete": "off", "hx-get": str(self._url), "hx-target": f"#{listed}",
                "hx-trigger": "input changed delay:250ms", "hx-vals": f'{{"field": "{name}"}}'}  # fmt: skip
        line = super().render(name, value, {**(attrs or {}), **asks}, renderer)
        return format_html("{}<datalist{}></datalist>", line, flatatt({"id": listed}))


class Found(forms.CharField):
    """One row by its whole name or number; where several have it, the fault names them."""

    def __init__(self, rows: Any, key: str, url_name: str, **options: Any) -> None:
        super().__init__(max_length=60, widget=Suggested(url_name), **options)
        self._rows, self._key = rows, key

    def clean(self, value: Any) -> Any:
        said = super().clean(value).strip()
        if not said:
            return None
        rows = list(self._rows.filter(Q(**{self._key: said}) | Q(name=said))[:MOST_OFFERED])
        by_key = [each for each in rows if getattr(each, self._key) == said]
        if len(found := by_key or rows) == 1:
            return found[0]
        alike = found or list(self._rows.filter(Q(name__contains=said))[:MOST_OFFERED])
        if not alike:
            raise ValidationError(_("没有“%(number)s”：请核对。"), params={"number": said})
        names = "、".join(f"{each.name}（{getattr(each, self._key)}）" for each in alike)
        raise ValidationError(_("请选其中一个，写号码即可：%(names)s"), params={"names": names})


def unit_found(label: Any, exclude: int | None = None) -> Found:
    rows = Unit.objects.filter(closed_on=None)
    rows = rows if exclude is None else rows.exclude(pk=exclude)
    hint = _("写机构名称或机构号，输入时会列出相近的。")
    return Found(rows, "code", "complaint_units", label=label, help_text=hint)


def staff_found(label: Any, *, required: bool = True) -> Found:
    return Found(Staff.objects.filter(is_active=True), "number", "complaint_staff", label=label,
                 required=required, help_text=_("写姓名或工号，输入时会列出相近的。"))  # fmt: skip


def contact_fields() -> dict[str, forms.Field]:
    """How, who called whom, and how it went."""
    late = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")
    return {
        "medium": _choice(_("联系方式"), MEDIA),
        "direction": _choice(_("谁联系谁"), DIRECTIONS, initial="out"),
        "outcome": _choice(_("结果"), OUTCOMES),
        "call_back_at": forms.DateTimeField(label=_("约定何时回电"), required=False, widget=late,
                                            help_text=_("只在结果为“约定回电”时填写。")),
    }  # fmt: skip


class FileForm(forms.Form):
    """`key` is drawn with the page: sent twice, it is one file."""

    file = forms.FileField(label=_("文件"))
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"key": uuid.uuid4().hex}, auto_id="attach_%s")
        self.fields["file"].widget.attrs["class"] = "form-control"


class _Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """None, one or more files of one line."""

    widget = _Several

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(SeveralFiles, self).clean(each, initial) for each in given]


class DeputyForm(forms.Form):
    """Who is away, from when to when, and who stands in for her?"""

    def __init__(self, data: Any = None, *, by: Staff) -> None:
        super().__init__(data, auto_id="deputy_%s")
        today = timezone.localdate()
        self._by = by
        self.fields["staff"] = staff_found(_("谁不在岗"), required=False)
        self.fields["staff"].initial = by.number
        self.fields["deputy"] = staff_found(_("由谁代班"))
        for name, label in (("from_on", _("自哪天")), ("until_on", _("至哪天"))):
            day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, initial=today, widget=day)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean_staff(self) -> Staff:
        return self.cleaned_data["staff"] or self._by


def _choice(label: Any, names: Any, initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "—"), *names.items()], initial=initial)
