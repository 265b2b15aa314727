"""How are spans learned from a bank's labels? The judge learns from texts that neither network nor memory had seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from huixiang.domain.understanding.opinions import fitting
from huixiang.domain.understanding.opinions.chain import Candidates, plain
from huixiang.domain.understanding.opinions.lists import listed
from huixiang.domain.understanding.opinions.memory import Memory
from huixiang.domain.understanding.opinions.proposing import proposed
from huixiang.domain.understanding.opinions.reader import Learned
from huixiang.domain.understanding.opinions.rows import rows
from huixiang.domain.understanding.opinions.tags import KINDS, Span
from huixiang.domain.understanding.opinions.trees import Trees

FOLDS = 4
FEWEST = 20  # texts, below which nothing is learned that is worth asking
_GROWTH = {"max_iter": 150, "max_depth": 6, "learning_rate": 0.06, "max_leaf_nodes": 15, "l2_regularization": 1.0}
_LEAF = 40  # candidates a leaf stands for at least; a bank with few labels gets smaller leaves
Gold = Sequence[Sequence[Span]]


def train(texts: Sequence[str], gold: Gold, *, seed: int = 0) -> Learned:
    """Learn to mark texts as people did. Raises ValueError where there is too little to learn from."""
    if len(texts) < FEWEST or not any(gold):
        raise ValueError(f"{len(texts)} texts with {sum(map(len, gold))} spans: at least {FEWEST} texts are needed")
    with threadpool_limits(1):  # so small are its tables that threads wait for each other longer than they work
        return _learned([plain(text) for text in texts], gold, seed)


def _learned(plains: Sequence[str], gold: Gold, seed: int) -> Learned:
    told = listed(plains)
    seen, right = [], []
    for learned, asked in folds(len(plains), seed):
        its_plains, its_gold = [plains[n] for n in learned], [gold[n] for n in learned]
        network = fitting.fit(its_plains, [told[n] for n in learned], its_gold, seed)
        memory = Memory.of(its_plains, its_gold)
        unseen, told_of_it = [plains[n] for n in asked], [told[n] for n in asked]
        candidates = proposed(network, unseen, told_of_it)
        seen.append(rows(unseen, candidates, memory, told_of_it))
        right.append(agreed(candidates, [gold[n] for n in asked]))
    trees = _grown(np.concatenate(seen), np.concatenate(right), seed)
    return Learned(fitting.fit(plains, told, gold, seed), Memory.of(plains, gold), trees)


def folds(texts: int, seed: int, parts: int = FOLDS) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Each text is asked once by what was learned from the others: (learned, asked) places, ascending."""
    order = np.random.default_rng(seed).permutation(texts)
    for part in range(parts):
        asked = np.sort(order[part::parts])
        yield np.setdiff1d(np.arange(texts), asked), asked


def agreed(candidates: Candidates, gold: Gold) -> NDArray[np.bool_]:
    """Which candidates did people mark, in just these borders and of this kind?"""
    marked = [set(spans) for spans in gold]
    every = zip(*(part.tolist() for part in candidates[:4]), strict=True)
    return np.array([(start, end, KINDS[kind]) in marked[text] for text, start, end, kind in every], bool)


def _grown(seen: NDArray[np.float64], right: NDArray[np.bool_], seed: int) -> Trees:
    if right.all() or not right.any():
        raise ValueError("no span was found in texts that were not learned: label more texts")
    leaf = min(_LEAF, max(5, len(right) // 100))
    forest = HistGradientBoostingClassifier(min_samples_leaf=leaf, early_stopping=False, random_state=seed, **_GROWTH)
    forest.fit(seen, right)
    grown = [tree.nodes for (tree,) in forest._predictors]
    nodes = np.concatenate(grown)
    roots = np.cumsum([0, *map(len, grown[:-1])])
    first = np.repeat(roots, [len(tree) for tree in grown])
    leaf_at, here = nodes["is_leaf"] == 1, np.arange(len(nodes))
    return Trees(
        roots=roots,
        column=np.where(leaf_at, 0, nodes["feature_idx"]).astype(np.int64),
        limit=np.where(leaf_at, 0, nodes["num_threshold"]).astype(float),
        left=np.where(leaf_at, here, nodes["left"].astype(np.int64) + first),
        right=np.where(leaf_at, here, nodes["right"].astype(np.int64) + first),
        value=np.where(leaf_at, nodes["value"], 0).astype(float),
        start=np.asarray(forest._baseline_prediction, float).ravel()[:1],
        depth=np.array([int(nodes["depth"].max())], np.int64),
    )
