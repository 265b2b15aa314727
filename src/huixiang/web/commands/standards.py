"""`huixiang standards`: what the bank promises of its service, as files; list, lint, export, import, adopt."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from huixiang.channels.contract import Fault
from huixiang.web.bilingual import both, both_of

if TYPE_CHECKING:
    from huixiang.apps.access.models import Staff
    from huixiang.domain.standards.saying import Said


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("list", help="现行的标准 / the standards in force")
    verbs.add_parser("lint", help="查标准里的问题，有则退出码 1 / what is wrong with the set; 1 where anything is")
    check = verbs.add_parser("check", help="检查文件或文件夹，不写入 / check files, writing nothing")
    out = verbs.add_parser("export", help="写到文件夹，一份标准一个文件 / write one file a standard")
    bring = verbs.add_parser("import", help="导入文件夹、zip 或文件为草稿 / bring files in as drafts")
    adopt = verbs.add_parser("adopt", help="提交起始标准 / submit the product's own set")
    for each in (check, out, bring):
        each.add_argument("place", type=Path, metavar="PLACE", help="文件夹、zip 或文件 / folder, zip or file")
    for each in (bring, adopt):
        each.add_argument("--by", required=True, metavar="NUMBER", help="编写人的工号 / staff number of the author")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    if args.verb == "check":
        return _check(args.place)
    ready_database()
    verbs = {"list": _list, "lint": _lint, "export": _export, "import": _import, "adopt": _adopt}
    return verbs[args.verb](args)


def _list(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from huixiang.apps.standards.models import in_force_on
    from huixiang.domain.standards.catalogue import plain

    for each in in_force_on(timezone.localdate()):
        aim = f"{each.aim.measure} {plain(each.aim.target)}" if each.aim else "-"
        print(f"{each.code}  {each.title} / {each.english}  {aim}  {each.effective_from}")
    return 0


def _lint(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from huixiang.apps.standards import linting

    found = linting.found_on(timezone.localdate())
    for each in found:
        print(f"{each.code or '*'}  {each.fails}  {_said(each.what)}  → {_said(each.remedy)}")
    return 1 if found else 0


def _said(sentence: Said) -> str:
    """In both languages on one line."""
    from django.utils import translation

    from huixiang.apps.access.sentences import told

    def one(language: str) -> str:
        with translation.override(language):
            return told(sentence.message, sentence.params)

    return " / ".join(map(one, ("zh-hans", "en")))


def _check(place: Path) -> int:
    from huixiang.apps.standards import actions, folders

    files = folders.folder(place)
    found = actions.all_faults(files)
    for fault in found:
        print(both_of(fault), file=sys.stderr)
    if not found:
        print(both("%(count)s 份标准，没有错误", {"count": len(files)}))
    return 1 if found else 0


def _export(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.standards import exporting

    files = exporting.export(timezone.localdate(), by=shell_user(), source="cli")
    args.place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (args.place / name).write_text(text, "utf-8")
    print(both("写出 %(count)s 份标准", {"count": len(files)}))
    return 0


def _import(args: argparse.Namespace) -> int:
    from huixiang.apps.standards import actions, folders

    if _check(args.place):
        return 1
    found = actions.bring(folders.folder(args.place), by=_author(args.by), source="cli")
    said = {"written": len(found.written), "same": len(found.same)}
    print(both("写入 %(written)s 份草稿；%(same)s 份与现有的相同，未动。", said))
    return 0


def _adopt(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from huixiang.apps.standards import actions

    found = actions.adopt(timezone.localdate(), by=_author(args.by), source="cli")
    print(both("已提交 %(count)s 份起始标准，等另一人审批。", {"count": len(found)}))
    return 0


def _author(number: str) -> Staff:
    """Who answers for it: she must have the right for the whole bank. Raises Fault."""
    from huixiang.apps.access.models import Staff
    from huixiang.apps.standards.models import EDIT

    found: Staff | None = Staff.objects.filter(number=number, is_active=True).first()
    if found is None or not found.holds(EDIT, None):
        raise Fault("工号“%(number)s”没有在全行编写标准的权限", number=number[:40])
    return found
