"""What is asked when a complaint is taken down? Nothing that the bank already holds where the customer is known."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.absences import stood_for
from huixiang.apps.complaints.actions import Identity, Person, Receipt
from huixiang.apps.complaints.forms.verbs import accused, styled
from huixiang.apps.complaints.forms.working import SeveralFiles
from huixiang.apps.complaints.models import Case, CaseQuerySet, OldNumber, Party
from huixiang.apps.complaints.models.cases import LONGEST_TEXT, LONGEST_TITLE
from huixiang.domain.complaints.lifecycle import REGISTER
from huixiang.domain.complaints.states import NAMES, OPEN

_PERSON = ("name", "phone", "mail", "id_number", "address", "customer_number")
_SPEAKS = {Case.Kind.LEGAL: Party.Role.LEGAL, Case.Kind.AGENT: Party.Role.AGENT, Case.Kind.HEIR: Party.Role.HEIR,
           Case.Kind.GROUP: Party.Role.REPRESENTATIVE}  # fmt: skip


class RegisterForm(forms.Form):
    """A call, a visit or a letter. `key` is drawn with the page: sent twice, it is one complaint."""

    way = forms.ChoiceField(label=_("来源"), choices=Case.Way.choices)
    received_at = forms.DateTimeField(label=_("收到时间"), required=False, help_text=_("不填即现在。期限自次日起算。"),
                                      widget=forms.DateTimeInput(attrs={"type": "datetime-local"},
                                                                 format="%Y-%m-%dT%H:%M"))  # fmt: skip
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("承办机构"))
    title = forms.CharField(label=_("一句话说明"), max_length=LONGEST_TITLE)
    text = forms.CharField(label=_("事情经过"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}),
                           help_text=_("姓名、电话、卡号会自动隐去；请填在下面的联系方式里。"))  # fmt: skip
    demand = forms.CharField(label=_("投诉请求"), max_length=1000, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    complainant = forms.ChoiceField(label=_("由谁提出"), choices=Case.Kind.choices)
    heads = forms.IntegerField(label=_("人数"), min_value=1, max_value=100_000, initial=1, required=False,
                               help_text=_("多人共同投诉时填写；20 人以上当面提出即为重大。"))  # fmt: skip
    customer_number = forms.CharField(label=_("客户号"), max_length=64, required=False,
                                      help_text=_("行内已有的客户填客户号即可，其余不必再问。"))  # fmt: skip
    name = forms.CharField(label=_("姓名"), max_length=60, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    mail = forms.CharField(label=_("电子邮件"), max_length=120, required=False)
    id_number = forms.CharField(label=_("证件号码"), max_length=40, required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    speaker = forms.CharField(label=_("代理人或代表的姓名"), max_length=60, required=False,
                              help_text=_("多名代表用逗号分开，最多 5 名。"))  # fmt: skip
    enclosed = SeveralFiles(label=_("附件（照片、录音、文件）"), required=False,
                            help_text=_("原样加密保存；内容会检查。可以一次选几个。"))  # fmt: skip
    speaker_phone = forms.CharField(label=_("代理人的电话"), max_length=40, required=False)
    speaker_id = forms.CharField(label=_("代理人的证件号码"), max_length=40, required=False)
    has_mandate = forms.BooleanField(
        label=_("已收授权委托书原件（或监护、继承关系证明）"),
        required=False,
        help_text=_("还没有收到的也可登记：先请其补交，核对后才能受理；期限照常。"),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, files: Any = None, *, by: Staff, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, files, initial={"key": uuid.uuid4().hex} | (initial or {}), auto_id="complaint_%s")
        units = Unit.objects.visible_to(by, REGISTER).filter(closed_on=None)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["accused"] = accused()
        styled(self)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        speaks = said.get("complainant") in {Case.Kind.LEGAL, Case.Kind.AGENT, Case.Kind.HEIR}
        if speaks and not said.get("speaker"):
            raise ValidationError(_("请写代理人的姓名；没有授权的，可登记后不予受理并告知。"))
        return said

    def receipt(self, voices: tuple[str, ...] = (), risks: tuple[str, ...] = (), customer: str = "") -> Receipt:
        said = self.cleaned_data
        return Receipt(
            way=said["way"],
            unit=said["unit"],
            title=said["title"],
            text=said["text"],
            demand=said["demand"],
            received_at=said["received_at"],
            complainant=said["complainant"],
            heads=said["heads"] or 1,
            people=tuple(self._people()),
            accused=tuple(said["accused"]),
            customer=customer,
            voices=voices,
            risks=risks,
            has_mandate=said["has_mandate"],
            key=said["key"],
        )

    def _people(self) -> list[Person]:
        said = self.cleaned_data
        if said["complainant"] == Case.Kind.ANONYMOUS:
            return []
        own = Person(Party.Role.COMPLAINANT, Identity(**{name: said[name] for name in _PERSON}))
        role = _SPEAKS.get(said["complainant"])
        names = [name.strip() for name in said["speaker"].replace("，", ",").split(",") if name.strip()]
        ways = {"phone": said["speaker_phone"], "id_number": said["speaker_id"]} if len(names) == 1 else {}
        return [own, *(Person(role, Identity(name=name, **ways)) for name in names if role)]


class QueueForm(forms.Form):
    """Which cases are shown? With faults none, rather than others than were asked for."""

    whose = forms.ChoiceField(label=_("谁办理"), required=False,
                              choices=[("", _("我的机构")), ("mine", _("我办理的")),
                                       ("nobody", _("未分派"))])  # fmt: skip
    state = forms.ChoiceField(label=_("状态"), required=False)
    only = forms.ChoiceField(label=_("只看"), required=False,
                             choices=[("", _("全部在办")), ("late", _("已过期限")), ("soon", _("三日内到期")),
                                      ("major", _("重大")), ("call_back", _("今天要回电")),
                                      ("ended", _("已结束"))])  # fmt: skip
    number = forms.CharField(label=_("编号"), max_length=60, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="queue_%s")
        field, spoken = self.fields["state"], int((get_language() or "zh").startswith("en"))
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *((state.value, NAMES[state][spoken]) for state in NAMES if state in OPEN)]
        styled(self)

    @property
    def asks_for_ended(self) -> bool:
        return self.is_valid() and self.cleaned_data["only"] == "ended"

    def narrowed(self, rows: CaseQuerySet, by: Staff) -> CaseQuerySet:
        if not self.is_valid():
            return rows.none()
        said = self.cleaned_data
        if said["number"]:
            number = said["number"].strip()
            # Asked before: beside a question of its own within, PostgreSQL would read every case for the other half.
            old = list(OldNumber.objects.filter(number=number).values_list("case_id", flat=True))
            return rows.filter(Q(number=number) | Q(pk__in=old))
        rows = rows.filter(is_open=False) if said["only"] == "ended" else rows.open()
        rows = rows.filter(state=said["state"]) if said["state"] else rows
        rows = _of(rows, said["whose"], by)
        today = timezone.localdate()
        if said["only"] == "late":
            return rows.due_before(today)
        if said["only"] == "soon":
            return rows.due_before(today + timedelta(days=4), since=today)
        if said["only"] == "call_back":
            return rows.to_call_back()
        return rows.filter(seriousness=Case.Seriousness.MAJOR) if said["only"] == "major" else rows


def _of(rows: CaseQuerySet, whose: str, by: Staff) -> CaseQuerySet:
    if whose == "mine":
        return rows.filter(handler__in=[by, *stood_for(by)])
    return rows.filter(handler=None) if whose == "nobody" else rows
