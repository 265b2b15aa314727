"""Which words did the demonstration's people mark? Those that the simulation knows to be parts of opinions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from huixiang.domain.understanding.masking import MARK
from huixiang.domain.understanding.opinions import marks
from huixiang.domain.understanding.opinions.tags import OPINION, Span

DEGREES = ("非常", "特别", "实在", "真的", "有点", "太", "很", "真", "挺", "好", "最", "更")


def marks_of(truth: dict[str, Any], said: str) -> str:
    """What is true of a voice, as marks in what was said; what masking moved or took away is found by its words."""
    found: list[Span] = []
    for word, kind in sorted(_words(truth), key=lambda each: each[0].start):
        text = truth["text"][word.start : word.end]
        at = said.find(text, found[-1].end if found else 0)
        span = Span(at, at + len(text), kind)
        if at >= 0 and len(text) <= marks.LONGEST and _stands(span, said):
            found.append(span)
    return marks.written(found)


def bare(value: str, said: str) -> str:
    """The same marks without degrees: of 太慢 only 慢."""
    found = []
    for start, end, kind in marks.read(value):
        degree = next((each for each in DEGREES if said.startswith(each, start, end - 1)), "")
        found.append(Span(start + len(degree) if kind == OPINION else start, end, kind))
    return marks.written(found)


def _words(truth: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    for each in truth.get("mentions", ()):
        yield Span(each["span"]["start"], each["span"]["end"], ""), marks.NAMES[each["kind"]]
    for opinion in truth.get("opinions", ()):
        for name in ("aspect", "opinion"):
            if place := opinion[name]:
                yield Span(place["start"], place["end"], ""), marks.NAMES[name]


def _stands(span: Span, said: str) -> bool:
    word = said[span.start : span.end]
    hidden = any(mask.start() < span.end and span.start < mask.end() for mask in MARK.finditer(said))
    return bool(word) and word == word.strip() and "\n" not in word and not hidden
