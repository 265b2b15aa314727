"""What is asked when a standard is written: field by field, or as its file; and what goes wrong, at the right field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Unit
from huixiang.apps.access.rights import ROLE_NAMES
from huixiang.apps.access.sentences import told
from huixiang.apps.standards import names
from huixiang.domain.standards.catalogue import MEASURES
from huixiang.domain.standards.reading import LONGEST
from huixiang.domain.standards.saying import BadStandard

BLANK = ("", "—")
# Where a mistake of the file stands in the form.
_FIELDS = {
    "owner": "post",
    "owner.unit": "unit",
    "owner.post": "post",
    "measure.code": "measure",
    "measure.target": "target",
    "measure.tolerance": "tolerance",
    "measure.parameters": "parameters",
    "clock": "clock",
    "clock.amount": "clock_amount",
    "appraisal.line": "line",
    "appraisal.weight": "line_weight",
    "checklist.points": "items",
}


def _date(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _words(label: Any, rows: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=20_000 if rows > 3 else 500, widget=widget, **more)


def _number(label: Any, **more: Any) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=0, required=False, **more)


class StandardForm(forms.Form):
    """Every key of the file as a field; what the file would refuse is told at its field."""

    code = _words(_("代码"), help_text=_("小写字母、数字和连字符；定下后不再改"))
    title = _words(_("名称"))
    english = _words(_("英文名称"))
    governs = forms.ChoiceField(label=_("管什么"), choices=list(names.GOVERNS.items()))
    effective_from = _date(_("起期"))
    effective_until = _date(_("止期"), required=False, help_text=_("留空：直到下一版"))
    weight = _number(_("权重"), help_text=_("现行标准合计 100"))
    post = forms.ChoiceField(label=_("责任岗位"), required=False, choices=[BLANK, *ROLE_NAMES.items()])
    unit = _words(_("责任机构（机构号）"), required=False)
    source = _words(_("来源"), 2)
    trust = forms.ChoiceField(label=_("来源的把握"), choices=list(names.TRUSTS.items()))
    note = _words(_("说明"), 2, required=False)
    branch_kinds = _words(_("适用网点类型"), required=False, help_text=_("代码，逗号分开；留空是全部"))
    services = _words(_("适用业务"), required=False, help_text=_("代码，如 cash, card；留空是全部"))
    tiers = _words(_("适用客户"), required=False, help_text=_("代码，如 priority；留空是全部"))
    hours = _words(_("适用时段"), required=False, help_text=_("如 09:00-12:00, 14:00-17:00；留空是全天"))
    measure = forms.ChoiceField(label=_("指标"), required=False)
    target = _number(_("目标"), help_text=_("按指标的单位；占比写百分数"))
    tolerance = _number(_("容差"), help_text=_("差这么多以内算“接近”"))
    parameters = _words(_("指标参数"), required=False, help_text=_("如 minutes = 30"))
    clock = forms.ChoiceField(label=_("投诉计时"), required=False, choices=[BLANK, *names.CLOCKS.items()])
    clock_amount = forms.IntegerField(label=_("计时目标"), min_value=1, required=False)
    clock_unit = forms.ChoiceField(label=_("计时单位"), required=False, choices=list(names.CLOCK_UNITS.items()))
    line = _words(_("考核项目"), required=False)
    line_weight = _number(_("在考核项目里的权重"))
    taught_by = _words(_("课程"), required=False, help_text=_("课程代码，逗号分开"))
    items = _words(_("检查表"), 6, required=False, help_text=_("一行一项：分值 | 内容 | 英文 | 拍照；不拍照的不写末栏"))

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, is_known: bool = False) -> None:
        super().__init__(data, auto_id="standard_%s", initial=initial)
        chosen = self.fields["measure"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [BLANK, *((each.code, f"{names.called(each)} · {each.code}") for each in MEASURES.values())]
        if is_known:
            self.fields["code"].widget.attrs["readonly"] = True
        _styled(self)

    def clean_unit(self) -> str:
        code = str(self.cleaned_data.get("unit", "")).strip()
        if code and not Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(_("没有机构号“%(code)s”。"), params={"code": code})
        return code

    def refuse(self, bad: BadStandard) -> None:
        """Each mistake at its field."""
        for each in bad.mistakes:
            head = each.key.partition("[")[0].removeprefix("scope.")
            field = _FIELDS.get(each.key) or ("items" if head.startswith("checklist") else head)
            words = told(each.message, each.params)
            self.add_error(field if field in self.fields else None, words)

    def sections(self) -> list[tuple[Any, list[Any]]]:
        """The fields in groups, as the page shows them."""
        return [(title, [self[name] for name in fields.split()]) for title, fields in _SECTIONS]


_SECTIONS = (
    (_("是什么"), "code title english governs effective_from effective_until source trust note"),
    (_("谁负责"), "post unit"),
    (_("对谁适用"), "branch_kinds services tiers hours"),
    (_("怎样算做到"), "measure target tolerance parameters weight"),
    (_("带动什么"), "clock clock_amount clock_unit line line_weight taught_by items"),
)


class TextForm(forms.Form):
    """The same, as the file itself."""

    text = forms.CharField(
        label=_("标准的 TOML 文件"), max_length=LONGEST, strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "form-control font-monospace"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, auto_id="toml_%s", initial=initial)


class BringForm(forms.Form):
    file = forms.FileField(label=_("zip 或 TOML 文件"), help_text=_("一份标准一个 .toml 文件，打成一个 zip"))

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="bring_%s")
        _styled(self)


class ReturnForm(forms.Form):
    words = forms.CharField(label=_("退回的理由"), max_length=500)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="return_%s")
        _styled(self)


def _styled(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"


class UnitsFilter(forms.Form):
    """Of which month, and which verdict alone? Without a month: the last whole one."""

    month = forms.ChoiceField(label=_("月份"), required=False)
    verdict = forms.ChoiceField(label=_("结论"), required=False)

    def __init__(self, data: Any, *, months: list[str], verdicts: list[tuple[str, Any]]) -> None:
        super().__init__({"month": months[1], **{name: value for name, value in data.items() if value}})
        self.fields["month"].choices = [(month, month) for month in months]  # type: ignore[attr-defined]
        self.fields["verdict"].choices = [("", _("全部")), *verdicts]  # type: ignore[attr-defined]
        for name in ("month", "verdict"):
            self.fields[name].widget.attrs["class"] = "form-select"


class ScorecardFilter(forms.Form):
    """Of which unit, which month? Without: the highest in reach, the last whole month."""

    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    month = forms.ChoiceField(label=_("月份"), required=False)

    def __init__(self, data: Any, *, months: list[str]) -> None:
        super().__init__({"month": months[1], **{name: value for name, value in data.items() if value}})
        self.fields["month"].choices = [(month, month) for month in months]  # type: ignore[attr-defined]
        self.fields["month"].widget.attrs["class"] = "form-select"
