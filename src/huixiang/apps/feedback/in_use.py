"""Which models read what customers say? Those that a file points to, else the rules; a broken one breaks nothing.

`HUIXIANG_DATA/models/active.json` is the pointer: the helper process of an import reads it without Django, and a backup
of the data folder holds it. apps.annotation writes it when a person activates a model.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huixiang.apps.feedback import rulebooks
from huixiang.domain.understanding.understander import VERSION, Understander

if TYPE_CHECKING:
    from huixiang.domain.understanding.learned.judging import Model
    from huixiang.domain.understanding.opinions.reader import Learned

POINTER, FILE = "active.json", "model.npz"
log = logging.getLogger(__name__)


class Broken(Exception):
    """The pointer or the model it points to cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and under which name; `trouble` says why it is not the one that a person activated.

    `label` tells who judges the feeling, `others` who tells kind, topics, risks and opinions where a model does.
    """

    understander: Understander
    label: str
    trouble: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """All of them in one line: "rules-2 + k-1"."""
        return " + ".join([self.label, *(self.others[task] for task in sorted(self.others))])


def folder() -> Path:
    """Where do models lie? Asks the settings: not for processes without Django."""
    from django.conf import settings

    return Path(settings.DATA_DIR) / "models"


def understander(models: Path) -> Reading:
    """By the bank's books and its active models. Raises Fault where a book cannot be used.

    Of a broken model the rules take the part, and that part only.
    """
    used: dict[str, Any] = {}
    labels: dict[str, str] = {}
    broken: list[str] = []
    for task, pointed in _pointed(models, broken).items():
        if task in _MADE:
            try:
                labels[task], used[_ARGUMENTS[task]] = _label(pointed), _made(models, task, pointed)
            except Broken as why:
                log.warning("the active model of %s cannot be used, the rules read instead: %s", task, why)
                labels.pop(task, None)
                broken.append(str(why))
    reads = _by_books(used)
    return Reading(reads, labels.pop("sentiment", VERSION), "; ".join(broken), labels)


def rules() -> Understander:
    """The rules alone, by the bank's books."""
    return _by_books({})


def _by_books(used: dict[str, Any]) -> Understander:
    """With the bank's own words, where it has some: they name products no list of ours can know."""
    if "opinions" not in used and (own := rulebooks.opinion_words()):
        from huixiang.domain.understanding.opinions.reading import Opinions

        used["opinions"] = Opinions(own)
    return Understander(reader=rulebooks.reader(rulebooks.today()), **used)


def trouble(models: Path) -> str:
    """Why do the rules read, although a person activated a model? Empty where all is well."""
    broken: list[str] = []
    for task, pointed in _pointed(models, broken).items():
        try:
            _label(pointed)
            _made(models, task, pointed)
        except Broken as why:
            broken.append(str(why))
    return "; ".join(broken)


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


def load(models: Path, place: str, sha256: str) -> Model | Learned:
    """The model in a folder below `models`, if it still is the one that was registered. Raises Broken."""
    return _checked(models, {"folder": place, "sha256": sha256})


def _pointed(models: Path, broken: list[str]) -> dict[str, dict[str, Any]]:
    try:
        return pointer(models)
    except Broken as why:
        log.warning("the active models cannot be used, the rules read instead: %s", why)
        broken.append(str(why))
        return {}


def _label(pointed: dict[str, Any]) -> str:
    if not isinstance(pointed.get("label"), str):
        raise Broken(f"{POINTER}: a model without a label")
    return str(pointed["label"])


def _made(models: Path, task: str, pointed: dict[str, Any]) -> Any:
    """The model as the understander asks it. Raises Broken."""
    if task not in _MADE:
        raise Broken(f"{POINTER}: no such task: {task}")
    try:
        return _MADE[task](_checked(models, pointed))
    except ValueError as error:
        raise Broken(f"{pointed.get('folder', '')}: {error}") from None


def _feelings(model: Any) -> Any:
    from huixiang.domain.understanding.learned.sentiments import Learned  # its libraries are heavy

    return Learned(model)


def _kinds(model: Any) -> Any:
    from huixiang.domain.understanding.learned.kinds import Kinds

    return Kinds(model)


def _topics(model: Any) -> Any:
    from huixiang.domain.understanding.learned.topics import Topics

    return Topics(model, beside_rules=True)


def _opinions(model: Any) -> Any:
    from huixiang.domain.understanding.opinions.reader import Learned
    from huixiang.domain.understanding.opinions.reading import Opinions

    if not isinstance(model, Learned):
        raise ValueError(f"a model of {model.task}, not of opinions")
    return Opinions(rulebooks.opinion_words(), model)


def _risks(model: Any) -> Any:
    from huixiang.domain.understanding.learned.risks import Risks

    return Risks(model)


_MADE: dict[str, Callable[[Any], Any]] = {
    "sentiment": _feelings,
    "kind": _kinds,
    "topics": _topics,
    "risks": _risks,
    "opinions": _opinions,
}
# Of the understander.
_ARGUMENTS = {
    "sentiment": "sentiments",
    "kind": "kinds",
    "topics": "topics",
    "risks": "risks",
    "opinions": "opinions",
}


def _checked(models: Path, pointed: dict[str, Any]) -> Model | Learned:
    from huixiang.domain.understanding.learned.judging import loads_any

    try:
        return loads_any(_bytes(models, pointed))
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
