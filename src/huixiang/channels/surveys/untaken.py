"""What else does a LimeSurvey survey do that ours does not? Each is told, so that no customer is the first to notice.

Cosmetics (widths, colours, print layout) are not told: nothing that is asked changes with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from huixiang.channels.contract import marked

# A brace that a space follows is plain text to LimeSurvey; {{q1}} is ours.
_EXPRESSION = re.compile(r"(?<!\{)\{[^\s{}][^{}]*\}(?!\})")
_OFF = {"", "0", "N", "no"}
_FILTER = marked("只列出前题选过的选项（array_filter）没有导入，现在全部列出；请改用显示条件")
_RULE = marked("答案的校验规则没有导入，现在什么都能填；请在“说明”里写明要求")
_COUNT = marked("选几项的下限或上限是算式，没有导入；请改在“最少”“最多”里填写")
_AROUND = marked("填写栏前后的字（prefix、suffix）没有导入；需要时写进“说明”")
_PICTURE = re.compile(r"<(?:img|video|audio|iframe|object|embed)\b", re.I)
_LINK = re.compile(r"<a\s[^>]*\bhref\s*=", re.I)
_LIMITS = marked("数值或日期的上下限没有导入；请在“说明”里写明要求")
_ATTRIBUTES = {
    "array_filter": _FILTER,
    "array_filter_exclude": _FILTER,
    "em_validation_q": _RULE,
    "em_validation_sq": _RULE,
    "numbers_only": _RULE,
    "other_numbers_only": _RULE,
    **dict.fromkeys(
        ("min_num_value", "max_num_value", "min_num_value_n", "max_num_value_n", "equals_num_value", "date_min",
         "date_max"),
        _LIMITS,
    ),
    "prefix": _AROUND,
    "suffix": _AROUND,
    "other_comment_mandatory": marked("选“其他”时必须填写没有导入；需要时在后面加一道必答的文字题"),
    "time_limit": marked("答题限时没有导入；本系统不限时"),
}  # fmt: skip

_COUNTS = ("min_answers", "max_answers", "max_subquestions", "maximum_chars")


def of_question(
    cells: Mapping[str, str], attributes: Mapping[str, str], conditions_of_parts: Iterable[str], *, has_default: bool
) -> Iterator[str]:
    """Why, of each thing that this question does over there, in words that say what to do."""
    told = [why for name, why in _ATTRIBUTES.items() if attributes.get(name, "").strip() not in _OFF]
    if any(not re.fullmatch(r"\d*", attributes.get(name, "").strip()) for name in _COUNTS):
        told.append(_COUNT)
    if cells.get("preg", "").strip():
        told.append(_RULE)
    if cells.get("mandatory") == "S":
        told.append(marked("在原问卷里没答只提醒一次，导入后是必答；不要的话请取消“必答”"))
    if any(condition.strip() not in ("", "1") for condition in conditions_of_parts):
        told.append(marked("某些选项或行的显示条件没有导入，现在总是显示；请核对"))
    if has_default:
        told.append(marked("预先填好的答案没有导入：预填会引导客户"))
    yield from dict.fromkeys(told)


def embedded(words: str) -> list[str]:
    """Why something in these words did not come along: only text is taken over, nothing that is fetched or pressed."""
    found = [(_PICTURE, marked("文字里的图片、视频没有导入；请改用文字说明"))]
    found.append((_LINK, marked("文字里的链接只导入了文字，没有网址；需要时把网址写出来")))
    return [why for sign, why in found if sign.search(words)]


def expressions(words: str) -> list[str]:
    """LimeSurvey's expressions that would be shown to customers as they stand."""
    return _EXPRESSION.findall(words)
