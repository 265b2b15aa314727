"""`huixiang retention show|set|voices|answers|…`: what is kept of people, and how long; what would go tonight."""

from __future__ import annotations

import argparse
from typing import Any

KINDS = ("answers", "ideas", "utterances")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=["show", "set", "voices", *KINDS],
        help="show 查看，不删除 / look, remove nothing; set 联系方式 / contacts; voices 声音、隔离行 / voices, rows; "
        "answers 记名问卷的答卷 / answers to named surveys; ideas 员工署名的建议 / signed ideas of staff; "
        "utterances 没有计入声音的座谈发言 / utterances of talks that are no voices",
    )
    parser.add_argument("channel", nargs="?", default="", help="hotline, website, suggestion_box; voices: app_review …")
    parser.add_argument("--days", type=int, help="联系方式保存天数，7–1095 / days that contacts are kept")
    parser.add_argument("--keep", choices=["yes", "no"], help="保存联系方式 / keep contacts")
    parser.add_argument("--acknowledge", choices=["yes", "no"], help="自动发送收悉通知 / say that it came in")
    parser.add_argument("--months", type=_limit, help="声音保存月数，6–240，或 none / months voices are kept")
    parser.add_argument("--then", choices=["figures", "delete"], help="到期只留统计，或全部清除 / what comes then")
    parser.add_argument(
        "--row-days", type=_limit, help="隔离的行保存天数，7–3650；none 没有期限 / days of quarantined rows"
    )
    parser.add_argument("--sure", action="store_true", help="看过会清理多少，照办；否则只看 / set it; else only look")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    return {"show": lambda _: _shown(), "set": _set, "voices": _voices}.get(args.what, _kind)(args)


def _limit(typed: str) -> int | str:
    return "none" if typed == "none" else int(typed)


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


def _voices(args: argparse.Namespace) -> int:
    """Without --sure it tells what would go, and sets nothing."""
    from huixiang.apps.feedback import actions, terms

    was = terms.of(args.channel)
    months, days = _chosen(args.months, was.months), _chosen(args.row_days, was.row_days)
    wanted = actions.Wanted(months, args.then or str(was.manner), days)
    found = actions.effect(args.channel, wanted, by=_who())
    print(
        f"{args.channel}：早于 {found.before or '—'} 的声音 {found.voices.voices} 条、通话 {found.voices.calls} 次、"
        f"帖子 {found.voices.posts} 个，隔离的行 {found.rows} 行 / voices, calls, posts, quarantined rows that would go"
    )
    if not args.sure:
        print("没有设定；核对后加 --sure / nothing was set; look, then add --sure")
        return 0
    actions.settle_term(args.channel, wanted, sure=True, by=_who(), source="cli")
    print(f"起作用 / holds from：{found.from_on or '—'}，{found.rows_from_on or '—'}")
    return 0


def _kind(args: argparse.Namespace) -> int:
    """As `_voices`, of what is no channel's voice."""
    from huixiang.apps.feedback import actions, terms

    was = terms.of(args.what)
    wanted = actions.Wanted(_chosen(args.months, was.months), args.then or str(was.manner))
    found = actions.effect(args.what, wanted, by=_who())
    print(f"早于 {found.before or '—'} 的 {found.voices.voices} 项，连同文字 {found.words} 条 / would go, with words")
    if not args.sure:
        print("没有设定；核对后加 --sure / nothing was set; look, then add --sure")
        return 0
    actions.settle_term(args.what, wanted, sure=True, by=_who(), source="cli")
    print(f"起作用 / holds from：{found.from_on or '—'}")
    return 0


def _chosen(given: Any, was: int | None) -> int | None:
    return was if given is None else None if given == "none" else int(given)


def _who() -> str:
    import getpass

    return f"cli:{getpass.getuser()}"
