"""What would a new pack of rules do to last year's complaints? `huixiang complaints replay`, as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault
from huixiang.domain.complaints.events import BadCase, read_events
from huixiang.domain.complaints.hours import time_of
from huixiang.domain.complaints.replayed import LISTED, replayed
from huixiang.domain.complaints.replaying import Told
from huixiang.domain.complaints.rules import Pack
from huixiang.web.bilingual import both
from huixiang.web.commands import complaints_calendar
from huixiang.web.commands.complaints_calendar import Reckoning

LONGEST_LINE = 2_000_000  # characters
A_YEAR = timedelta(days=365)


def add_arguments(replay: argparse.ArgumentParser) -> None:
    replay.add_argument("--rule-pack", type=Path, required=True, metavar="NEW.toml", help="新规则包 / the new pack")
    replay.add_argument(
        "--against",
        metavar="PACK",
        help="与哪个包比较：自带的或 TOML 文件，缺省贵行现行的"
        " / compared with: one of the product's, or a file; by default the one in force in the bank",
    )
    replay.add_argument("--cases", type=Path, metavar="FILE.jsonl",
                        help="投诉及事件，每行一件，缺省为库中最近一年收到的 / the cases with their events, one a line;"
                             " by default those of the database received in the last year")  # fmt: skip
    replay.add_argument("--at", metavar="TIME", help="看哪一刻，缺省现在 / as of, now by default")
    replay.add_argument("--list", type=int, default=100, metavar="N",
                        help=f"列出多少项变化，至多 {LISTED} / how many changes to list")  # fmt: skip
    complaints_calendar.add_arguments(replay)


def run(cases: Iterable[Told], packs: tuple[Pack, Pack], at: int, most: int, by: tuple[Reckoning, str]) -> int:
    """Prints the tally and the first changes, at `most` so many; the rest is counted. `packs`: the old and the new.
    `by`: holidays and hours, and where the old pack is from (bank, product or file).
    """
    reckoned, source = by
    old, new = map(reckoned.clocks, packs)
    told = replayed(cases, old, new, at, most) | {"old_is_from": source, "reckoned_by": reckoned.told()}
    told["note"] = both("事件照旧，只换规则：说明哪些投诉会被另作判断，不预测新规则下会有多少逾期。")
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def of_bank(code: str, at: int) -> Pack:
    """The version in force in the bank on the day of this moment; for a pack of a new name, the main one's."""
    from django.utils import timezone

    from huixiang.apps.complaints import packs
    from huixiang.apps.complaints.rehearsing import held_against

    return packs.pack_of(held_against(code, timezone.localdate(time_of(at))))


def kept_cases(at: int) -> Iterator[Told]:
    """Cases of the database that were received in the year before this moment."""
    import django

    django.setup()
    from huixiang.apps.complaints.models import Case
    from huixiang.apps.complaints.outcomes import told_of
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    until = time_of(at)
    return told_of(Case.objects.filter(received_at__gt=until - A_YEAR, received_at__lte=until))


def read_cases(path: Path) -> Iterator[Told]:
    """Cases of a file, one a line: {"case": number, "rule": rule, "events": [...]}. Faults name the line."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if line.strip():
                    yield _case(line, number, path.name)
    except OSError as error:
        raise Fault("无法读取“%(file)s”：%(why)s。", file=path.name, why=error.strerror) from None
    except UnicodeDecodeError:
        raise Fault("“%(file)s”不是 UTF-8 编码；请另存为 UTF-8。", file=path.name) from None


def _case(line: str, number: int, name: str) -> Told:
    place: dict[str, Any] = {"file": name, "line": number}
    if len(line) > LONGEST_LINE:
        raise Fault("“%(file)s”第 %(line)s 行超过 %(most)s 个字符。", most=LONGEST_LINE, **place)
    try:
        found = json.loads(line)
        case, rule, events = found["case"], found["rule"], read_events(found["events"])
    except BadCase as bad:
        why = Fault(bad.message, column=None, **bad.params)
        raise Fault("“%(file)s”第 %(line)s 行：%(why)s", why=why, **place) from None
    except (ValueError, RecursionError, KeyError, TypeError):
        raise Fault(
            '“%(file)s”第 %(line)s 行要写成 {"case": 编号, "rule": 规则, "events": [事件]}。', **place
        ) from None
    if not isinstance(case, str) or not isinstance(rule, str) or not events or events[0].kind != "received":
        raise Fault("“%(file)s”第 %(line)s 行的 case、rule 要写文字，events 要以 received（收到）开头。", **place)
    return Told(case, rule, events)
