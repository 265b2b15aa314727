"""How long does it take to reckon a million clocks anew, on one core? The limit of the issue is 60 s.

    python -m benchmarks.clocks [--clocks 1000000]

Cases are random stories over 2019 to 2027 with pauses, new facts, extensions, reopenings and hand-overs, three in a
hundred with another case merged in. Seconds are CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import random
from datetime import datetime, timedelta
from itertools import cycle
from time import process_time

from huixiang.domain.calendar import mainland
from huixiang.domain.complaints.clocks import Clocks
from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.hours import CHINA, moment
from huixiang.domain.complaints.rulebook import shipped

LIMIT = 60.0
CASES = 5_000


def story(generator: random.Random, number: int) -> list[Event]:
    """A case as an office has it: received, contacted, accepted, sometimes paused or extended, decided and told."""
    day = datetime(2019, 1, 1, 8, tzinfo=CHINA) + timedelta(minutes=generator.randrange(3_200 * 24 * 60))
    at = moment(day)
    events = [Event(at, "received", unit="north"), Event(at + 3_600, "contacted"), Event(at + 7_200, "accepted")]
    if generator.random() < 0.10:
        told = at + 2 * 86_400
        events += [Event(told, "paused", "appraisal", told), Event(told + 4 * 86_400, "resumed")]
    if generator.random() < 0.10:
        events.append(Event(at + 7 * 86_400, "handed_over", unit="south"))
    if generator.random() < 0.03:
        older = (Event(at - 86_400, "received"), Event(at - 80_000, "contacted"))
        events.append(Event(at + 8 * 86_400, "merged", case=f"T{number}", events=older))
    if generator.random() < 0.20:
        events.append(Event(at + 9 * 86_400, "extended", rule="complex"))
    if generator.random() < 0.80:
        done = at + generator.randrange(10, 25) * 86_400
        events += [Event(done, "decided"), Event(done + 600, "notified")]
        if generator.random() < 0.05:
            events.append(Event(done + 10 * 86_400, "reopened"))
    return events


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clocks", type=int, default=1_000_000)
    wanted = parser.parse_args().clocks
    rules = shipped("cn-2020")
    assert rules is not None
    clocks = Clocks(rules, mainland())
    generator = random.Random(0)
    cases = [story(generator, number) for number in range(CASES)]
    told, begun = 0, process_time()
    for events in cycle(cases):
        told += len(clocks.read("simple", events, events[-1].at))
        if told >= wanted:
            break
    took = process_time() - begun
    print("| clocks | CPU s | µs a clock | limit, s | ratio |")
    print("|---|---|---|---|---|")
    print(f"| {told:,} | {took:.1f} | {took / told * 1e6:.1f} | {LIMIT:.0f} | {took / LIMIT * 1e6 / wanted:.2f} |")


if __name__ == "__main__":
    main()
