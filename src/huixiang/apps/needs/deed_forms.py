"""What does a person write for customers to read what was done? One form, prefilled from need and decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.forms.filters import Reach
from huixiang.apps.intake.models import PostBox
from huixiang.apps.needs.actions import Telling
from huixiang.apps.needs.forms import Styled
from huixiang.apps.needs.models import LONGEST_DID, LONGEST_DID_EN, LONGEST_SAID, LONGEST_SAID_EN, Decision, Deed, Need


class DeedForm(Styled):
    """Its day is left to a person: neither today nor the day of the decision is when it was done."""

    said = forms.CharField(
        label=_("您说"),
        max_length=LONGEST_SAID,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("用概括的说法，不照抄任何一位客户的话，也不写个人信息。"),
    )
    did = forms.CharField(
        label=_("我们做"),
        max_length=LONGEST_DID,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只写已经做完的事，用客户看得懂的话；不写“已解决”“明显改善”：有没有用，由客户以后说。"),
    )
    said_en = forms.CharField(
        label=_("您说（英文，可不填）"),
        max_length=LONGEST_SAID_EN,
        required=False,
        widget=forms.Textarea({"rows": 2, "lang": "en"}),
        help_text=_("给看英文页面的客户；不填就照样列中文，并注明只有中文。"),
    )
    did_en = forms.CharField(
        label=_("我们做（英文，可不填）"),
        max_length=LONGEST_DID_EN,
        required=False,
        widget=forms.Textarea({"rows": 3, "lang": "en"}),
    )
    done_on = forms.DateField(
        label=_("做完的日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不是决定的日期；不能晚于今天。"),
    )
    unit = forms.ChoiceField(label=_("给哪里的客户看"), required=False)

    def __init__(self, data: Any = None, *, staff: Staff, need: Need, deed: Deed | None = None) -> None:
        super().__init__(data, auto_id="deed_%s", initial=_kept(deed) if deed else _first_words(need))
        if deed:
            del self.fields["unit"]
            return
        reach = Reach(staff, "need.decide")
        everywhere = [("", _("全行"))] if reach.codes is None else []
        own = need.unit.code if need.unit else ""
        below = [each for each in reach.choices(own) if each[0] != _root(reach)]
        self.offer("unit", [*everywhere, *below])
        self.initial.setdefault("unit", own if own in reach.by_code else "")

    def telling(self) -> Telling:
        chosen = self.cleaned_data
        english = {"said_en": chosen["said_en"], "did_en": chosen["did_en"]}
        return Telling(chosen["said"], chosen["did"], chosen["done_on"], chosen.get("unit", ""), **english)


class PosterForm(Styled):
    """At which box shall it hang?"""

    box = forms.ChoiceField(label=_("意见箱"))

    def __init__(self, data: Any = None, *, staff: Staff) -> None:
        super().__init__(data, auto_id="poster_%s")
        boxes = PostBox.objects.visible_to(staff).open() if "box.manage" in staff.rights else PostBox.objects.none()
        named = [(box.slug, box.name) for box in boxes]
        self.offer("box", named)
        self.has_any = bool(named)


def _kept(deed: Deed) -> dict[str, Any]:
    return {name: getattr(deed, name) for name in ("said", "did", "said_en", "did_en", "done_on")}


def _first_words(need: Need) -> dict[str, Any]:
    """Its wording and what was decided; what does not fit is for a person to shorten."""
    made = need.decisions.exclude(kind=Decision.Kind.NONE).first()
    return {"said": (need.statement or need.name)[:LONGEST_SAID], "did": made.title[:LONGEST_DID] if made else ""}


def _root(reach: Reach) -> str:
    return next((unit.code for unit in reach.units if unit.parent_id is None), "")
