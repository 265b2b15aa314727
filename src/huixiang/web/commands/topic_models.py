"""Several topics a text, from a file: `huixiang models train --task topics --several`, and `evaluate` of what it made.

Labels are codes with commas between them; "-" says that a text bears none.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from itertools import islice

from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned import set_scores
from huixiang.domain.understanding.learned.several import Several
from huixiang.domain.understanding.words import Words
from huixiang.web.model_files import save

BATCH = 1_000
NONE = "-"


def sets(labels: Sequence[str]) -> list[frozenset[str]]:
    """The codes that each label names."""
    return [frozenset(code.strip() for code in label.split(",")) - {"", NONE} for label in labels]


def train(args: argparse.Namespace, normals: Sequence[str], labels: Sequence[str], unusable: int) -> int:
    """0. Raises Fault where no topic has enough texts."""
    from huixiang.domain.understanding.learned import several_training  # heavy: only when asked for

    if args.task != "topics":
        raise Fault("--several 只用于 --task topics")
    started, words, topics = time.monotonic(), Words(), sets(labels)
    learned = several_training.learnable(topics)
    few = sorted({code for each in topics for code in each} - set(learned))
    if few:
        least = several_training.FEWEST
        print(f"不足 {least} 条的事项不学 / topics too rare to be learned: {'、'.join(few)}", file=sys.stderr)
    model = several_training.train(normals, [words.tokens(each) for each in normals], topics, seed=args.seed)
    save(model, args.out)
    told = {"task": args.task, "n": len(labels), "labels": list(model.labels), "unusable_rows": unusable}
    told |= {"labels_left_out": few, "aim": model.aim, "seconds": round(time.monotonic() - started, 1)}
    print(json.dumps(told, ensure_ascii=False))
    return 0


def evaluate(args: argparse.Namespace, model: Several, normals: Sequence[str], labels: Sequence[str]) -> int:
    """0. Of the model alone: the tree's words, which read beside it in the product, are not asked."""
    started, words, told = time.perf_counter(), Words(), list[list[str]]()
    rest = iter(normals)
    while batch := list(islice(rest, BATCH)):
        probabilities = model.probabilities(batch, [words.tokens(each) for each in batch])
        told += [[model.labels[place] for place in row] for row in model.places(probabilities)]
    seconds = time.perf_counter() - started
    answer: dict[str, object] = {"task": args.task, "model": args.model, "n": len(labels)}
    for name, score in set_scores.scores(sets(labels), told).items():
        known = [None if math.isnan(each) else round(each, 4) for each in (score.value, score.low, score.high)]
        answer |= {name: known[0], f"{name}_interval": known[1:]}
    answer |= {"documents_per_second": round(len(labels) / max(seconds, 1e-9))}
    print(json.dumps(answer, ensure_ascii=False))
    return 0
