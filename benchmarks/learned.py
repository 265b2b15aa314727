"""What do models learn from labels? Cross-validated on public sets, beside plain TF-IDF and logistic regression.

python -m benchmarks.learned [--folds 5] [--sets bdci2021_bank ...]: each row is judged by a model that never saw it.
Some sets hold a text twice, so that its twin may have been learned; `--new` asks only texts that were not.
Log loss is that of the probabilities: the lower, the better.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from huixiang.domain.understanding.learned import scores, training
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.words import Words

DATA = Path(__file__).resolve().parents[2] / "shared/data"


class Set(NamedTuple):
    """A labelled file, what is asked of it, and which measure counts."""

    name: str
    text: str
    label: str
    aim: str


SETS = (
    Set("bdci2021_bank", "text", "label", "kappa"),
    Set("fin_complaints", "text", "label", "macro_f1"),
    Set("unionpay_faq", "question", "subject", "macro_f1"),
    Set("chnsenticorp", "text", "label", "accuracy"),
    Set("waimai_10k", "text", "label", "macro_f1"),
    Set("weibo2018", "text", "label", "accuracy"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=5, help="how many of five folds are judged")
    parser.add_argument("--sets", nargs="*", default=[each.name for each in SETS])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--new", action="store_true", help="ask only texts of which no twin was learned")
    args = parser.parse_args()
    if not DATA.exists():
        print(f"{DATA} is not here: nothing to measure")
        return
    print("| set | measure | huixiang | 95 % | log loss | TF-IDF + logistic regression | training, s | documents/s |")
    print("|---|---|---|---|---|---|---|---|")
    for each in SETS:
        if each.name in args.sets:
            print(row(each, args), flush=True)


def row(each: Set, args: argparse.Namespace) -> str:
    with (DATA / f"{each.name}.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    texts = [normalise(line[each.text]) for line in found]
    gold = np.array([line[each.label] for line in found])
    words = Words()
    tokens = [words.tokens(text) for text in texts]
    ours: list[str] = []
    peers: list[str] = []
    truth: list[str] = []
    losses: list[float] = []
    seconds, asking, turns = 0.0, 0.0, 0
    folds = StratifiedKFold(5, shuffle=True, random_state=args.seed).split(texts, gold)
    for learned, held in list(folds)[: args.folds]:
        known = {texts[n] for n in learned} if args.new else set()
        asked = np.array([n for n in held if texts[n] not in known], np.int64)
        truth += gold[asked].tolist()
        begun = time.perf_counter()
        told, lost, asked_for = judged(each, learned, asked, texts, tokens, gold)
        ours += told
        losses += lost
        seconds, asking, turns = seconds + time.perf_counter() - begun - asked_for, asking + asked_for, turns + 1
        if not args.without_peer:
            peers += peer([texts[n] for n in learned], gold[learned], [texts[n] for n in asked])
    score = getattr(scores.scores(truth, ours), each.aim)
    beside = f"{getattr(scores.scores(truth, peers), each.aim).value:.3f}" if peers else "–"
    interval = f"{score.low:.3f}–{score.high:.3f}"
    cells = (
        each.name,
        each.aim,
        f"{score.value:.3f}",
        interval,
        f"{np.mean(losses):.4f}",
        beside,
        f"{seconds / turns:.1f}",
        f"{len(truth) / asking:,.0f}",
    )
    return f"| {' | '.join(cells)} |"


def judged(
    each: Set,
    learned: np.ndarray,
    asked: np.ndarray,
    texts: Sequence[str],
    tokens: Sequence[Sequence[str]],
    gold: np.ndarray,
) -> tuple[list[str], list[float], float]:
    """The labels told for the texts asked, the loss of each whose label was learned, and the seconds of the asking."""
    few = set(training.rare(gold[learned].tolist()))
    kept = [n for n in learned if gold[n] not in few]
    model = training.train(
        [texts[n] for n in kept], [tokens[n] for n in kept], gold[kept].tolist(), task=each.name, aim=each.aim
    )
    begun = time.perf_counter()
    likely = model.probabilities([texts[n] for n in asked], [tokens[n] for n in asked])
    told = model.told(likely)
    seconds = time.perf_counter() - begun
    place = {label: number for number, label in enumerate(model.labels)}
    right = [row[place[label]] for row, label in zip(likely, gold[asked], strict=True) if label in place]
    return told, (-np.log(np.maximum(right, 1e-9))).tolist(), seconds


def peer(texts: Sequence[str], labels: np.ndarray, asked: Sequence[str]) -> list[str]:
    plain = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=5, solver="liblinear", class_weight="balanced")),
    )
    return [str(label) for label in plain.fit(texts, labels).predict(asked)]


if __name__ == "__main__":
    main()
