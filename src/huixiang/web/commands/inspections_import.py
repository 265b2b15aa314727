"""`huixiang inspections import FILE`: inspections that another system wrote, a row a form."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault
from huixiang.web.bilingual import both, both_of

EPILOG = """\
中断后重新运行同一命令，从断处继续 / run the same command again to go on where it was broken off.
隔离的行在页面“导入”里打开、改好 / rows that were set aside are opened and mended on the page of imports."""


def add_arguments(verbs: Any) -> None:
    parser = verbs.add_parser("import", help="导入其他系统的检查 / inspections of another system")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV、XLSX 或 JSONL / CSV, XLSX or JSONL")
    parser.add_argument("--mapping", type=Path, metavar="M.toml", help="哪列是什么 / which column is which")
    parser.add_argument("--check", action="store_true", help="只试读前 100 行 / only look at the first rows")


def run(args: argparse.Namespace) -> int:
    """0; 1 where rows were set aside."""
    from huixiang.channels import inspection_sheets

    try:
        mapping = inspection_sheets.mapping(args.mapping.read_text("utf-8") if args.mapping else "")
        return _looked(args, mapping) if args.check else _brought(args, mapping)
    except (OSError, UnicodeDecodeError) as error:
        name, reason = str(args.file), getattr(error, "strerror", None) or type(error).__name__
        raise Fault("无法读取“%(name)s”：%(reason)s", name=name, reason=reason) from None


def _looked(args: argparse.Namespace, mapping: Any) -> int:
    from huixiang.apps.inspections import sheet_arriving

    text = sheet_arriving.settled(args.file, mapping)
    print(text)
    look = sheet_arriving.looked(args.file, text, None)
    for refused in look.refused:
        print(both_of(refused.fault), file=sys.stderr)
    said = {"read": look.rows_read, "good": len(look.entries), "refused": len(look.refused)}
    print(both("试读前 %(read)s 行：%(good)s 行可以导入，%(refused)s 行有误。", said))
    return 1 if look.refused else 0


def _brought(args: argparse.Namespace, mapping: Any) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.feedback import importing
    from huixiang.apps.inspections.sheet_arriving import open_sheet
    from huixiang.apps.inspections.sheet_guest import SHEETS, counts
    from huixiang.web.commands.import_ import Bar

    imported, continued = open_sheet(args.file.resolve(), mapping, actor=shell_user())
    if continued:
        print(both("这个文件上次的导入没有完成，从断处继续。"), file=sys.stderr)
    try:
        with Bar(imported.file_name) as bar:
            importing.run(bar, str(imported.pk))
    except KeyboardInterrupt:
        print(both("已中断。重新运行同一命令，从断处继续，不会重复计数。"), file=sys.stderr)
        return 130
    print(both(*SHEETS.closing(imported)))
    return 1 if counts(imported)["quarantined"] else 0
