"""Is a list of a million voices quick, and does search find every voice that holds the word?

python benchmarks/search.py                 # 1,000,000 made-up voices in a lake of their own, removed afterwards
python benchmarks/search.py --rows 100000
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa

from huixiang.domain.feedback import digest
from huixiang.lake import questions
from huixiang.lake.questions import Page, Slice
from huixiang.lake.schema import VOICES
from huixiang.lake.store import Lake

SEARCH_LIMIT, LIST_LIMIT = 0.300, 0.100  # seconds, p95
BATCH = 20_000
TOPICS = [
    "手机银行",
    "刷脸登录",
    "转账",
    "信用卡还款",
    "理财产品",
    "贷款审批",
    "短信验证码",
    "网点排队",
    "柜台",
    "大堂经理",
]
EVENTS = [
    "打不开",
    "一直转圈",
    "很方便",
    "等了一个多小时",
    "态度很好",
    "闪退",
    "办得很快",
    "提示系统繁忙",
    "收费不合理",
    "特别耐心",
]
ENDINGS = [
    "，希望改进",
    "，点赞",
    "，请尽快处理",
    "，谢谢",
    "，更新以后就这样",
    "，已经第三次了",
    "，老人也会用",
    "",
    "！",
    "。",
]
RARE = "𰻞龘靐麤瀛鹮翀彧祎喆"  # characters that a few of a million voices hold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huixiang-search-"))
    try:
        lake, texts = Lake(folder / "lake"), []
        for batch in range(0, args.rows, BATCH):
            rows = voices(batch, min(BATCH, args.rows - batch))
            texts += rows["searchable"].to_pylist()
            lake.append_once("voices", rows, writer="benchmark", batch=batch // BATCH + 1)
        lake.tidy(older_than_hours=0)
        print(
            f"{args.rows:,} voices of {statistics.mean(map(len, texts)):.0f} characters, {os.cpu_count()} cores, ",
            end="",
        )
        print(f"Python {platform.python_version()}\n")
        print("| question | times | p50 ms | p95 ms | limit ms | p95 / limit | CPU ms |\n|---|---|---|---|---|---|---|")
        lists(lake)
        pages(folder)
        searches(lake, texts, args.queries)
        reductions(lake)
    finally:
        shutil.rmtree(folder)


def lists(lake: Lake) -> None:
    unfiltered = [Slice()] * 60
    row("list, newest 50", lambda s: questions.page(lake, s), unfiltered, LIST_LIMIT)
    some = [
        Slice(branches=frozenset({f"B{n:03d}", f"B{n + 1:03d}"}), sentiments=(("negative",), ("positive",))[n % 2])
        for n in range(60)
    ]
    row("list, two units and one feeling", lambda s: questions.page(lake, s), some, LIST_LIMIT)
    deep = [datetime(2025, 6, 1, tzinfo=UTC) + timedelta(days=n) for n in range(60)]
    row("list, far down", lambda at: questions.page(lake, Slice(), questions.Cursor(at, "f" * 24)), deep, LIST_LIMIT)
    row("one voice", lambda id_: questions.voice(lake, id_), [digest("bench", str(n)) for n in range(60)], LIST_LIMIT)


def pages(folder: Path) -> None:
    """The whole page as a browser gets it: session, rights, filters, lake, template; without the network."""
    os.environ |= {"HUIXIANG_MODE": "test", "HUIXIANG_DATA": str(folder), "HUIXIANG_LOG": "ERROR"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from tests import make

    call_command("migrate", verbosity=0)
    bank = make.bank()
    client = make.client(make.staff("10001", bank.head_office, "quality_manager"))
    row("page of the list, whole bank", client.get, ["/voices/"] * 60, LIST_LIMIT)
    row("page of the list, negative only", client.get, ["/voices/?sentiment=negative"] * 60, LIST_LIMIT)
    row("page of a search, two characters", client.get, [f"/voices/?q={word[:2]}" for word in EVENTS * 6], SEARCH_LIMIT)
    row("page of the overview, asked again", client.get, ["/overview/"] * 10, None)
    periods = [f"/overview/?since=2025-01-{day:02d}&until=2026-06-30" for day in range(1, 11)]
    row("page of the overview, another period", client.get, periods, None)


def searches(lake: Lake, texts: list[str], number: int) -> None:
    dice = Random(7)
    one = [*dice.choices("贷登录排柜转收耐慢好坏", k=number // 2), *dice.choices(RARE, k=number // 4)]
    one += [chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(number - len(one))]
    two = [text[at : at + 2] for text in dice.choices(texts, k=number // 2) for at in [dice.randrange(len(text) - 1)]]
    two += ["".join(dice.choices(RARE, k=2)) for _ in range(number - len(two))]
    row("search, one character", lambda q: questions.page(lake, Slice(query=q)), one, SEARCH_LIMIT)
    row("search, two characters", lambda q: questions.page(lake, Slice(query=q)), two, SEARCH_LIMIT)
    row("search and count, two characters", lambda q: questions.count(lake, Slice(query=q)), two[:50], SEARCH_LIMIT)
    checked = sorted({*one[:: max(1, number // 40)], *two[:: max(1, number // 40)]})
    found = sum(questions.count(lake, Slice(query=query)) for query in checked)
    there = sum(query in text for query in checked for text in texts)
    what = f"recall of {len(checked)} queries against brute force"
    print(f"| {what} | {found:,} of {there:,} | | | 100 % | {found / there:.2%} | |")


def reductions(lake: Lake) -> None:
    """Each time another end of the period, all after the last voice: what was counted before is kept."""
    month = Slice(since=date(2026, 5, 1), until=date(2026, 5, 31))
    for name, ask in {
        "volume by day": lambda s: questions.volume(lake, s, by="day"),
        "shares by unit": lambda s: questions.shares(lake, s, "branch"),
        "words of blame, one month": lambda s: questions.words(lake, month, "negative"),
        "worst voices": lambda s: questions.worst(lake, s),
    }.items():
        row(name, ask, [Slice(until=date(2027, 1, 1) + timedelta(days=n)) for n in range(20)], None)


def row(name: str, ask: Callable[[Any], Page | object], arguments: Sequence[Any], limit: float | None) -> None:
    """CPU: the median of all threads together; tells on a busy machine, too, what a question costs."""
    ask(arguments[0])  # the first look at a version reads the files' footers
    taken, worked = [], []
    for argument in arguments:
        start, cpu = time.perf_counter(), time.process_time()
        ask(argument)
        taken.append(time.perf_counter() - start)
        worked.append(time.process_time() - cpu)
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    bound = f"{1000 * limit:.0f} | {p95 / limit:.2f}" if limit else "– | –"
    cpu = statistics.median(worked)
    print(f"| {name} | {len(taken)} | {1000 * p50:.0f} | {1000 * p95:.0f} | {bound} | {1000 * cpu:.0f} |", flush=True)


def voices(start: int, count: int) -> pa.Table:
    """Made-up voices, each its own text; over 18 months, 200 units."""
    dice = Random(start)
    return pa.Table.from_pylist([voice(number, dice) for number in range(start, start + count)], schema=VOICES)


def voice(number: int, dice: Random) -> dict[str, Any]:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(540 * 86_400))
    on = (at + timedelta(hours=8)).date()
    said = [dice.choice(TOPICS) + dice.choice(EVENTS) for _ in range(dice.randrange(1, 5))]
    text = "，".join(said) + dice.choice(ENDINGS) + (dice.choice(RARE) if dice.random() < 0.0005 else "")
    negative = round(dice.random(), 3)
    return {
        "id": digest("bench", str(number)),
        "version": 1,
        "content_hash": digest(text),
        "channel": dice.choice(["app_review", "website", "hotline"]),
        "source_id": str(number),
        "said_at": at,
        "said_on": on,
        "said_precision": "time",
        "month": f"{on:%Y-%m}",
        "received_at": at,
        "branch": f"B{dice.randrange(200):03d}",
        "product": "手机银行",
        "product_version": dice.choice(["8.1", "8.2"]),
        "rating": float(dice.randrange(1, 6)),
        "title": "",
        "text": text,
        "reply": "",
        "searchable": text,
        "attachments": [],
        "extra": "{}",
        "sentiment": dice.choice(["negative", "neutral", "positive"]),
        "negative": negative,
        "neutral": 0.0,
        "positive": 1 - negative,
        "understood_by": "rules-1",
        "words": said,
        "phrases": said[:1],
        "kind": dice.choice(["pain_point", "praise", "demand"]),
        "topics": dice.sample(["C.service", "C.systems", "B.card.credit", "D.empathy.attitude"], dice.randrange(3)),
        "risks": ["fraud"] if dice.random() < 0.02 else [],
        "aspects": ["利率\tnegative"] if dice.random() < 0.3 else [],
        "findings": json.dumps({"kind": [0.8, *said[:1]], "topics": {"C.service": [0.7, *said[:1]]}, "unknown": ""}),
        "bands": [dice.getrandbits(62) for _ in range(8)],
        "duplicate_of": None,
        "import_id": "benchmark",
        "import_row": number,
    }


if __name__ == "__main__":
    main()
