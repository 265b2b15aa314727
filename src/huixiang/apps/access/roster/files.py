"""Where do the files of units and staff lie between preview and import? In a folder of their own, for a day at most."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from huixiang.apps.access.roster import people, tree
from huixiang.apps.access.roster.plan import Plan
from huixiang.apps.access.roster.sheet import rows


def plan(units: Path | None, staff: Path | None, *, by: str, today: date) -> Plan:
    """What would these files change? Raises Fault where a file as a whole cannot be read."""
    made = Plan()
    if units:
        tree.units(rows(units), made)
    if staff:
        people.staff(rows(staff), made, by=by, today=today)
    return made


def keep(uploads: dict[str, UploadedFile[Any] | None]) -> UUID:
    """Put the uploads aside under a key that only their owner's session knows."""
    key = uuid4()
    folder(key).mkdir(parents=True, mode=0o700)
    for name, upload in uploads.items():
        if upload:
            place = folder(key) / name
            place.mkdir()
            with (place / Path(upload.name or name).name).open("wb") as file:  # its own name, for what is said of it
                file.writelines(upload.chunks())
    return key


def kept(key: UUID) -> dict[str, Path]:
    """The files under a key, by `units` and `staff`; empty when they are gone."""
    return {path.parent.name: path for path in folder(key).glob("*/*")}


def forget(key: UUID) -> None:
    shutil.rmtree(folder(key), ignore_errors=True)


def forget_old(before: datetime) -> None:
    """Previews that nobody confirmed."""
    for place in _place().glob("*"):
        if place.stat().st_mtime < before.timestamp():
            shutil.rmtree(place, ignore_errors=True)


def fingerprint(paths: dict[str, Path]) -> dict[str, str]:
    """SHA-256 of each file, for the audit: which files were they?"""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items()}


def folder(key: UUID) -> Path:
    return _place() / str(key)


def _place() -> Path:
    return Path(settings.DATA_DIR) / "rosters"
