"""What is asked of who writes rules for voices, and of who decides on a voice that waits?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.forms.working import unit_found

EXAMPLE = """# 空的规则集等于停用。channels 与 risks 写代码；percent 是系统判断的把握（1–100）。
[[rule]]
code = "hotline-fraud"
title = "热线里的诈骗与盗刷"
channels = ["hotline", "website", "suggestion_box"]
risks = ["fraud", "self_harm"]
contact = "known"
then = "register"

[[rule]]
code = "clear-demand"
title = "明确的诉求"
channels = ["website", "app_review", "suggestion_box", "hotline"]
kinds = ["demand"]
percent = 80
then = "propose"
"""


class VoiceRulesForm(forms.Form):
    effective_from = forms.DateField(
        label=_("自何日起用"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("为什么改"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"}))
    text = forms.CharField(
        label=_("规则（TOML）"),
        max_length=20_000,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "class": "form-control font-monospace", "spellcheck": "false"}),
        help_text=_("渠道、类别、风险写代码；先试算，再提交；由另一人批准后，从起用日生效。"),
    )

    @classmethod
    def fresh(cls, text: str | None) -> VoiceRulesForm:
        return cls(initial={"effective_from": timezone.localdate(), "text": EXAMPLE if text is None else text})


class UnitForm(forms.Form):
    """For a voice of no unit: which one takes the complaint? `waiting` tells several forms of one page apart."""

    def __init__(self, data: Any = None, *, waiting: int = 0) -> None:
        super().__init__(data, auto_id=f"%s_{waiting}")
        self.fields["unit"] = unit_found(_("由哪个机构承办"))
        self.fields["unit"].required = False
        self.fields["unit"].help_text = ""
        self.fields["unit"].widget.attrs["placeholder"] = _("写名称或机构号")
        self.fields["unit"].widget.attrs["class"] = "form-control"

    reason = forms.CharField(
        label=_("不转的理由"), max_length=200, required=False, widget=forms.TextInput(attrs={"class": "form-control"})
    )
