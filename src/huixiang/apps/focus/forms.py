"""What do the pages on focus groups ask for? Faults are told kindly, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.access.forms import Day, UnitField, dress
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import findings
from huixiang.apps.focus import outline
from huixiang.apps.focus.actions.planning import MANAGE, MODERATE, MOST_WANTED, Plan, Setting
from huixiang.apps.focus.models import TIERS, Code, Participant, Session, Study, Theme
from huixiang.apps.needs.models import KINDS, Need
from huixiang.channels.contract import Fault
from huixiang.channels.discussion import LARGEST

EXAMPLE = """# 开场 5
- 请大家简单介绍自己，平时怎么和我行打交道？
# 手机银行 30
- 最近一次用手机银行是什么情形？
  * 哪一步最费劲？
- 如果只能改一处，您先改哪里？
# 收尾 5
- 还有什么我们没问到、但您想说的？"""


class StudyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A study; how many of each tier are wanted stands in one field a tier."""

    class Meta:
        model = Study
        fields = ("name", "unit", "purpose", "guide", "contact_days")
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3}), "guide": forms.Textarea(attrs={"rows": 12})}
        help_texts = {
            "guide": gettext_lazy("“# ”写一节（末尾写分钟数），“- ”写问题，“* ”写追问；一行一条。"),
            "contact_days": gettext_lazy("从座谈之日算起；到期由每夜例行删除。"),
        }

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["unit"]
        else:
            self.fields["unit"] = UnitField(label=_("机构"))
            self.fields["unit"].offer(Unit.objects.visible_to(by, MANAGE).filter(closed_on=None))  # type: ignore[attr-defined]
            self.initial.setdefault("guide", EXAMPLE)
        for tier, name in TIERS.items():
            if tier:
                field = forms.IntegerField(
                    label=_("想请%(tier)s客户（人）") % {"tier": name},
                    required=False,
                    min_value=0,
                    max_value=MOST_WANTED,
                )
                self.fields[f"mix_{tier}"] = field
                self.initial.setdefault(f"mix_{tier}", self.instance.mix.get(tier))
        self.order_fields(["name", "unit", "purpose", *(f"mix_{tier}" for tier in TIERS), "contact_days", "guide"])
        dress(self)

    def clean_guide(self) -> str:
        try:
            outline.read(self.cleaned_data["guide"])
        except Fault as fault:
            raise forms.ValidationError(told_fault(fault)) from None
        return str(self.cleaned_data["guide"])

    def plan(self) -> Plan:
        found = self.cleaned_data
        mix = {tier: found[f"mix_{tier}"] or 0 for tier in TIERS if tier}
        return Plan(found["name"], found["purpose"], found["guide"], mix, found["contact_days"])

    def _post_clean(self) -> None:
        """The instance is changed by the verb alone, not by a look at the form."""


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    moderator = forms.CharField(label=gettext_lazy("主持人工号"), required=False, max_length=32)

    class Meta:
        model = Session
        fields = ("held_on", "unit", "place", "subject", "moderator")
        widgets = {"held_on": Day()}
        help_texts = {"subject": gettext_lazy("可不填；导入记录时会从抬头里取。")}

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(label=_("机构"), help_text=_("声音会归到这里。"))
        self.fields["unit"].offer(Unit.objects.visible_to(by, MODERATE).filter(closed_on=None))  # type: ignore[attr-defined]
        made = self.instance
        self.initial["unit"] = made.unit.code if made.pk else None
        self.initial["moderator"] = made.moderator.number if made.pk and made.moderator else ""
        self.fields["held_on"].initial = timezone.localdate
        self.order_fields(self.Meta.fields)
        dress(self)

    def clean_moderator(self) -> Staff | None:
        number = self.cleaned_data["moderator"].strip()
        found = Staff.objects.filter(number=number, is_active=True).first() if number else None
        if number and found is None:
            raise forms.ValidationError(_("没有这个工号，或已停用。"))
        return found

    def setting(self) -> Setting:
        return Setting(**self.cleaned_data)

    def _post_clean(self) -> None:
        """The instance is changed by the verb alone."""


class SeatForm(forms.Form):
    """One more at the table."""

    tier = forms.ChoiceField(label=gettext_lazy("客户等级"), required=False)
    spoken_as = forms.CharField(
        label=gettext_lazy("记录中的称呼"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("如“参与者A”；不要写姓名。"),
    )
    consent = forms.ChoiceField(label=gettext_lazy("同意范围"), required=False, choices=Participant.Consent.choices)
    consented_on = forms.DateField(label=gettext_lazy("同意日期"), required=False, widget=Day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].choices = [("", TIERS[""]), *((k, v) for k, v in TIERS.items() if k)]  # type: ignore[attr-defined]
        dress(self)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("consent") and not found.get("consented_on") and "consented_on" not in self.errors:
            self.add_error("consented_on", _("请填写同意的日期。"))
        return found


class ConsentForm(forms.Form):
    consent = forms.ChoiceField(label=gettext_lazy("同意范围"), choices=Participant.Consent.choices[1:])
    consented_on = forms.DateField(label=gettext_lazy("同意日期"), widget=Day())

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"consent": participant.consent, "consented_on": participant.consented_on})
        super().__init__(*args, **kwargs)
        dress(self)


class ContactForm(forms.Form):
    contact = forms.CharField(
        label=gettext_lazy("联系方式"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("加密保存，到期删除；留空保存即删除。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class RecordForm(forms.Form):
    """A transcript to read."""

    file = forms.FileField(
        label=gettext_lazy("座谈记录"), help_text=gettext_lazy(".docx、.txt 或 .vtt；每句写成“参与者A：……”。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".docx,.txt,.vtt,.srt"
        dress(self)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 %(most)s MiB；请一场座谈一个文件。") % {"most": LARGEST >> 20})
        return file


class CodersForm(forms.Form):
    first = forms.CharField(label=gettext_lazy("编码员一（工号）"), max_length=32)
    second = forms.CharField(label=gettext_lazy("编码员二（工号）"), max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class CodeForm(forms.Form):
    """A matter of the tree, or a word of the study's own."""

    topic = forms.ChoiceField(label=gettext_lazy("取自分类树"), required=False)
    name = forms.CharField(label=gettext_lazy("或自拟名称"), required=False, max_length=60)
    definition = forms.CharField(label=gettext_lazy("定义"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = [(code, name) for code, name in findings.choices("taxonomy") if "." in code]
        self.fields["topic"].choices = [("", _("（不取）")), *tree]  # type: ignore[attr-defined]
        dress(self)


class ThemeForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    definition = forms.CharField(
        label=gettext_lazy("定义"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    codes = forms.ModelMultipleChoiceField(
        label=gettext_lazy("代码"), queryset=Code.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, study: Study, theme: Theme | None = None, **kwargs: Any) -> None:
        if theme:
            told = {
                "name": theme.name,
                "definition": theme.definition,
                "codes": [each.pk for each in theme.codes.all()],
            }
            kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)
        self.fields["codes"].queryset = study.codes.living()  # type: ignore[attr-defined]
        dress(self)


class LinkForm(forms.Form):
    """An existing need, or none: then a new one of this kind is proposed."""

    need = forms.ModelChoiceField(
        label=gettext_lazy("需求"),
        queryset=Need.objects.none(),
        required=False,
        empty_label=gettext_lazy("（提出新需求）"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("新需求的性质"), choices=list(KINDS.items()))

    def __init__(self, *args: Any, by: Staff, theme: Theme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if theme.need_id:  # one theme proposes one need
            del self.fields["kind"]
            self.fields["need"].required = True
            self.fields["need"].empty_label = _("请选择")  # type: ignore[attr-defined]
            self.initial["need"] = theme.need_id
        open_ones = Need.objects.visible_to(by, "need.manage").exclude(state__in=["merged", "rejected"])
        self.fields["need"].queryset = open_ones  # type: ignore[attr-defined]
        dress(self)


def whole(text: str) -> int | None:
    """A row's number out of a form; None for what is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else None
