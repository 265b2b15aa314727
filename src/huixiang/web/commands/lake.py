"""`huixiang lake tidy`: put small files together; `huixiang lake files TABLE`: what other engines can read."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from huixiang.lake.schema import TABLES

    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    tidy = verbs.add_parser("tidy", help="合并小文件、清除过期版本 / put small files together, drop old versions")
    tidy.add_argument("--older-than-hours", type=int, default=168, metavar="H", help="保留最近多少小时的版本 / kept")
    files = verbs.add_parser("files", help="列出某表当前版本的文件 / list the files of a table's version")
    files.add_argument("table", choices=list(TABLES))
    files.add_argument("--version", type=int, help="较早的版本号 / an older version")


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    from huixiang.lake.store import Lake

    lake = Lake(Path(settings.LAKE_DIR))
    if args.verb == "files":
        for file in lake.files(args.table, args.version):
            print(file)
        return 0
    try:
        print(f"整理了 {lake.tidy(args.older_than_hours)} 个月份 / months rewritten")
    except Exception as failure:  # its message is left out: it may quote a row
        print(
            f"部分月份未能整理（{type(failure).__name__}），数据完好；请检查磁盘空间后重试。\n"
            "Some months could not be put in order; the data are whole. Look at the room on the disk, and try again.",
            file=sys.stderr,
        )
        return 1
    return 0
