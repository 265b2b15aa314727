"""How shall a file be read? Format, which column gives which field, and what the file does not say itself."""

from __future__ import annotations

import tomllib
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.feedback.mapping_text import written
from huixiang.apps.feedback.names import CHANNELS
from huixiang.channels.contract import Fault
from huixiang.channels.registry import FORMATS, HOTLINE, Guess, mappings

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
    "tier": _("客户等级"),
    "contact": _("联系方式"),
    "source_id": _("来源编号"),
    "reply": _("回复"),
}
COLUMNS, TEXT = "columns", "text"  # what counts as the mapping
SEVERAL = "*"  # in place of a column's name: the several that were guessed, of which the first that is filled counts
LONGEST_MAPPING = 20_000  # characters
MOST_COLUMNS = 200  # offered to choose from; a file with more is mapped by its text


class UploadForm(forms.Form):
    file = forms.FileField(label=_("文件"), allow_empty_file=True, error_messages={"required": _("请先选择一个文件")})

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="upload_%s")
        self.fields["file"].widget.attrs["class"] = "form-control"


class ReadingForm(forms.Form):
    """Begins with what was guessed. `by` says what counts: the choices of columns, the text, or a mapping of ours."""

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
    by = forms.ChoiceField(label=_("映射"), required=False)
    mapping = forms.CharField(label=_("映射（TOML）"), required=False, strip=False, max_length=LONGEST_MAPPING)

    def __init__(self, data: Any, *, guess: Guess, staff: Staff) -> None:
        self.trouble = ""  # why it could not begin
        self.guess, self.reach = guess, Reach(staff, "import.run")
        self.guessed = _parsed(guess.mapping)
        super().__init__(data, initial=self._initial(), auto_id="reading_%s")
        self._offer("format", [(name, _(form.title)) for name, form in FORMATS.items()])
        self._offer("channel", [("", _("按文件或格式")), *CHANNELS.items()])
        self._offer("branch", [("", _("不指定")), *self.reach.choices()])
        ours = [(name, format_lazy(_("自带：{name}"), name=name)) for name in mappings()]
        self._offer("by", [(COLUMNS, _("按下面的选择")), (TEXT, _("直接编辑文字")), *ours])
        columns = [("", "—"), *((column, column) for column in guess.columns[:MOST_COLUMNS])]
        self.several = {name: found for name in FIELDS if len(found := _several(self.guessed, name)) > 1}
        for name, title in FIELDS.items():
            offered = [*columns, (SEVERAL, "、".join(self.several[name]))] if name in self.several else columns
            self.fields[f"column_{name}"] = forms.ChoiceField(label=title, required=False, choices=offered)
            self.initial[f"column_{name}"] = SEVERAL if name in self.several else _single(self.guessed, name)
        self.fields["column_contact"].help_text = _(
            "答复客户用的电话或邮箱，不能选证件号、卡号；写着几列的，取先有内容的一列。"
        )
        self._dress()

    @property
    def column_fields(self) -> list[Any]:
        return [self[f"column_{name}"] for name in FIELDS]

    @property
    def maps(self) -> bool:
        """Does the chosen format need a mapping?"""
        chosen = self["format"].value()
        return chosen in {"csv", "xlsx", "jsonl"}

    @property
    def has_settings(self) -> bool:
        """Does the chosen format take a text of its own: names of speakers, of columns and outcomes?"""
        return str(self["format"].value()) in HOTLINE

    @property
    def basis(self) -> str:
        return str(self["by"].value() or COLUMNS)

    @property
    def is_text(self) -> bool:
        return self.basis == TEXT

    @property
    def wants_channel(self) -> bool:
        """Does neither the file nor the mapping nor the person say by which channel it came? Raises Fault."""
        return self.choice().wants_channel

    def choice(self) -> Choice:
        """What was chosen, or before any choice guessed. Raises Fault where a choice is not one of those offered."""
        if not self.is_bound:
            return Choice(self.guess.format, self.guess.mapping, str(self.initial["channel"]))
        if not self.is_valid():
            raise Fault("请先更正标出的选项")
        found = self.cleaned_data
        return Choice(
            format=found["format"],
            mapping=self.mapping_text() if self.maps or self.has_settings else "",
            channel=found["channel"],
            branch=Unit.objects.filter(code=found["branch"]).first() if found["branch"] else None,
            product=found["product"],
        )

    def confirmed(self) -> Choice:
        """The choice, if it is enough to begin with. Raises Fault."""
        if self.wants_channel:
            raise Fault("文件没有写明渠道，请先选择渠道")
        return self.choice()

    def mapping_text(self) -> str:
        """The mapping as text: one of ours, written by hand, or the guess with the columns chosen here."""
        if self.has_settings:
            return self._settings()
        if self.basis in mappings():
            return mappings()[self.basis]
        if not self.is_bound:
            return self.guess.mapping
        return str(self.data.get("mapping", "")) if self.is_text else written(self._chosen())

    def _settings(self) -> str:
        """What was written for the chosen format; not the text that another format had before it was changed."""
        text, chosen = str(self.data.get("mapping", "")) if self.is_bound else "", self["format"].value()
        return text if _parsed(text).get("format", chosen) == chosen else ""

    def kept_text(self) -> str:
        """The mapping to keep for the next file of this kind; with the channel, unit and product chosen here."""
        if self.basis != COLUMNS:
            return self.mapping_text()
        about = {name: str(self[name].value() or "") for name in ("channel", "branch", "product")}
        return written({**self._chosen(), **{name: value for name, value in about.items() if value}})

    def _chosen(self) -> dict[str, Any]:
        columns = {name: self._column(name) for name in FIELDS}
        others = {name: column for name, column in self.guessed.get("columns", {}).items() if name not in FIELDS}
        kept = {name: value for name, value in self.guessed.items() if name not in {"columns", "format", "channel"}}
        chosen = {"format": str(self.data.get("format", "csv"))}
        if series := str(self.data.get("series", "")).strip():
            kept["series"] = series
        return chosen | kept | {"columns": {name: c for name, c in columns.items() if c} | others}

    def _column(self, name: str) -> str | list[str]:
        found = str(self.data.get(f"column_{name}", ""))
        return self.several[name] if found == SEVERAL and name in self.several else found

    def _initial(self) -> dict[str, Any]:
        named = {"format": self.guess.format, "channel": self.guessed.get("channel", "")}
        return named | {"mapping": self.guess.mapping, "by": COLUMNS}

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _dress(self) -> None:
        for field in self.fields.values():
            select = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if select else "form-control"
        if self.basis != COLUMNS:
            self._show_text()

    def _show_text(self) -> None:
        """The text counts: the columns only tell what it says, as far as they can."""
        said = _parsed(self.mapping_text())
        for name in FIELDS:
            self.fields[f"column_{name}"].disabled = True
            column = _single(said, name)
            self.initial[f"column_{name}"] = column if column in self.guess.columns[:MOST_COLUMNS] else ""


def _single(mapping: dict[str, Any], name: str) -> str:
    """The one column that gives this field; nothing where it is made of several."""
    columns = mapping.get("columns", {})
    column = columns.get(name, "") if isinstance(columns, dict) else ""
    return column if isinstance(column, str) else ""


def _several(mapping: dict[str, Any], name: str) -> list[str]:
    """The columns of which the first that is filled gives this field."""
    columns = mapping.get("columns", {})
    found = columns.get(name) if isinstance(columns, dict) else None
    return [str(each) for each in found] if isinstance(found, list) else []


def _parsed(mapping: str) -> dict[str, Any]:
    try:
        return tomllib.loads(mapping)
    except tomllib.TOMLDecodeError:
        return {}
