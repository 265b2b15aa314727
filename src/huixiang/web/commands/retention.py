"""`huixiang retention show|set`: what is kept of customers, and how long; what would go tonight."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", choices=["show", "set"], help="show 查看，不删除 / look, remove nothing; set 设定 / set"
    )
    parser.add_argument("channel", nargs="?", default="", help="hotline, website, suggestion_box")
    parser.add_argument("--days", type=int, help="保存天数，7–1095 / days kept")
    parser.add_argument("--keep", choices=["yes", "no"], help="保存联系方式 / keep contacts")
    parser.add_argument("--acknowledge", choices=["yes", "no"], help="自动发送收悉通知 / say that it came in")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    return _shown() if args.what == "show" else _set(args)


def _shown() -> int:
    from django.utils import timezone

    from huixiang.apps.feedback import keeping
    from huixiang.web.commands.tables import shown

    rows = []
    for one in keeping.told(timezone.now()):
        last = f"{timezone.localtime(one.last.at):%Y-%m-%d %H:%M} -{one.last.removed}" if one.last else "—"
        due = "—" if one.due is None else str(one.due)
        rows.append([one.keeping.code, str(one.keeping.channel), one.days, str(one.stored), due, last])
    header = ["代码 / code", "渠道 / channel", "期限 / term", "现存 / kept", "已到期 / due", "上次清理 / last cleared"]
    return shown(header, rows, csv=False)


def _set(args: argparse.Namespace) -> int:
    from huixiang.apps.intake import actions, reaching
    from huixiang.apps.intake.actions.ways import Manner

    way = reaching.way(args.channel)
    keeps = way.keeps if args.keep is None else args.keep == "yes"
    acknowledges = way.acknowledges if args.acknowledge is None else args.acknowledge == "yes"
    days = way.retention_days if args.days is None else args.days
    actions.settle_way(args.channel, Manner(days, keeps, acknowledges, way.consent), by=_who(), source="cli")
    return _shown()


def _who() -> str:
    import getpass

    return f"cli:{getpass.getuser()}"
