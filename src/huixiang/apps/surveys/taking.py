"""How do the answers that wait become results? Many in one commit of the lake, each once, and then the row is empty.

As messages are taken in (apps/intake/taking.py): which batch took a response is written in the transaction that writes
the batch, before the lake hears of it, and the sealed answers are erased when the batch is confirmed. Killed at any
moment, nothing is lost and nothing counted twice.
"""

from __future__ import annotations

import gc
import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import Interpreter, Reading
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.surveys.answer_rows import Filled, Form, response_id
from huixiang.apps.surveys.landing import Coming, Landing, coming
from huixiang.apps.surveys.models import Response, Survey, Version
from huixiang.apps.surveys.portioning import carry_all, carry_on
from huixiang.lake.locks import held, patient

AT_ONCE = 500  # responses a commit
AGAIN = timedelta(minutes=1)  # after a failure: the disk or the lake is given time
FORMAT, ACTOR = "survey", "system:surveys"
log = logging.getLogger(__name__)


@jobs.work("surveys")
def work(progress: jobs.Progress) -> Sentence:
    count = take_in(progress.beat)
    return Sentence(gettext_noop("收入 %(count)s 份答卷。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Each few seconds: do answers wait, and is nobody at it? Kept are the last job and the last failed."""
    of_ours = Job.objects.filter(kind="surveys")
    if not Response.objects.waiting().exists() or of_ours.filter(state__in=Job.OPEN).exists():
        return None
    failed = of_ours.filter(state=Job.State.FAILED).order_by("-ended_at")
    if failed.filter(ended_at__gt=now - AGAIN).exists():
        return None
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        of_ours.filter(pk__in=list(failed.values_list("pk", flat=True)[1:])).delete()
        return jobs.start("surveys", Sentence(gettext_noop("收入新到的答卷"), {}), None)


def take_in(waiting: Callable[[], None] = patient) -> int:
    """Take in all that waits; how many were there? Doing it again does nothing."""
    count = 0
    with held(Path(settings.DATA_DIR) / "locks" / "surveys", waiting):
        with batches.turn(lake(), waiting):  # what a killed one left is settled, before it is asked what waits
            _erase_answers()
        with Interpreter() as interpreter:
            # In the order of their keys, which chance made: nothing tells who answered before whom.
            seen: dict[int, Survey] = {}
            while chosen := list(
                Response.objects.waiting().select_related("version__survey", "unit", "invitation")[:AT_ONCE]
            ):
                count += _landed(chosen, interpreter, waiting)
                _erase_answers()
                seen |= {one.version.survey_id: one.version.survey for one in chosen}
        for survey in seen.values():
            if survey.is_anonymous:
                carry_on(lake(), survey)
    gc.collect()
    return count


def take_in_all() -> int:
    """The nightly round's part: what could not be taken in may be sound again, say after a key was put back."""
    Response.objects.filter(batch=None).exclude(stuck_at=None).update(stuck_at=None)
    unweigh_handed()
    count = take_in()
    carry_all(lake())
    return count


def unweigh_handed() -> int:
    """Answers to links that colleagues handed over, taken in when such links still weighed as a sample does: now 0.

    The lake first, then the row: broken off, it goes on the next night. Anonymous ones cannot be told from others.
    """
    found = Response.objects.filter(invitation__round__is_handed=True, weight__gt=0).order_by("pk")[:AT_ONCE]
    for response in (rows := list(found)):
        if response.landed_as:
            for table in ("responses", "answers"):
                lake().set_columns(table, response.landed_as, {"weight": 0.0})
        Response.objects.filter(pk=response.pk).update(weight=0.0)
    return len(rows)


class _Unreadable(Exception):
    """The words cannot be understood, whatever the state of the machine."""


class _Gone(Exception):
    """A customer's answers were erased while they were being read."""


def _landed(chosen: Sequence[Response], interpreter: Interpreter, waiting: Callable[[], None]) -> int:
    """One that cannot be taken in must not keep the others out: it is set aside, sealed."""
    forms: dict[int, Form] = {}
    sound = [(one, pair) for one in chosen if (pair := _opened(one, forms))]
    by_week: dict[date | None, list[tuple[Response, tuple[Form, Filled]]]] = {}
    for one, pair in sound:
        by_week.setdefault(one.answered_on if pair[0].is_anonymous else None, []).append((one, pair))
    return sum(_land_or_part(week, some, interpreter, waiting) for week, some in by_week.items())


def _land_or_part(
    week: date | None,
    sound: Sequence[tuple[Response, tuple[Form, Filled]]],
    interpreter: Interpreter,
    waiting: Callable[[], None],
) -> int:
    try:
        return _land(week, sound, interpreter, waiting)
    except _Gone:
        return 0  # the others wait, and are read again
    except _Unreadable as failure:
        if len(sound) == 1:
            _set_aside(sound[0][0], failure)
            return 0
    return sum(_land_or_part(week, [one], interpreter, waiting) for one in sound)


def _land(
    week: date | None,
    sound: Sequence[tuple[Response, tuple[Form, Filled]]],
    interpreter: Interpreter,
    waiting: Callable[[], None],
) -> int:
    imported = _import(week)
    read, keys = batches.rows_read(imported), [one.pk for one, _ in sound]
    named = {one.pk: pair[1].id for one, pair in sound if not pair[0].is_anonymous}

    def taken(batch: Batch) -> None:
        # With the row of the batch, before the lake hears of it. One erased meanwhile stays away.
        rows = list(Response.objects.select_for_update().filter(pk__in=keys, batch=None))
        if len(rows) != len(keys):
            raise _Gone
        for row in rows:
            row.batch, row.landed_as = batch, named.get(row.pk, "")
        Response.objects.bulk_update(rows, ["batch", "landed_as"], batch_size=200)

    landing = Landing(lake(), imported, interpreter, waiting)
    on_the_way = coming([pair for _, pair in sound], read + 1)
    readings = _read(landing, on_the_way)
    batch = Batch(of=imported, rows_read=read + len(sound), read=len(on_the_way), quarantined=0)
    return landing.land(on_the_way, readings, batch, within=taken).new


def _read(landing: Landing, on_the_way: Sequence[Coming]) -> dict[int, Reading]:
    try:
        return landing.read(on_the_way)
    except (jobs.TakenOver, jobs.Cancelled, OSError, EOFError, MemoryError, DatabaseError, BrokenExecutor):
        raise
    except Exception as failure:
        raise _Unreadable from failure


def _opened(response: Response, forms: dict[int, Form]) -> tuple[Form, Filled] | None:
    """What the row holds; None for one that cannot be opened, which is set aside."""
    try:
        if response.sealed is None:  # in a batch that was lost after its answers were erased
            raise Unsealable
        told = unseal(response.sealed)
        if (form := forms.get(response.version_id)) is None:
            form = forms[response.version_id] = form_of(response.version)
        return form, _filled(response, form, dict(told["answers"]), told.get("shown"))
    except (Unsealable, ValueError, KeyError, TypeError) as failure:
        _set_aside(response, failure)
        return None


def form_of(version: Version, series: str = "") -> Form:
    survey = version.survey
    return Form(survey.slug, survey.name, version.number, version.questionnaire, survey.is_anonymous, series)


def own_id(response: Response) -> str:
    """The id that this row's response has in the lake."""
    return response_id(response.version.survey.slug, response.pk.hex, voice_key())


def _filled(response: Response, form: Form, answers: dict[str, object], shown: list[str] | None) -> Filled:
    invitation = None if form.is_anonymous else response.invitation
    return Filled(
        id=own_id(response),
        answers=answers,  # type: ignore[arg-type]  # whatever fits no question is passed over
        shown=shown,
        answered_on=response.answered_on,
        answered_at=None if form.is_anonymous else response.answered_at,
        unit=response.unit.code if response.unit else None,
        tier=response.tier,
        stratum=response.stratum,
        weight=response.weight,
        language=response.language,
        via=response.via,
        seconds=response.seconds,
        marks=response.marks,
        customer=invitation.customer if invitation else "",
    )


def _set_aside(response: Response, failure: Exception) -> None:
    log.error("a response could not be taken in: %s", type(failure.__cause__ or failure).__name__)
    Response.objects.filter(pk=response.pk, batch=None).update(stuck_at=timezone.now())


def _import(week: date | None) -> Import:
    """The import that answers count under: of today, and of an anonymous survey the week in which they were given.

    Of the latter neither import nor voice tells a day.
    """
    day = timezone.localdate() if week is None else week
    mark = hashlib.sha256(f"huixiang surveys {'week' if week else 'day'} {day}".encode()).hexdigest()
    known = Import.objects.filter(format=FORMAT, fingerprint=mark).first()
    at = timezone.now() if week is None else timezone.make_aware(datetime.combine(week, datetime.min.time()))
    return known or Import.objects.create(
        file_name=f"问卷答案 {day}" if week is None else f"匿名问卷答案 {day} 起一周",
        fingerprint=mark,
        bytes=0,
        format=FORMAT,
        actor=ACTOR,
        created_at=at,
        started_at=at,
        finished_at=at,
    )


def _erase_answers() -> int:
    """What stands in the lake stands here no longer."""
    taken = Response.objects.exclude(batch__confirmed_at=None).exclude(batch=None)
    return taken.exclude(sealed=None).update(sealed=None)
