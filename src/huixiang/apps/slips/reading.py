"""How do files become slips, and slips words? One at a time, each in a transaction of its own: killed, it goes on.

A page that is a slip already is not drawn again, and a slip that was read is not read again; so the work may be broken
off anywhere and done twice. What a reader cannot read is no dead end: a person types it in beside the picture.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import beats, jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.models import Attachment
from huixiang.apps.slips import receiving
from huixiang.apps.slips.models import File, Slip, Words
from huixiang.channels.contract import Fault
from huixiang.channels.paper import lines
from huixiang.channels.paper.pages import Page, pages
from huixiang.channels.paper.reading import Reader, Reading, Unread, is_there
from huixiang.lake.locks import held, patient

KIND = "slips"
AGAIN = timedelta(minutes=1)  # after a failure
Tell = Callable[[int, int], None]
log = logging.getLogger(__name__)


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):  # a page may take longer than a worker may be silent
        count = read_all(progress.report, progress.beat)
    return Sentence(gettext_noop("读完 %(count)s 张纸质意见。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Is there something to read, and nobody at it? Kept are the last job and the last failed."""
    if not (File.objects.waiting().exists() or Slip.objects.in_state("waiting").exists()):
        return None
    return start(KIND, Sentence(gettext_noop("读取纸质意见"), {}), now)


def start(kind: str, title: Sentence, now: datetime) -> Job | None:
    """A job of this kind, unless there is one or the last has only just failed."""
    of_ours = Job.objects.filter(kind=kind)
    failed = of_ours.filter(state=Job.State.FAILED).order_by("-ended_at")
    if of_ours.filter(state__in=Job.OPEN).exists() or failed.filter(ended_at__gt=now - AGAIN).exists():
        return None
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        of_ours.filter(pk__in=list(failed.values_list("pk", flat=True)[1:])).delete()
        return jobs.start(kind, title, None)


def read_all(tell: Tell = lambda done, total: None, waiting: Callable[[], None] = patient) -> int:
    """Open all that waits, and read it; how many slips were read? Doing it again does nothing."""
    done = 0
    with held(Path(settings.DATA_DIR) / "locks" / "slips", waiting), ExitStack() as stack:
        reader: Reader | None = None
        while True:
            for file in File.objects.waiting().select_related("unit"):
                open_file(file, waiting)
            left = list(Slip.objects.in_state("waiting").in_order().values_list("pk", flat=True))
            if not left:
                return done
            if reader is None and is_there():
                reader = stack.enter_context(Reader())
            total = done + len(left)
            for key in left:
                done += _read(key, reader)
                tell(done, total)


def open_file(file: File, waiting: Callable[[], None] = patient) -> None:
    """Its pages become slips. What cannot be opened is told on the row; its content goes from here in either case."""
    reached = max(file.slips.filter(part="").values_list("page", flat=True), default=0)
    try:
        kept = Attachment.objects.filter(voice_id=file.place).last()
        if kept is None:
            raise Fault("“%(name)s”的内容已不在；请重新上传", name=file.name)
        for page in pages(attachments.content(kept), file.name, reached):
            _cut(file, page)
            waiting()
    except (Fault, Unsealable) as failure:
        fault = failure if isinstance(failure, Fault) else Fault("“%(name)s”无法解封；请重新上传", name=file.name)
        file.fault = Sentence(fault.message, dict(fault.params))._asdict()
    else:
        file.opened_at = timezone.now()
    with transaction.atomic():  # killed between, the whole scan would lie here for good: nothing leads to it any more
        file.save(update_fields=["fault", "opened_at"])
        attachments.let_go([file.place])


def _cut(file: File, page: Page) -> None:
    if slip := receiving.prepared(file, page.number, "", page.picture, file.unit):
        with transaction.atomic():
            slip.save()


def _read(key: UUID, reader: Reader | None) -> int:
    slip = Slip.objects.select_related("of").filter(pk=key, state=Slip.State.WAITING).first()
    if slip is None:
        return 0  # erased, split or rejected meanwhile
    reading, reason = None, ""
    try:
        picture = receiving.picture_of(slip)
        reading = reader.read(picture) if reader and picture else None
        reason = Slip.Reason.BLANK if reading and not reading.lines else ""
    except Unread:
        log.warning("slip %s: the reader gave up", slip.pk)  # a person types it in
    except Unsealable:
        reason = Slip.Reason.BROKEN
    upright = receiving.sealed_picture(slip, reading.picture) if reading and reading.lines and reading.turned else None
    with transaction.atomic():
        slip = Slip.objects.select_for_update(of=("self",)).select_related("of").filter(pk=key).first()
        if slip is None or slip.state != Slip.State.WAITING:  # what reads it takes seconds
            return 0
        if reading and upright:
            receiving.replace_picture(slip, upright, reading.picture)
            slip.turned = (slip.turned + reading.turned) % 360
        _settle(slip, reading, reason)
    return 1


def _settle(slip: Slip, reading: Reading | None, reason: str) -> None:
    slip.state = Slip.State.REJECTED if reason else Slip.State.READ
    slip.reason, slip.settled_at = reason, timezone.now() if reason else None
    if reading and reading.lines:
        found = reading.lines
        kept = [{"text": line.text, "sure": line.sure, "box": list(line.box), "typed": line.text} for line in found]
        text = lines.joined([line for line in found if not lines.is_date(line.text)])
        slip.sealed, slip.least = Words(kept, "", text).sealed(), min(line.sure for line in found)
        slip.said_on = lines.day_in([line.text for line in found], timezone.localdate(slip.received_at)) or slip.said_on
        slip.looks_like_several = bool(lines.gaps(found))
    slip.save()
