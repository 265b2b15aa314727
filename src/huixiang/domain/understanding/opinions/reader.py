"""Which spans does a text hold, as the bank's own people would mark them? A network proposes, boosted trees judge."""

from __future__ import annotations

import io
import json
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding import vectors
from huixiang.domain.understanding.opinions.chain import Candidates, plain
from huixiang.domain.understanding.opinions.lists import listed
from huixiang.domain.understanding.opinions.marks import NAMES
from huixiang.domain.understanding.opinions.memory import Memory
from huixiang.domain.understanding.opinions.network import Network
from huixiang.domain.understanding.opinions.proposing import proposed
from huixiang.domain.understanding.opinions.rows import COLUMNS, rows
from huixiang.domain.understanding.opinions.tags import KINDS, TAGS, Span
from huixiang.domain.understanding.opinions.trees import Trees

FORM = 2  # of the file; another number is another form
# From here on a span is told. F1 is best near half of itself (Lipton, Elkan and Naryanaswamy, ECML 2014): .83 / 2.
TOLD = 0.4
_USUAL = 40  # characters of a voice: shorter ones are no cheaper to open


@dataclass(frozen=True, slots=True)
class Learned:
    """A trained reader of spans. Text offsets are those of the text given."""

    network: Network
    memory: Memory
    trees: Trees
    task: ClassVar[str] = "opinions"
    aim: ClassVar[str] = "strict_f1"
    labels: ClassVar[tuple[str, ...]] = tuple(NAMES)

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in order, none over another."""
        return self.plain_spans([plain(text) for text in texts])

    def plain_spans(self, plains: Sequence[str]) -> list[list[Span]]:
        """As `spans`, of texts that `chain.plain` made plain already."""
        return chosen(*self.judged(plains), len(plains))

    def judged(self, plains: Sequence[str]) -> tuple[Candidates, NDArray[np.float64]]:
        """All spans that were looked at in plain texts, and how likely people would mark each."""
        told = listed(plains)
        candidates = proposed(self.network, plains, told)
        return candidates, self.trees.likely(rows(plains, candidates, self.memory, told))

    def sure(self, plains: Sequence[str]) -> list[list[tuple[Span, float]]]:
        """As `plain_spans`, each span with how likely people would mark it."""
        candidates, likely = self.judged(plains)
        places = zip(*(part.tolist() for part in candidates[:4]), strict=True)
        known = dict(zip(places, likely.tolist(), strict=True))
        return [
            [(span, known[text, span.start, span.end, KINDS.index(span.kind)]) for span in spans]
            for text, spans in enumerate(chosen(candidates, likely, len(plains)))
        ]

    def doubts(self, plains: Sequence[str]) -> list[float]:
        """How unsure is it of each text? 0 to 1, by the entropies of all spans looked at, over the text's length.

        A long text takes longer to mark. Settles and Craven (2008), EMNLP, compare this and its kin.
        """
        candidates, likely = self.judged(plains)
        safe = np.clip(likely, 1e-9, 1 - 1e-9)
        entropy = -(safe * np.log2(safe) + (1 - safe) * np.log2(1 - safe))
        sums = np.bincount(candidates.text, entropy, minlength=len(plains))
        lengths = np.maximum(1, np.array([len(text) for text in plains]) / _USUAL)
        return list((sums / lengths / (1 + sums / lengths)).tolist())

    def dumps(self) -> bytes:
        """As one file of plain arrays and words: nothing in it is ever executed when it is read."""
        about = {"form": FORM, "task": self.task, "tags": TAGS, "columns": COLUMNS, "memory": self.memory.told()}
        about["vectors"] = vectors.version()
        written = np.frombuffer(json.dumps(about, ensure_ascii=False).encode("utf-8", "replace"), np.uint8)
        arrays: dict[str, NDArray[Any]] = {"about": written, **self.network.arrays(), **self.trees.arrays()}
        file = io.BytesIO()
        np.savez_compressed(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @staticmethod
    def loads(data: bytes) -> Learned:
        """Read what `dumps` wrote. Raises ValueError where it is something else."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                about = json.loads(file["about"].tobytes())
                if about["form"] != FORM or tuple(about["columns"]) != COLUMNS or tuple(about["tags"]) != TAGS:
                    raise ValueError("another version wrote it: train it again")
                if about["vectors"] != vectors.version():
                    raise ValueError("it was learned with other vectors of words: train it again")
                return Learned(Network.read(file), Memory.read(about["memory"]), Trees.read(file))
        except (AttributeError, EOFError, KeyError, OSError, TypeError, ValueError, BadZipFile, zlib.error) as error:
            raise ValueError(f"not a model of 回响: {error}") from error


def chosen(candidates: Candidates, likely: NDArray[np.float64], texts: int) -> list[list[Span]]:
    """Of spans that overlap, which to tell? Those whose probabilities above TOLD sum to most."""
    found: list[list[Span]] = [[] for _ in range(texts)]
    wanted = np.flatnonzero(likely > TOLD)
    for text, run in _by_text(candidates.text[wanted], wanted):
        worthy = [
            (end, start, kind, value - TOLD)
            for start, end, kind, value in zip(
                *(part[run].tolist() for part in candidates[1:4]), likely[run].tolist(), strict=True
            )
        ]
        found[text] = _best(sorted(worthy))
    return found


def _by_text(text: NDArray[np.int64], run: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
    if not len(text):
        return []
    cuts = np.flatnonzero(np.diff(text)) + 1
    firsts = [0, *cuts.tolist()]
    return list(zip(text[firsts].tolist(), np.split(run, cuts), strict=True))


def _best(worthy: Sequence[tuple[int, int, int, float]]) -> list[Span]:
    """Weighted interval scheduling: by their end; one is taken if it and the best before it beat the best so far."""
    ends, best = [0], [(0.0, list[Span]())]
    for end, start, kind, gain in worthy:
        before, spans = best[bisect_right(ends, start) - 1]
        if before + gain > best[-1][0]:
            ends.append(end)
            best.append((before + gain, [*spans, Span(start, end, KINDS[kind])]))
    return best[-1][1]
