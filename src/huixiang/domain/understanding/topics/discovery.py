"""What do these voices talk about? Topics found in the texts themselves, named by their most telling phrases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.understanding.topics.collocations import Terms, terms
from huixiang.domain.understanding.topics.factors import factors
from huixiang.domain.understanding.topics.naming import named
from huixiang.domain.understanding.words import Words

FEWEST, FEWEST_SHARE = 5, 0.0003  # texts that must hold a term
SMALLEST, SMALLEST_SHARE = 10, 0.002  # texts of a topic
SPARE = 1.5  # times as many groups are sought as shown: small and blurred ones drop out
BELONGS = 0.15  # of a text's weight must lie in its topic
EXAMPLES = 5
NAMING = 2  # phrases that make the name
READABLE = (8, 80)  # signs of a text that is shown as an example
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of voices that speak of the same.

    `name` is made of its telling phrases, `examples` are ids, the most typical first; `unknown` is which share of its
    texts nothing else has filed yet, None where nobody said.
    """

    name: str
    phrases: tuple[str, ...]
    count: int
    examples: tuple[str, ...]
    ids: tuple[str, ...]
    unknown: float | None = None


def discover(
    texts: Sequence[str],
    ids: Sequence[str],
    words: Words,
    *,
    most: int = 20,
    is_known: Sequence[bool] | None = None,
    names: Collection[str] = (),
) -> list[Topic]:
    """At most so many topics of these texts, the largest first; where `is_known` is given, what nobody knew yet first.

    `texts` are in normal form; equal ones count once. `is_known[i]`: the taxonomy has a place for text i. `names` of
    units, cities or the bank itself tell no topic, nor do parts of them. The same texts give the same topics, in
    whatever order they come.
    """
    if len(texts) != len(ids):
        raise ValueError(f"{len(texts)} texts, but {len(ids)} ids")
    order = _distinct(texts, ids)
    distinct = [texts[n] for n in order]
    found = terms(distinct, words, max(FEWEST, int(FEWEST_SHARE * len(distinct))), names)
    if len(found.names) < 3:
        return []
    matrix, holds = _weighed(found, len(distinct)), _holds(found, len(distinct))
    groups = factors(matrix, int(most * SPARE))
    belongs = _filed(matrix, groups)
    topics: dict[str, Topic] = {}
    for group in range(groups.shape[1]):
        rows = np.flatnonzero(belongs == group)
        phrases = named(found, holds, rows, groups[:, group]) if len(rows) else ()
        if len(rows) < max(SMALLEST, SMALLEST_SHARE * len(distinct)) or len(phrases) < 2:
            continue
        typical = [ids[order[n]] for n in _typical(matrix, rows, groups[:, group], distinct)]
        all_ids = tuple(ids[order[n]] for n in rows)
        unknown = None if is_known is None else float(np.mean([not is_known[order[n]] for n in rows]))
        name = "、".join(phrases[:NAMING])
        topics.setdefault(name, Topic(name, phrases, len(rows), tuple(typical), all_ids, unknown))
    weight = {name: topic.count * (1.0 if topic.unknown is None else topic.unknown) for name, topic in topics.items()}
    return [topics[name] for name in sorted(topics, key=lambda name: (-weight[name], name))[:most]]


def _distinct(texts: Sequence[str], ids: Sequence[str]) -> list[int]:
    """The places of these texts in an order that is their own, each text once."""
    order = sorted(range(len(texts)), key=lambda n: (texts[n], ids[n]))
    return [n for place, n in enumerate(order) if not place or texts[n] != texts[order[place - 1]]]


def _holds(found: Terms, of: int) -> scipy.sparse.csr_matrix:
    ones = np.ones(len(found.text))
    return scipy.sparse.csr_matrix((ones, (found.text, found.holds)), shape=(of, len(found.names)))


def _weighed(found: Terms, of: int) -> scipy.sparse.csr_matrix:
    """Texts x terms, rare terms more, each text of length one."""
    matrix = _holds(found, of)
    rare = np.log(of / np.maximum(np.asarray(matrix.sum(0)).ravel(), 1.0))
    matrix = matrix @ scipy.sparse.diags(rare)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    return scipy.sparse.csr_matrix(scipy.sparse.diags(1.0 / np.maximum(length, 1e-9)) @ matrix)


def _filed(matrix: scipy.sparse.csr_matrix, groups: NDArray[np.float64]) -> Ints:
    """The group of each text; -1 where none stands out."""
    score = matrix @ groups
    best = score.argmax(1)
    top, total = score[np.arange(len(best)), best], score.sum(1)
    return np.where(top >= np.maximum(BELONGS * total, 1e-6), best, -1)


def _typical(
    matrix: scipy.sparse.csr_matrix, rows: Ints, group: NDArray[np.float64], texts: Sequence[str]
) -> list[int]:
    score = matrix[rows] @ group
    short, long = READABLE
    fits = np.array([short <= len(texts[n]) <= long for n in rows])
    return [int(rows[n]) for n in np.lexsort((rows, -score, ~fits))[:EXAMPLES]]
