"""How is it written which words of a text people marked, as what? "aspect:0-2,opinion:2-4", or "-" for none at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from huixiang.domain.understanding.masking import MARK
from huixiang.domain.understanding.opinions.tags import ASPECT, BANK, OPINION, PRODUCT, Misfit, Span

NAMES = {"bank": BANK, "product": PRODUCT, "aspect": ASPECT, "opinion": OPINION}
KINDS = {kind: name for name, kind in NAMES.items()}
NONE = "-"  # somebody looked, and nothing is to be marked
LONGEST = 20  # characters of a mark: longer ones are sentences
_ONE = re.compile(r"([a-z]+):([0-9]{1,6})-([0-9]{1,6})")


def written(spans: Iterable[Span]) -> str:
    """In one fixed order, so that equal marks are written alike."""
    return ",".join(f"{KINDS[kind]}:{start}-{end}" for start, end, kind in sorted(spans)) or NONE


def read(value: str) -> list[Span]:
    """The marks in order; none for "" and "-". Raises Misfit for what is no mark, or where two lie over each other."""
    found = sorted({_one(each.strip()) for each in value.split(",")}) if value not in ("", NONE) else []
    for one, following in pairwise(found):
        if following.start < one.end:
            raise Misfit(f"{written([one])} 与 {written([following])} 重叠 / overlap")
    return found


def fitting(spans: Iterable[Span], text: str) -> list[Span]:
    """These marks, if they can stand in the text. Raises Misfit: beyond its end, blank at an end, or in what is masked.

    A line break parts the title from the text, so no mark goes across one.
    """
    hidden = [mask.span() for mask in MARK.finditer(text)]
    found = list(spans)
    for span in found:
        word = text[span.start : span.end]
        if span.end > len(text) or word != word.strip() or "\n" in word:
            raise Misfit(f"{written([span])} 不在这条 {len(text)} 字的文本里，或两端有空白 / not in the text")
        if any(span.start < end and start < span.end for start, end in hidden):
            raise Misfit(f"{written([span])} 标到了已隐去的内容 / what is masked cannot be marked")
    return found


def _one(written_one: str) -> Span:
    match = _ONE.fullmatch(written_one)
    if match is None or match[1] not in NAMES:
        known = "、".join(NAMES)
        raise Misfit(f"“{written_one[:40]}”不是标记：应如 aspect:0-2，类别为 {known} / not a mark")
    start, end = int(match[2]), int(match[3])
    if not start < end <= start + LONGEST:
        raise Misfit(f"“{written_one}”的起止不对：止大于起，最多 {LONGEST} 个字 / wrong ends")
    return Span(start, end, NAMES[match[1]])
