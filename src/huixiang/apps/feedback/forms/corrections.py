"""What did the machine misunderstand? A person's correction of one voice, checked before it is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import findings
from huixiang.apps.feedback.actions.corrections import held
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.feedback.names import KINDS, SENTIMENTS
from huixiang.lake.questions import Voice


class CorrectionForm(forms.Form):
    """Shows what is held true now; what is changed is a correction, and so is confirming the sentiment."""

    sentiment = forms.ChoiceField(label=_("情感"), choices=list(SENTIMENTS.items()), required=False)
    kind = forms.ChoiceField(label=_("性质"), choices=[("", "—"), *KINDS.items()], required=False)
    topics = forms.MultipleChoiceField(
        label=_("事项"), required=False, help_text=_("可选多项：按住 Ctrl（苹果电脑按 ⌘）再点。")
    )
    branch = forms.ChoiceField(label=_("机构"), required=False)
    product = forms.CharField(label=_("产品"), max_length=80, required=False)
    note = forms.CharField(
        label=_("说明"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("为什么更正；请勿填写客户的个人信息。"),
    )

    def __init__(self, data: Any = None, *, voice: Voice, reach: Reach) -> None:
        # The unit last: after it the voice may be out of reach.
        self.held = {name: held(voice, name) for name in ("sentiment", "kind", "topics", "product", "branch")}
        initial = self.held | {"topics": list(voice.topics)}
        super().__init__(data, initial=initial, auto_id="correct_%s")
        topics = self.fields["topics"]
        assert isinstance(topics, forms.MultipleChoiceField)
        topics.choices = findings.choices("taxonomy")
        branch = self.fields["branch"]
        assert isinstance(branch, forms.ChoiceField)
        # Taking a voice away from every unit is for those who see the whole bank.
        nowhere = [("", _("未归属到机构"))] if reach.codes is None or not voice.branch else []
        branch.choices = [*nowhere, *reach.choices(voice.branch or "")]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def changes(self) -> list[tuple[str, str]]:
        """(field, new value) of all that differs from what is held true."""
        if "confirm" in self.data:
            return [("sentiment", self.held["sentiment"])]
        found = self.cleaned_data | {"topics": ",".join(self.cleaned_data.get("topics", []))}
        return [(name, found[name]) for name, held in self.held.items() if name in found and found[name] != held]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.changes():
            raise ValidationError(_("没有任何改动：请先选择正确的情感、机构或产品。"))
        return cleaned
