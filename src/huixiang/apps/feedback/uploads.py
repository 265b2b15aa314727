"""Where do uploaded files wait, and how long? In a folder that only the service reads, until their import ends."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from huixiang.apps.feedback.models import Import

UNCONFIRMED = timedelta(hours=24)  # an upload whose preview nobody confirmed
UNFINISHED = timedelta(days=7)  # a stopped import can be continued for so long


def keep(import_id: UUID, name: str, chunks: Iterable[bytes]) -> Path:
    """Write an upload to its place, readable for the service's own user alone. The suffix tells formats apart."""
    place = folder() / f"{import_id}{Path(name).suffix.lower()[:10]}"
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return place


def folder() -> Path:
    place = Path(settings.UPLOAD_DIR)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def remove(imported: Import) -> None:
    """Delete an import's upload; a user's own file named on the command line is never touched."""
    if imported.is_upload and imported.path:
        Path(imported.path).unlink(missing_ok=True)


def clean(now: datetime) -> int:
    """The nightly round's part: drafts nobody confirmed, files of imports stopped for long, files of nobody."""
    cleaned = 0
    for draft in Import.objects.stale_drafts(now - UNCONFIRMED):
        remove(draft)
        draft.delete()
        cleaned += 1
    waiting = Import.objects.filter(is_upload=True, finished_at=None)
    kept = set(waiting.filter(Q(started_at=None) | Q(started_at__gt=now - UNFINISHED)).values_list("path", flat=True))
    for place in folder().iterdir():
        if str(place) not in kept and now.timestamp() - place.stat().st_mtime > UNCONFIRMED.total_seconds():
            place.unlink(missing_ok=True)
            cleaned += 1
    return cleaned
