"""`huixiang complaints export FILE`, `verify --export FILE`, `lessons FILE`: cases with their count and hash"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault


def add_arguments(verbs: Any) -> None:
    verify = verbs.add_parser("verify", help="核验每件投诉的记录链，或一个导出文件 / is every line as it was written")
    verify.add_argument(
        "--export", type=Path, metavar="FILE", help="核验这个导出文件 / check this exported file instead"
    )
    out = verbs.add_parser("export", help="导出投诉及其全部记录 / cases with their events, a count and a hash")
    out.add_argument("file", type=Path, metavar="FILE.jsonl", help="写到哪里 / where to")
    out.add_argument(
        "--from", dest="received_from", type=date.fromisoformat, metavar="DAY", help="收到之日起 / received"
    )
    out.add_argument("--until", dest="received_until", type=date.fromisoformat, metavar="DAY", help="至 / until")
    learn = verbs.add_parser(
        "lessons", help="导出已分类投诉的脱敏文本与分类，供训练模型 / classed cases' masked text, to train a model with"
    )
    learn.add_argument("file", type=Path, metavar="FILE.csv", help="写到哪里 / where to")


def run(args: argparse.Namespace) -> int:
    """1 where a file is not whole, or differs from what is kept here."""
    try:
        if args.verb == "lessons":
            return _lessons(args.file)
        return _verify(args.export) if args.verb == "verify" else _export(args)
    except OSError as error:
        name, reason = str(error.filename or args.file), error.strerror or type(error).__name__
        raise Fault("无法读取“%(name)s”：%(reason)s", name=name, reason=reason) from None


def _export(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.complaints.exporting import export

    with args.file.open("xb") as target:  # an older file is not written over
        found = export(shell_user(), args.received_from, args.received_until, source="cli")
        with found.file:
            shutil.copyfileobj(found.file, target)
    checked = found.checked
    print(json.dumps({"cases": checked.cases, "events": checked.events, "sha256": checked.sha256}))
    return 0


def _lessons(place: Path) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.complaints.lessons import lessons

    with place.open("xb") as target:  # an older file is not written over
        file, count = lessons(shell_user(), source="cli")
        with file:
            shutil.copyfileobj(file, target)
    print(json.dumps({"cases": count}))
    return 0


def _verify(place: Path) -> int:
    from huixiang.apps.complaints.exporting import not_ours
    from huixiang.domain.complaints.exported import check

    with place.open("rb") as file:
        checked = check(file)
        file.seek(0)
        others = [] if checked.fault_count else list(not_ours(file))
    for number, fault in checked.faults:
        print(f"{number or place.name}: {fault}", file=sys.stderr)
    for number, seq in others:
        print(f"{number} #{seq}: not_ours", file=sys.stderr)
    told = {"cases": checked.cases, "events": checked.events, "sha256": checked.sha256}
    print(json.dumps(told | {"faults": checked.fault_count, "not_ours": len(others)}))
    return 1 if checked.fault_count or others else 0
