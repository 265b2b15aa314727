"""What was found in a voice, and by which words? As the lake keeps it, and in words for the pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import rulebooks
from huixiang.apps.feedback.names import KINDS
from huixiang.domain.understanding.book import Book
from huixiang.domain.understanding.contract import Understanding
from huixiang.domain.understanding.understander import Again
from huixiang.lake.questions import Voice

UNKNOWN = {
    "empty": _("没有正文，无从判断。"),
    "no_cue": _("分类树里没有一个词出现在这段话里，系统不知道它说的是什么。"),
    "weak": _("只有一些模糊的词，不足以判断它说的是什么。"),
}
LEVELS = {"urgent": _("立即处理"), "soon": _("尽快处理"), "note": _("留意")}


@dataclass(frozen=True, slots=True)
class Found:
    """One topic, kind or risk of a voice: its name, how probable it is, and the words that decided."""

    code: str
    name: str
    probability: float | None
    why: tuple[str, ...]
    level: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion as a page tells it; "" where nobody names the product or the aspect."""

    product: str
    aspect: str
    opinion: str
    polarity: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found in a voice; `unknown` says why no topic was told.

    `by` names the models that told kind, topics, risks or opinions, where no person has corrected them; else the rules.
    """

    kind: Found | None
    topics: list[Found]
    risks: list[Found]
    unknown: Any
    opinions: list[Said]
    by: Mapping[str, str]


def columns(understood: Understanding | Again, by: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """How understanding stands in the lake: codes to choose and count by, and all the rest as JSON.

    `by` names the models that told any of it.
    """
    rest: dict[str, Any] = {
        "kind": {understood.kind.code: [round(understood.kind.probability, 3), *understood.kind.why]},
        "topics": {each.code: [round(each.probability, 3), *each.why] for each in understood.topics},
        "risks": {each.code: [round(each.probability, 3), *each.why] for each in understood.risks},
        "unknown": understood.topics_unknown,
        "opinions": [[o.product, o.aspect, o.opinion, o.polarity] for o in understood.opinions],
    }
    if by:
        rest["by"] = dict(sorted(by.items()))
    return {
        "kind": understood.kind.code,
        "topics": [each.code for each in understood.topics],
        "risks": [each.code for each in understood.risks],
        "aspects": [f"{each.aspect}\t{each.polarity}" for each in understood.opinions if each.aspect],
        "findings": json.dumps(rest, ensure_ascii=False),
    }


def of(voice: Voice) -> Findings:
    """In words. What a person corrected has no probability and no words any more."""
    rest = json.loads(voice.findings or "{}")
    kind = None
    if voice.kind:
        probability, *why = rest.get("kind", {}).get(voice.kind) or [None]
        kind = Found(voice.kind, str(KINDS.get(voice.kind, voice.kind)), probability, tuple(why))
    topics = [_found("taxonomy", code, rest.get("topics", {})) for code in voice.topics]
    risks = [_found("risks", code, rest.get("risks", {})) for code in voice.risks]
    opinions = [Said(*each) for each in rest.get("opinions", [])]
    unknown = UNKNOWN.get(rest.get("unknown", "")) if not topics else ""
    stands = {"kind": voice.kind in rest.get("kind", {}), "topics": set(voice.topics) == set(rest.get("topics", {}))}
    stands |= {"risks": True, "opinions": True}  # nobody corrects these on a voice's page
    by = {task: label for task, label in rest.get("by", {}).items() if stands.get(task)}
    return Findings(kind, topics, risks, unknown, opinions, by)


def name(book: str, code: str) -> str:
    """What is a code called? In the reader's language; the code itself where the book does not know it any more."""
    node = _book(book).named(code)
    return code if node is None else (node.english if (get_language() or "").startswith("en") else node.name)


def path(code: str) -> str:
    """A topic with what it belongs to: 业务类别 › 银行卡 › 信用卡."""
    parts = code.split(".")
    return " › ".join(name("taxonomy", ".".join(parts[: end + 1])) for end in range(len(parts)))


def knows(book: str, code: str) -> bool:
    return _book(book).named(code) is not None


def short(code: str) -> str:
    """A topic in a table: its tree and its own name, 原因 › 定价收费."""
    return " › ".join(dict.fromkeys((name("taxonomy", code.partition(".")[0]), name("taxonomy", code))))


def choices(book: str) -> list[tuple[str, str]]:
    """The nodes of a book to choose from, those below others indented."""
    return [(node.code, "\u3000" * node.code.count(".") + name(book, node.code)) for node in _book(book).nodes]


def below(book: str, code: str) -> tuple[str, ...]:
    """A node with all below it."""
    return tuple(n.code for n in _book(book).nodes if n.code == code or n.code.startswith(f"{code}."))


def urgent() -> tuple[str, ...]:
    """Which risks call for action today?"""
    return tuple(node.code for node in _book("risks").nodes if node.level == "urgent")


def level(code: str) -> str:
    node = _book("risks").named(code)
    return node.level if node else ""


def _found(book: str, code: str, told: Mapping[str, Sequence[Any]]) -> Found:
    probability, *why = told.get(code) or [None]
    named = path(code) if book == "taxonomy" else name(book, code)
    return Found(code, named, probability, tuple(why), level(code) if book == "risks" else "")


def _book(name: str) -> Book:
    return _books(name, rulebooks.today())


@lru_cache(maxsize=8)
def _books(name: str, day: Any) -> Book:
    return rulebooks.book(name, day)
