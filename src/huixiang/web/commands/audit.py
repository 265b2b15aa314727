"""`huixiang audit verify`: is the chain of records whole? `huixiang audit head`: what to keep elsewhere."""

from __future__ import annotations

import argparse
import sys

FAULTS = {
    "missing": "该条记录缺失 / the record is missing",
    "changed": "该条记录的内容被改动 / the record was changed",
    "reordered": "次序被改动，或其间有记录被删除 / reordered, or records before it were deleted",
    "truncated": "其后的记录被删去（与保存的链头不符） / records were cut off: a kept head is gone",
    "other_head": "与保存的链头不符，其后可能被重写 / another record than the kept head: rewritten",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify", "head"], help="verify 核验 · head 打印链头")
    parser.add_argument(
        "--head",
        default="",
        metavar="FILE|SEQ:HASH",
        help="另存的链头或其文件夹 / a head kept elsewhere",
    )


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.access import audit, heads
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    if args.what == "head":
        print(audit.head())
        return 0
    try:
        known = heads.known(args.head)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    verdict = audit.verify(known)
    if verdict.whole:
        print(f"审计链完整 / the chain is whole: {verdict.records} records\n{verdict.head}")
        return 0
    print(f"审计链从第 {verdict.seq} 条起不可信 / not to be trusted from record {verdict.seq} on", file=sys.stderr)
    print(FAULTS[verdict.fault], file=sys.stderr)
    return 1
