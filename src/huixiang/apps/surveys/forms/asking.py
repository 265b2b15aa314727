"""What does a person fill in for one question, one page, one quota?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.forms import dress
from huixiang.apps.surveys.names import KINDS
from huixiang.domain.surveys.checking import CODE
from huixiang.domain.surveys.lines import from_lines, to_lines
from huixiang.domain.surveys.questionnaire import Kind, Question, Section, Wording

CHOSEN = (Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX, Kind.RANK)
COUNTED = (Kind.MULTIPLE, Kind.RANK, Kind.TEXT)
LONG = {"rows": 2, "maxlength": 2000}
PIPING = _("要引用前面的答案，写 {{q1}}；没答时的字写在竖线后：{{q1|…}}。")


class QuestionForm(forms.Form):
    """The fields that its kind needs, and no others."""

    words = forms.CharField(
        label=_("问题"), required=False, widget=forms.Textarea(attrs=LONG), max_length=2000, help_text=PIPING
    )
    help = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs=LONG), max_length=2000)
    kind = forms.ChoiceField(label=_("题型"), choices=[(str(kind), name) for kind, name in KINDS.items()])
    rows = forms.CharField(
        label=_("行（要评价的各项）"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("一行一个。等号前的代号可以不写，会自动编。"),
    )  # fmt: skip
    choices = forms.CharField(
        label=_("选项"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("一行一个。等号前的代号可以不写。行末可加 [可填写]、[互斥]（“都没有”）、[固定]（随机时不动）。"),
    )  # fmt: skip
    least = forms.IntegerField(label=_("最少"), required=False, min_value=0, max_value=2000)
    most = forms.IntegerField(label=_("最多"), required=False, min_value=0, max_value=2000)
    is_required = forms.BooleanField(label=_("必答"), required=False)
    is_shuffled = forms.BooleanField(
        label=_("选项随机排序"), required=False, help_text=_("每位客户看到的次序不同，“其他”等仍在最后。")
    )
    aspect = forms.CharField(
        label=_("衡量的方面"), required=False, max_length=40,
        help_text=_("如“等候”“态度”：结果里的关键驱动分析用这个名字；可不填。"),
    )  # fmt: skip
    code = forms.CharField(label=_("题目代号"), max_length=40, help_text=_("出现在导出文件的列名里，如 q1、nps。"))

    def __init__(self, *args: Any, question: Question, language: str, taken: set[str], **kwargs: Any) -> None:
        self.question, self.language, self.taken = question, language, taken
        kwargs["initial"] = {
            "words": question.wording.get(language, ""),
            "help": question.help.get(language, ""),
            "kind": str(question.kind),
            "rows": to_lines(question.rows, language),
            "choices": to_lines(question.choices, language),
            "least": question.least,
            "most": question.most,
            **{name: getattr(question, name) for name in ("is_required", "is_shuffled", "aspect", "code")},
        }
        super().__init__(*args, **kwargs)
        self._fit(question.kind)
        _boxed(self)
        dress(self)

    def _fit(self, kind: Kind) -> None:
        unfit = {"rows"} if kind is not Kind.MATRIX else set()
        unfit |= {"choices", "is_shuffled"} if kind not in CHOSEN else set()
        unfit |= {"least"} if kind not in COUNTED else set()
        unfit |= {"most"} if kind in (Kind.NPS, Kind.SINGLE, Kind.MATRIX, Kind.DATE) else set()
        for name in unfit:
            del self.fields[name]
        if kind in (Kind.CSAT, Kind.CES):
            self.fields["most"].label = _("最高分")
            self.fields["most"].help_text = _("0 表示常用的：满意度 5 分，省力度 7 分。")
        elif kind is Kind.TEXT:
            self.fields["least"].label, self.fields["most"].label = _("最少字数"), _("最多字数（0 不限）")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if code != self.question.code and not CODE.fullmatch(code):
            raise forms.ValidationError(_("用字母开头，只含字母、数字和下划线"))
        if code != self.question.code and code in self.taken:
            raise forms.ValidationError(_("这个代号已经用了"))
        return code

    def made(self) -> Question:
        """The question as it was filled in; what the form did not show stays as it was."""
        found, former = self.cleaned_data, self.question
        kept = ("code", "is_required", "is_shuffled", "aspect")
        given: dict[str, Any] = {name: found[name] for name in kept if name in self.fields}
        given |= {name: found[name] or 0 for name in ("least", "most") if name in self.fields}
        for name, letter in (("choices", "c"), ("rows", "r")):
            if name in self.fields:
                given[name] = from_lines(found[name], self.language, getattr(former, name), letter)
        return replace(
            former,
            kind=Kind(found["kind"]),
            wording=said(former.wording, self.language, found["words"]),
            help=said(former.help, self.language, found["help"]),
            **given,
        )


class SectionForm(forms.Form):
    words = forms.CharField(
        label=_("页的标题"), required=False, max_length=200, help_text=_("写在这一页的上方；可不填。")
    )
    is_shuffled = forms.BooleanField(
        label=_("题目随机排序"), required=False, help_text=_("每位客户看到的题目次序不同；看前面答案的题目仍在后面。")
    )

    def __init__(self, *args: Any, section: Section, language: str, **kwargs: Any) -> None:
        self.section, self.language = section, language
        kwargs["initial"] = {"words": section.wording.get(language, ""), "is_shuffled": section.is_shuffled}
        super().__init__(*args, **kwargs)
        _boxed(self)
        dress(self)

    def made(self) -> Section:
        found = self.cleaned_data
        wording = said(self.section.wording, self.language, found["words"])
        return replace(self.section, wording=wording, is_shuffled=found["is_shuffled"])


class QuotaForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("如“金卡客户”。"))
    limit = forms.IntegerField(
        label=_("收到多少份为止"),
        min_value=1,
        max_value=1_000_000,
        help_text=_("满了以后，符合的客户会看到致谢，不再作答。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


def _boxed(form: forms.Form) -> None:
    for field in form.fields.values():
        if isinstance(field.widget, forms.CheckboxInput):
            field.widget.attrs["class"] = "form-check-input"


def said(wording: Wording, language: str, words: str) -> dict[str, str]:
    """The wording with these words in this language."""
    rest = {other: text for other, text in wording.items() if other != language}
    return {language: words.strip(), **rest} if words.strip() else rest
