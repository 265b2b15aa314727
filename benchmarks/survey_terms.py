"""What does it cost when the time of a month of survey answers is over, and for how long must others wait?

python -m benchmarks.survey terms [--responses 200000]
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from multiprocessing import get_context
from typing import Any

from benchmarks.survey_results import QUESTIONS, _month, _questionnaire

KIB = 1024


def main(responses: int) -> None:
    """One month of named answers to seven questions, whose term is over (the caller made the database)."""
    from django.utils import timezone

    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys import expiring
    from huixiang.apps.surveys.models import Response

    # In a process of its own: what making them takes is not measured.
    making = get_context("spawn").Process(target=_made, args=(responses,))
    making.start()
    making.join()
    lake, held = facts.lake(), list[float]()
    assert lake.version("answers") >= 0
    with _watched(lake, held):
        begun = time.process_time()
        gone = expiring.carry_out(timezone.now())
        spent = time.process_time() - begun
    assert gone == responses
    assert not Response.objects.exists()
    print(f"| {responses:,} responses, {responses * (len(QUESTIONS) + 1):,} answers of one month | {spent:.1f} s CPU |")
    print(f"| held the lake's lock | {len(held)} times, longest {max(held):.1f} s CPU |")
    print(f"| peak of memory | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB:,.0f} MB |")


def _made(responses: int) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from huixiang.apps.access.models import Unit
    from huixiang.apps.feedback import facts
    from huixiang.apps.feedback.models import Term
    from huixiang.apps.surveys import expiring
    from huixiang.apps.surveys.models import Response, Survey, Version
    from huixiang.domain.surveys.plain import to_plain
    from huixiang.lake.schema import SPEAKERS

    top = Unit.objects.create(code="HQ", kind="head_office", name="总行", path="/HQ/")
    survey = Survey.objects.create(unit=top, name="大问卷", slug="big", state="open")
    version = Version.objects.create(survey=survey, number=1, definition=to_plain(_questionnaire()))
    lake = facts.lake()
    _month(lake, 0, responses)
    people = lake.fetch(f'SELECT id, 1 AS version, id AS pseudonym, month FROM "{lake.view("responses")}"')
    lake.append_once("speakers", people.cast(SPEAKERS), writer="bench", batch=1)
    day = date(2025, 1, 5)
    Response.objects.bulk_create(
        (
            Response(version=version, once=id_, language="zh", via="link", answered_on=day, landed_as=id_)
            for id_ in people["id"].to_pylist()
        ),
        batch_size=1_000,
    )
    Term.objects.create(
        channel=expiring.CODE, months=12, from_on=timezone.localdate(timezone.now() - timedelta(days=1))
    )


@contextmanager
def _watched(lake: Any, held: list[float]) -> Iterator[None]:
    """Whenever the lake's lock is let go, for how long it was held (processor time: others' programs run beside)."""
    writing, depth = lake.writing, 0

    @contextmanager
    def watched(*args: Any) -> Iterator[None]:
        nonlocal depth
        begun, depth = time.process_time(), depth + 1
        try:
            with writing(*args):
                yield
        finally:
            depth -= 1
            if not depth:
                held.append(time.process_time() - begun)

    lake.writing = watched
    try:
        yield
    finally:
        lake.writing = writing
