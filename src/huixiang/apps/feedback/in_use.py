"""Which model reads what customers say? The one that a file points to, else the rules; a broken one breaks nothing.

`HUIXIANG_DATA/models/active.json` is the pointer: the helper process of an import reads it without Django, and a backup
of the data folder holds it. apps.annotation writes it when a person activates a model.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huixiang.apps.feedback import rulebooks
from huixiang.domain.understanding.understander import VERSION, Understander

if TYPE_CHECKING:
    from huixiang.domain.understanding.learned.judging import Judge
    from huixiang.domain.understanding.learned.sentiments import Learned

POINTER, FILE = "active.json", "model.npz"
log = logging.getLogger(__name__)


class Broken(Exception):
    """The pointer or the model it points to cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and under which name; `trouble` says why it is not the one that a person activated."""

    understander: Understander
    label: str
    trouble: str = ""


def folder() -> Path:
    """Where do models lie? Asks the settings: not for processes without Django."""
    from django.conf import settings

    return Path(settings.DATA_DIR) / "models"


def understander(models: Path) -> Reading:
    """By the bank's books and its active model of sentiment. Raises Fault where a book cannot be used."""
    try:
        pointed = pointer(models).get("sentiment")
        if pointed is None:
            return Reading(rules(), VERSION)
        learned, label = _learned(models, pointed), _label(pointed)
    except Broken as broken:
        log.warning("the active model cannot be used, the rules read instead: %s", broken)
        return Reading(rules(), VERSION, str(broken))
    reader = rulebooks.reader(rulebooks.today())
    return Reading(Understander(sentiments=learned, reader=reader), label)


def rules() -> Understander:
    """The rules alone, by the bank's books."""
    return Understander(reader=rulebooks.reader(rulebooks.today()))


def trouble(models: Path) -> str:
    """Why do the rules read, although a person activated a model? Empty where all is well."""
    try:
        for task, pointed in pointer(models).items():
            _label(pointed)
            _learned(models, pointed) if task == "sentiment" else _checked(models, pointed)
    except Broken as broken:
        return str(broken)
    return ""


def pointer(models: Path) -> dict[str, dict[str, Any]]:
    """What is active, by task; nothing where nobody ever activated a model. Raises Broken."""
    try:
        found = json.loads((models / POINTER).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Broken(f"{POINTER}: {type(error).__name__}") from None
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise Broken(f"{POINTER}: not a table of tasks")
    return found


def point(models: Path, task: str, to: dict[str, Any] | None) -> None:
    """Let a task be done by this model from now on (None: by the rules). At once, or not at all."""
    try:
        every = pointer(models)
    except Broken:
        every = {}
    every.pop(task, None)
    if to is not None:
        every[task] = to
    models.mkdir(parents=True, exist_ok=True)
    part = models / f"{POINTER}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(every, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(models / POINTER)


def load(models: Path, place: str, sha256: str) -> Judge:
    """The model in a folder below `models`, if it still is the one that was registered. Raises Broken."""
    return _checked(models, {"folder": place, "sha256": sha256})


def _label(pointed: dict[str, Any]) -> str:
    if not isinstance(pointed.get("label"), str):
        raise Broken(f"{POINTER}: a model without a label")
    return str(pointed["label"])


def _learned(models: Path, pointed: dict[str, Any]) -> Learned:
    from huixiang.domain.understanding.learned.sentiments import Learned  # its libraries are heavy

    try:
        return Learned(_checked(models, pointed))
    except ValueError as error:
        raise Broken(f"{pointed.get('folder', '')}: {error}") from None


def _checked(models: Path, pointed: dict[str, Any]) -> Judge:
    from huixiang.domain.understanding.learned.judging import loads

    try:
        return loads(_bytes(models, pointed))
    except ValueError as error:
        raise Broken(f"{pointed['folder']}: {error}") from None


def _bytes(models: Path, pointed: dict[str, Any]) -> bytes:
    place = str(pointed.get("folder", ""))
    try:
        data = (models / place / FILE).read_bytes()
    except OSError as error:
        raise Broken(f"{place}/{FILE}: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != pointed.get("sha256"):
        raise Broken(f"{place}/{FILE}: not the file that was registered")
    return data
