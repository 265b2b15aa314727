"""How does a bank teach and test the reading of opinions? Files with one tag a character, apart by spaces."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from typing import NamedTuple

from huixiang.channels.contract import Fault, Refused
from huixiang.domain.understanding.opinions.reading import Reader
from huixiang.domain.understanding.opinions.rules import Rules
from huixiang.domain.understanding.opinions.scores import StrictF1, strict_f1
from huixiang.domain.understanding.opinions.tags import TAGS, Misfit, Span, spans, tags_of
from huixiang.web.bilingual import both_of
from huixiang.web.commands.understand import FAULTS_TOLD, rows_of
from huixiang.web.model_files import load_spans, save

BATCH = 500


class Marked(NamedTuple):
    """Texts with the spans that people marked, and the number of rows that cannot be used."""

    texts: list[str]
    gold: list[list[Span]]
    unusable: int


def train(args: argparse.Namespace) -> int:
    from huixiang.domain.understanding.opinions import (
        training,
    )  # the trainer's libraries are heavy: only when asked for

    started = time.monotonic()
    data = marked(args)
    model = training.train(data.texts, data.gold, seed=args.seed)
    save(model, args.out)
    told = {"task": "opinions", "n": len(data.texts), "spans": sum(map(len, data.gold))}
    told |= {"unusable_rows": data.unusable, "seconds": round(time.monotonic() - started, 1)}
    print(json.dumps(told, ensure_ascii=False))
    return 0


def evaluate(args: argparse.Namespace) -> int:
    data = marked(args)
    reader: Reader = Rules() if args.model == "shipped" else load_spans(args.model)
    started = time.perf_counter()
    told = [found for at in range(0, len(data.texts), BATCH) for found in reader.spans(data.texts[at : at + BATCH])]
    seconds = time.perf_counter() - started
    whole, by_kind = strict_f1(data.gold, told)
    answer: dict[str, object] = {"task": "opinions", "model": args.model, "n": len(data.texts), **_told(whole)}
    answer["by_kind"] = {kind: _told(score) for kind, score in by_kind.items()}
    pace = round(len(data.texts) / max(seconds, 1e-9))
    print(json.dumps(answer | {"documents_per_second": pace, "unusable_rows": data.unusable}, ensure_ascii=False))
    return 0


def _told(score: StrictF1) -> dict[str, object]:
    def figure(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 4)  # NaN has no place in JSON

    return {
        "strict_f1": figure(score.value),
        "strict_f1_interval": [figure(score.low), figure(score.high)],
        "precision": figure(score.precision),
        "recall": figure(score.recall),
    }


def marked(args: argparse.Namespace) -> Marked:
    """The marked texts of the file; rows whose tags do not fit are named on stderr and left out."""
    found, faults = Marked([], [], 0), []
    for row in rows_of(args.data, args.text_column, args.label_column):
        if isinstance(row, Refused):
            faults.append(row.fault)
            continue
        text = row.fields.get(args.text_column, "")
        try:
            found.gold.append(spans(tags_of(row.fields.get(args.label_column, ""), text)))
            found.texts.append(text)
        except Misfit as misfit:
            faults.append(Fault("第 %(row)s 行：%(reason)s；已略过", row=row.number, reason=misfit))
    for fault in faults[:FAULTS_TOLD]:
        print(both_of(fault), file=sys.stderr)
    if len(faults) > FAULTS_TOLD:
        rest = len(faults) - FAULTS_TOLD
        print(both_of(Fault("另有 %(rest)s 行不可用，同样略过", rest=rest)), file=sys.stderr)
    if not found.texts:
        raise Fault("“%(file)s”里没有可用的标注行。%(hint)s", file=args.data.name, hint=f"标签：{'、'.join(TAGS)}。")
    return found._replace(unusable=len(faults))
