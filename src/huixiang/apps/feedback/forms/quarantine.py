"""How does a person put a refused row right? Its raw fields in a form, the bad column marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback.faults import told_fault
from huixiang.apps.feedback.models import Quarantined
from huixiang.apps.feedback.quarantine import Opened
from huixiang.channels.contract import RAW, RESERVED, Fault

LONG = 24  # characters, as many as a telephone shows in a line; what is longer or has line ends gets several lines
SHOWN_FIELDS = 200  # a row of a million columns is no form; such a row is mended in a spreadsheet


class QuarantineFilter(forms.Form):
    """Which rows: by state, reason and column."""

    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("待修正")), *Quarantined.State.choices[1:], ("all", _("全部"))]
    )
    message = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    column = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="quarantine_%s")
        self.fields["state"].widget.attrs["class"] = "form-select"
        self.is_valid()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.cleaned_data.get("message"))

    def in_state(self, rows: QuerySet[Quarantined]) -> QuerySet[Quarantined]:
        state = self.cleaned_data.get("state") or Quarantined.State.OPEN
        return rows if state == "all" else rows.filter(state=state)

    def narrow(self, rows: QuerySet[Quarantined]) -> QuerySet[Quarantined]:
        rows = self.in_state(rows)
        if self.is_narrowed:
            rows = rows.filter(message=self.cleaned_data["message"], column=self.cleaned_data["column"])
        return rows


class DiscardForm(forms.Form):
    note = forms.CharField(
        label=_("放弃的原因"),
        max_length=400,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("请勿填写客户的个人信息。"),
    )


class MendForm(forms.Form):
    """One field a column of the row; the name of the column is the label."""

    def __init__(self, data: Any, *, opened: Opened, content: Mapping[str, str]) -> None:
        super().__init__(data, auto_id="mend_%s")
        self.raw = content.get(RAW, "")
        shown = [name for name in content if name not in RESERVED][:SHOWN_FIELDS]
        self.columns = shown
        self._kept = {name: value for name, value in content.items() if name not in shown and name != RAW}
        for place, column in enumerate(shown):
            self.fields[f"field{place}"] = self._field(column, content[column])
        self.fault, self.fault_column = opened.reason, opened.column
        self._mark(opened.column)

    def _field(self, column: str, value: str) -> forms.CharField:
        long = len(value) > LONG or "\n" in value
        attributes = {"class": "form-control", "autocomplete": "off"}
        widget = forms.Textarea(attrs=attributes | {"rows": 4}) if long else forms.TextInput(attrs=attributes)
        return forms.CharField(label=column or "—", initial=value, required=False, strip=False, widget=widget)

    def _mark(self, column: str) -> None:
        for place, name in enumerate(self.columns):
            attributes = self.fields[f"field{place}"].widget.attrs
            wrong = bool(column) and name == column
            attributes["aria-invalid"] = "true" if wrong else "false"
            attributes["class"] = "form-control is-invalid" if wrong else "form-control"

    def mended(self) -> dict[str, str]:
        """The row as it shall be read; which row it is stays with it."""
        shown = {name: self.cleaned_data[f"field{place}"] for place, name in enumerate(self.columns)}
        return shown | self._kept

    def tell(self, fault: Fault) -> None:
        """What is still wrong, at its column where it has one."""
        self.fault, self.fault_column = told_fault(fault), fault.column or ""
        self._mark(self.fault_column)
        place = self.columns.index(fault.column) if fault.column in self.columns else None
        self.add_error(None if place is None else f"field{place}", self.fault)
