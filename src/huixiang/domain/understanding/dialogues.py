"""What may be kept of a dialogue? What one side says tells what the other is asked for, and a name comes up again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from huixiang.domain.understanding.dictated import masked_digits
from huixiang.domain.understanding.masking import MARKS, mask_parts

# The answer to such a question is a name, with nothing beside it that would tell so.
_ASKED = re.compile(
    "(?:姓名|名字|全名|怎么称呼|如何称呼|贵姓|您叫什么|户名)[^。！!]{0,8}[?？吗呢么]|(?:报|说|告诉我)一?下?[^。]{0,6}(?:姓名|名字)"
)
_ANSWER = re.compile(
    "(?:嗯+|啊|哦|好的?|对)?[，,、 ]?(?:我的?(?:名字|姓名)?(?:是|叫)?|免贵姓?|姓名是?|名字是?|户名是?|叫|是)?"
    "(?P<name>[\u4e00-\u9fff·]{2,4}?|[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})(?:的|啊|呀)?[。，,.！! ]*"
)
_NO_NAMES = frozenset(
    [
        "不用",
        "不用了",
        "不想说",
        "不方便",
        "不知道",
        "没有",
        "什么",
        "怎么",
        "为什么",
        "干什么",
        "好的",
        "可以",
        "不是",
        "是的",
        "等等",
        "等一下",
        "稍等",
        "你说",
        "您说",
        "先生",
        "女士",
        "姓王",
        "匿名",
    ]
)
_LONG_ENOUGH = 2  # characters: a family name alone stands in half of all words


def masked_turns(texts: Sequence[str], sides: Sequence[str]) -> list[str]:
    """The turns of a dialogue in order, with who speaks, masked as one.

    A name that was said stands masked wherever it is repeated; digits that are dictated, in whatever pieces.
    """
    masked, names = mask_parts(masked_digits([" ".join(text.splitlines()) for text in texts], sides))
    for place in range(1, len(masked)):
        if _ASKED.search(masked[place - 1]) and (answer := _ANSWER.fullmatch(masked[place].strip())):
            names.add(answer["name"])
    known = sorted(
        (name for name in names if len(name) >= _LONG_ENOUGH and name not in _NO_NAMES), key=len, reverse=True
    )
    if not known:
        return masked
    again = re.compile("|".join(map(re.escape, known)))
    return [again.sub(MARKS["name"], text) for text in masked]
