"""What do people say about needs? The filter of the library, and one form a verb, checked before the verb is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import findings
from huixiang.apps.feedback.faults import told_fault
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.needs.actions import Ruling, Wording, may
from huixiang.apps.needs.evidence import Group, Kept, group, harmless, rule
from huixiang.apps.needs.lifecycle import HEARD, OPEN, STATES
from huixiang.apps.needs.models import (
    KINDS,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_STATEMENT,
    Decision,
    Need,
    NeedQuerySet,
)
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.normal import normalise

MINE, NOBODY = "~mine", "~nobody"  # no staff number looks like them
STILL_OPEN, ALL = "~open", "~all"


class Styled(forms.Form):
    """Fields look as on every page."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **{"auto_id": "need_%s"} | options)
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                select = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if select else "form-control"

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class NeedFilter(Styled):
    q = forms.CharField(label=_("搜索"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False)
    kind = forms.ChoiceField(label=_("性质"), required=False)
    topic = forms.ChoiceField(label=_("事项"), required=False)
    owner = forms.ChoiceField(label=_("负责人"), required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        self.staff = staff
        several = {"": _("现行需求"), STILL_OPEN: _("尚未办结")}
        self.offer("state", [*several.items(), *STATES.items(), (ALL, _("全部状态"))])
        self.offer("kind", [("", _("全部性质")), *KINDS.items()])
        self.offer("topic", [("", _("全部事项")), *findings.choices("taxonomy")])
        owners = Staff.objects.filter(pk__in=self.visible().exclude(owner=None).values("owner"))
        named = [(person.number, person.name) for person in owners]
        self.offer("owner", [("", _("不限")), (MINE, _("我负责的")), (NOBODY, _("无人负责的")), *named])

    def visible(self) -> NeedQuerySet:
        return Need.objects.visible_to(self.staff)

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].replace("\x00", " ").split())

    def needs(self) -> NeedQuerySet:
        """Those chosen. A filter with faults shows nothing rather than something else than was asked."""
        if not self.is_valid():
            return Need.objects.none()
        chosen = self.cleaned_data
        found = self.visible().about(normalise(chosen["q"]).split())
        if chosen["state"] != ALL:
            groups = {"": HEARD, STILL_OPEN: OPEN}
            found = found.filter(state__in=groups.get(chosen["state"], {chosen["state"]}))
        if chosen["kind"]:
            found = found.filter(kind=chosen["kind"])
        if chosen["owner"]:
            wanted: dict[str, dict[str, Any]] = {MINE: {"owner": self.staff}, NOBODY: {"owner": None}}
            found = found.filter(**wanted.get(chosen["owner"], {"owner__number": chosen["owner"]}))
        return found.on_topics(findings.below("taxonomy", chosen["topic"])) if chosen["topic"] else found

    @property
    def is_narrowed(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())


class NoteForm(Styled):
    note = forms.CharField(
        label=_("说明"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会留在经过里；请勿填写客户的个人信息。"),
    )

    def given(self) -> dict[str, Any]:
        """The verb's arguments."""
        return {"note": self.cleaned_data["note"]}


class ReasonForm(NoteForm):
    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["note"].required = True
        self.fields["note"].label = _("理由")


class DescribedForm(Styled):
    name = forms.CharField(label=_("需求名称"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=_("性质"), choices=list(KINDS.items()))
    statement = forms.CharField(
        label=_("客户的说法"),
        max_length=LONGEST_STATEMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("用客户的话概括，不要照抄某一条声音，也不要写个人信息。"),
    )

    def given(self) -> dict[str, Any]:
        return {"wording": Wording(*(self.cleaned_data[name] for name in ("name", "kind", "statement")))}


class ChosenForm(DescribedForm):
    """With the choice of voices: topics of the taxonomy, words, or both."""

    topics = forms.MultipleChoiceField(
        label=_("事项"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("可选多项：按住 Ctrl（苹果电脑按 ⌘）再点。"),
    )
    terms = forms.CharField(
        label=_("词语"),
        required=False,
        max_length=400,
        help_text=_("用空格分开，说到任何一个即可，如：闪退 打不开"),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.offer("topics", findings.choices("taxonomy"))

    def clean_terms(self) -> list[str]:
        terms = str(self.cleaned_data["terms"]).replace("\x00", " ").split()
        try:
            harmless(terms)
        except Fault as fault:
            raise ValidationError(told_fault(fault)) from fault
        return terms

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "terms" in cleaned and not cleaned.get("topics") and not cleaned["terms"]:
            self.add_error("terms", _("请至少选择一个事项，或写一个词"))
        return cleaned

    def group(self) -> Group:
        return group(self.cleaned_data["topics"], self.cleaned_data["terms"])


class NewForm(ChosenForm):
    both = forms.BooleanField(label=_("须同时说到所选事项与词语之一"), required=False)
    unit = forms.ChoiceField(label=_("提出的机构"), required=False)

    def __init__(self, data: Any = None, *, staff: Staff, **options: Any) -> None:
        super().__init__(data, **options)
        reach = Reach(staff, "need.manage")
        everywhere = [("", _("全行"))] if reach.codes is None else []
        self.offer("unit", [*everywhere, *reach.choices(str((data or {}).get("unit", "")))])

    def rules(self) -> list[Kept]:
        topics, terms = self.cleaned_data["topics"], self.cleaned_data["terms"]
        if topics and terms and self.cleaned_data["both"]:
            return [rule(group(topics), group(terms=terms), kinds=KINDS)]
        return [rule(self.group(), kinds=KINDS)]

    def given(self) -> dict[str, Any]:
        return super().given() | {"rules": self.rules(), "unit": self.cleaned_data["unit"]}


class SplitForm(ChosenForm):
    def given(self) -> dict[str, Any]:
        return super().given() | {"off": self.group()}


class MergeForm(NoteForm):
    into = forms.TypedChoiceField(label=_("并入"), coerce=int)
    field_order = ("into", "note")

    def __init__(self, data: Any = None, *, need: Need, staff: Staff, **options: Any) -> None:
        super().__init__(data, **options)
        others = Need.objects.visible_to(staff).filter(state__in=OPEN).exclude(pk=need.pk).select_related("unit")
        self.offer("into", [(str(each.pk), each.name) for each in others if may(staff, "merge", each)])

    def given(self) -> dict[str, Any]:
        return super().given() | {"into": self.cleaned_data["into"]}


class OwnerForm(Styled):
    number = forms.CharField(
        label=_("负责人工号"), max_length=32, required=False, help_text=_("须看得到这个需求；留空表示无人负责。")
    )

    def given(self) -> dict[str, Any]:
        return {"number": self.cleaned_data["number"]}


class DecisionForm(Styled):
    kind = forms.ChoiceField(label=_("决定"), choices=Decision.Kind.choices)
    title = forms.CharField(label=_("内容"), max_length=200)
    reference = forms.CharField(label=_("文号或编号"), max_length=120, required=False)
    url = forms.URLField(label=_("链接"), max_length=500, required=False, assume_scheme="https")
    decided_on = forms.DateField(
        label=_("决定日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )

    def given(self) -> dict[str, Any]:
        return {"ruling": Ruling(**self.cleaned_data)}


Maker = Callable[[Any, Need, Staff], Styled]
FORMS: dict[str, Maker] = {
    "confirm": lambda data, need, staff: NoteForm(data),
    "reject": lambda data, need, staff: ReasonForm(data),
    "reopen": lambda data, need, staff: ReasonForm(data),
    "meet": lambda data, need, staff: ReasonForm(data),
    "rename": lambda data, need, staff: DescribedForm(
        data, initial={"name": need.name, "kind": need.kind, "statement": need.statement}
    ),
    "assign": lambda data, need, staff: OwnerForm(
        data, initial={"number": need.owner.number if need.owner else staff.number}
    ),
    "merge": lambda data, need, staff: MergeForm(data, need=need, staff=staff),
    "split": lambda data, need, staff: SplitForm(data, initial={"kind": need.kind}),
    "decide": lambda data, need, staff: DecisionForm(data),
}
