"""How shall a file be read? Format, which column gives which field, and what the file does not say itself."""

from __future__ import annotations

import tomllib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.feedback.mapping_text import written
from huixiang.apps.feedback.names import CHANNELS
from huixiang.channels.contract import Fault
from huixiang.channels.registry import FORMATS, Guess

# The record's fields in the order in which a person thinks of them; text is the one that must not be missing.
FIELDS = {
    "text": _("内容"),
    "title": _("标题"),
    "said_at": _("时间"),
    "branch": _("机构号"),
    "product": _("产品"),
    "product_version": _("产品版本"),
    "rating": _("评分"),
    "customer": _("客户标识"),
    "source_id": _("来源编号"),
    "reply": _("回复"),
}
MOST_COLUMNS = 200  # offered to choose from; a file with more is mapped by its text


class UploadForm(forms.Form):
    file = forms.FileField(label=_("文件"), allow_empty_file=True, error_messages={"required": _("请先选择一个文件")})

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="upload_%s")
        self.fields["file"].widget.attrs["class"] = "form-control"


class ReadingForm(forms.Form):
    """Begins with what was guessed. `by_hand`: the mapping's text counts, not the choices above it."""

    format = forms.ChoiceField(label=_("格式"))
    channel = forms.ChoiceField(label=_("渠道"), required=False)
    branch = forms.ChoiceField(label=_("默认机构"), required=False, help_text=_("文件没有给出机构时，归到这里。"))
    product = forms.CharField(label=_("默认产品"), required=False, max_length=80)
    series = forms.CharField(
        label=_("来源"),
        required=False,
        max_length=80,
        help_text=_("编号在哪里是唯一的，如“华为应用市场”。不同来源的相同编号是不同的声音；同一来源每次都要写得一样。"),
    )
    by_hand = forms.BooleanField(label=_("直接编辑映射"), required=False)
    mapping = forms.CharField(label=_("映射（TOML）"), required=False, strip=False, max_length=20_000)

    def __init__(self, data: Any, *, guess: Guess, staff: Staff) -> None:
        self.trouble = ""  # why it could not begin
        self.guess, self.reach = guess, Reach(staff, "import.run")
        self.guessed = _parsed(guess.mapping)
        super().__init__(data, initial=self._initial(), auto_id="reading_%s")
        self._offer("format", [(name, form.title) for name, form in FORMATS.items()])
        self._offer("channel", [("", _("按文件或格式")), *CHANNELS.items()])
        self._offer("branch", [("", _("不指定")), *self.reach.choices()])
        columns = [("", "—"), *((column, column) for column in guess.columns[:MOST_COLUMNS])]
        for name, title in FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(label=title, required=False, choices=columns)
            self.initial[f"column_{name}"] = self._guessed_column(name)
        self._dress()

    @property
    def column_fields(self) -> list[Any]:
        return [self[f"column_{name}"] for name in FIELDS]

    @property
    def maps(self) -> bool:
        """Does the chosen format need a mapping?"""
        chosen = self["format"].value()
        return chosen in {"csv", "xlsx", "jsonl"}

    def choice(self) -> Choice:
        """What was chosen, or before any choice guessed. Raises Fault where a choice is not one of those offered."""
        if not self.is_bound:
            return Choice(self.guess.format, self.guess.mapping, str(self.initial["channel"]))
        if not self.is_valid():
            raise Fault("请先更正标出的选项")
        found = self.cleaned_data
        return Choice(
            format=found["format"],
            mapping=self.mapping_text() if self.maps else "",
            channel=found["channel"],
            branch=Unit.objects.filter(code=found["branch"]).first() if found["branch"] else None,
            product=found["product"],
        )

    def mapping_text(self) -> str:
        """The mapping as text: written by hand, or the guess with the columns chosen here."""
        if self.is_bound and self.data.get("by_hand"):
            return str(self.data.get("mapping", ""))
        if not self.is_bound:
            return self.guess.mapping
        columns = {name: str(self.data.get(f"column_{name}", "")) for name in FIELDS}
        others = {name: column for name, column in self.guessed.get("columns", {}).items() if name not in FIELDS}
        kept = {name: value for name, value in self.guessed.items() if name not in {"columns", "format", "channel"}}
        chosen = {"format": str(self.data.get("format", "csv"))}
        if series := str(self.data.get("series", "")).strip():
            chosen["series"] = series
        return written(chosen | kept | {"columns": {name: c for name, c in columns.items() if c} | others})

    def _initial(self) -> dict[str, Any]:
        return {"format": self.guess.format, "channel": self.guessed.get("channel", ""), "mapping": self.guess.mapping}

    def _guessed_column(self, name: str) -> str:
        column = self.guessed.get("columns", {}).get(name, "")
        return column if isinstance(column, str) else ""

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _dress(self) -> None:
        self.fields["mapping"].widget = forms.Textarea(attrs={"rows": 14, "spellcheck": "false"})
        for name, field in self.fields.items():
            if name != "by_hand":
                select = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if select else "form-control"
        self.fields["mapping"].widget.attrs["class"] = "form-control hx-code"


def _parsed(mapping: str) -> dict[str, Any]:
    try:
        return tomllib.loads(mapping)
    except tomllib.TOMLDecodeError:
        return {}
