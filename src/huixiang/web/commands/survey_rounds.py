"""`huixiang surveys frame|rounds|redraw|optouts`: lists of customers, and draws that anybody can check."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from huixiang.channels.contract import Fault
from huixiang.web.bilingual import both_of

ROUND_DEEDS = {
    "begin": "开始或恢复发送 / begin, or go on",
    "pause": "暂停发送 / nothing leaves, links stay open",
    "stop": "停止，链接失效 / nothing leaves, links are shut",
    "reissue": "换发撤回的链接 / new links for those withdrawn",
    "withdraw": "撤回没有用过的链接 / shut links not used yet",
}
DEEDS = ("frame", "rounds", "redraw", "optouts", *ROUND_DEEDS)


def add_deeds(deeds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    frame = deeds.add_parser("frame", help="导入客户名单 / take in a list of customers")
    frame.add_argument("survey", type=int, help="问卷号，见 list / its number, see list")
    frame.add_argument("file", type=Path, help="CSV、XLSX、JSONL")
    frame.add_argument("--mapping", type=Path, metavar="M.toml", help="列的对应 / which column is which")
    listed = deeds.add_parser("rounds", help="历次发送 / the rounds of a survey")
    listed.add_argument("survey", type=int, help="问卷号 / its number")
    again = deeds.add_parser("redraw", help="重抽一次并核对 / draw a round again and compare")
    again.add_argument("round", type=int, help="发送号，见 rounds / its number, see rounds")
    for name, summary in ROUND_DEEDS.items():
        deed = deeds.add_parser(name, help=summary)
        deed.add_argument("round", type=int, help="发送号，见 rounds / its number, see rounds")
    deed.add_argument("--reason", required=True, help="原因 / why")
    deed.add_argument("--one", default="", metavar="LINK", help="只这一位：链接、邀请编号或客户号 / only this one")
    deed.add_argument("--unit", default="", metavar="CODE", help="只这个机构及下级 / only this unit and those below")
    no = deeds.add_parser("optouts", help="不愿接受调查的客户：导入或导出 / who does not want to be asked")
    no.add_argument("--import", dest="file", type=Path, metavar="FILE", help="客户号一列 / a column of numbers")


def run(args: argparse.Namespace) -> int:
    """1 where a redraw differs or rows were refused."""
    if args.what in ROUND_DEEDS:
        return _turned(args)
    return {"frame": _framed, "rounds": _listed, "redraw": _redrawn, "optouts": _optouts}[args.what](args)


def _framed(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.surveys import framing
    from huixiang.apps.surveys.models import Survey
    from huixiang.channels import survey_frames

    survey = Survey.objects.select_related("unit").filter(pk=args.survey).first()
    if survey is None:
        raise Fault("没有 %(number)s 号问卷", number=args.survey)
    try:
        by = survey_frames.mapping(args.mapping.read_text("utf-8") if args.mapping else "")
        told = framing.bring(args.file, survey, by, actor=shell_user())
    except OSError as error:
        raise Fault("读不了文件“%(name)s”：%(why)s", name=args.file.name, why=error.strerror or "") from None
    for fault in told.faults:
        print(both_of(fault), file=sys.stderr)
    print(f"{told.read} 行：新增 {told.new}，相同 {told.same}，更新 {told.changed}，有误 {told.refused}")
    print(f"{told.read} rows: {told.new} new, {told.same} known, {told.changed} changed, {told.refused} refused")
    return 1 if told.refused else 0


def _listed(args: argparse.Namespace) -> int:
    from huixiang.apps.surveys import rates
    from huixiang.apps.surveys.models import Round

    for each in Round.objects.filter(survey=args.survey):
        sum_ = rates.total(rates.of_round(each))
        print(f"{each.pk}  {each.name}  {each.state}  {sum_.asked} / {sum_.delivered} / {sum_.answered}")
    return 0


def _turned(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.access.models import Unit
    from huixiang.apps.surveys.actions import rounds, withdrawing
    from huixiang.apps.surveys.models import Round

    round_, by = Round.objects.select_related("survey__unit").filter(pk=args.round).first(), shell_user()
    if round_ is None:
        raise Fault("没有 %(number)s 号发送", number=args.round)
    if args.what in {"begin", "pause", "stop"}:
        {"begin": rounds.begin_round, "pause": rounds.pause_round, "stop": rounds.stop_round}[args.what](round_, by=by)
        print(f"{round_.pk}  {round_.name}  {round_.state}")
        return 0
    if args.what == "reissue":
        count = withdrawing.reissue_links(round_, by=by)
    else:
        unit = Unit.objects.filter(code=args.unit).first() if args.unit else None
        if args.unit and unit is None:
            raise Fault("没有机构“%(code)s”，或它已关闭", code=args.unit)
        count = withdrawing.withdraw_links(round_, args.reason, withdrawing.Which(args.one, unit), by=by)
    print(f"{count} 个链接 / links")
    return 0


def _redrawn(args: argparse.Namespace) -> int:
    from huixiang.apps.surveys import drawing
    from huixiang.apps.surveys.models import Round

    round_ = Round.objects.filter(pk=args.round).first()
    if round_ is None:
        raise Fault("没有 %(number)s 号发送", number=args.round)
    found = drawing.redraw(round_)
    print(f"seed {found.seed}\nframe sha256:{found.digest}\n{found.framed} → {found.drawn}")
    print(
        "一致 / the same" if found.is_same else "不一致：名单或邀请被改动过 / differs: list or invitations were changed"
    )
    return 0 if found.is_same else 1


def _optouts(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.surveys import optouts
    from huixiang.channels.export import csv_lines

    if args.file:
        read, new = optouts.bring(args.file, actor=shell_user())
        print(f"{read} 行，新增 {new} / {read} rows, {new} new")
        return 0
    for piece in csv_lines(["假名", "方式", "日期"], optouts.exported(by=shell_user())):
        sys.stdout.write(piece)
    return 0
