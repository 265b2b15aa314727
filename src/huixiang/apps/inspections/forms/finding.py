"""What does a unit say to a finding, what does the decision say, and which visits or findings are looked for?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections.actions import Words
from huixiang.apps.inspections.actions.answering import LONGEST
from huixiang.apps.inspections.forms.visiting import styled
from huixiang.apps.inspections.models import Finding, Kind
from huixiang.apps.inspections.reach import SEE

A_YEAR = timedelta(days=365)


class WordsForm(forms.Form):
    """Words with a verb; `files` are read from the request."""

    words = forms.CharField(label=_("理由"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, files: Any = None, *, verb: str = "dispute") -> None:
        super().__init__(data, files, auto_id=f"{verb}_%s")
        if verb == "accept":
            self.fields["words"].required = False
        if verb == "decide":
            self.fields["verb"] = forms.ChoiceField(label=_("裁定"), choices=_DECISIONS)
            self.order_fields(["verb", "words"])
        styled(self)

    def said(self) -> Words:
        levels = {"change_0": 0, "change_1": 1}
        files = self.files.getlist("files") if self.files else []
        return Words(
            self.cleaned_data["words"],
            levels.get(self.cleaned_data.get("verb", "")),
            [(each.read(), each.name or "") for each in files],
        )

    @property
    def verb(self) -> str:
        return str(self.cleaned_data["verb"]).partition("_")[0]


_DECISIONS = (
    ("uphold", _("维持：按检查员的打分")),
    ("change_1", _("改判为部分做到")),
    ("change_0", _("改判为未做到")),
    ("withdraw", _("撤销：视为做到，补回分数")),
)


class ChosenForm(forms.Form):
    """Which of them? By unit with all below, days, kind or state."""

    unit = forms.CharField(label=_("机构号"), max_length=32, required=False)
    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=_("方式"), required=False, choices=[("", _("全部")), *Kind.choices])

    def __init__(self, data: Any, *, by: Staff, right: str = SEE) -> None:
        super().__init__(data, auto_id="chosen_%s")
        self._by, self._right = by, right
        styled(self)

    def clean_unit(self) -> Unit | None:
        code = self.cleaned_data["unit"].strip()
        found = Unit.objects.visible_to(self._by, self._right).filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("您的范围内没有机构“%(code)s”：请核对机构号。"), params={"code": code})
        return found

    @property
    def period(self) -> tuple[Any, Any]:
        """A year until today, where nothing else was asked for."""
        said = self.cleaned_data if self.is_valid() else {}
        until = said.get("until") or timezone.localdate()
        return said.get("since") or until - A_YEAR, until

    def narrowed(self, rows: Any, day: str, prefix: str = "") -> Any:
        """With a fault in the form none, rather than others than were asked for."""
        if not self.is_valid():
            return rows.none()
        rows = rows.filter(**{f"{day}__range": self.period})
        if kind := self.cleaned_data["kind"]:
            rows = rows.filter(**{f"{prefix}kind": kind})
        if unit := self.cleaned_data["unit"]:
            rows = rows.filter(unit__path__startswith=unit.path)
        return rows


class FindingsForm(ChosenForm):
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *Finding.State.choices])

    def narrowed(self, rows: Any, day: str = "raised_on", prefix: str = "visit__") -> Any:
        found = super().narrowed(rows, day, prefix)
        return found.filter(state=state) if self.is_valid() and (state := self.cleaned_data["state"]) else found
