"""What does a person fill in for a survey as a whole?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.forms import UnitField, dress
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys.actions import Terms
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.names import LANGUAGES
from huixiang.apps.surveys.starting import EMPTY, STARTS

LARGEST = 8 << 20  # bytes of a file


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Survey
        fields = ("name", "is_anonymous", "is_public", "retention_days")
        help_texts = {
            "name": _("行内用的名字；客户看到的标题另写。"),
            "is_anonymous": _("谁也无法把答案与客户对上，银行自己也不能。发布后不能再改。"),
            "is_public": _("印成二维码或发链接，谁都可以答；不选就只有受邀的客户能答。"),
            "retention_days": _("邀请用的联系方式保存多久。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("is_anonymous", "is_public"):
            self.fields[name].widget.attrs["class"] = "form-check-input"
        dress(self)

    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in SurveyForm.Meta.fields})

    def _post_clean(self) -> None:
        """The instance is changed by the verb alone, not by a look at the form."""


class NewSurveyForm(SurveyForm):
    unit = UnitField(label=_("机构"))
    start = forms.ChoiceField(
        label=_("从哪里开始"), choices=[(name, title) for name, title, _about in STARTS], initial=EMPTY, required=False
    )
    file = forms.FileField(
        label=_("或导入文件"), required=False,
        help_text=_("本系统的 JSON，或 LimeSurvey 的 .lss、.lsq；不能照搬的会逐条列出。最大 8 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.lss,.lsq,.xml"}),
    )  # fmt: skip
    field_order = ("name", "unit", "start", "file", "is_anonymous", "is_public", "retention_days")

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(Unit.objects.visible_to(by, "survey.manage").filter(closed_on=None))  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 8 MB；问卷的结构不会这么大，请检查是否选错了"))
        return file


class WordsForm(forms.Form):
    """Title, welcome and thanks in the first language; which languages there are."""

    title = forms.CharField(label=_("写给客户看的标题"), max_length=200, required=False)
    welcome = forms.CharField(
        label=_("开头的话"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("为什么问、要几分钟、答案给谁看。"),
    )  # fmt: skip
    thanks = forms.CharField(label=_("致谢"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    languages = forms.MultipleChoiceField(
        label=_("其他语言"), required=False, choices=list(LANGUAGES.items()), widget=forms.CheckboxSelectMultiple,
        help_text=_("客户可以自己选；译文在“译文”里并排填写。去掉一种语言，它的译文也会删去。"),
    )  # fmt: skip

    def __init__(self, *args: Any, first: str, others: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {**LANGUAGES, **{code: code for code in others if code not in LANGUAGES}}
        self.fields["languages"].choices = [pair for pair in known.items() if pair[0] != first]  # type: ignore[attr-defined]
        dress(self)
