"""`huixiang engine check`: is the cluster there, and does it tell what this machine tells?"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from huixiang.apps.feedback.clusters import said
from huixiang.lake.spark.chosen import ENGINE, Chosen, Misnamed, chosen, named
from huixiang.lake.spark.trouble import NoCluster
from huixiang.web.bilingual import both, both_of

QUESTIONS = {
    "branch_days": "每网点每日 / branch's day",
    "one_branch": "一个网点 / one branch",
    "over_limit": "超时占比 / over the limit",
    "worst": "最久的20个 / worst 20",
    "weeks": "周环比 / week on week",
    "service_hours": "业务×小时 / service × hour",
    "voices": "声音 / voices",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser(
        "check", help="连上集群，用同样的问题比较两边的答案 / the same questions here and there, compared"
    )
    check.add_argument("--engine", metavar="MASTER", help=f"spark://…、local[2]、yarn、k8s://…；缺省为 {ENGINE}")


def run(args: argparse.Namespace) -> int:
    """0: equal; 1: the cluster cannot be used, or tells something else."""
    try:
        engine = named(args.engine, os.environ) if args.engine else chosen(os.environ)
        if engine is None:
            print(both("没有设 HUIXIANG_ENGINE：一切都在本机用 DuckDB 计算，无需检查。"))
            return 0
        return _compared(engine)
    except (NoCluster, Misnamed) as trouble:
        print(both_of(said(trouble)), file=sys.stderr)
        return 1


def _compared(engine: Chosen) -> int:
    from django.conf import settings

    from huixiang.lake.checking import compared
    from huixiang.lake.spark import session
    from huixiang.lake.store import Lake

    begun = time.perf_counter()
    spark = session.session(engine)
    print(f"Spark {spark.version}, {engine.master}: {time.perf_counter() - begun:.1f} s")
    told = []
    for each in compared(Lake(Path(settings.LAKE_DIR)), replace(engine, from_mb=0)):
        told.append(each)
        is_same = "相同 / equal" if each.is_equal else "不同 / DIFFERENT"
        seconds = f"DuckDB {each.here_seconds:.2f} s, Spark {each.there_seconds:.2f} s"
        print(f"{QUESTIONS[each.question]}: {each.rows:,} 行 / rows, {seconds}, {is_same}", flush=True)
    if not told:
        print(both("数据湖里还没有排队叫号记录或声音，没有可比较的问题；集群可以连上。"))
    if all(each.is_equal for each in told):
        return 0
    print(both("两边的答案不同：请不要使用这个集群，并把上面的输出交给维护者。"), file=sys.stderr)
    return 1
