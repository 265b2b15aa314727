"""Are the rule books in order? `huixiang taxonomy check FILE` tells what is wrong, `show` what holds."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from huixiang.apps.feedback import rulebooks
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.book import BOOKS, Node, shipped_text
from huixiang.domain.understanding.lint import lint
from huixiang.web.bilingual import both, both_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser("check", help="检查一个文件 / find what is wrong with a file")
    check.add_argument("file", type=Path, metavar="FILE", help="TOML 文件 / the TOML file")
    show = verbs.add_parser("show", help="列出现行的节点 / list the nodes in force")
    export = verbs.add_parser("export", help="写出自带的文件，供修改 / the product's file, to be changed")
    for verb in (show, export):
        verb.add_argument("--book", choices=BOOKS, default="taxonomy", help="哪一本，缺省 taxonomy / which book")
    show.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="哪一天的，缺省今天 / as of, today by default"
    )
    show.add_argument("--json", action="store_true", help="JSON，每行一个节点 / one JSON a node")
    export.add_argument(
        "--out", type=Path, metavar="FILE", help="写到文件，缺省标准输出 / a file, else standard output"
    )


def run(args: argparse.Namespace) -> int:
    """0; 1 where the file has errors; 2, with the reason on stderr, where it cannot be read."""
    try:
        if args.verb == "check":
            return _check(args.file)
        if args.verb == "show":
            return _show(args.book, args.on or rulebooks.today(), as_json=args.json)
        return _export(args.book, args.out)
    except Fault as fault:
        print(both_of(fault), file=sys.stderr)
        return 2


def _check(path: Path) -> int:
    problems = lint(rulebooks.text_of(path))
    errors = [problem for problem in problems if not problem.warning]
    warnings = [problem for problem in problems if problem.warning]
    for title, some in (("错误 / error", errors), ("提醒 / warning", warnings)):
        for fault in rulebooks.faults(path.name, some):
            print(f"{title}: {both_of(fault)}")
    print(both("%(errors)s 处错误，%(warnings)s 处提醒。", {"errors": len(errors), "warnings": len(warnings)}))
    return 1 if errors else 0


def _show(name: str, day: date, *, as_json: bool) -> int:
    book = rulebooks.book(name, day)
    if not as_json:
        print(f"{book.name} / {book.english}, {book.version}, {day}: {book.source}")
    for node in book.nodes:
        print(_as_json(node) if as_json else _as_line(node, book.nodes))
    return 0


def _as_json(node: Node) -> str:
    told: dict[str, object] = {"code": node.code, "name": node.name, "english": node.english, "source": node.source}
    told |= {"since": str(node.since), "until": str(node.until) if node.until else None}
    told |= {"official_code": node.official_code or None, "unsure": node.unsure or None, "level": node.level or None}
    return json.dumps(told | {"patterns": len(node.strengths)}, ensure_ascii=False)


def _as_line(node: Node, nodes: Sequence[Node]) -> str:
    depth = sum(node.code.startswith(f"{other.code}.") for other in nodes)
    marks = "".join(f" [{mark}]" for mark in (node.level, node.official_code) if mark) + (" ⚠" if node.unsure else "")
    return f"{'  ' * depth}{node.code}  {node.name} / {node.english}{marks}"


def _export(name: str, out: Path | None) -> int:
    if out is None:
        print(shipped_text(name), end="")
        return 0
    if out.exists():
        raise Fault("“%(file)s”已经存在：不覆盖。请换一个名字。", file=str(out))
    out.write_text(shipped_text(name), "utf-8")
    return 0
