"""Which feature shall customers think of, with it and without?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.domain.surveys.kano_pairs import LONGEST_FEATURE
from huixiang.domain.surveys.questionnaire import Wording

ENGLISH = "en"


class FeatureForm(forms.Form):
    """The feature's name in the questionnaire's first language, and in English where it is asked in English too."""

    feature = forms.CharField(
        label=_("服务或功能的名称"),
        max_length=LONGEST_FEATURE,
        error_messages={"required": _("请写明问的是哪项服务或功能，如：网上取号。")},
    )
    feature_en = forms.CharField(label=_("英文名称"), max_length=LONGEST_FEATURE, required=False)

    def __init__(self, data: Any, *, languages: Sequence[str]) -> None:
        super().__init__(data)
        self._first = languages[0]
        if ENGLISH not in languages[1:]:
            del self.fields["feature_en"]

    def named(self) -> Wording:
        english = self.cleaned_data.get("feature_en", "")
        return {self._first: self.cleaned_data["feature"]} | ({ENGLISH: english} if english else {})
