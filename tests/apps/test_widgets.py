"""Are fields that are written without templates the same as Django's own, but for empty lines?"""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from huixiang.web.widgets import PlainWidgets

NASTY = "<b>\"年费\" & '退还'</b>"


class Everything(forms.Form):
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "data-x": NASTY}), required=False)
    title = forms.CharField(max_length=80, help_text="提示")
    key = forms.CharField(widget=forms.HiddenInput)
    secret = forms.CharField(widget=forms.PasswordInput)
    mail = forms.EmailField()
    heads = forms.IntegerField(min_value=0)
    yuan = forms.DecimalField(decimal_places=2, localize=True)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    sure = forms.BooleanField()
    file = forms.FileField()
    state = forms.ChoiceField(choices=[("", "—"), (1, 1000), (NASTY, NASTY), ("x", _("投诉"))])
    grouped = forms.ChoiceField(choices=[(NASTY, [("a", "A"), ("b", "B")]), ("c", "C")], disabled=True)
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
    boxes = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    known = forms.NullBooleanField()


SAID = {"words": NASTY, "title": NASTY, "key": "7", "heads": "12345", "yuan": "1234.5", "day": date(2026, 4, 30),
        "sure": "on", "state": NASTY, "grouped": "b", "several": ["a", "b"], "boxes": ["b"]}  # fmt: skip


@pytest.mark.one_database
@pytest.mark.parametrize("said", [None, {}, SAID], ids=["untouched", "empty", "filled"])
def test_each_field_is_as_django_writes_it(said: dict[str, object] | None) -> None:
    ours, theirs = (Everything(said, renderer=renderer()) for renderer in (PlainWidgets, DjangoTemplates))
    for field in ours.fields:
        assert str(ours[field]).split() == str(theirs[field]).split(), field
