"""What is asked of whoever draws a round, words it, or keeps its list?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.forms import Day, UnitField, dress
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys.actions.rounds import LONGEST_MAIL, LONGEST_SMS, Wording
from huixiang.apps.surveys.drawing import Plan, rest
from huixiang.apps.surveys.models import Round, Survey
from huixiang.domain.surveys.sampling import Rule, needed

STRATA = {
    "unit": _("按机构"),
    "tier": _("按客户等级"),
    "unit tier": _("按机构和客户等级"),
    "": _("不分层"),
}
AMOUNTS = {
    "share": _("每层抽一定比例"),
    "size": _("一共抽多少人"),
    "precision": _("按想要的精度计算"),
}
LARGEST_FILE = 30 << 20


class RoundForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("如：十一月到访客户。"))
    since = forms.DateField(label=_("到访日期从"), widget=Day())
    until = forms.DateField(label=_("到"), widget=Day())
    medium = forms.ChoiceField(label=_("发送方式"), choices=Round.By.choices)
    strata = forms.ChoiceField(label=_("分层"), choices=list(STRATA.items()), required=False, initial="unit")
    amount = forms.ChoiceField(label=_("抽多少"), choices=list(AMOUNTS.items()), initial="share")
    share = forms.FloatField(label=_("比例（%）"), required=False, min_value=0.1, max_value=100, initial=20)
    size = forms.IntegerField(label=_("人数"), required=False, min_value=1, max_value=200_000)
    half_width = forms.FloatField(
        label=_("误差不超过（±百分点）"),
        required=False,
        min_value=0.5,
        max_value=50,
        initial=5,
        help_text=_("95% 把握下，一个比例与全体客户相差不超过这么多。"),
    )
    answering = forms.FloatField(label=_("预计作答率（%）"), required=False, min_value=0.5, max_value=100, initial=20)
    least = forms.IntegerField(label=_("每层至少"), required=False, min_value=0, max_value=10_000, initial=0)
    is_even = forms.BooleanField(
        label=_("各层抽同样多"), required=False, help_text=_("小网点也能单独评价；结果按各层客户数加权。")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"since": today - timedelta(days=30), "until": today})
        self.fields["is_even"].widget.attrs["class"] = "form-check-input"
        dress(self)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted = {"share": ("share",), "size": ("size",), "precision": ("half_width", "answering")}
        for name in wanted.get(given.get("amount", ""), ()):
            if name not in self.errors and not given.get(name):
                self.add_error(name, _("请填写。"))
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", _("结束日期早于开始日期。"))
        return given

    def plan(self, eligible: int = 0) -> Plan:
        """`eligible`: how many customers may be asked, for the calculation by precision."""
        given = self.cleaned_data
        share = given["share"] / 100 if given["amount"] == "share" else None
        size = given["size"] if given["amount"] == "size" else None
        if given["amount"] == "precision":
            size = max(1, needed(given["half_width"] / 100, eligible, given["answering"] / 100))
        rule = Rule(tuple(given["strata"].split()), share, size, given["is_even"], given["least"] or 0, rest())
        return Plan(given["since"], given["until"], rule, given["medium"])

    def whole(self) -> Plan:
        """Everybody who may be asked."""
        given = self.cleaned_data
        rule = Rule(tuple(given["strata"].split()), share=1.0, rest=rest())
        return Plan(given["since"], given["until"], rule, given["medium"])


class WordingForm(forms.Form):
    sms = forms.CharField(label=_("短信"), max_length=LONGEST_SMS, widget=forms.Textarea(attrs={"rows": 3}))
    subject = forms.CharField(label=_("邮件标题"), max_length=120)
    mail = forms.CharField(
        label=_("邮件正文"), max_length=LONGEST_MAIL, strip=False, widget=forms.Textarea(attrs={"rows": 9})
    )
    remind_after = forms.IntegerField(
        label=_("几天后提醒没有作答的客户"), min_value=0, max_value=60, help_text=_("0 为不提醒。")
    )
    remind_most = forms.IntegerField(label=_("最多提醒几次"), min_value=1, max_value=3)

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        kept = {**round_.texts, "remind_after": round_.remind_after, "remind_most": round_.remind_most}
        super().__init__(*args, **kwargs)
        self.initial.update(kept)
        dress(self)

    def wording(self) -> Wording:
        return Wording(**{**self.cleaned_data, "mail": self.cleaned_data["mail"].replace("\r\n", "\n")})


class FrameForm(forms.Form):
    file = forms.FileField(
        label=_("客户名单（CSV 或 XLSX）"),
        help_text=_("要有客户号、机构号、到访日期；可有客户等级、手机、邮箱、不愿接受调查、经办人。"),
    )
    mapping = forms.CharField(
        label=_("列的对应（可不填）"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_('列名不同时写，如：[frame] 换行 customer = "CIF"'),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx,.jsonl"
        dress(self)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("文件太大，最多 30 MB；请分成几份。"))
        return file


class LeaveOutForm(forms.Form):
    customer = forms.CharField(label=_("客户号"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    reason = forms.CharField(label=_("为什么不问"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class OptOutForm(forms.Form):
    customer = forms.CharField(label=_("客户号"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class HandForm(OptOutForm):
    """For which customer, at which unit?"""

    unit = UnitField(label=_("机构"))

    def __init__(self, *args: Any, survey: Survey, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = Unit.objects.visible_to(by, "survey.send").filter(path__startswith=survey.unit.path, closed_on=None)
        self.fields["unit"].offer(reach)  # type: ignore[attr-defined]
        if reach.count() == 1:
            self.initial["unit"] = reach.get().code
        dress(self)
