"""How are figures, verdicts and drift said on the pages?"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.annotation import values
from huixiang.apps.annotation.models import Drift
from huixiang.apps.annotation.watching import LIMIT

register = template.Library()
MEASURES = {
    "kappa": "κ",
    "macro_f1": gettext_lazy("宏平均 F1"),
    "micro_f1": gettext_lazy("微平均 F1"),
    "accuracy": gettext_lazy("正确率"),
    "overlap": gettext_lazy("平均重合度"),
    "strict_f1": gettext_lazy("严格 F1"),
    "f1_bank": gettext_lazy("银行 F1"),
    "f1_product": gettext_lazy("产品 F1"),
    "f1_aspect": gettext_lazy("评价对象 F1"),
    "f1_opinion": gettext_lazy("评价词 F1"),
}
VERDICTS = {
    "better": gettext_lazy("证明更好"),
    "worse": gettext_lazy("证明更差"),
    "lower": gettext_lazy("更低，但未证明更差"),
    "unproven": gettext_lazy("未证明更好"),
    "unknown": gettext_lazy("无从比较：没有锁定的评价集，或其中的声音太少，或模型训练在锁定之前、可能学过其中的声音。"),
}


@register.simple_tag
def measure(name: str) -> str:
    return str(MEASURES[name])


@register.simple_tag
def figure(found: dict[str, Any]) -> str:
    """0.812 (0.771 … 0.849)."""
    if found["low"] is None:
        return f"{found['value']:.3f}"
    return f"{found['value']:.3f} ({found['low']:.3f} … {found['high']:.3f})"


@register.simple_tag
def verdict_told(name: str) -> str:
    return str(VERDICTS[name])


@register.simple_tag
def told_label(task: str, code: str) -> str:
    return values.told(task, code)


@register.simple_tag
def alpha_told(alpha: Any) -> str:
    told = {"value": f"{alpha.value:.2f}", "low": f"{alpha.low:.2f}", "high": f"{alpha.high:.2f}", "n": alpha.voices}
    if alpha.distance == "masi":
        return _("两人一致性 Krippendorff α = %(value)s（MASI 距离，95%% 区间 %(low)s 至 %(high)s，%(n)s 条）。") % told
    if alpha.distance == "characters":
        told["strict"] = f"{alpha.strict.value:.2f}" if alpha.strict else "—"
        said = _("逐字 Krippendorff α = %(value)s（95%% 区间 %(low)s 至 %(high)s，%(n)s 条），严格 F1 %(strict)s。")
        return said % told
    return _("两人一致性 Krippendorff α = %(value)s（95%% 区间 %(low)s 至 %(high)s，%(n)s 条）。") % told


@register.simple_tag
def drift_told(drift: Drift) -> str:
    """What the last night saw, and that it proves nothing of mistakes."""
    found = drift.found
    if found["verdict"] == "few":
        return _("漂移：近三十天或训练时的声音太少，无从判断。")
    told = {"index": f"{max(found['index'], found['sure_index']):.2f}", "limit": LIMIT, "at": f"{drift.at:%Y-%m-%d}"}
    if found["verdict"] == "moved":
        sentence = _("漂移：近三十天的判断与训练时相差 PSI %(index)s，超过 %(limit)s，且非偶然（%(at)s）。请重新评价。")
        return sentence % told
    return _("漂移：PSI %(index)s，未证明有漂移（界限 %(limit)s，%(at)s）。") % told
