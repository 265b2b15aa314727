"""Which spans are worth judging? Those that a network takes for likely, and those that the product's own lists tell.

People mark many an opinion word that hardly anybody marked before (累赘, 抠门): of those the lists know some more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from huixiang.domain.understanding.opinions.chain import LONGEST, Candidates
from huixiang.domain.understanding.opinions.network import Network
from huixiang.domain.understanding.opinions.tags import KINDS, Span

LEAST = 0.03  # how likely a span must seem to the network to be judged at all
_SELDOM = 0.002  # what stands for the network's probability where it is less than LEAST


def proposed(network: Network, plains: Sequence[str], listed: Sequence[Sequence[Span]]) -> Candidates:
    """The spans to judge, by text, then place. `listed` is what the product's own lists tell of each text."""
    found = network.candidates(plains, listed, LEAST)
    likely = dict(zip(zip(*(part.tolist() for part in found[:4]), strict=True), found.likely.tolist(), strict=True))
    for text, spans in enumerate(listed):
        for start, end, kind in spans:
            if end - start <= LONGEST:
                likely.setdefault((text, start, end, KINDS.index(kind)), _SELDOM)
    order = sorted(likely)
    texts, starts, ends, kinds = np.array(order, np.int64).reshape(-1, 4).T
    return Candidates(texts, starts, ends, kinds, np.array([likely[place] for place in order]))
