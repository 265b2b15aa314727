"""Which models has this bank, and which one reads? `huixiang models list`, `activate`, `rollback` and their kin.

They need the database, unlike `train --data` and `evaluate`, which work on files alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault, Refused
from huixiang.web.bilingual import both

TASKS = ("sentiment", "kind", "topics", "risks", "opinions")
VERBS = ("list", "register", "lock", "activate", "compare", "rollback", "reread")


def add_arguments(verbs: Any) -> None:
    listing = verbs.add_parser("list", help="列出登记的模型 / the models of this bank")
    listing.add_argument("--json", action="store_true", help="JSON，每行一个模型 / one JSON a model")
    register = verbs.add_parser("register", help="登记一个训练好的模型 / keep a trained model")
    register.add_argument(
        "folder",
        type=Path,
        metavar="DIR",
        help="models train 写出的目录，或 ONNX 文件 / what train wrote, or an ONNX file",
    )
    register.add_argument("--name", required=True, metavar="NAME", help="名称，如 q4 / its name")
    register.add_argument(
        "--task", choices=TASKS, help="目录里既有标签模型又有评价模型时，登记哪一个 / which, where there are two"
    )
    register.add_argument("--note", default="", metavar="TEXT", help="训练数据的来历 / where its data comes from")
    lock = verbs.add_parser("lock", help="锁定评价集 / lock the evaluation set")
    lock.add_argument("--data", type=Path, metavar="FILE", help="文件；缺省用标注 / a file; else people's labels")
    lock.add_argument("--id-column", default="id", metavar="NAME", help="声音编号的列 / column of the voice's id")
    lock.add_argument("--label-column", default="label", metavar="NAME", help="标注的列 / column of the label")
    activate = verbs.add_parser("activate", help="启用 / let a model read")
    activate.add_argument("model", metavar="MODEL", help="如 q4-3 / as list shows it")
    activate.add_argument("--although-worse", action="store_true", help="更差也启用 / even if it is worse")
    compare = verbs.add_parser("compare", help="在锁定的评价集上比较 / compare on the locked set, JSON")
    compare.add_argument("old", metavar="OLD", help="模型，或 rules / a model, or rules")
    compare.add_argument("new", metavar="NEW", help="模型，或 rules / a model, or rules")
    back = verbs.add_parser("rollback", help="退回上一个 / what read before reads again")
    reread = verbs.add_parser("reread", help="重新理解这些月份 / read months again")
    reread.add_argument("--months", required=True, nargs="+", metavar="YYYY-MM", help="月份 / months")
    for verb in (lock, activate, compare, back):
        verb.add_argument("--task", choices=TASKS, default="sentiment", help="任务 / what is told")
    for verb in (activate, back):
        verb.add_argument("--reason", default="", metavar="TEXT", help="理由，记入审计 / why, for the audit")


def run(args: argparse.Namespace) -> int:
    """0. Raises Fault."""
    _ready()
    verb = {"list": _list, "register": _register, "lock": _lock, "activate": _activate, "compare": _compare}
    verb |= {"rollback": _rollback, "reread": _reread}
    return verb[args.verb](args)


def train(args: argparse.Namespace) -> int:
    """Learn from the labels of the labelling page, and keep the model. Raises Fault."""
    if args.task not in TASKS:
        raise Fault("没有 %(task)s 的标注页；--from-labels 只用于 %(known)s", task=args.task, known="、".join(TASKS))
    _ready()
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.annotation import schooling

    version = schooling.from_labels(args.task, args.name or args.task, by=shell_user(), source="cli", seed=args.seed)
    print(json.dumps(_told(version), ensure_ascii=False))
    return 0


def _ready() -> None:
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    ready_database()


def _list(args: argparse.Namespace) -> int:
    from huixiang.apps.annotation import scoring
    from huixiang.apps.annotation.models import ModelVersion

    versions = list(ModelVersion.objects.all())
    if not versions and not args.json:
        print(both("还没有登记的模型：现在由规则判断。"))
    for version in versions:
        told = _told(version)
        if args.json:
            print(json.dumps(told, ensure_ascii=False))
            continue
        aim = scoring.AIMS[version.task]
        figure = told["figures"].get(aim, [None])[0]
        mark, when = "*" if told["active"] else " ", f"{version.trained_at:%Y-%m-%d}"
        print(f"{mark} {version.label:<24} {version.task:<10} {when}  {aim} {'—' if figure is None else figure}")
    return 0


def _told(version: Any) -> dict[str, Any]:
    from huixiang.apps.annotation.models import Activation

    standing = Activation.objects.in_force(version.task)
    active = bool(standing and standing.version_id == version.pk)
    return {
        "model": version.label,
        "task": version.task,
        "trained_at": version.trained_at.isoformat(),
        "active": active,
        "active_since": standing.at.isoformat() if standing and active else None,
        "by": version.actor,
        "n": version.card["data"]["n"],
        "figures": version.figures,
    }


def _register(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.access.sentences import Sentence
    from huixiang.apps.annotation import actions, cards
    from huixiang.domain.understanding.learned.onnx import Onnx
    from huixiang.web.model_files import load_any, load_spans, only_spans

    reads_spans = args.task == "opinions" or (args.task is None and only_spans(args.folder))
    model = load_spans(args.folder) if reads_spans else load_any(args.folder)
    if args.task and model.task != args.task:
        raise Fault(
            "“%(folder)s”里是 %(its)s 模型，不是 %(task)s。", folder=args.folder, its=model.task, task=args.task
        )
    brought: dict[str, Any] = {"file": model.file} if isinstance(model, Onnx) else {}
    card = cards.card(model, source=Sentence("%(note)s", {"note": args.note or str(args.folder)}), **brought)
    print(json.dumps(_told(actions.register(model, card, name=args.name, by=shell_user(), source="cli"))))
    return 0


def _lock(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.access.sentences import Sentence
    from huixiang.apps.annotation import actions

    if args.data is None:
        found = actions.lock_labels(args.task, by=shell_user(), source="cli")
    else:
        origin = Sentence("%(file)s", {"file": args.data.name})
        found = actions.lock_set(args.task, _labels(args), origin, by=shell_user(), source="cli")
    print(json.dumps({"task": found.task, "n": found.items.count(), "sha256": found.sha256}))
    return 0


def _labels(args: argparse.Namespace) -> dict[str, str]:
    from huixiang.web.commands.understand import rows_of

    found = {}
    for row in rows_of(args.data, args.id_column, args.label_column):
        if not isinstance(row, Refused):
            found[row.fields.get(args.id_column, "").strip()] = row.fields.get(args.label_column, "").strip()
    return found


def _activate(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.annotation import actions

    version = _version(args.task, args.model)
    kept = actions.activate(
        version, by=shell_user(), although_worse=args.although_worse, reason=args.reason, source="cli"
    )
    print(json.dumps({"active": version.label, **kept.verdict}, ensure_ascii=False))
    return 0


def _compare(args: argparse.Namespace) -> int:
    from huixiang.apps.annotation import evaluating
    from huixiang.apps.annotation.models import EvaluationSet

    locked = EvaluationSet.current(args.task)
    if locked is None:
        raise Fault("还没有锁定的评价集；先用 huixiang models lock 锁定一个")
    old, new = (None if name == "rules" else _version(args.task, name) for name in (args.old, args.new))
    print(json.dumps(evaluating.compare(old, new, locked), ensure_ascii=False))
    return 0


def _rollback(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.annotation import actions

    version = actions.roll_back(args.task, by=shell_user(), reason=args.reason, source="cli")
    print(json.dumps({"active": version.label if version else "rules"}))
    return 0


def _reread(args: argparse.Namespace) -> int:
    """Put into the queue: `huixiang serve` does it, and its page shows how far it is."""
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.annotation import actions

    found = actions.reread(args.months, by=shell_user(), source="cli")
    print(json.dumps({"rereading": str(found.pk), "job": str(found.job_id), "months": found.months}))
    return 0


def _version(task: str, label: str) -> Any:
    from huixiang.apps.annotation.models import ModelVersion

    name, _, number = label.rpartition("-")
    found = ModelVersion.objects.filter(task=task, name=name, number=int(number) if number.isdecimal() else 0).first()
    if found is None:
        raise Fault("没有登记过模型“%(model)s”；用 huixiang models list 查看", model=label[:40])
    return found
