"""What is asked when a letter is written, and when head office writes a new text or a unit's head?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints.drafting import drafted, text_of
from huixiang.apps.complaints.forms.verbs import LONGEST_WORDS, DoForm, styled
from huixiang.apps.complaints.models import Case
from huixiang.domain.complaints.acting import REMEDIES
from huixiang.domain.complaints.letters import LONGEST_BODY, LONGEST_TITLE
from huixiang.domain.complaints.standing import Standing


class LetterForm(DoForm):
    """The verb's form with its letter: the draft to be edited, and by which version of the text it was made."""

    letter = forms.CharField(max_length=24, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, verb: str, case: Case, standing: Standing, reason: str = "") -> None:
        super().__init__(data, verb=verb, case=case, standing=standing)
        words, self.text = drafted(case, verb, reason=reason)
        hint = _("〔请填写：…〕处须写完；{投诉人} 在发出时换成姓名，没有查看权限的人只看到“投诉人”。加密保存。")
        self.fields["words"] = forms.CharField(
            label=_("正文"), max_length=LONGEST_WORDS, help_text=hint,
            widget=forms.Textarea(attrs={"rows": 18, "class": "form-control"}),
        )  # fmt: skip
        self.order_fields(["words", "reason"])
        own = {"words": words, "letter": self.text.version, "remedies": sorted(REMEDIES), "reason": reason}
        self.initial = {**self.initial, **own}


class TemplateForm(forms.Form):
    """A new version of one text, from a day on."""

    title = forms.CharField(label=_("标题"), max_length=LONGEST_TITLE)
    body = forms.CharField(label=_("正文"), max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 18}))
    effective_from = forms.DateField(label=_("自何日起用"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any = None, *, kind: str) -> None:
        text, today = text_of(kind, timezone.localdate()), timezone.localdate()
        super().__init__(data, initial={"title": text.title, "body": text.body, "effective_from": f"{today}"})
        styled(self)


class LetterheadForm(forms.Form):
    """Where a unit can be reached, for the foot of its letters."""

    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), to_field_name="code", label=_("机构号"),
                                  widget=forms.TextInput)  # fmt: skip
    address = forms.CharField(label=_("地址"), max_length=120, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=40, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="head_%s")
        styled(self)
