"""Several topics or risks a text, from a file: `huixiang models train --task topics --several`, or `--task risks`.

Labels are codes with commas between them; "-" says that a text bears none.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice

from huixiang.channels.contract import Fault
from huixiang.domain.understanding.contract import Sentiment
from huixiang.domain.understanding.learned import set_scores
from huixiang.domain.understanding.learned.several import Several
from huixiang.domain.understanding.reading import Reader
from huixiang.domain.understanding.words import Words
from huixiang.web.model_files import save

Telling = Callable[[Sequence[str]], list[list[str]]]  # the topics of each normal text
BATCH = 1_000
NONE = "-"


def sets(labels: Sequence[str]) -> list[frozenset[str]]:
    """The codes that each label names."""
    return [frozenset(code.strip() for code in label.split(",")) - {"", NONE} for label in labels]


def train(args: argparse.Namespace, normals: Sequence[str], labels: Sequence[str], unusable: int) -> int:
    """0. Raises Fault where no topic has enough texts."""
    from huixiang.domain.understanding.learned import several_training  # heavy: only when asked for

    if args.task not in ("topics", "risks"):
        raise Fault("--several 只用于 --task topics；--task risks 总是如此")
    started, words, topics = time.monotonic(), Words(), sets(labels)
    learned = several_training.learnable(topics)
    few = sorted({code for each in topics for code in each} - set(learned))
    if few:
        least = several_training.FEWEST
        print(f"不足 {least} 条的事项不学 / topics too rare to be learned: {'、'.join(few)}", file=sys.stderr)
    model = several_training.train(
        normals, [words.tokens(each) for each in normals], topics, task=args.task, seed=args.seed
    )
    save(model, args.out)
    told = {"task": args.task, "n": len(labels), "labels": list(model.labels), "unusable_rows": unusable}
    told |= {"labels_left_out": few, "aim": model.aim, "seconds": round(time.monotonic() - started, 1)}
    print(json.dumps(told, ensure_ascii=False))
    return 0


def by_model(model: Several) -> Telling:
    """What the model alone tells: the tree's words, which read beside it in the product, are not asked."""
    words = Words()

    def told(batch: Sequence[str]) -> list[list[str]]:
        probabilities = model.probabilities(batch, [words.tokens(each) for each in batch])
        return [[model.labels[place] for place in row] for row in model.places(probabilities)]

    return told


def by_rules(task: str, labels: Sequence[str]) -> Telling:
    """What the product's book tells, in the codes that the file uses: a finer one counts as the one above it.

    Matters of which the labels know nothing do not count against it. Raises Fault for labels that are no codes.
    """
    reader, used = Reader(), frozenset().union(*sets(labels))
    if strange := sorted(used - getattr(reader, task)):
        raise Fault(
            "“%(label)s”不是自带%(book)s的编码，规则无从比较；请先用这些标注训练模型。",
            label=strange[0][:40],
            book="风险规则" if task == "risks" else "分类树",
        )

    def lifted(code: str) -> str:
        while code and code not in used:
            code = code.rpartition(".")[0]
        return code

    def told(batch: Sequence[str]) -> list[list[str]]:
        readings = reader.read(batch, [Sentiment(0.0, 1.0, 0.0)] * len(batch))  # decides the kind, no topic
        return [sorted({lifted(found.code) for found in getattr(each, task)} - {""}) for each in readings]

    return told


def evaluate(
    args: argparse.Namespace, telling: Telling, normals: Sequence[str], labels: Sequence[str], unusable: int
) -> int:
    started, told = time.perf_counter(), list[list[str]]()
    rest = iter(normals)
    while batch := list(islice(rest, BATCH)):
        told += telling(batch)
    seconds = time.perf_counter() - started
    answer: dict[str, object] = {"task": args.task, "model": args.model, "n": len(labels)}
    for name, score in set_scores.scores(sets(labels), told).items():
        known = [None if math.isnan(each) else round(each, 4) for each in (score.value, score.low, score.high)]
        answer |= {name: known[0], f"{name}_interval": known[1:]}
    answer |= {"documents_per_second": round(len(labels) / max(seconds, 1e-9)), "unusable_rows": unusable}
    print(json.dumps(answer, ensure_ascii=False))
    return 0
