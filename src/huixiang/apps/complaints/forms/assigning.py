"""Which complaints of the queue go to whom?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.actions import Doing
from huixiang.apps.complaints.forms.verbs import LONGEST_WORDS, styled
from huixiang.apps.complaints.forms.working import staff_found

MOST_AT_ONCE = 100


class AssignForm(forms.Form):
    """`key` is drawn with the page: sent twice, each case is given once."""

    number = staff_found(_("分派给谁"))
    words = forms.CharField(label=_("说明"), max_length=LONGEST_WORDS, required=False)
    is_confirmed = forms.BooleanField(label=_("不在岗，仍分派"), required=False)
    cases = forms.TypedMultipleChoiceField(coerce=int, widget=forms.MultipleHiddenInput, error_messages={
        "required": _("请在队列里勾选要分派的投诉。")})  # fmt: skip
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, key: str = "") -> None:
        super().__init__(data, initial={"key": key}, auto_id="assign_%s")
        chosen = data.getlist("cases") if data else []
        known = [each for each in chosen[:MOST_AT_ONCE] if each.isdecimal() and len(each) < 19]
        field = self.fields["cases"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(each, each) for each in known]
        styled(self)

    def doing(self) -> Doing:
        said = self.cleaned_data
        return Doing(to=said["number"], words=said["words"], is_confirmed=said["is_confirmed"], key=said["key"])
