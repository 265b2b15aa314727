"""What do the pages on organisation, staff, tokens and audit ask for?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.actions import LONGEST_TOKEN_DAYS
from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.access.models.records import LONGEST_ID
from huixiang.apps.access.rights import RIGHTS, ROLE_NAMES
from huixiang.apps.access.sentences import bracketed
from huixiang.apps.access.verbs import KIND_NAMES, VERB_NAMES

LARGEST_FILE = 20_000_000  # bytes; a hundred thousand staff are about 10 MB


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def dress(form: forms.BaseForm) -> None:
    """The look of the fields; and for readers of screens, which hint belongs to which field."""
    for field in form.fields.values():
        select, box = isinstance(field.widget, forms.Select), isinstance(field.widget, forms.CheckboxSelectMultiple)
        field.widget.attrs.setdefault(
            "class", "form-check-input" if box else "form-select" if select else "form-control"
        )


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the units: a list to choose from in a small bank, its code to type in a large one."""

    MOST_LISTED = 500

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Unit.objects.none(), to_field_name="code", empty_label=_("请选择机构"), **kwargs)

    def offer(self, units: QuerySet[Unit]) -> None:
        if units.count() > self.MOST_LISTED:
            self.widget = forms.TextInput()
            self.help_text = self.help_text or _("填写机构号。")
        self.queryset = units.order_by("path")

    def label_from_instance(self, unit: Unit) -> str:
        return bracketed(unit.name, unit.code)


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Unit
        fields = ("code", "name", "kind", "time_zone", "closed_on")
        widgets = {"closed_on": Day()}
        help_texts = {
            "code": _("字母、数字、点、横线和下划线；建立后不能更改。"),
            "closed_on": _("撤并后不再出现在选择列表里，历史数据保留。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
        else:
            del self.fields["closed_on"]
            self.fields["kind"].choices = [("", _("请选择级别")), *Unit.Kind.choices]  # type: ignore[attr-defined]
        dress(self)


class MoveForm(forms.Form):
    to = UnitField(label=_("新的上级机构"))

    def __init__(self, *args: Any, unit: Unit, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = Unit.objects.visible_to(by, "organisation.change").filter(closed_on=None)
        self.fields["to"].offer(reach.exclude(path__startswith=unit.path))  # type: ignore[attr-defined]
        dress(self)


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Staff
        fields = ("number", "name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["number"]  # stands in the audit for good
        dress(self)


class PostForm(forms.ModelForm):  # type: ignore[type-arg]
    unit = UnitField(label=_("机构"))

    class Meta:
        model = Post
        fields = ("unit", "role", "from_on", "to_on")
        widgets = {"from_on": Day(), "to_on": Day()}
        help_texts = {"to_on": _("任职最后一天；留空表示长期。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(Unit.objects.filter(closed_on=None))  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("请选择角色")), *ROLE_NAMES.items()]  # type: ignore[attr-defined]
        self.fields["from_on"].initial = timezone.localdate
        dress(self)


class EndPostForm(forms.Form):
    on = forms.DateField(label=_("任职最后一天"), widget=Day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class TokenForm(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("例：数据仓库每日取数"))
    scopes = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)
    expires_on = forms.DateField(label=_("到期日"), widget=Day())

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (right, title) for right, title in RIGHTS.items() if right in by.rights and right != "token.own"
        ]
        self.fields["expires_on"].initial = lambda: timezone.localdate() + timedelta(days=90)
        self.fields["expires_on"].help_text = _("最长 %(days)d 天。") % {"days": LONGEST_TOKEN_DAYS}
        dress(self)


class RosterForm(forms.Form):
    units = forms.FileField(
        label=_("机构文件"), required=False, help_text=_("CSV 或 XLSX；列：机构号、机构名称、级别、上级机构号")
    )
    staff = forms.FileField(
        label=_("人员文件"), required=False, help_text=_("CSV 或 XLSX；列：工号、姓名、邮箱、角色、机构号、自、至")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    def clean(self) -> dict[str, Any]:
        files = {name: self.cleaned_data.get(name) for name in ("units", "staff")}
        if not any(files.values()) and not self.errors:
            raise forms.ValidationError(_("请选择机构文件或人员文件。"))
        for name, file in files.items():
            if file:
                self._check(name, file)
        return self.cleaned_data

    def _check(self, name: str, file: UploadedFile[Any]) -> None:
        if not (file.name or "").lower().endswith((".csv", ".xlsx")):
            self.add_error(name, _("只能读取 .csv 和 .xlsx 文件。"))
        if (file.size or 0) > LARGEST_FILE:
            self.add_error(name, _("文件超过 20 MB，请分成几个文件。"))


class SavedViewForm(forms.Form):
    name = forms.CharField(label=_("视图名称"), max_length=60)
    unit = forms.ModelChoiceField(
        label=_("共享给"), queryset=Unit.objects.none(), required=False, empty_label=_("不共享，只给自己")
    )
    newest = forms.BooleanField(label=_("不固定时间，总看最新的"), required=False, initial=True)

    def __init__(self, data: Any = None, *, by: Staff) -> None:
        super().__init__(data, auto_id="saved_%s")
        own = {post.unit_id for post in by.current_posts}
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        dress(self)
        self.fields["newest"].widget.attrs["class"] = "form-check-input"


def _named(names: Mapping[str, Any]) -> forms.Select:
    return forms.Select(choices=[("", _("全部")), *names.items()])


class AuditFilter(forms.Form):
    actor = forms.CharField(label=_("操作人"), required=False, max_length=64)
    # Text, chosen from a list: an old record's verb that has no name any more can still be asked for by address.
    verb = forms.CharField(label=_("动作"), required=False, max_length=60, widget=_named(VERB_NAMES))
    on_kind = forms.CharField(label=_("对象类别"), required=False, max_length=40, widget=_named(KIND_NAMES))
    on_id = forms.CharField(label=_("对象编号"), required=False, max_length=LONGEST_ID)
    outcome = forms.ChoiceField(
        label=_("结果"),
        required=False,
        choices=[("", _("全部")), ("done", _("完成")), ("refused", _("拒绝")), ("failed", _("失败"))],
    )
    since = forms.DateField(label=_("自"), required=False, widget=Day())
    until = forms.DateField(label=_("至"), required=False, widget=Day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    def wanted(self) -> dict[str, Any]:
        """The filters of a valid form as look-ups; nothing where none was chosen."""
        data: dict[str, str | date] = {name: value for name, value in self.cleaned_data.items() if value}
        names = {"since": "at__date__gte", "until": "at__date__lte"}
        return {names.get(name, name): value for name, value in data.items()}
