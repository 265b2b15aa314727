"""What does an inspector fill in? Every line of the standards' forms, as they hold today, with notes and photos."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections import forming, pictures
from huixiang.apps.inspections.actions import Filled, Line
from huixiang.apps.inspections.actions.visiting import LONGEST_NOTE, LONGEST_REMARK
from huixiang.apps.inspections.exporting import called_line
from huixiang.apps.inspections.models import Kind, Visit
from huixiang.apps.inspections.reach import DO
from huixiang.apps.standards.models import Version
from huixiang.apps.standards.names import called
from huixiang.domain.standards.values import Item, Scale

NOT_APPLICABLE = "na"
LEVELS = [("2", _("做到")), ("1", _("部分做到")), ("0", _("未做到")), (NOT_APPLICABLE, _("不适用"))]
YES_NO = [("2", _("是")), ("0", _("否")), (NOT_APPLICABLE, _("不适用"))]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line as the page shows it."""

    number: int
    item: Item
    level: forms.BoundField
    note: forms.BoundField
    photos: str  # name of its input


class VisitForm(forms.Form):
    """One form of all standards of a visit. `key` makes it count once, however often a bad network sends it."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    versions = forms.CharField(max_length=500, widget=forms.HiddenInput)
    visited_at = forms.DateTimeField(
        label=_("到店时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=_("总的说明"),
        required=False,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def __init__(self, versions: list[Version], data: Any = None, files: Any = None) -> None:
        initial = {"key": uuid.uuid4().hex, "versions": forming.marked(versions), "visited_at": timezone.localtime()}
        super().__init__(data, files, auto_id="visit_%s", initial=initial)
        self._versions = versions
        for code, number, item in self._items():
            choices = YES_NO if item.scale is Scale.YES_NO else LEVELS
            self.fields[f"level-{code}-{number}"] = forms.ChoiceField(
                label=called_line(item), choices=choices, widget=forms.RadioSelect,
                error_messages={"required": _("这一项还没有答")},
            )  # fmt: skip
            self.fields[f"note-{code}-{number}"] = forms.CharField(
                label=_("说明"), required=False, max_length=LONGEST_NOTE,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )  # fmt: skip

    def _items(self) -> Iterator[tuple[str, int, Item]]:
        for version in self._versions:
            checklist = version.value.checklist
            for number, item in enumerate(checklist.items if checklist else (), 1):
                yield version.standard.code, number, item

    def parts(self) -> list[tuple[Version, list[Asked]]]:
        """Standard by standard, as the page shows them."""
        return [(version, [self._asked(code, number, item) for code, number, item in self._items()
                           if code == version.standard.code]) for version in self._versions]  # fmt: skip

    def _asked(self, code: str, number: int, item: Item) -> Asked:
        level, note = self[f"level-{code}-{number}"], self[f"note-{code}-{number}"]
        return Asked(number, item, level, note, f"photo-{code}-{number}")

    def filled(self) -> Filled:
        """As the action takes it; only of a valid form."""
        said = self.cleaned_data
        lines = {(code, number): self._line(code, number) for code, number, _item in self._items()}
        return Filled(said["visited_at"], lines, said["versions"], said["note"])

    def _line(self, code: str, number: int) -> Line:
        level = self.cleaned_data[f"level-{code}-{number}"]
        files: MultiValueDict[str, UploadedFile[Any]] = self.files
        photos = files.getlist(f"photo-{code}-{number}")[: pictures.MOST_PHOTOS + 1]
        return Line(
            None if level == NOT_APPLICABLE else int(level),
            self.cleaned_data[f"note-{code}-{number}"],
            [(each.read(), each.name or "") for each in photos],
        )


class BeginForm(forms.Form):
    """A look that no plan asked for."""

    unit = forms.CharField(label=_("机构号"), max_length=32)
    kind = forms.ChoiceField(label=_("方式"), choices=Kind.choices)
    standards = forms.MultipleChoiceField(label=_("按哪些标准的检查表"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, by: Staff, data: Any = None) -> None:
        super().__init__(data, auto_id="begin_%s")
        self._by = by
        chosen = self.fields["standards"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = form_choices()
        styled(self)

    def clean_unit(self) -> Unit:
        code = self.cleaned_data["unit"].strip()
        found = Unit.objects.visible_to(self._by, DO).filter(code=code, closed_on=None).first()
        if found is None:
            raise forms.ValidationError(_("您的范围内没有机构“%(code)s”：请核对机构号。"), params={"code": code})
        return found


def form_choices() -> list[tuple[str, str]]:
    """Standards with a form today."""
    return [(row.standard.code, called(row.value)) for row in forming.with_forms(timezone.localdate())]


def styled(form: forms.Form) -> None:
    for field in form.fields.values():
        if isinstance(field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect | forms.CheckboxInput):
            continue
        field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"


def is_open_to(visit: Visit, by: Staff) -> bool:
    """May she fill it in now?"""
    return visit.inspector_id == by.pk and visit.state == "planned"
