"""What does a source's form ask for? Where, as whom, how often, and what its voices count as."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.forms import UnitField, dress
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.sources.actions import Wanted
from huixiang.apps.sources.models import LONGEST, SHORTEST, Source

HIDDEN = {"autocomplete": "off", "spellcheck": "false"}


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    secret = forms.CharField(
        label=_("密码或授权码"),
        required=False,
        strip=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={**HIDDEN, "autocomplete": "new-password"}),
        help_text=_("加密保存，之后不再显示。多数邮箱要用“客户端授权码”，不是登录密码。"),
    )
    branch = UnitField(
        label=_("默认机构"), required=False, help_text=_("来的声音都归到这里；要由总行统一分派的可不选。")
    )

    class Meta:
        model = Source
        fields = (
            "name", "kind", "address", "account", "secret", "folder", "after", "every_minutes",
            "channel", "branch", "product", "receipts",
        )  # fmt: skip
        help_texts = {
            "address": _("如 imaps://mail.bank.example 或 https://news.example/feed。只能填管理员允许的主机。"),
            "account": _("邮箱的完整地址；订阅源一般不用填。"),
            "folder": _("只用于邮箱；不填就是收件箱 INBOX。"),
            "after": _("只用于邮箱，并且在入库之后；以前收取过的也一起标。信从不删除。"),
            "receipts": _(
                "新到两天之内的来信，自动回一封带查询码的信；自动回复、群发、退信、本行地址和对本行来信的回复从不回，同一位客户一天最多一封。"
                "渠道不保存联系方式时不发。"
            ),
            "every_minutes": _("失败时会自动放慢，最长 12 小时。"),
        }

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("branch", None)
        if self.instance.branch:
            self.initial["branch"] = self.instance.branch.code
        reach = Unit.objects.visible_to(by, "source.manage").filter(closed_on=None)
        self.fields["branch"].offer(reach)  # type: ignore[attr-defined]
        self.fields["branch"].empty_label = _("不指定")  # type: ignore[attr-defined]
        self.fields["channel"] = forms.ChoiceField(label=_("渠道"), choices=list(CHANNELS.items()), initial="website")
        self.fields["every_minutes"].widget.attrs |= {"min": SHORTEST, "max": LONGEST}
        self.fields["kind"].choices = Source.Kind.choices  # type: ignore[attr-defined]
        self.fields["address"].widget.attrs |= HIDDEN | {"list": "hosts"}
        self.fields["account"].widget.attrs |= HIDDEN
        if self.instance.sealed:
            self.fields["secret"].help_text = _("已保存；不填就不变。地址、账号或文件夹改了时要重新填写。")
        self.order_fields(self.Meta.fields)
        dress(self)

    @property
    def hosts(self) -> list[str]:
        """What the administrator allows, offered while one types."""
        return list(settings.SOURCES)

    def wanted(self) -> Wanted:
        found = dict(self.cleaned_data)
        secret = found.pop("secret")
        return Wanted(**found, secret=secret or None)

    def _post_clean(self) -> None:
        """The instance is changed by the verb alone, not by a look at the form."""
