"""May two complaints be the same one? Reasons that a person can check; the rule only proposes, and never merges.

Of one customer (a pseudonym) within the window, on any channel: people's classes, or where nobody has classed yet those
that a model of the bank's own proposes, and the words are weighed together.
Of complaints of which one's customer is not known: near-same text alone. Two known customers are never proposed: many
who say the same are a cluster, and not one complaint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import exp, sqrt

from huixiang.domain.complaints.classes import AXES
from huixiang.domain.complaints.hours import day_of
from huixiang.domain.understanding.duplicates import Likeness

WINDOW_DAYS = 30
# A logistic regression, fitted on half of the simulated bank's customers (docs/methods/complaint-repeats.md).
START, WORDS = -0.86, 7.36
SHARED = {"B": 1.07, "C": 1.0, "D": 1.49}  # for each matter that both speak of
APART = {"B": -0.91, "C": -0.48, "D": -0.19}  # where both speak of such matters, and of none in common
BY_WORDS = 0.8  # how probable it must be by the words alone
BY_CLASSES = 0.4  # where both are classed alike: the words must only not speak against it
DESPITE = 0.95  # where people have not classed both, and what the model proposes differs
KINDS = ("business", "cause")
# Whoever complains waits for an answer, and is angry: that tells nothing of the matter.
OF_NO_MATTER = frozenset({"D.responsiveness.reply", "D.empathy.attitude"})
# Words by which any complaint is put down.
FORMULAS = frozenset({
    "一次", "上周", "上月", "不满", "业务", "书面", "依法", "办理", "办理结果", "协助", "反映", "反馈", "回复",
    "填写", "处理", "多次", "客户", "客服", "对此", "尽快", "已", "希望", "建议", "当场", "当面", "情况", "情绪",
    "意见簿", "我行", "投诉", "投诉人", "按期", "接受", "提交", "提供", "支行", "收到", "改进", "日前", "时限",
    "有关", "服务", "期限", "未解决", "本人", "本月", "材料", "来电", "核实", "此前", "满意", "激动", "热线",
    "电话", "留言", "监管", "相关", "督促", "答复", "线上", "结果", "网点", "联系", "致歉", "致电", "表示", "要求",
    "规定", "解释", "认可", "请予", "请求", "跟进", "转办", "近日", "近期", "部门", "重视", "银行",
})  # fmt: skip


class Why(StrEnum):
    """What speaks for it?"""

    CUSTOMER = "customer"
    CLASSES = "classes"
    PROPOSED = "proposed"
    TOPICS = "topics"
    WORDS = "words"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Said:
    """One complaint as far as the rule looks. `customer` is a pseudonym, "" of whom nothing is known; `at` a moment.

    `classes` are those a person chose; `topics` and `words` what was understood of the masked text, `normal` its form.
    `proposed` are the codes that a model proposes which learned from this bank's people; none where only rules read.
    """

    number: str
    customer: str
    at: int
    normal: str
    topics: frozenset[str]
    words: frozenset[str]
    classes: Mapping[str, str]
    proposed: frozenset[str] = frozenset()

    def told(self, kind: str) -> frozenset[str]:
        """How is it classed: by a person, or else by what is proposed?"""
        if code := self.classes.get(kind):
            return frozenset({code})
        return frozenset(code for code in self.proposed if code.startswith(f"{AXES[kind]}."))

    @property
    def is_classed(self) -> bool:
        return all(self.classes.get(kind) for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The other complaint may be the same one as this; `days` lie between them, `shared` are words of both."""

    number: str
    reasons: tuple[Why, ...]
    days: int
    shared: tuple[str, ...] = ()


def repeats(this: Said, others: Iterable[Said]) -> list[Repeat]:
    """Which of the others may be the same complaint? The nearest in time first."""
    like = Likeness(this.normal)
    found = [each for other in others if other.number != this.number and (each := _repeat(this, other, like))]
    return sorted(found, key=lambda each: (each.days, each.number))


def _repeat(this: Said, other: Said, like: Likeness) -> Repeat | None:
    days = abs(day_of(this.at) - day_of(other.at))
    is_known = bool(this.customer and other.customer)
    if days > WINDOW_DAYS or (is_known and this.customer != other.customer):
        return None
    words = (this.words & other.words) - FORMULAS
    reasons = _matter(this, other, bool(words)) if is_known else ()
    if like.of(other.normal):
        reasons = (*reasons, Why.TEXT)
    if not reasons:
        return None
    who = (Why.CUSTOMER,) if is_known else ()
    return Repeat(other.number, (*who, *reasons), days, tuple(sorted(words, key=lambda word: (-len(word), word))[:5]))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """A person may stop at 银行卡 where the model says 信用卡, or the other way round: that is no contradiction."""
    return any(a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.") for a in one for b in other)


def _matter(this: Said, other: Said, has_words: bool) -> tuple[Why, ...]:
    """Who classed them otherwise is believed; where nobody did, the words must tell it, and what is proposed helps."""
    by_people = this.is_classed and other.is_classed
    told = [(this.told(kind), other.told(kind)) for kind in KINDS]
    are_alike = all(one & two if by_people else _alike(one, two) for one, two in told)
    if by_people and not are_alike:
        return ()
    differ = all(one and two for one, two in told) and not are_alike
    if same_matter(this, other) < (BY_CLASSES if are_alike else DESPITE if differ else BY_WORDS):
        return ()
    found = [
        (Why.CLASSES, are_alike and by_people),
        (Why.PROPOSED, are_alike and not by_people),
        (Why.TOPICS, bool(_matters(this) & _matters(other))),
        (Why.WORDS, has_words),
    ]
    return tuple(why for why, holds in found if holds)


def same_matter(this: Said, other: Said) -> float:
    """How probable is it by the words alone that one customer means the same matter?"""
    weight = START
    for axis, shared in SHARED.items():
        one, two = (frozenset(c for c in _matters(each) if c[0] == axis) for each in (this, other))
        weight += shared * len(one & two) if one & two else APART[axis] * bool(one and two)
    mine, theirs = this.words - FORMULAS, other.words - FORMULAS
    weight += WORDS * len(mine & theirs) / max(1.0, sqrt(len(mine) * len(theirs)))
    return 1 / (1 + exp(-weight))


def _matters(said: Said) -> frozenset[str]:
    return frozenset(code for code in said.topics if code[0] in SHARED) - OF_NO_MATTER
