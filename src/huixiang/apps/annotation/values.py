"""How is it written what people say of a voice? One word of a few, several codes in a fixed order, or marks of words.

Marks are "kind:start-end" with commas between, in characters of `wording.said` (opinions.marks).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _

from huixiang.apps.annotation.models import BOOKS, LONGEST_LABEL, Task
from huixiang.apps.annotation.names import PARTS
from huixiang.apps.feedback import findings
from huixiang.apps.feedback.actions.corrections import MOST_TOPICS
from huixiang.apps.feedback.models import LONGEST_VALUE
from huixiang.apps.feedback.names import KINDS, SENTIMENTS
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.opinions import marks
from huixiang.domain.understanding.opinions.tags import Misfit, Span

UNSURE = "unsure"  # as it comes from outside; kept as an empty value
NONE = marks.NONE  # she looked, and it speaks of none of the topics, bears no risk, or holds nothing to mark
_NAMES: dict[str, Any] = {Task.SENTIMENT.value: SENTIMENTS, Task.KIND.value: KINDS, Task.OPINIONS.value: PARTS}


def known(task: str) -> tuple[str, ...]:
    """Which words or codes can be said? Of topics and risks those that the bank's books hold today."""
    return tuple(code for code, _name in findings.choices(BOOKS[task])) if task in BOOKS else tuple(_NAMES[task])


def valid(task: str, value: str) -> str:
    """As it is kept; "" for not knowing. Raises Fault for what cannot be said."""
    if value == UNSURE:
        return ""
    if task == Task.OPINIONS:
        return _marks(value)
    if task in BOOKS and value == NONE:
        return NONE
    codes = sorted({code.strip() for code in value.split(",")}) if task in BOOKS else [value]
    if strange := [code for code in codes if code not in known(task)]:
        raise _strange(task, strange[0])
    if len(codes) > MOST_TOPICS or len(",".join(codes)) > LONGEST_VALUE:
        raise Fault("一条声音最多 %(most)s 个事项", most=MOST_TOPICS)
    return joined(codes)


def _marks(value: str) -> str:
    if not value:
        raise Fault("没有标记：请标出词语，或说没有评价要素（-）")
    try:
        kept = marks.written(marks.read(value))
    except Misfit as misfit:
        raise Fault("%(reason)s", reason=str(misfit)) from None
    if len(kept) > LONGEST_LABEL:
        raise Fault("一条声音上的标记太多")
    return kept


def fitting(task: str, value: str, text: str) -> str:
    """The same value, if it can be said of this text (`wording.said`). Raises Fault for marks beyond it."""
    if task == Task.OPINIONS:
        try:
            marks.fitting(spans(value), text)
        except Misfit as misfit:
            raise Fault("%(reason)s", reason=str(misfit)) from None
    return value


def shared(every: Collection[str]) -> str:
    """What all of these say alike, with which a third look may begin; "" where they have nothing in common."""
    common = set.intersection(*(set(spans(value)) for value in every)) if every else set()
    return marks.written(common) if common else ""


def spans(value: str) -> list[Span]:
    """The marks of a kept value."""
    return marks.read(value)


def _strange(task: str, code: str) -> Fault:
    if task == Task.TOPICS:
        return Fault("分类树里没有“%(code)s”", code=code[:40])
    return Fault("没有“%(label)s”这个标签；应为 %(known)s", label=code[:40], known="、".join(known(task)))


def joined(codes: Iterable[str]) -> str:
    """Codes in one fixed order, so that equal ones are written alike. What stands above another says nothing more."""
    every = sorted(set(codes))
    return ",".join(c for c in every if not any(each.startswith(f"{c}.") for each in every)) or NONE


def codes(value: str) -> frozenset[str]:
    """The topics or risks that a kept value names."""
    return frozenset() if value in ("", NONE) else frozenset(value.split(","))


def standing(value: str, known: Collection[str]) -> str:
    """Codes that the book still holds; "" where it holds none of them, which is not to say that there was none."""
    left = codes(value) & set(known)
    return joined(left) if left or value == NONE else ""


def parts(task: str, value: str) -> list[str]:
    """What counts of a kept value: its codes, the kinds of its marks, or itself."""
    if task == Task.OPINIONS:
        return [marks.KINDS[span.kind] for span in spans(value)] or [NONE]
    return sorted(codes(value)) or [NONE] if task in BOOKS else [value]


def told(task: str, value: str, text: str = "") -> str:
    """In words, for a page; `text`: what was marked, where marks are told by their words."""
    if not value:
        return _("不知道")
    if value == NONE:
        return str(nothing(task))
    if task in BOOKS:
        return _("、").join(_code(task, each) for each in sorted(codes(value)))
    if task == Task.OPINIONS and text:
        return _("、").join(f"{PARTS[marks.KINDS[kind]]} {text[start:end]}" for start, end, kind in spans(value))
    return str(_NAMES[task].get(value, value))


def nothing(task: str) -> str:
    """How is it said that there is none?"""
    said = {Task.TOPICS.value: _("没有任何事项"), Task.RISKS.value: _("没有任何风险")}
    return said.get(task, _("没有评价要素"))


def _code(task: str, code: str) -> str:
    return findings.short(code) if task == Task.TOPICS else findings.name("risks", code)


def choices(task: str) -> list[tuple[str, str]]:
    """What a page offers, without "does not know"."""
    if task in BOOKS:
        return [(NONE, nothing(task)), *findings.choices(BOOKS[task])]
    named = [(code, str(name)) for code, name in _NAMES[task].items()]
    return [(NONE, nothing(task)), *named] if task == Task.OPINIONS else named
