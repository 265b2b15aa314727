"""`huixiang focus list|import`: which talks are there, and bring the record of one in."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    what.add_parser("list", help="各研究的座谈、状态与编号 / studies with their talks")
    one = what.add_parser("import", help="导入一场座谈的记录（docx、txt、VTT） / bring in the record of a talk")
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--session", type=int, required=True, metavar="N", help="座谈编号，见 list / number of the talk")
    one.add_argument(
        "--speaker",
        action="append",
        default=[],
        metavar="称呼=谁",
        help="记录中的称呼是谁：P1…、moderator、new、join、leave_out；不写则按代号、称呼与“主持人”认 / who is who",
    )


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    return _listed() if args.what == "list" else _imported(args)


def _listed() -> int:
    from huixiang.apps.focus.models import Study

    for study in Study.objects.select_related("unit").order_by("pk"):
        print(f"{study.name}（{study.unit}）")
        for session in study.sessions.select_related("unit", "study"):
            people, said = session.participants.count(), session.utterances.of_participants().count()
            state = session.get_state_display()
            print(f"  {session.pk}  {session}  {session.unit}  {state}  参加者 {people}，发言 {said}")
    return 0


def _imported(args: argparse.Namespace) -> int:
    """Who acts is the machine's administrator. 1 where a line could not be read; the others are in."""
    from django.core.exceptions import ObjectDoesNotExist

    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.access.sentences import told
    from huixiang.apps.focus import actions, voices
    from huixiang.channels.contract import Fault
    from huixiang.channels.discussion import LARGEST

    by = shell_user()
    try:
        with args.file.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Fault("文件“%(name)s”打不开（%(reason)s）", name=args.file.name, reason=error.strerror or "") from None
    try:
        made = actions.upload(args.session, args.file.name, content, by=by, source="cli")
    except ObjectDoesNotExist:
        raise Fault("没有编号为 %(number)s 的座谈；huixiang focus list 可以看到编号", number=args.session) from None
    given = dict(each.split("=", 1) for each in args.speaker if "=" in each)
    chosen = actions.suggested(made.session, {each.label: 0 for each in actions.turns(made)}) | given
    made = actions.bring_in(made.pk, chosen, by=by, source="cli")
    for fault in made.faults:
        print(told(fault["message"], fault["params"]))
    counts = f"读到 {made.read} 句：新增 {made.added}，已有 {made.known}，未收 {made.left_out}"
    print(f"{counts} / {made.read} turns: {made.added} new, {made.known} known, {made.left_out} left out")
    print(f"计入客户之声 {voices.take_in()} 句 / counted as voices")
    return 1 if made.faults else 0
