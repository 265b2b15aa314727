"""Do two sentences mean the same? `huixiang models train|evaluate --task pairs --text-column s1,s2` tells."""

from __future__ import annotations

import argparse
import json
import time
from typing import NamedTuple

import numpy as np

from huixiang.channels.contract import Fault, Refused
from huixiang.domain.understanding.learned import pairs, scores
from huixiang.domain.understanding.normal import normalise
from huixiang.web.commands.understand import rows_of
from huixiang.web.model_files import load_pairs, save

SAME = {"1": 1, "yes": 1, "same": 1, "是": 1, "相同": 1, "0": 0, "no": 0, "different": 0, "否": 0, "不同": 0}


class Judged(NamedTuple):
    """Pairs of normal texts, whether people say they mean the same, and the number of rows that cannot be used."""

    first: list[str]
    second: list[str]
    same: list[int]
    unusable: int


def train(args: argparse.Namespace) -> int:
    """Learn from the file and write the model. Raises Fault or ValueError where the file does not allow it."""
    started = time.monotonic()
    data = _judged(args)
    save(pairs.train(data.first, data.second, np.array(data.same)), args.out)
    told = {"task": "pairs", "n": len(data.same), "same": sum(data.same), "unusable_rows": data.unusable}
    print(json.dumps(told | {"seconds": round(time.monotonic() - started, 1)}, ensure_ascii=False))
    return 0


def evaluate(args: argparse.Namespace) -> int:
    """Print what the model is worth on the file's pairs."""
    data = _judged(args)
    model = load_pairs(args.model)
    started = time.perf_counter()
    probabilities = model.probabilities(data.first, data.second)
    seconds = time.perf_counter() - started
    found = scores.scores([str(same) for same in data.same], [str(int(p >= 0.5)) for p in probabilities])
    area = scores.area(np.array(data.same), probabilities)
    answer: dict[str, object] = {"task": "pairs", "model": args.model, "n": found.n}
    for name, score in (
        ("auc", area),
        ("accuracy", found.accuracy),
        ("macro_f1", found.macro_f1),
        ("kappa", found.kappa),
    ):
        answer[name] = round(score.value, 4)
        answer[f"{name}_interval"] = [round(score.low, 4), round(score.high, 4)]
    answer |= {"documents_per_second": round(found.n / max(seconds, 1e-9)), "unusable_rows": data.unusable}
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def _judged(args: argparse.Namespace) -> Judged:
    names = [name.strip() for name in args.text_column.split(",")]
    if len(names) != 2:
        raise Fault("句对任务需要两个文本列，如 --text-column s1,s2，而不是“%(given)s”。", given=args.text_column)
    first, second, same, unusable = [], [], [], 0
    for row in rows_of(args.data, *names, args.label_column):
        fields = {} if isinstance(row, Refused) else row.fields
        a, b = (normalise(fields.get(name, "")) for name in names)
        label = SAME.get(fields.get(args.label_column, "").strip().lower())
        if not a or not b or label is None:
            unusable += 1
            continue
        first.append(a)
        second.append(b)
        same.append(label)
    if not same:
        raise Fault("“%(file)s”里没有可用的标注行。句对标注可写作 1 或 0。", file=args.data.name)
    return Judged(first, second, same, unusable)
