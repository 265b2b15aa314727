"""What is asked when the rules are changed? A file or its text; and why not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.forms.verbs import styled
from huixiang.domain.complaints.tables import LONGEST


class PackForm(forms.Form):
    """A TOML file, or its text; of both the file counts."""

    file = forms.FileField(label=_("TOML 文件"), required=False)
    text = forms.CharField(
        label=_("或直接写在这里"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, files, auto_id="pack_%s", initial=initial)
        styled(self)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if file := said.get("file"):
            if file.size > LONGEST * 4:
                raise ValidationError(_("文件太大：规则包不超过 %(most)s 个字符。"), params={"most": LONGEST})
            try:
                said["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise ValidationError(_("文件不是 UTF-8 编码；请另存为 UTF-8。")) from None
        if not said.get("text", "").strip():
            raise ValidationError(_("请选择文件，或写出规则包。"))
        return said


class DeclineForm(forms.Form):
    words = forms.CharField(label=_("为什么不批准"), max_length=500)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="decline_%s")
        styled(self)
