"""What may a customer write, and what may a manager set? Each fault is told kindly, and nothing typed is lost."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.intake.actions.answering import LONGEST_ANSWER
from huixiang.apps.intake.actions.boxes import Terms
from huixiang.apps.intake.actions.ways import Manner
from huixiang.apps.intake.models import RETENTION_DAYS, PostBox, Way
from huixiang.apps.intake.receiving import MOST_PHOTOS, Message
from huixiang.channels import pictures
from huixiang.channels.contract import Fault
from huixiang.channels.pictures import Picture
from huixiang.domain.contacts import reached_at

LONGEST_TEXT, LONGEST_CONTACT = 2000, 80
STARS = [
    ("5", gettext_lazy("很满意")),
    ("4", gettext_lazy("满意")),
    ("3", gettext_lazy("一般")),
    ("2", gettext_lazy("不满意")),
    ("1", gettext_lazy("很不满意")),
]


class MessageForm(forms.Form):
    """What a customer tells."""

    key = forms.CharField(min_length=16, max_length=64, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("您想说什么？"),
        required=False,
        max_length=LONGEST_TEXT,
        error_messages={
            "max_length": gettext_lazy("最多 %(limit_value)d 个字，现在有 %(show_value)d 个；请删短一些。")
        },
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST_TEXT}),
    )
    rating = forms.ChoiceField(label=gettext_lazy("总体感觉"), required=False, choices=STARS, widget=forms.RadioSelect)
    contact = forms.CharField(
        label=gettext_lazy("手机号或邮箱（可不填）"),
        required=False,
        max_length=LONGEST_CONTACT,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "maxlength": LONGEST_CONTACT}),
    )
    consent = forms.BooleanField(required=False)
    website = forms.CharField(required=False)  # no person sees it: whatever fills it is a program

    def __init__(self, data: Any = None, photos: list[UploadedFile[Any]] | None = None) -> None:
        super().__init__(data, initial={"key": secrets.token_urlsafe(18)}, auto_id="%s")
        self.given, self.pictures = photos or [], []  # type: ignore[var-annotated]
        for name, field in self.fields.items():
            if data is not None and self[name].errors:
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"{name}_fault"}

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("请把“网址”一栏留空，它只用来识别程序。"))
        return ""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found["text"] = (found.get("text") or "").replace("\x00", "").strip()
        if not found["text"] and not found.get("rating") and "text" not in self.errors:
            self.add_error("text", _("请写几句话，或者点一下满意程度。"))
        if found.get("contact") and not found.get("consent"):
            self.add_error("contact", _("留联系方式请先勾选同意；不需要答复时，可以不填。"))
        elif found.get("contact") and not reached_at(found["contact"]):
            self.add_error("contact", _("这里看不出手机号或邮箱，请核对；例如 13812345678 或 name@example.com。"))
        if len(self.given) > MOST_PHOTOS:
            self.add_error(None, _("最多 %(most)d 张照片，您选了 %(found)d 张；请重新选择。") % self._counts())
        return found

    def look_at_photos(self) -> None:
        """By content. It costs a second of the machine, so only once it is clear that the message may come in."""
        for file in self.given:
            try:
                self.pictures.append((str(file.name), picture(file)))
            except Fault as fault:
                self.add_error(None, told_fault(fault))

    def _counts(self) -> dict[str, int]:
        return {"most": MOST_PHOTOS, "found": len(self.given)}

    def message(self) -> Message:
        found = self.cleaned_data
        rating = int(found["rating"]) if found["rating"] else None
        return Message(found["key"], found["text"], rating, found["contact"].strip(), self.pictures)


def picture(file: UploadedFile[Any]) -> Picture:
    """The photo as it may be kept. Raises Fault. What is too large is not even read."""
    pictures.refuse_large(file.size or 0, str(file.name))
    return pictures.cleaned(file.read(), str(file.name))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("查询码"),
        max_length=40,
        error_messages={"required": gettext_lazy("请输入 15 位查询码。")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "12345 67890 12345"}
        ),
    )


class BoxForm(forms.Form):
    """A post box; which unit and what kind is chosen once."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("机构"), queryset=Unit.objects.none(), empty_label=gettext_lazy("请选择")
    )
    kind = forms.ChoiceField(label=gettext_lazy("用途"), choices=PostBox.Kind.choices)
    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=60,
        help_text=gettext_lazy("客户在页面与海报上看到的名称，如“北山一路网点意见箱”。"),
    )
    retention_days = forms.IntegerField(
        label=gettext_lazy("联系方式、答复与照片保存天数"),
        min_value=7,
        max_value=1095,
        initial=RETENTION_DAYS,
        help_text=gettext_lazy("到期当夜删除；已入库的脱敏文字保留。"),
    )
    consent = forms.CharField(
        label=gettext_lazy("隐私说明"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("留空即用自带的说明。写 %(days)s 的地方会换成保存天数。"),
    )
    origins = forms.CharField(
        label=gettext_lazy("可嵌入的网站"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://www.bank.example"}),
        help_text=gettext_lazy("一行一个来源；留空则不许任何网站嵌入。"),
    )

    def __init__(self, data: Any = None, *, staff: Staff, box: PostBox | None = None) -> None:
        given = {name: getattr(box, name) for name in ("name", "retention_days", "consent", "origins")} if box else {}
        super().__init__(data, initial=given, auto_id="box_%s")
        if box:
            del self.fields["unit"], self.fields["kind"]
        else:
            unit = self.fields["unit"]
            assert isinstance(unit, forms.ModelChoiceField)
            unit.queryset = Unit.objects.visible_to(staff, "box.manage").filter(closed_on=None)
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def terms(self) -> Terms:
        found = self.cleaned_data
        return Terms(found["name"], found["retention_days"], found["consent"], found["origins"])


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=LONGEST_ANSWER,
        error_messages={"required": gettext_lazy("请写下答复。")},
        help_text=gettext_lazy("客户凭查询码看到这段话，发出后不能修改，只能补充。请勿写入账号等信息。"),
        widget=forms.Textarea(attrs={"rows": 5, "class": "form-control", "maxlength": LONGEST_ANSWER}),
    )
    sends = forms.BooleanField(
        label=gettext_lazy("同时发送给客户（邮件含答复全文，短信只含查询码）"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class WayForm(forms.ModelForm):  # type: ignore[type-arg]
    """How long is a contact of this channel kept, and who is answered?"""

    class Meta:
        model = Way
        fields = ("retention_days", "keeps", "acknowledges", "consent")
        help_texts = {
            "retention_days": gettext_lazy(
                "从客户说话的那天算起，7 到 1095 天。只对以后来的有效：已经承诺的期限不变。"
            ),
            "keeps": gettext_lazy("不勾选时，这个渠道不留联系方式，也没有查询码。"),
            "acknowledges": gettext_lazy("只发给两天以内的新声音，每个联系方式每天至多一次；导入的历史不发。"),
            "consent": gettext_lazy("不填就用产品自带的说明；%(days)s 处写出天数。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            check = isinstance(field.widget, forms.CheckboxInput)
            field.widget.attrs["class"] = "form-check-input" if check else "form-control"
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": 3}

    def manner(self) -> Manner:
        return Manner(**self.cleaned_data)

    def _post_clean(self) -> None:
        """The row is changed by the verb alone."""
