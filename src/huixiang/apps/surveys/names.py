"""How are kinds, comparisons and languages called on pages?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import Kind, Questionnaire, worded

KINDS: dict[Kind, str | Promise] = {
    Kind.NPS: _("推荐意愿（NPS，0–10）"),
    Kind.CSAT: _("满意度（CSAT）"),
    Kind.CES: _("省力度（CES）"),
    Kind.SINGLE: _("单选"),
    Kind.MULTIPLE: _("多选"),
    Kind.MATRIX: _("矩阵"),
    Kind.RANK: _("排序"),
    Kind.TEXT: _("文字"),
    Kind.DATE: _("日期"),
}
OPERATORS: dict[Operator, str | Promise] = {
    Operator.IS: _("是"),
    Operator.IS_NOT: _("不是"),
    Operator.ONE_OF: _("是其中之一"),
    Operator.INCLUDES: _("选了"),
    Operator.AT_LEAST: _("至少（≥）"),
    Operator.AT_MOST: _("至多（≤）"),
    Operator.ANSWERED: _("回答了"),
    Operator.UNANSWERED: _("没有回答"),
}
# As each language calls itself; others are called by their code.
LANGUAGES = {
    "zh": "中文", "en": "English", "ug": "ئۇيغۇرچە", "bo": "བོད་སྐད་", "mn": "Монгол", "kk": "Қазақша", "za": "Vahcuengh",
    "ja": "日本語", "ko": "한국어", "ru": "Русский", "fr": "Français", "de": "Deutsch", "es": "Español",
    "vi": "Tiếng Việt", "th": "ไทย", "ar": "العربية", "pt": "Português", "zh-hant": "繁體中文",
}  # fmt: skip


def language_name(code: str) -> str:
    return LANGUAGES.get(code, code)


def reading() -> str:
    """In which language does the reader of this page see a survey's own words? Where it lacks them, in its first."""
    return (get_language() or "zh").partition("-")[0]


def sentence(condition: Condition | None, questionnaire: Questionnaire) -> str:
    """The condition as one reads it: (“这次办成了吗”是“办成了”) 且 …"""
    match condition:
        case None:
            return ""
        case All(parts):
            return str(_(" 且 ")).join(_bracketed(part, questionnaire) for part in parts)
        case Some(parts):
            return str(_(" 或 ")).join(_bracketed(part, questionnaire) for part in parts)
        case Not(part):
            return str(_("不满足（%(part)s）")) % {"part": sentence(part, questionnaire)}
        case Compare():
            return _compared(condition, questionnaire)


def _bracketed(part: Condition, questionnaire: Questionnaire) -> str:
    told = sentence(part, questionnaire)
    return told if isinstance(part, Compare) else f"（{told}）"


def _compared(compare: Compare, questionnaire: Questionnaire) -> str:
    first = questionnaire.languages[0]
    try:
        question = questionnaire.question(compare.question)
    except KeyError:
        return f"“{compare.question}”{OPERATORS[compare.operator]}“{compare.value}”"
    words = {choice.code: worded(choice.wording, first) for choice in (*question.choices, *question.rows)}
    row = f"·{words.get(compare.row, compare.row)}" if compare.row else ""
    subject = heading(question, questionnaire, first)[:24] + row
    values = compare.value if isinstance(compare.value, tuple) else (compare.value,)
    if compare.operator in (Operator.ANSWERED, Operator.UNANSWERED):
        return f"“{subject}”{OPERATORS[compare.operator]}"
    told = "、".join(words.get(str(value), str(value)) for value in values)
    return f"“{subject}”{OPERATORS[compare.operator]}“{told}”"
