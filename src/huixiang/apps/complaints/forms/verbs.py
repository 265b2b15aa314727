"""What is asked with each verb, and when a complaint is taken down? Only what the table of verbs asks for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.absences import away_among
from huixiang.apps.complaints.actions import Doing
from huixiang.apps.complaints.forms.classes import changed, class_fields
from huixiang.apps.complaints.forms.working import contact_fields, unit_found
from huixiang.apps.complaints.handlers import able
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.packs import pack_of
from huixiang.apps.complaints.reachable import BY_US, ways_to_tell
from huixiang.apps.complaints.reasons import PAUSE_NAMES
from huixiang.domain.complaints.acting import REMEDIES
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.domain.complaints.rules import Refusal
from huixiang.domain.complaints.speaking import HELD, INVALID, MANDATES, SUSPICIONS
from huixiang.domain.complaints.standing import Standing

LONGEST_WORDS = 5000
REMEDY_NAMES = {"review": _("核查"), "mediation": _("调解"), "arbitration": _("仲裁"), "litigation": _("诉讼")}
SERIOUSNESS_NAMES = dict(Case.Seriousness.choices)


def styled(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
            widget.attrs["class"] = "form-check-input"
        elif not isinstance(widget, forms.HiddenInput):
            widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"


class Listed(forms.CharField):
    """Rows by their numbers, parted by commas: a list to choose from would hold the whole bank."""

    def __init__(self, rows: Any, key: str, **options: Any) -> None:
        super().__init__(max_length=400, **options)
        self._rows, self._key = rows, key

    def clean(self, value: Any) -> list[Any]:
        wanted = [each.strip() for each in super().clean(value).replace("，", ",").split(",") if each.strip()]
        found = {getattr(row, self._key): row for row in self._rows.filter(**{f"{self._key}__in": wanted})}
        for each in wanted:
            if each not in found:
                raise ValidationError(_("没有“%(number)s”：请核对。"), params={"number": each})
        return list(found.values())


def accused() -> Listed:
    hint = _("多个用逗号分开。被投诉的员工看不到、也不能办理这件投诉。")
    rows = Staff.objects.filter(is_active=True)
    return Listed(rows, "number", label=_("被投诉的员工（工号）"), required=False, help_text=hint)


class StaffChoice(forms.ModelChoiceField[Staff]):
    """`away` are the absences of the day by whose they are: who is away is told with her deputy."""

    away: Mapping[int, Any] = {}

    def label_from_instance(self, staff: Any) -> str:
        found = self.away.get(staff.pk)
        if found is None:
            return str(staff)
        said = {"who": staff, "until": found.until_on, "deputy": found.deputy}
        return _("%(who)s · 不在岗至 %(until)s，由 %(deputy)s 代班") % said


class DoForm(forms.Form):
    """The form of one verb. `key` is drawn with the page: the same page sent twice is one deed."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, verb: str, case: Case, standing: Standing) -> None:
        super().__init__(data, initial={"key": uuid.uuid4().hex}, auto_id=f"{verb}_%s")
        self.verb, self._case, self._standing = verb, case, standing
        for ask in VERBS[verb].asks:
            self.fields |= getattr(self, f"_ask_{ask}")()
        styled(self)

    def is_sent(self) -> bool:
        """Does the notice leave from here, so that nothing is recorded yet?"""
        return self.cleaned_data.get("medium") in BY_US

    def doing(self) -> Doing:
        """What was said, as the action takes it."""
        said = self.cleaned_data
        fen = int((said.get("yuan") or Decimal(0)) * 100)
        plain = {name: said[name] for name in _PLAIN if said.get(name)}
        other = said.get("other", "") or self._standing.into
        return Doing(
            **plain,
            other=other,
            fen=fen,
            remedies=frozenset(said.get("remedies") or ()),
            accused=tuple(said.get("accused") or ()),
            conflicts=tuple(said.get("conflicts") or ()),
            file={"id": said["file"]} if said.get("file") else {},
            classes=changed(self._case, self.data, said) if "classes" in VERBS[self.verb].asks else {},
        )

    def _ask_words(self) -> dict[str, forms.Field]:
        needed = set(VERBS[self.verb].asks) - {"mentions"} == {"words"} and self.verb not in _NO_WORDS_NEEDED
        label = _("答复内容") if self.verb == "reply" else _("说明")
        widget = forms.Textarea(attrs={"rows": 6 if self.verb == "reply" else 3})
        hint = _HINTS.get(self.verb, _("加密保存，可以写姓名与电话。"))
        return {"words": forms.CharField(label=label, max_length=LONGEST_WORDS, required=needed, widget=widget,
                                         help_text=hint)}  # fmt: skip

    def _ask_told(self) -> dict[str, forms.Field]:
        now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        hint = _("由系统发送的，发出的时刻才算告知，不必填写。")
        return {
            "medium": _choice(_("如何告知"), ways_to_tell(self._case, self.verb), required=False),
            "told_at": forms.DateTimeField(label=_("何时告知投诉人"), required=False, initial=now, widget=_moment(),
                                           help_text=hint),
        }  # fmt: skip

    def _ask_refusal(self) -> dict[str, forms.Field]:
        known = pack_of(self._case.pack).refusals
        field = _choice(_("理由"), {each.code: _in_own_words(each.title, each.english) for each in known})
        field.help_text = "；".join(map(_of_refusal, known))
        return {"reason": field}

    def _ask_reason(self) -> dict[str, forms.Field]:
        known = {reason for clock in pack_of(self._case.pack).clocks for reason in clock.pauses}
        reasons = sorted(self._standing.paused if self.verb == "resume" else known)
        return {"reason": _choice(_("理由"), {each: PAUSE_NAMES.get(each, each) for each in reasons})}

    def _ask_rule(self) -> dict[str, forms.Field]:
        pack = pack_of(self._case.pack)
        titles = {rule.code: _in_own_words(rule.title, rule.english) for rule in pack.rules}
        longer = [each.new for each in pack.extensions if each.old == self._standing.rule]
        return {"rule": _choice(_("延长为"), {code: titles[code] for code in longer})}

    def _ask_to(self) -> dict[str, forms.Field]:
        field = StaffChoice(able(self._case), label=_("由谁办理"))
        field.away = self._away()
        return {"to": field}

    def _ask_unit(self) -> dict[str, forms.Field]:
        return {"unit": unit_found(_("移交给哪个机构"), self._case.unit_id)}

    def _ask_contact(self) -> dict[str, forms.Field]:
        return contact_fields()

    def _ask_file(self) -> dict[str, forms.Field]:
        return {"file": forms.CharField(max_length=40, widget=forms.HiddenInput)}

    def _ask_mentions(self) -> dict[str, forms.Field]:
        return {}

    def _ask_away(self) -> dict[str, forms.Field]:
        """Only where somebody of those it can be given to is away."""
        if not self._away():
            return {}
        return {"is_confirmed": forms.BooleanField(label=_("不在岗，仍分派"), required=False)}

    def _away(self) -> dict[int, Any]:
        return away_among(able(self._case).values_list("pk", flat=True))

    def _ask_case(self) -> dict[str, forms.Field]:
        if self.verb == "split":
            return {}
        label = _("另一件的编号")
        hint = _("并入它，由它继续计时；期限取较早的一件。") if self.verb == "merge" else ""
        return {"other": forms.CharField(label=label, max_length=16, help_text=hint)}

    def _ask_confirmed(self) -> dict[str, forms.Field]:
        label = _("我已核对，两件是同一客户") if self.verb == "tie" else _("两件不是同一客户，我已核对，仍应并案")
        return {"is_confirmed": forms.BooleanField(label=label, required=False)}

    def _ask_mandate(self) -> dict[str, forms.Field]:
        return {"mandate": _choice(_("核对结果"), {code: _in_own_words(*MANDATES[code]) for code in (HELD, INVALID)})}

    def _ask_account(self) -> dict[str, forms.Field]:
        return {"account": forms.CharField(label=_("客户号或账号"), max_length=64, help_text=_("加密保存。"))}

    def _ask_suspicion(self) -> dict[str, forms.Field]:
        choices = {code: _in_own_words(*names) for code, names in SUSPICIONS.items()}
        return {"suspicion": _choice(_("您的判断"), choices)}

    def _ask_fen(self) -> dict[str, forms.Field]:
        return {"yuan": forms.DecimalField(label=_("补偿金额（元）"), min_value=0, max_digits=12, decimal_places=2,
                                           required=False, initial=0)}  # fmt: skip

    def _ask_grounds(self) -> dict[str, forms.Field]:
        return {"names_grounds": forms.BooleanField(label=_("答复写明了核实情况与理由、依据"), required=False)}

    def _ask_remedies(self) -> dict[str, forms.Field]:
        choices = [(code, REMEDY_NAMES[code]) for code in sorted(REMEDIES, key=list(REMEDY_NAMES).index)]
        return {"remedies": forms.MultipleChoiceField(label=_("答复告知了这些途径"), choices=choices, required=False,
                                                      widget=forms.CheckboxSelectMultiple)}  # fmt: skip

    def _ask_seriousness(self) -> dict[str, forms.Field]:
        return {"seriousness": _choice(_("等级"), SERIOUSNESS_NAMES)}

    def _ask_accused(self) -> dict[str, forms.Field]:
        return {"accused": accused()}

    def _ask_conflicts(self) -> dict[str, forms.Field]:
        rows = Unit.objects.filter(closed_on=None)
        return {"conflicts": Listed(rows, "code", label=_("须回避的机构（机构号）"), required=False)}

    def _ask_classes(self) -> dict[str, forms.Field]:
        return class_fields(self._case)


_PLAIN = ("words", "told_at", "medium", "letter", "reason", "rule", "to", "unit", "names_grounds", "seriousness",
          "is_confirmed", "mandate", "account", "suspicion", "direction", "outcome",
          "call_back_at", "key")  # fmt: skip
_HINTS = {
    "note": _("加密保存，可以写姓名与电话。写 @工号 或 @姓名，能看到这件投诉的同事会在“提到我的”里看到。"),
    "hand_over": _("加密保存。写明已办到哪一步、还要办什么：接手的人会先看到它。"),
}
_NO_WORDS_NEEDED = {"acknowledge", "approve_extension", "approve", "confirm", "apply_review", "close", "archive"}


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")


def _choice(label: Any, names: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "—"), *names.items()], required=required)


def _of_refusal(refusal: Refusal) -> str:
    """What is offered instead, whether he must be told, and what nobody has read in the clause."""
    told = f"{_in_own_words(refusal.title, refusal.english)}：{refusal.offers}"
    if not refusal.tells:
        told += gettext("（可以不告知：把告知的时间留空）")
    return told + (f"（⚠ {refusal.unsure}）" if refusal.unsure else "")


def _in_own_words(chinese: str, english: str) -> str:
    return chinese if (get_language() or "zh").startswith("zh") else english
