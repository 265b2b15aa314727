"""Which complaints are one customer's same complaint again? Proposals against what the simulated bank planted.

    HUIXIANG_MODE=test huixiang simulate --out BANK --branches 60 --months 24 [--seed 7]
    HUIXIANG_MODE=test python -m benchmarks.repeats --bank BANK

Pairs of one customer's complaints within the window, of which the later came in the register's second half. "words":
nobody classed them and only rules read, as with a new bank. "proposed": nobody classed either, but a model reads that
learned from the columns 业务类别 and 投诉原因 of the register's first half, as clerks entered them (as `huixiang models
train --task topics --several` does); "earlier classed": clerks had classed the earlier one, and the later is at its
registration. "classed": both, as clerks enter them; "classes alone": what those columns would say by themselves.
`--lessons` lets the model learn from fewer complaints, drawn at random, `--wrong` from wrong classes among them.
Wilson's 95 % intervals. Pairs the truth file knows count for recall even where one customer complains thrice.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

from huixiang.domain.complaints.classes import AXES
from huixiang.domain.complaints.hours import day_of, moment
from huixiang.domain.complaints.repeats import WINDOW_DAYS, Said, repeats
from huixiang.domain.statistics.intervals import share
from huixiang.domain.understanding.book import shipped
from huixiang.domain.understanding.learned import several_training
from huixiang.domain.understanding.learned.topics import Topics
from huixiang.domain.understanding.masking import MARK, mask
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.understander import Understander
from huixiang.domain.understanding.words import Words

ZONE = "+08:00"
COLUMNS = {"business": "业务类别", "cause": "投诉原因"}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """The earlier and the later complaint of one customer, as rules read them and as the model does."""

    rules: tuple[Said, Said]
    model: tuple[Said, Said]
    is_planted: bool


@dataclass(frozen=True, slots=True)
class Lessons:
    """From how many complaints the model learns at most, and which share of them is classed at random."""

    most: int
    wrong: float


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def at(row: Row) -> int:
    return moment(datetime.fromisoformat(row["登记时间"] + ZONE))


@cache
def code(kind: str, name: str) -> str:
    """Of JR/T 0169: the register writes some names shorter."""
    nodes = shipped("taxonomy").nodes
    return next(each.code for each in nodes if each.code[0] == AXES[kind] and each.name.startswith(name))


def classes(row: Row) -> dict[str, str]:
    """What the clerks chose."""
    return {kind: code(kind, row[column]) for kind, column in COLUMNS.items()}


def learned(listed: list[Row], lessons: Lessons) -> Understander:
    """A reader with a model that learned how these were classed."""
    words, dice = Words(), Random(1)
    listed = dice.sample(listed, min(lessons.most, len(listed)))
    normals = [normalise(MARK.sub("。", mask(row["投诉内容"]).text)) for row in listed]
    codes = [frozenset(classes(row).values()) for row in listed]
    codes = [dice.choice(codes) if dice.random() < lessons.wrong else each for each in codes]
    model = several_training.train(normals, [words.tokens(each) for each in normals], codes)
    return Understander(topics=Topics(model, beside_rules=True))


def said(listed: list[Row], reader: Understander) -> dict[str, Said]:
    found = {}
    read = reader.read([row["投诉内容"] for row in listed], [True] * len(listed))
    for row, told in zip(listed, read, strict=True):
        codes = frozenset(topic.code for topic in told.topics)
        taught = frozenset(reader.taught(code) for code in codes) - {""}
        number, words = row["投诉编号"], frozenset(told.words)
        found[number] = Said(number, row["客户号"], at(row), told.normal, codes, words, classes(row), taught)
    return found


def pairs(bank: Path, lessons: Lessons) -> Iterator[Pair]:
    register = sorted(rows(bank / "complaints" / "投诉登记簿.csv"), key=at)
    middle = (at(register[0]) + at(register[-1])) // 2
    truth = {(row["complaint"], row["repeats"]) for row in rows(bank / "truth-complaints.csv") if row["repeats"]}
    by: dict[str, list[Row]] = defaultdict(list)
    for row in register:
        by[row["客户号"]].append(row)
    listed = [row for own in by.values() if len(own) > 1 for row in own]
    rules = said(listed, Understander())
    model = said(listed, learned([row for row in register if at(row) < middle], lessons))
    for own in by.values():
        for one, two in combinations(own, 2):
            if at(two) >= middle and day_of(at(two)) - day_of(at(one)) <= WINDOW_DAYS:
                numbers = one["投诉编号"], two["投诉编号"]
                first, second = ((each[numbers[0]], each[numbers[1]]) for each in (rules, model))
                yield Pair(first, second, numbers in truth or numbers[::-1] in truth)


def unclassed(one: Said) -> Said:
    return replace(one, classes={})


WAYS: Mapping[str, Callable[[Pair], bool]] = {
    "classes alone": lambda pair: pair.rules[0].classes == pair.rules[1].classes,
    "words": lambda pair: bool(repeats(unclassed(pair.rules[1]), [unclassed(pair.rules[0])])),
    "proposed": lambda pair: bool(repeats(unclassed(pair.model[1]), [unclassed(pair.model[0])])),
    "earlier classed": lambda pair: bool(repeats(unclassed(pair.model[1]), [pair.model[0]])),
    "classed": lambda pair: bool(repeats(pair.rules[1], [pair.rules[0]])),
}


def told(value: object) -> str:
    return "     —          " if value is None else f"{value.value:.3f} [{value.low:.3f} {value.high:.3f}]"  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--bank", type=Path, required=True, nargs="+", help="several are taken together")
    parser.add_argument("--lessons", type=int, default=10**9, help="most complaints to learn from")
    parser.add_argument("--wrong", type=float, default=0.0, help="share of them that is classed at random")
    args = parser.parse_args()
    lessons = Lessons(args.lessons, args.wrong)
    found = [pair for bank in args.bank for pair in pairs(bank, lessons)]
    planted = sum(pair.is_planted for pair in found)
    print(f"{len(found)} pairs of one customer within {WINDOW_DAYS} days, {planted} planted")
    print(f"{'':18}{'precision':22}{'recall':22}{'µs':>6}")
    for name, way in WAYS.items():
        started = time.process_time()
        proposed = [way(pair) for pair in found]
        pace = (time.process_time() - started) / max(1, len(found)) * 1e6
        right = sum(each and pair.is_planted for each, pair in zip(proposed, found, strict=True))
        print(f"{name:18}{told(share(right, sum(proposed))):22}{told(share(right, planted)):22}{pace:>6.0f}")


if __name__ == "__main__":
    main()
