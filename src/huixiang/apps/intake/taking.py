"""How do waiting messages become voices? Many in one commit of the lake, each exactly once, and then their words go.

The existing import does it (masking, understanding, comparison, journal): the messages of a day count as one import,
with its account. Which batch took a message is written in the transaction that writes the batch, before the lake hears
of it. Killed before: it waits. Killed after: the batch is brought to its end by whoever writes next, and its messages
are not read again. Either way their words are erased only when the batch is confirmed (docs/methods/exactly-once.md).
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches, without_file
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import Interpreter
from huixiang.apps.feedback.models import Attachment, Batch
from huixiang.apps.intake import limits
from huixiang.apps.intake.models import Submission
from huixiang.apps.intake.receiving import record
from huixiang.domain.feedback import Record
from huixiang.lake.locks import held, patient

AT_ONCE = 500  # messages a commit: more would hold their readings in memory for nothing
AGAIN = timedelta(minutes=1)  # after a failure: the disk or the lake is given time
FORMAT, ACTOR = "intake", "system:intake"
log = logging.getLogger(__name__)


@jobs.work("intake")
def work(progress: jobs.Progress) -> Sentence:
    count = take_in(progress.beat)
    return Sentence(gettext_noop("收入 %(count)s 条留言。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Each few seconds: is there something to take in, and nobody at it? Kept are the last job and the last failed.

    Not with each message: a commit of the lake costs the same for one as for hundreds.
    """
    limits.forget(now)
    of_ours = Job.objects.filter(kind="intake")
    if not Submission.objects.waiting().exists() or of_ours.filter(state__in=Job.OPEN).exists():
        return None
    failed = of_ours.filter(state=Job.State.FAILED).order_by("-ended_at")
    if failed.filter(ended_at__gt=now - AGAIN).exists():
        return None
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        of_ours.filter(pk__in=list(failed.values_list("pk", flat=True)[1:])).delete()
        return jobs.start("intake", Sentence(gettext_noop("收入新到的留言"), {}), None)


def take_in(waiting: Callable[[], None] = patient) -> int:
    """Take in all that waits; how many became voices? Doing it again does nothing."""
    count = 0
    with held(Path(settings.DATA_DIR) / "locks" / "intake", waiting):
        with batches.turn(lake(), waiting):  # what a killed one left is settled, before it is asked what waits
            _erase_words()
        with Interpreter() as interpreter:
            while chosen := list(Submission.objects.waiting().select_related("box__unit")[:AT_ONCE]):
                count += _landed(chosen, interpreter, waiting)
                _erase_words()
    gc.collect()
    return count


def take_in_all() -> int:
    """The nightly round's part: what could not be taken in may be sound again, say after a key was put back."""
    Submission.objects.filter(batch=None).exclude(stuck_at=None).update(stuck_at=None)
    return take_in()


def _landed(chosen: Sequence[Submission], interpreter: Interpreter, waiting: Callable[[], None]) -> int:
    """One that cannot be taken in must not keep the others out: it is set aside, sealed, and told on its box's page.

    Only for what is wrong with itself. A full disk, a busy database or a lake that is away is no message's fault: the
    failure goes up to the job, and all of them wait.
    """
    sound = [(one, said) for one in chosen if (said := _said(one))]
    try:
        return _land(sound, interpreter, waiting) if sound else 0
    except _Withdrawn:
        return 0  # they wait, and are read again without the contact
    except without_file.Unreadable as failure:
        if len(sound) == 1:
            _set_aside(sound[0][0], failure)
            return 0
    alone = (Submission.objects.waiting().filter(pk=one.pk).select_related("box__unit") for one, _ in sound)
    return sum(_landed(list(one), interpreter, waiting) for one in alone)


class _Withdrawn(Exception):
    """A customer took her contact back while her words were being read."""


def _land(said: Sequence[tuple[Submission, Record]], interpreter: Interpreter, waiting: Callable[[], None]) -> int:
    now = timezone.now()
    imported = without_file.of_the_day(FORMAT, f"意见箱与官网留言 {timezone.localdate(now)}", ACTOR, now)
    keys, named = [one.pk for one, _ in said], [one.pk for one, _ in said if one.contact]

    def taken(batch: Batch) -> None:
        # With the row of the batch, before the lake hears of it. One erased meanwhile stays away.
        if Submission.objects.select_for_update().filter(pk__in=named, contact=None).exists():
            raise _Withdrawn
        Submission.objects.filter(pk__in=named, batch=None).update(is_named=True)
        Submission.objects.filter(pk__in=keys, batch=None).update(batch=batch)

    return without_file.land(imported, [record for _, record in said], interpreter, taken, waiting)


def _said(submission: Submission) -> Record | None:
    """What the row holds; None for one that cannot be opened, which is set aside."""
    assert submission.box  # as `waiting` has it
    try:
        if submission.sealed is None:  # in a batch that was lost after its words were erased
            raise Unsealable
        words = unseal(submission.sealed)
        contact = str(unseal(submission.contact)["contact"]) if submission.contact else ""
    except (Unsealable, ValueError, KeyError) as failure:
        _set_aside(submission, failure)
        return None
    names = Attachment.objects.filter(voice_id=submission.voice_id).values_list("name", flat=True)
    return record(submission.box, submission.once, words, contact, submission.received_at, tuple(names))


def _set_aside(submission: Submission, failure: Exception) -> None:
    log.error("a message could not be taken in: %s", type(failure.__cause__ or failure).__name__)
    Submission.objects.filter(pk=submission.pk, batch=None).update(stuck_at=timezone.now())


def _erase_words() -> int:
    """What stands in the lake, masked, stands here no longer."""
    return Submission.objects.taken().exclude(sealed=None).update(sealed=None)
