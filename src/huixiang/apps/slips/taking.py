"""How do confirmed slips become voices? By feedback's import, each exactly once, as messages of a post box do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches, without_file
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import Interpreter
from huixiang.apps.feedback.models import Attachment, Batch
from huixiang.apps.slips import reading
from huixiang.apps.slips.models import Slip
from huixiang.domain.feedback import Record
from huixiang.lake.locks import held, patient

KIND, FORMAT, ACTOR = "slips_land", "slips", "system:slips"
AT_ONCE = 500  # slips a commit
log = logging.getLogger(__name__)


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    return Sentence(gettext_noop("入库 %(count)s 张纸质意见。"), {"count": take_in(progress.beat)})


def begin_due(now: datetime) -> Job | None:
    """Each few seconds: were slips confirmed, and is nobody at it?"""
    if not Slip.objects.to_land().exists():
        return None
    return reading.start(KIND, Sentence(gettext_noop("收入已确认的纸质意见"), {}), now)


def take_in(waiting: Callable[[], None] = patient) -> int:
    """All that was confirmed; how many became voices? Doing it again does nothing."""
    count = 0
    with held(Path(settings.DATA_DIR) / "locks" / "slips-land", waiting):
        with batches.turn(lake(), waiting):  # what a killed one left is settled, before it is asked what waits
            pass
        with Interpreter() as interpreter:
            while chosen := list(Slip.objects.to_land().select_related("of", "unit")[:AT_ONCE]):
                count += _landed(chosen, interpreter, waiting)
    return count


def take_in_all() -> int:
    """The nightly round's part: what stuck is tried once more."""
    Slip.objects.filter(batch=None).exclude(stuck_at=None).update(stuck_at=None)
    return take_in()


def _landed(chosen: Sequence[Slip], interpreter: Interpreter, waiting: Callable[[], None]) -> int:
    """One that cannot be taken in is set aside, and keeps the others not out."""
    sound = [(slip, record) for slip in chosen if (record := _said(slip))]
    try:
        return _land(sound, interpreter, waiting) if sound else 0
    except without_file.Unreadable:
        if len(sound) == 1:
            _set_aside(sound[0][0])
            return 0
    return sum(_landed([slip], interpreter, waiting) for slip, _ in sound)


def _land(said: Sequence[tuple[Slip, Record]], interpreter: Interpreter, waiting: Callable[[], None]) -> int:
    now = timezone.now()
    imported = without_file.of_the_day(FORMAT, f"纸质意见 {timezone.localdate(now)}", ACTOR, now)
    keys = [slip.pk for slip, _ in said]

    def taken(batch: Batch) -> None:
        Slip.objects.filter(pk__in=keys, batch=None).update(batch=batch)

    return without_file.land(imported, [record for _, record in said], interpreter, taken, waiting)


def _said(slip: Slip) -> Record | None:
    try:
        text = slip.words().text
    except Unsealable:
        _set_aside(slip)
        return None
    return slip.record(text, tuple(Attachment.objects.filter(voice_id=slip.voice_id).values_list("name", flat=True)))


def _set_aside(slip: Slip) -> None:
    log.error("slip %s could not be taken in", slip.pk)
    Slip.objects.filter(pk=slip.pk, batch=None).update(stuck_at=timezone.now())
