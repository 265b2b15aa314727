"""How long does it take to hold a changed pack against a year of cases, and does the memory stay where it was?

    python -m benchmarks.replay [--cases 100000]

Cases as in benchmarks.clocks, made while they are asked for; the new pack answers simple cases in 10 days, not 15.
CPU seconds of one process; the growth of its resident memory while the cases ran.
"""

from __future__ import annotations

import argparse
import random
import resource
from importlib.resources import files
from time import process_time

from benchmarks.clocks import story
from huixiang.domain.calendar import mainland
from huixiang.domain.complaints.clocks import Clocks
from huixiang.domain.complaints.hours import DAY
from huixiang.domain.complaints.replaying import Replay, Told
from huixiang.domain.complaints.rulebook import read_pack

NOW = 21_000 * DAY  # in 2027, after all cases


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    count = parser.parse_args().cases
    text = (files("huixiang.domain.complaints") / "packs/cn-2020/rules.toml").read_text("utf-8")
    old, new = (Clocks(read_pack(pack), mainland()) for pack in (text, text.replace("simple = 15", "simple = 10")))
    generator = random.Random(0)
    cases = (Told(f"T{number}", "simple", story(generator, number)) for number in range(count))
    done, begun = Replay(), process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    changes = sum(1 for _ in done.through(cases, old, new, NOW))
    took = process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print("| cases | CPU s | µs a case, both packs | changes told | memory grown, MiB |")
    print("|---|---|---|---|---|")
    print(f"| {done.cases:,} | {took:.1f} | {took / count * 1e6:.0f} | {changes:,} | {grown:.1f} |")


if __name__ == "__main__":
    main()
