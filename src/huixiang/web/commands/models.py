"""What do the bank's own labels teach? `huixiang models train` learns, `evaluate` scores; others: model_registry.py."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from huixiang.channels.contract import Fault, Refused, Row
from huixiang.domain.understanding.contract import LABELS
from huixiang.domain.understanding.learned import scores
from huixiang.domain.understanding.learned.judging import Judge
from huixiang.domain.understanding.learned.sentiments import NAMES, Learned, label_of
from huixiang.domain.understanding.learned.several import Several
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.sentiment import Sentiments
from huixiang.domain.understanding.understander import Understander
from huixiang.domain.understanding.words import Words
from huixiang.web.commands import model_registry, opinion_models, topic_models
from huixiang.web.commands.understand import rows_of
from huixiang.web.model_files import load, load_any, save

TASKS = ("kind", "opinions", "pairs", "risks", "sentiment", "topics")
AIMS = {"kind": "macro_f1", "sentiment": "kappa", "topics": "macro_f1"}  # risks: several a text, see topic_models
BATCH = 1_000
_MEASURES = ("accuracy", "macro_f1", "kappa")


class Labelled(NamedTuple):
    """Texts with the labels that people gave them, and the number of rows that cannot be used."""

    normals: list[str]
    labels: list[str]
    unusable: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    train = verbs.add_parser("train", help="用本行标注的数据训练模型 / learn from the bank's labels")
    evaluate = verbs.add_parser("evaluate", help="用标注数据评价模型，输出 JSON / score a model, as JSON")
    for verb in (train, evaluate):
        verb.add_argument("--task", required=True, choices=TASKS, help="任务 / what is to be told")
        verb.add_argument("--data", type=Path, metavar="FILE", help="标注数据 / the labelled file")
        verb.add_argument(
            "--text-column", default="text", metavar="NAME", help="文本列；句对用 s1,s2 / of the text; pairs: s1,s2"
        )
        verb.add_argument("--label-column", default="label", metavar="NAME", help="标注列 / column of the label")
    train.add_argument("--from-labels", action="store_true", help="用标注页的标注，并登记 / of the labelling page")
    train.add_argument("--name", default="", metavar="NAME", help="登记的名称，缺省为任务名 / its name in the registry")
    train.add_argument("--out", type=Path, metavar="DIR", help="模型目录 / folder of the model")
    train.add_argument(
        "--aim", choices=_MEASURES, help="定标签时要优化的指标 / the measure that telling a label serves"
    )
    train.add_argument("--several", action="store_true", help="一条有几个事项，逗号隔开 / topics apart by commas")
    train.add_argument("--seed", type=int, default=0, help="相同的种子得到相同的模型 / same seed, same model")
    evaluate.add_argument(
        "--model",
        required=True,
        metavar="DIR",
        help="模型目录，或 shipped（自带规则；事项须用分类树的编码） / a folder, or shipped",
    )
    model_registry.add_arguments(verbs)


def run(args: argparse.Namespace) -> int:
    """0, or 2 with the reason on stderr."""
    try:
        return _run(args)
    except (Fault, ValueError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"错误：无法读写“{error.filename}”：{error.strerror} / cannot be read or written", file=sys.stderr)
        return 2


def _run(args: argparse.Namespace) -> int:
    if args.verb in model_registry.VERBS:
        return model_registry.run(args)
    if args.verb == "train" and args.from_labels:
        return model_registry.train(args)
    _complete(args)
    if args.task == "pairs":
        from huixiang.web.commands import pair_models

        return pair_models.train(args) if args.verb == "train" else pair_models.evaluate(args)
    if args.task == "opinions":
        return opinion_models.train(args) if args.verb == "train" else opinion_models.evaluate(args)
    return _train(args) if args.verb == "train" else _evaluate(args)


def _complete(args: argparse.Namespace) -> None:
    """What `--from-labels` does without, all others need. Raises Fault."""
    needed = ("data", "out") if args.verb == "train" else ("data",)
    if missing := [f"--{name}" for name in needed if getattr(args, name) is None]:
        raise Fault("缺少 %(names)s（或用 --from-labels，从标注页的标注训练）", names="、".join(missing))


def _train(args: argparse.Namespace) -> int:
    from huixiang.domain.understanding.learned import training  # the trainer's libraries are heavy: only when asked for

    warnings.filterwarnings("ignore", "The least populated class", UserWarning)  # we name rare labels ourselves
    started = time.monotonic()
    data = _labelled(args)
    if args.several or args.task == "risks":
        return topic_models.train(args, data.normals, data.labels, data.unusable)
    few = set(training.rare(data.labels))
    kept = [place for place, label in enumerate(data.labels) if label not in few]
    if few:
        print(
            f"不足 {training.FEWEST} 条的标注不学 / labels too rare to be learned: {'、'.join(sorted(few))}",
            file=sys.stderr,
        )
    normals, labels = [data.normals[place] for place in kept], [data.labels[place] for place in kept]
    model = training.train(
        normals, _cut(normals), labels, task=args.task, aim=args.aim or AIMS[args.task], seed=args.seed
    )
    save(model, args.out)
    told = {"task": args.task, "n": len(labels), "labels": list(model.labels), "unusable_rows": data.unusable}
    told |= {"labels_left_out": sorted(few), "aim": model.aim, "seconds": round(time.monotonic() - started, 1)}
    print(json.dumps(told, ensure_ascii=False))
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    data = _labelled(args)
    if args.task in ("topics", "risks"):
        several = None if args.model == "shipped" else load_any(args.model)
        if several is None:
            return topic_models.evaluate(args, topic_models.by_rules(args.task, data.labels), *data)
        if isinstance(several, Several) and several.task == args.task:
            return topic_models.evaluate(args, topic_models.by_model(several), *data)
    started = time.perf_counter()
    told = _told(args, data)
    seconds = time.perf_counter() - started
    found = scores.scores(data.labels, told)
    answer: dict[str, object] = {"task": args.task, "model": args.model, "n": found.n}
    for name in _MEASURES:
        score: scores.Score = getattr(found, name)
        answer[name] = _figure(score.value)
        answer[f"{name}_interval"] = [_figure(score.low), _figure(score.high)]
    answer |= {"documents_per_second": round(found.n / max(seconds, 1e-9)), "unusable_rows": data.unusable}
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def _figure(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)  # NaN has no place in JSON


def _told(args: argparse.Namespace, data: Labelled) -> list[str]:
    """What the model says of the texts. The rules choose among the labels that the file uses: some know no neutral."""
    told: list[str] = []
    model: Sentiments | Learned | Judge
    if args.model == "shipped":
        if args.task == "kind":
            rules = Understander()
            return [each.kind.code for normals in _batches(data.normals) for each in rules.again(normals)]
        model = Sentiments()
    else:
        judge = load(args.model)
        if judge.task != args.task:
            raise Fault("“%(model)s”是 %(its)s 模型，不是 %(task)s。", model=args.model, its=judge.task, task=args.task)
        model = Learned(judge) if args.task == "sentiment" else judge
    used = [label for label in LABELS if label in set(data.labels)]
    words = Words()
    for normals in _batches(data.normals):
        tokens = [words.tokens(normal) for normal in normals]
        if not isinstance(model, Sentiments | Learned):
            told += model.told(model.probabilities(normals, tokens))
        else:
            for found in model.read(normals, tokens):
                likeliest = max(used, key=lambda label: getattr(found, label))
                told.append(found.label if found.label in used else likeliest)
    return told


def _batches(normals: Sequence[str]) -> Iterator[Sequence[str]]:
    rest = iter(normals)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _cut(normals: Sequence[str]) -> list[list[str]]:
    words = Words()
    return [words.tokens(normal) for normal in normals]


def _labelled(args: argparse.Namespace) -> Labelled:
    """The labelled texts of the file. Raises Fault where a column is missing, or no row can be used."""
    normals, labels, unusable = [], [], 0
    for row in rows_of(args.data, args.text_column, args.label_column):
        text, label = _pair(row, args)
        if not text or not label:
            unusable += 1
            continue
        normals.append(normalise(text))
        labels.append(label)
    if not labels:
        names = "；".join("、".join(each) for each in NAMES.values())
        hint = f"情感标注可写作：{names}。" if args.task == "sentiment" else ""
        raise Fault("“%(file)s”里没有可用的标注行。%(hint)s", file=args.data.name, hint=hint)
    return Labelled(normals, labels, unusable)


def _pair(row: Row | Refused, args: argparse.Namespace) -> tuple[str, str]:
    if isinstance(row, Refused):
        return "", ""
    label = row.fields.get(args.label_column, "").strip()
    if args.task == "sentiment":
        label = label_of(label) or ""
    return row.fields.get(args.text_column, "").strip(), label
