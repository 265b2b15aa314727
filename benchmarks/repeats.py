"""Which complaints are one customer's same complaint again? Proposals against what the simulated bank planted.

    HUIXIANG_MODE=test huixiang simulate --out BANK --branches 60 --months 24 [--seed 7]
    HUIXIANG_MODE=test python -m benchmarks.repeats --bank BANK

Pairs of one customer's complaints within the window. "words": nobody classed them; "classed": with the register's
columns 业务类别 and 投诉原因, as clerks enter them; "classes alone": what those columns would say by themselves.
The rule was fitted on "half A" of the customers of the scenario's own seed; half B tells how good it is.
Wilson's 95 % intervals. Pairs the truth file knows count for recall even where one customer complains thrice.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import combinations
from pathlib import Path
from zlib import crc32

from huixiang.domain.complaints.hours import day_of, moment
from huixiang.domain.complaints.repeats import WINDOW_DAYS, Said, repeats
from huixiang.domain.statistics.intervals import share
from huixiang.domain.understanding.understander import Understander

Pair = tuple[Said, Said, bool]
ZONE = "+08:00"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def complaints(bank: Path) -> dict[str, list[Said]]:
    """By customer, of those who complained more than once."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(bank / "complaints" / "投诉登记簿.csv"):
        found[row["客户号"]].append(row)
    listed = [row for own in found.values() if len(own) > 1 for row in own]
    read = Understander().read([row["投诉内容"] for row in listed], [True] * len(listed))
    by: dict[str, list[Said]] = defaultdict(list)
    for row, told in zip(listed, read, strict=True):
        classes = {"business": row["业务类别"], "cause": row["投诉原因"]}
        at = moment(datetime.fromisoformat(row["登记时间"] + ZONE))
        topics = frozenset(topic.code for topic in told.topics)
        said = Said(row["投诉编号"], row["客户号"], at, told.normal, topics, frozenset(told.words), classes)
        by[row["客户号"]].append(said)
    return by


def pairs(bank: Path) -> Iterator[Pair]:
    truth = {(row["complaint"], row["repeats"]) for row in rows(bank / "truth-complaints.csv") if row["repeats"]}
    for own in complaints(bank).values():
        for one, two in combinations(own, 2):
            if abs(day_of(one.at) - day_of(two.at)) <= WINDOW_DAYS:
                yield one, two, (two.number, one.number) in truth or (one.number, two.number) in truth


def unclassed(said: Said) -> Said:
    return Said(said.number, said.customer, said.at, said.normal, said.topics, said.words, {})


WAYS: Mapping[str, Callable[[Said, Said], bool]] = {
    "classes alone": lambda one, two: one.classes == two.classes,
    "words": lambda one, two: bool(repeats(unclassed(one), [unclassed(two)])),
    "classed": lambda one, two: bool(repeats(one, [two])),
}


def told(value: object) -> str:
    return "     —          " if value is None else f"{value.value:.3f} [{value.low:.3f} {value.high:.3f}]"  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--bank", type=Path, required=True)
    args = parser.parse_args()
    found = list(pairs(args.bank))
    print(f"{len(found)} pairs of one customer within {WINDOW_DAYS} days, {sum(pair[2] for pair in found)} planted")
    print(f"{'':24}{'pairs':>6}{'repeats':>9}  {'precision':22}{'recall':22}{'µs':>6}")
    halves = {"half A (fitted)": 0, "half B": 1}
    for half, remainder in halves.items():
        some = [pair for pair in found if crc32(pair[0].customer.encode()) % 2 == remainder]
        for name, way in WAYS.items():
            started = time.process_time()
            said = [way(one, two) for one, two, _ in some]
            pace = (time.process_time() - started) / max(1, len(some)) * 1e6
            right = sum(each and pair[2] for each, pair in zip(said, some, strict=True))
            planted = sum(pair[2] for pair in some)
            line = f"{told(share(right, sum(said))):24}{told(share(right, planted)):22}"
            print(f"{half + ', ' + name:32}{len(some):>5}{planted:>6}  {line}{pace:>7.0f}")


if __name__ == "__main__":
    main()
