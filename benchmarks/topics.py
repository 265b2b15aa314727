"""Are the topics found any good, and how fast? On public texts and on the made-up bank, whose topics are known.

python -m benchmarks.topics [--bank DIR] [--show]: topics are found in every other text. Coherence is the mean
normalised pointwise mutual information of a topic's phrases in the texts left out (Bouma 2009; Lau and others 2014),
beside scikit-learn's NMF of the same words by TF-IDF. Agreement with the made-up bank's true topics is normalised
mutual information over the texts that are filed.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score

from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.topics import discover
from huixiang.domain.understanding.words import Words

DATA = Path(__file__).resolve().parents[2] / "shared/data"
MOST, PHRASES = 20, 4
Found = tuple[list[Sequence[str]], dict[int, int]]  # phrases of each topic; the topic of each text that is filed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bank", type=Path, help="a folder that `huixiang simulate` wrote")
    parser.add_argument("--show", action="store_true", help="print the topics found")
    args = parser.parse_args()
    sets = {
        name: [row["text"] for row in _rows(name)] for name in ("icbc_app_reviews", "bdci2021_bank", "fin_complaints")
    }
    truth: list[str] = []
    if args.bank:
        voices = [json.loads(line) for line in (args.bank / "truth-voices.jsonl").read_text("utf-8").splitlines()]
        voices = [voice for voice in voices if len(voice["topics"]) == 1]
        sets["made-up bank, one topic a voice"] = [voice["text"] for voice in voices]
        truth = [voice["topics"][0] for voice in voices]
    print("| texts | n | method | topics | filed | coherence on the other half | agreement with the truth | seconds |")
    print("|---|---|---|---|---|---|---|---|")
    words = Words()
    for name, raw in sets.items():
        normals = [normalise(text) for text in raw]
        gold = truth[::2] if name.startswith("made-up") else []
        for method in (_ours, _nmf):
            began = time.process_time()
            phrases, filed = method(normals[::2], words)
            seconds = time.process_time() - began
            agreed = normalized_mutual_info_score([gold[n] for n in filed], list(filed.values())) if gold else None
            found = f"{len(phrases)} | {len(filed) / len(normals[::2]):.0%} | {_coherence(phrases, normals[1::2]):.3f}"
            truly = "–" if agreed is None else f"{agreed:.3f}"
            print(
                f"| {name} | {len(normals[::2]):,} | {method.__doc__} | {found} | {truly} | {seconds:.1f} |", flush=True
            )
            if args.show:
                print("<!--", "; ".join("、".join(each[:2]) for each in phrases), "-->")
    _speed(sets, words)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _ours(texts: list[str], words: Words) -> Found:
    """huixiang"""
    topics = discover(texts, [str(n) for n in range(len(texts))], words, most=MOST)
    filed = {int(voice): n for n, topic in enumerate(topics) for voice in topic.ids}
    return [topic.phrases[:PHRASES] for topic in topics], filed


def _nmf(texts: list[str], words: Words) -> Found:
    """NMF of TF-IDF"""
    reader = TfidfVectorizer(analyzer=words.cut, min_df=5, max_df=0.35, max_features=1500)
    matrix = reader.fit_transform(texts)
    model = NMF(MOST, init="nndsvd", max_iter=200, random_state=0)
    score, names = model.fit_transform(matrix), reader.get_feature_names_out()
    phrases = [[str(names[n]) for n in np.argsort(-row)[:PHRASES]] for row in model.components_]
    return phrases, {n: int(best) for n, best in enumerate(score.argmax(1)) if score[n, best] > 0}


def _coherence(topics: list[Sequence[str]], texts: list[str]) -> float:
    found = []
    for phrases in topics:
        has = {phrase: np.array([phrase in text for text in texts]) for phrase in phrases}
        for one, other in combinations(phrases, 2):
            both, left, right = (has[one] & has[other]).mean(), has[one].mean(), has[other].mean()
            found.append(np.log(both / (left * right)) / -np.log(both) if both else -1.0)
    return float(np.mean(found))


def _speed(sets: dict[str, list[str]], words: Words) -> None:
    texts = [normalise(text) for raw in sets.values() for text in raw][:50_000]
    began = time.process_time()
    discover(texts, [str(n) for n in range(len(texts))], words, most=MOST)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{len(texts):,} texts of all sets: {time.process_time() - began:.1f} s of processor time; peak {peak} MB")


if __name__ == "__main__":
    main()
