"""What does it cost when the time of signed ideas and of a talk's words is over, and for how long must others wait?

python -m benchmarks.row_terms [--rows 100000] [--then figures|delete] [--database sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

from benchmarks.survey import rows_in

KIB = 1024
OLD = date(2024, 3, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--then", choices=["figures", "delete"], default="figures")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {args.database}, {args.rows:,} rows each\n")
    print("| what | then | gone | CPU, this process | wall | transactions | longest | peak of memory |")
    print("|---|---|---|---|---|---|---|---|")
    with rows_in(args.database):
        _apart(_made, args.rows, args.then)
        for code in ("ideas", "utterances"):
            _apart(_taken, code, args.then)


def _apart(work: Callable[..., None], *about: object) -> None:
    # In a process of its own: what making them takes is not measured.
    child = get_context("spawn").Process(target=_inside, args=(work, *about))
    child.start()
    child.join()
    assert child.exitcode == 0


def _inside(work: Callable[..., None], *about: object) -> None:
    import django

    django.setup()
    work(*about)


def _taken(code: str, manner: str) -> None:
    from django.utils import timezone

    from huixiang.apps.feedback import row_turns
    from huixiang.apps.focus import expiring as of_focus
    from huixiang.apps.ideas import expiring as of_ideas

    carry_out = {"ideas": of_ideas.carry_out, "utterances": of_focus.carry_out}[code]
    held = list[float]()
    with patch.object(row_turns, "_one", _timed(row_turns._one, held)):
        begun, spent = time.perf_counter(), time.process_time()
        gone = carry_out(timezone.now())
        wall, spent = time.perf_counter() - begun, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
    print(
        f"| {code} | {manner} | {gone:,} | {spent:.1f} s | {wall:.1f} s | {len(held)} "
        f"| {max(held) * 1000:.0f} ms wall | {peak:,.0f} MB |",
        flush=True,
    )


def _timed(portion: Callable[..., int], held: list[float]) -> Callable[..., int]:
    def timed(*args: Any) -> int:
        begun = time.perf_counter()
        gone = portion(*args)
        held.append(time.perf_counter() - begun)
        return gone

    return timed


def _made(rows: int, manner: str) -> None:
    from django.utils import timezone

    from huixiang.apps.access.models import Staff, Unit
    from huixiang.apps.feedback.models import Term

    top = Unit.objects.create(code="HQ", kind="head_office", name="总行", path="/HQ/")
    units = [
        Unit.objects.create(code=f"N{n}", kind="outlet", name=f"网点{n}", path=f"/HQ/N{n}/", parent=top)
        for n in range(100)
    ]
    people = [Staff.objects.create(number=f"{n:05}", name="员工") for n in range(200)]
    _ideas(rows, units, people)
    _utterances(rows, top, people[:2])
    for code in ("ideas", "utterances"):
        yesterday = timezone.localdate(timezone.now() - timedelta(days=1))
        Term.objects.create(channel=code, months=6, manner=manner, from_on=yesterday)


def _ideas(rows: int, units: list[Any], people: list[Any]) -> None:
    """Three years of them, each answered once and supported by two."""
    from huixiang.apps.ideas.models import Idea, Step, Support

    at = datetime(2024, 6, 1, tzinfo=UTC)
    kinds, about = Idea.About.values, len(people)
    ideas = Idea.objects.bulk_create(
        (
            Idea(
                title="让客户在家取号",
                text="扫码取号，到点再来。" * 10,
                about=kinds[n % len(kinds)],
                unit=units[n % len(units)],
                by=people[n % about],
                filed_on=OLD - timedelta(days=n % 1000),
                once=f"{n:064}",
            )
            for n in range(rows)
        ),
        batch_size=1_000,
    )
    Step.objects.bulk_create(
        (Step(idea=each, state="considered", note="研究中", by=people[0], at=at) for each in ideas), batch_size=1_000
    )
    Support.objects.bulk_create(
        (Support(idea=each, by=people[(n + k) % about]) for n, each in enumerate(ideas) for k in (1, 2)),
        batch_size=1_000,
    )


def _utterances(rows: int, top: Any, coders: list[Any]) -> None:
    """Talks of two hundred turns; every other turn is coded by two people."""
    from huixiang.apps.focus.models import Coding, Session, Study, Utterance

    study = Study.objects.create(name="排队", unit=top)
    talks = [Session.objects.create(study=study, unit=top, held_on=OLD) for _n in range(-(-rows // 200))]
    said = Utterance.objects.bulk_create(
        (
            Utterance(
                session=talks[n // 200], number=n % 200, text="等了很久。" * 8, once=f"{n:024}", voice_id=f"u{n:023}"
            )
            for n in range(rows)
        ),
        batch_size=1_000,
    )
    Coding.objects.bulk_create(
        (Coding(utterance=each, by=coder) for each in said[::2] for coder in coders), batch_size=1_000
    )


if __name__ == "__main__":
    main()
