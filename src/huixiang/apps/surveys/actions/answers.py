"""How does a file of answers collected elsewhere come in? It waits to be told its columns, and goes as imports do.

A small one while one waits; a large one in the background. Both are the same import: killed half-way it goes on where
it stopped, and a response is known by its number, so that nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from huixiang.apps.access.models import Job, Staff
from huixiang.apps.feedback import actions, importing, spreadsheet
from huixiang.apps.feedback.faults import calling
from huixiang.apps.feedback.models import Import
from huixiang.apps.surveys import answer_files
from huixiang.apps.surveys.answer_format import FORMAT
from huixiang.apps.surveys.models import AnswerFile, Survey, Version
from huixiang.channels.contract import Fault
from huixiang.channels.survey_answers import AnswerMapping

RIGHT = "survey.manage"
SMALL = 10 << 20  # bytes: so much is read while a person waits


def receive_answers(version: Version, name: str, chunks: Iterable[bytes], *, by: Staff, source: str = "") -> Import:
    """Keep a file until somebody has said which column is what; a former one of hers goes. Raises Fault."""
    if not by.holds(RIGHT, version.survey.unit):
        raise PermissionDenied
    with transaction.atomic():
        draft = actions.receive_upload(name, chunks, by=by, source=source, format_=FORMAT)
        AnswerFile.objects.create(of=draft, version=version)
    try:
        with calling(draft):
            if not spreadsheet.is_ours(Path(draft.path)) and not answer_files.head(Path(draft.path)):
                raise Fault("文件里没有数据行；请确认第一行是列名，下面是答卷")
    except Fault:
        actions.drop_upload(draft, by=by, source=source)
        raise
    for former in waiting(version.survey, by).exclude(pk=draft.pk):
        actions.drop_upload(former, by=by, source=source)
    return draft


def begin_answers(
    draft: Import, version: Version, mapping: AnswerMapping, *, by: Staff, source: str = ""
) -> Job | None:
    """Read it so, as answers to this version; None: all of it is in. Raises Fault, and if nothing began it waits on."""
    reach, place = by.scope(RIGHT), Path(draft.path)
    if not place.exists():
        raise Fault("文件“%(name)s”已不在原处；请重新上传", name=draft.file_name)
    with calling(draft):
        text = answer_files.settled(place, version, mapping)
        answer_files.looked(place, version, text, reach)
    with transaction.atomic():
        AnswerFile.objects.filter(of=draft).update(version=version)
        read_so = {"format": FORMAT, "mapping": text}
        actions.start_draft(draft, read_so, by=by, source=source, survey=version.survey.slug)
        job = actions.begin_in_background(draft, by=by) if draft.bytes > SMALL else None
    if job is None:
        importing.run(Unwatched(), str(draft.pk))
    return job


def open_answers(path: Path, version: Version, mapping: AnswerMapping, *, actor: str) -> tuple[Import, bool]:
    """Begin with a file on this machine, or find where it was broken off. True: it goes on. Raises Fault."""
    text = answer_files.settled(path, version, mapping)
    among = Import.objects.filter(answers__version=version)

    def within(imported: Import) -> None:
        AnswerFile.objects.create(of=imported, version=version)

    return actions.open_place(path, {"format": FORMAT, "mapping": text}, among, actor=actor, within=within)


def waiting(survey: Survey, by: Staff) -> QuerySet[Import]:
    """Her own files of which nobody has said yet what is what."""
    return Import.objects.filter(answers__version__survey=survey, by=by, started_at=None).order_by("-created_at")


class Unwatched:
    """Hears of progress where nobody looks at it."""

    def report(self, done: int, *, done_share: float | None = None) -> None:
        """Nothing to show."""
