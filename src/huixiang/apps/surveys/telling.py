"""How are the differences between two versions told?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.surveys.names import KINDS, language_name, sentence
from huixiang.domain.surveys.changes import Change
from huixiang.domain.surveys.plain import condition_from
from huixiang.domain.surveys.questionnaire import Kind, Questionnaire, worded

FIELDS = {
    "": "", "title": gettext_lazy("标题"), "welcome": gettext_lazy("开头的话"), "thanks": gettext_lazy("致谢"),
    "languages": gettext_lazy("语言"), "order": gettext_lazy("次序"), "wording": gettext_lazy("文字"),
    "help": gettext_lazy("说明"), "kind": gettext_lazy("题型"), "is_required": gettext_lazy("必答"),
    "shown_if": gettext_lazy("显示条件"), "choices": gettext_lazy("选项"), "rows": gettext_lazy("行"),
    "is_shuffled": gettext_lazy("随机排序"), "least": gettext_lazy("最少"), "most": gettext_lazy("最多"),
    "aspect": gettext_lazy("衡量的方面"), "name": gettext_lazy("名称"), "limit": gettext_lazy("上限"),
    "when": gettext_lazy("条件"), "after": gettext_lazy("起点"), "to": gettext_lazy("跳到"),
    "questions": gettext_lazy("题目"), "code": gettext_lazy("代号"),
}  # fmt: skip
DEEDS = {"added": gettext_lazy("新增"), "removed": gettext_lazy("删去"), "changed": gettext_lazy("改动")}


@dataclass(frozen=True, slots=True)
class ToldChange:
    deed: str
    word: str
    where: str
    field: str
    before: str
    after: str


def told_changes(found: Iterable[Change], before: Questionnaire, after: Questionnaire) -> list[ToldChange]:
    """Each change as a person reads it."""
    return [_told(change, before, after) for change in found]


def _told(change: Change, before: Questionnaire, after: Questionnaire) -> ToldChange:
    side = before if change.deed == "removed" else after
    return ToldChange(
        change.deed,
        str(DEEDS[change.deed]),
        _where(change, side),
        str(FIELDS.get(change.field, change.field)),
        _value(change.field, change.before, before),
        _value(change.field, change.after, after),
    )


def _where(change: Change, questionnaire: Questionnaire) -> str:
    names = {
        "question": _("问题"),
        "section": _("页"),
        "skip": _("跳转"),
        "quota": _("配额要求"),
        "questionnaire": _("这份问卷"),
    }
    return f"{names[change.kind]} {change.place}".strip() if questionnaire else change.place


def _value(field: str, value: Any, questionnaire: Questionnaire) -> str:
    if value is not None and field == "kind":
        return str(KINDS[Kind(value)])
    if value is not None and field in ("shown_if", "when"):
        return sentence(condition_from(value, field), questionnaire)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dict):
        return _words(value, questionnaire)
    if isinstance(value, list):
        return "\n".join(_listed(field, each) for each in value)
    return "" if value is None else str(value)


def _words(value: dict[str, Any], questionnaire: Questionnaire) -> str:
    """A wording in its languages, or of a whole place the words it is known by."""
    if "wording" in value:
        return worded(value["wording"], questionnaire.languages[0])
    if all(isinstance(words, str) for words in value.values()) and not value.keys() & {"after", "to", "name"}:
        only = len(value) == 1
        return "\n".join(words if only else f"{language_name(code)} · {words}" for code, words in value.items())
    return str(value.get("name") or value.get("to") or "")


def _listed(field: str, each: Any) -> str:
    if isinstance(each, dict):
        return f"{each.get('code', '')} = {'；'.join(each.get('wording', {}).values())}"
    return language_name(each) if field == "languages" else str(each)
