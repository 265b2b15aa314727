"""What does somebody say who has an idea, and what is answered?"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.ideas.actions import Wanted
from huixiang.apps.ideas.models import LONGEST_NOTE, LONGEST_TEXT, LONGEST_TITLE, Idea, IdeaQuerySet

MINE = "~mine"
SPAN = timedelta(days=90)


def _styled(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        if not isinstance(field, forms.BooleanField):
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        else:
            field.widget.attrs["class"] = "form-check-input"


class IdeaForm(forms.Form):
    """`key` is drawn with the page: the same page sent twice is one idea."""

    kind = forms.ChoiceField(label=_("类别"), choices=Idea.Kind.choices)
    about = forms.ChoiceField(label=_("关于"), choices=Idea.About.choices)
    title = forms.CharField(label=_("一句话标题"), max_length=LONGEST_TITLE)
    text = forms.CharField(
        label=_("看到了什么、建议怎么做"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("请不要写客户的姓名、电话、卡号；写了也会隐去。"),
    )
    is_unsigned = forms.BooleanField(
        label=_("不署名"),
        required=False,
        help_text=_(
            "不记录是谁提的，机构只记到上面第一个满 10 人的，那里和下级的同事都看得到；结果请在列表里看，不计入表彰。"
        ),
    )
    is_confidential = forms.BooleanField(
        label=_("只给总行看"),
        required=False,
        help_text=_("本机构的负责人和同事都看不到；若又不署名，您自己也看不到答复。"),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4().hex}, auto_id="idea_%s")
        _styled(self)

    def wanted(self) -> Wanted:
        chosen = self.cleaned_data
        return Wanted(
            title=chosen["title"],
            text=chosen["text"],
            kind=chosen["kind"],
            about=chosen["about"],
            is_signed=not chosen["is_unsigned"],
            is_confidential=chosen["is_confidential"],
        )


class TurnForm(forms.Form):
    note = forms.CharField(label=_("答复"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, asks: str = "", auto_id: str = "turn_%s") -> None:
        super().__init__(data, auto_id=auto_id)
        self.fields["note"].help_text = asks
        _styled(self)


class IdeaFilter(forms.Form):
    state = forms.ChoiceField(label=_("状态"), required=False)
    about = forms.ChoiceField(label=_("关于"), required=False)
    whose = forms.ChoiceField(label=_("谁提的"), required=False, choices=[("", _("全部")), (MINE, _("我提的"))])

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="ideas_%s")
        for name, kinds in (("state", Idea.State), ("about", Idea.About)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("全部")), *kinds.choices]
        _styled(self)

    def narrowed(self, rows: IdeaQuerySet, by: Any) -> IdeaQuerySet:
        """A filter with faults shows nothing rather than something else than was asked."""
        if not self.is_valid():
            return rows.none()
        chosen = self.cleaned_data
        for name in ("state", "about"):
            rows = rows.filter(**{name: chosen[name]}) if chosen[name] else rows
        return rows.filter(by=by) if chosen["whose"] else rows


class PeriodForm(forms.Form):
    since = forms.DateField(label=_("自"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    until = forms.DateField(label=_("至"), widget=forms.DateInput(attrs={"type": "date"}), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="period_%s")
        _styled(self)
        if self.is_valid():  # the fields say which days the page counts, also where none were asked for
            since, until = self.days()
            self.data = {"since": since.isoformat(), "until": until.isoformat()}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            raise ValidationError(_("开始日期晚于结束日期。"))
        return given

    def days(self) -> tuple[date, date]:
        """The last 90 days, unless others are asked for."""
        given = self.cleaned_data if self.is_valid() else {}
        until = given.get("until") or timezone.localdate()
        return given.get("since") or until - SPAN, until
