"""How is agreement said on the pages, and how far the coding of an utterance is?"""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from huixiang.apps.feedback import findings
from huixiang.apps.focus.exports import STANDINGS
from huixiang.apps.focus.models import Session
from huixiang.domain.coding import FEWEST, FEWEST_TALKS, Agreed, Standing, Unknown

register = template.Library()
RELIABLE, TENTATIVE = 0.8, 0.667
COLOURS = {
    Session.State.PLANNED: "",
    Session.State.HELD: "bg-blue-lt",
    Session.State.CODING: "bg-yellow-lt",
    Session.State.DONE: "bg-green-lt",
}


@register.filter
def session_colour(session: Session) -> str:
    return COLOURS[Session.State(session.state)]


@register.filter
def standing_told(standing: Standing) -> str:
    return str(STANDINGS[standing])


@register.filter
def agreement_told(found: Agreed) -> str:
    """With its interval, or that the talks are too few for one; else why there is no figure at all."""
    if found.value is None:
        if found.why is Unknown.SAME:
            return _("两人处处给出同一个值，没有什么可以分辨，α 无从计算。")
        few = {"of": found.of, "fewest": FEWEST}
        return _("两人都编过的发言只有 %(of)s 句，不足 %(fewest)s 句，不给数字。") % few
    told: dict[str, object] = {"value": f"{found.value:.2f}", "of": found.of, "talks": found.talks}
    if found.interval is None:
        told["fewest"] = FEWEST_TALKS
        lacking = _("Krippendorff α = %(value)s（MASI 距离，%(of)s 句，%(talks)s 场）；不足 %(fewest)s 场，不给区间。")
        flat = _("Krippendorff α = %(value)s（MASI 距离，%(of)s 句，%(talks)s 场）；抽去一场就无从计算，不给区间。")
        return (lacking if found.talks < FEWEST_TALKS else flat) % told
    told |= {"low": f"{found.interval.low:.2f}", "high": f"{found.interval.high:.2f}"}
    return _("Krippendorff α = %(value)s（MASI 距离，95%% 区间 %(low)s 至 %(high)s，%(of)s 句，%(talks)s 场）。") % told


@register.filter
def agreement_verdict(found: Agreed) -> str:
    """What may be built upon it, in a word (Krippendorff 2004: 0.8, and 0.667 for what is tentative)."""
    if found.value is None:
        return ""
    if found.value >= RELIABLE:
        return _("可靠。")
    return _("勉强可用，结论要谨慎。") if found.value >= TENTATIVE else _("偏低，只能作线索。")


@register.filter
def topic_path(code: str) -> str:
    """Where a topic stands in the tree, in the reader's language."""
    return findings.path(code)


@register.filter
def alpha_short(found: Agreed) -> str:
    if found.value is None:
        return _("不足") if found.why is Unknown.FEW else "—"
    ends = f" ({found.interval.low:.2f} ~ {found.interval.high:.2f})" if found.interval else ""
    return f"{found.value:.2f}{ends}".replace("-", "−")


@register.filter
def among(number: int, numbers: object) -> bool:
    """Is it one of them? None: nothing was said yet."""
    return number in numbers if isinstance(numbers, set | frozenset | list) else False
