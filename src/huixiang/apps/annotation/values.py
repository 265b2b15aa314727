"""How is it written what people say of a voice? One word of a few, or for topics several codes in a fixed order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from huixiang.apps.annotation.models import Task
from huixiang.apps.feedback import findings
from huixiang.apps.feedback.actions.corrections import MOST_TOPICS
from huixiang.apps.feedback.models import LONGEST_VALUE
from huixiang.apps.feedback.names import KINDS, SENTIMENTS
from huixiang.channels.contract import Fault

UNSURE = "unsure"  # as it comes from outside; kept as an empty value
NONE = "-"  # she looked, and it speaks of none of the topics
_NAMES: dict[str, Any] = {Task.SENTIMENT.value: SENTIMENTS, Task.KIND.value: KINDS}


def known(task: str) -> tuple[str, ...]:
    """Which words or codes can be said? For topics those that the bank's tree holds today."""
    return tuple(code for code, _name in findings.choices("taxonomy")) if task == Task.TOPICS else tuple(_NAMES[task])


def valid(task: str, value: str) -> str:
    """As it is kept; "" for not knowing. Raises Fault for what cannot be said."""
    if value == UNSURE:
        return ""
    codes = sorted({code.strip() for code in value.split(",")}) if task == Task.TOPICS and value != NONE else [value]
    if task == Task.TOPICS and value == NONE:
        return NONE
    if strange := [code for code in codes if code not in known(task)]:
        raise _strange(task, strange[0])
    if len(codes) > MOST_TOPICS or len(",".join(codes)) > LONGEST_VALUE:
        raise Fault("一条声音最多 %(most)s 个事项", most=MOST_TOPICS)
    return joined(codes)


def _strange(task: str, code: str) -> Fault:
    if task == Task.TOPICS:
        return Fault("分类树里没有“%(code)s”", code=code[:40])
    return Fault("没有“%(label)s”这个标签；应为 %(known)s", label=code[:40], known="、".join(known(task)))


def joined(codes: Iterable[str]) -> str:
    """Topics in one fixed order, so that equal ones are written alike. What stands above another says nothing more."""
    every = sorted(set(codes))
    return ",".join(c for c in every if not any(each.startswith(f"{c}.") for each in every)) or NONE


def codes(value: str) -> frozenset[str]:
    """The topics that a kept value names."""
    return frozenset() if value in ("", NONE) else frozenset(value.split(","))


def standing(value: str, known: Collection[str]) -> str:
    """Topics that the tree still holds; "" where it holds none of them, which is not to say that there was none."""
    left = codes(value) & set(known)
    return joined(left) if left or value == NONE else ""


def told(task: str, value: str) -> str:
    """In words, for a page."""
    if not value:
        return _("不知道")
    if task != Task.TOPICS:
        return str(_NAMES[task].get(value, value))
    return _("没有任何事项") if value == NONE else _("、").join(findings.short(each) for each in sorted(codes(value)))


def choices(task: str) -> list[tuple[str, str]]:
    """What a page offers, without "does not know"."""
    if task == Task.TOPICS:
        return [(NONE, _("没有任何事项")), *findings.choices("taxonomy")]
    return [(code, str(name)) for code, name in _NAMES[task].items()]
