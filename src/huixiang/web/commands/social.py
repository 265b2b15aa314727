"""`huixiang social`: how far does it go, and whom is it about? Also shows, tries and writes the names of banks."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, title in (("--since", "从这一天起 / from this day on"), ("--until", "到这一天为止 / until this day")):
        parser.add_argument(name, type=date.fromisoformat, metavar="YYYY-MM-DD", help=title)
    parser.add_argument("--platform", default="", metavar="P", help="只看这个平台 / of this platform only")
    parser.add_argument("--csv", action="store_true", help="输出 CSV，与网页导出相同 / CSV, equal to the page's export")
    parser.add_argument("--names", action="store_true", help="输出现行的银行名称 / print the names in force")
    parser.add_argument(
        "--write-names", type=Path, metavar="FILE", help="启用这份银行名称（TOML） / put these names in force"
    )


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.apps.feedback import facts
    from huixiang.apps.reputation import actions, names, social
    from huixiang.lake.questions import PostSlice
    from huixiang.web.commands.readiness import ready_database
    from huixiang.web.commands.tables import shown

    ready_database()
    if args.write_names:
        made = actions.write_names(args.write_names.read_text("utf-8"), "", by=None, source="cli")
        print(f"已启用，后台核对：{made.job_id} / in force; looked through by job {made.job_id}")
        return 0
    if args.names:
        sys.stdout.write(names.text_in_force())
        return 0
    slice_ = PostSlice(None, args.since, args.until, (args.platform,) if args.platform else ())
    return shown(social.header(), social.rows(social.measures(facts.lake(), names.in_force(), slice_)), csv=args.csv)
