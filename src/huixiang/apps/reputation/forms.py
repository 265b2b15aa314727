"""Which reviews, which posts, and which names? The addresses of the pages, and the dictionary's form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback.forms.filters import months_before
from huixiang.domain.reputation.book import LONGEST
from huixiang.lake.questions import PostSlice, Slice


class PeriodForm(forms.Form):
    """Without a period: the last three months of which something is known."""

    since = forms.DateField(
        label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    platform = forms.ChoiceField(label=_("平台"), required=False)

    def __init__(
        self, data: Any, *, platforms: tuple[str, ...], span: tuple[date, date] | None, months: int = 3
    ) -> None:
        last = span[1] if span else None
        defaults: dict[str, Any] = {"since": months_before(last, months) if last else None, "until": last}
        if "all" in data and span:
            defaults["since"] = span[0]
        given = {name: data.get(name) for name in self.base_fields if data.get(name) not in {None, ""}}
        super().__init__({**defaults, **given}, auto_id="reputation_%s")
        field = self.fields["platform"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部平台")), *((name, name) for name in platforms)]
        for name, each in self.fields.items():
            if name != "once":
                each.widget.attrs["class"] = "form-select" if name == "platform" else "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            raise ValidationError(_("起始日期晚于截止日期，请调整后再看。"))
        return cleaned

    def _platforms(self) -> tuple[str, ...]:
        return (self.cleaned_data["platform"],) if self.cleaned_data["platform"] else ()


class ReviewFilter(PeriodForm):
    """`once`: what copies an earlier review is left out of the numbers."""

    once = forms.BooleanField(label=_("不计雷同评论"), required=False)

    def slice(self, branches: frozenset[str] | None) -> Slice:
        chosen = self.cleaned_data
        return Slice(branches, ("app_review",), chosen["since"], chosen["until"], platforms=self._platforms())


class SocialFilter(PeriodForm):
    def slice(self, branches: frozenset[str] | None) -> PostSlice:
        chosen = self.cleaned_data
        return PostSlice(branches, chosen["since"], chosen["until"], self._platforms())


class NamesForm(forms.Form):
    """Another edition of the dictionary, as text or as a file."""

    text = forms.CharField(
        label=_("词典（TOML）"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 22, "class": "form-control hx-code", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("或上传 TOML 文件"), required=False, widget=forms.FileInput(attrs={"class": "form-control"})
    )
    note = forms.CharField(
        label=_("改了什么"), required=False, max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if file := cleaned.get("file"):
            try:
                cleaned["text"] = file.read(4 * LONGEST + 1).decode("utf-8-sig")
            except UnicodeDecodeError:
                raise ValidationError(_("文件不是 UTF-8 编码的文本；请另存为 UTF-8 后再试。")) from None
        if not cleaned.get("text", "").strip():
            raise ValidationError(_("词典是空的；请照例子书写，或上传文件。"))
        cleaned["text"] = cleaned["text"].replace("\r\n", "\n")
        return cleaned
