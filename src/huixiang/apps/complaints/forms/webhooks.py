"""What is asked when another system is to be told of complaints, and when its messages are to be sent again?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.actions.webhooks import Wanted
from huixiang.apps.complaints.forms.verbs import styled
from huixiang.apps.complaints.models import Webhook
from huixiang.apps.complaints.models.webhooks import LONGEST_NAME, LONGEST_URL
from huixiang.domain.complaints.lifecycle import VERBS


class WebhookForm(forms.Form):
    """Whom to tell, and of what."""

    name = forms.CharField(label=_("系统名称"), max_length=LONGEST_NAME, help_text=_("例：客户关系管理系统"))
    url = forms.CharField(label=_("接收地址"), max_length=LONGEST_URL,
                          help_text=_("以 https:// 开头；主机须先由系统管理员写进 HUIXIANG_WEBHOOKS。"))  # fmt: skip
    verbs = forms.MultipleChoiceField(label=_("推送哪些事件"), required=False, help_text=_("一个也不选，就是全部。"),
                                      widget=forms.CheckboxSelectMultiple)  # fmt: skip

    def __init__(self, data: Any = None, *, hook: Webhook | None = None) -> None:
        initial = {name: getattr(hook, name) for name in ("name", "url", "verbs")} if hook else {}
        super().__init__(data, initial=initial, auto_id="hook_%s")
        field = self.fields["verbs"]
        assert isinstance(field, forms.MultipleChoiceField)
        is_english = (get_language() or "").startswith("en")
        field.choices = [(code, verb.english if is_english else verb.title) for code, verb in VERBS.items()]
        styled(self)

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(said["name"], said["url"], tuple(said["verbs"]))


class SpanForm(forms.Form):
    """From when to when."""

    since = forms.DateTimeField(label=_("从"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    until = forms.DateTimeField(label=_("到"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="span_%s")
        styled(self)
