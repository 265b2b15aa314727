"""How does an old register come in? It waits to be told its columns, and goes as imports do: killed, it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from huixiang.apps.access.models import Job, Staff
from huixiang.apps.complaints import old_files
from huixiang.apps.complaints.actions.bringing import RIGHT
from huixiang.apps.complaints.old_rows import FORMAT
from huixiang.apps.feedback import actions
from huixiang.apps.feedback.faults import calling
from huixiang.apps.feedback.models import Import
from huixiang.channels.contract import Fault
from huixiang.channels.old_registers import RegisterMapping


def receive_register(name: str, chunks: Iterable[bytes], *, by: Staff, source: str = "") -> Import:
    """Keep a file until somebody has said which column is what; a former one of hers goes. Raises Fault."""
    draft = actions.receive_upload(name, chunks, by=by, source=source, format_=FORMAT)
    try:
        with calling(draft):
            if not old_files.head(Path(draft.path)):
                raise Fault("文件里没有数据行；请确认第一行是列名，下面一行一件投诉")
    except Fault:
        actions.drop_upload(draft, by=by, source=source)
        raise
    for former in waiting(by).exclude(pk=draft.pk):
        actions.drop_upload(former, by=by, source=source)
    return draft


def begin_register(draft: Import, mapping: RegisterMapping, *, by: Staff, source: str = "") -> Job:
    """Read it so, in the background. Raises Fault, and if nothing began it waits on."""
    if RIGHT not in by.rights:
        raise PermissionDenied
    place = Path(draft.path)
    if not place.exists():
        raise Fault("文件“%(name)s”已不在原处；请重新上传", name=draft.file_name)
    with calling(draft):
        text = old_files.settled(place, mapping)
        old_files.looked(place, text, by.scope(RIGHT))
    with transaction.atomic():
        actions.start_draft(draft, {"format": FORMAT, "mapping": text}, by=by, source=source)
        return actions.begin_in_background(draft, by=by)


def open_register(path: Path, mapping: RegisterMapping, *, actor: str) -> tuple[Import, bool]:
    """Begin with a file on this machine, or find where it was broken off. True: it goes on. Raises Fault."""
    text = old_files.settled(path, mapping)
    return actions.open_place(path, {"format": FORMAT, "mapping": text}, Import.objects.all(), actor=actor)


def waiting(by: Staff) -> QuerySet[Import]:
    """Her own files of which nobody has said yet what is what."""
    return Import.objects.filter(format=FORMAT, by=by, started_at=None).order_by("-created_at")
