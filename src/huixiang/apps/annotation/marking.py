"""What does a page need so that words can be marked on it? The text, where its words end, and what is masked."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from huixiang.domain.understanding.masking import MARK
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.domain.understanding.opinions.seeing import cut


class Markable(NamedTuple):
    """`ends`: where words end, so that a tap takes a whole one; `masks`: start-end of what cannot be marked."""

    text: str
    ends: str
    masks: str


def markable(text: str) -> Markable:
    """In characters, with commas between; a text as `wording.said` makes it."""
    ends = accumulate(len(word) for word in cut(plain(text)))
    masks = (f"{mask.start()}-{mask.end()}" for mask in MARK.finditer(text))
    return Markable(text, ",".join(map(str, ends)), ",".join(masks))
