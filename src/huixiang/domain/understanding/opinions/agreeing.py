"""Do two people mark the same words alike? Character by character (alpha), and mark by mark (strict F1)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from huixiang.domain.statistics.sets import Compared
from huixiang.domain.understanding.opinions.scores import StrictF1, strict_f1
from huixiang.domain.understanding.opinions.tags import KINDS, Span

Marks = Sequence[Span]


class Text(NamedTuple):
    """A text of so many characters, with the marks of each who looked at it."""

    length: int
    by: Sequence[Marks]


def by_character(texts: Sequence[Text], kind: str = "") -> Compared:
    """Each character is a unit, its value the kind of mark over it, or none; `kind`: that one, or not.

    Krippendorff (2018), Content Analysis, 4th edition, chapter 12, with nominal distances. Characters of one text go
    together, so the parts are texts: drawing texts again gives an interval that knows of it.
    """
    kinds = (kind,) if kind else KINDS
    known = [text for text in texts if len(text.by) > 1]
    disagreed, given = np.zeros(len(known)), np.zeros((len(known), len(kinds) + 1))
    for place, (length, by) in enumerate(known):
        values = np.zeros((len(by), length), np.int64)
        for judge, marks in enumerate(by):
            for span in marks:
                if span.kind in kinds:
                    values[judge, span.start : span.end] = 1 + kinds.index(span.kind)
        apart = sum(int((values[one] != values[other]).sum()) for one, other in combinations(range(len(by)), 2))
        disagreed[place] = 2 * apart / (len(by) - 1)
        given[place] = np.bincount(values.ravel(), minlength=len(kinds) + 1)
    return Compared(disagreed, given, 1.0 - np.eye(len(kinds) + 1))


def mark_by_mark(texts: Sequence[Text]) -> tuple[StrictF1, dict[str, StrictF1]] | None:
    """Strict F1 of the first two who looked, one against the other, over all marks and by kind; None for no such text.

    Where most of a text is marked by nobody, kappa of marks comes near it: Hripcsak and Rothschild (2005), Agreement,
    the F-Measure, and Reliability in Information Retrieval, JAMIA 12.
    """
    known = [text for text in texts if len(text.by) > 1]
    return strict_f1([text.by[0] for text in known], [text.by[1] for text in known]) if known else None
