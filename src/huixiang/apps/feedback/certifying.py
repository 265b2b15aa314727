"""Is an erasure really done? Each place is looked through before and after, and once more for each certificate.

A place is known by what it holds of the voices' ids; texts that hold no id (answers of outside models, exports) cannot
be looked for afterwards, and the certificate says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import set_aside
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Attachment, Correction, Erasure, Quarantined
from huixiang.lake.traces import traces

AT_ONCE = 500
Left = Callable[[Collection[str]], int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something of a voice may lie, and how it is counted."""

    name: str | Promise
    left: Left


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in one place before the erasure, and what is left."""

    name: str | Promise
    found: int
    left: int


PLACES: dict[str, Place] = {}
Tell = Callable[[Erasure], list[str]]
REMARKS: list[Tell] = []
WITHHELD: list[Tell] = []


def place(code: str, name: str | Promise) -> Callable[[Left], Left]:
    """Register a place: `f(voice_ids)` counts what is there of them. Its module is imported by `AppConfig.ready`."""

    def registered(left: Left) -> Left:
        PLACES[code] = Place(name, left)
        return left

    return registered


def remark(function: Tell) -> Tell:
    """Register what else a certificate has to say of an erasure."""
    REMARKS.append(function)
    return function


def withholds(function: Tell) -> Tell:
    """Register what is left by law, and why: told as soon as an erasure is asked for, and by its certificate."""
    WITHHELD.append(function)
    return function


def counted(rows: QuerySet[Any], voice_ids: Collection[str]) -> int:
    """How many of these rows are of these voices?"""
    listed = sorted(voice_ids)
    parts = (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
    return sum(rows.filter(voice_id__in=part).count() for part in parts)


@place("lake", _("数据湖：声音、帖子、对话、通话、说话人、以前的判断（含以前的版本与日志）"))
def _in_lake(voice_ids: Collection[str]) -> int:
    return traces(lake(), voice_ids)


@place("corrections", _("更正记录"))
def _corrections(voice_ids: Collection[str]) -> int:
    return counted(Correction.objects.all(), voice_ids)


@place("attachments", _("照片与附件"))
def _attachments(voice_ids: Collection[str]) -> int:
    return counted(Attachment.objects.all(), voice_ids)


@place("quarantine", _("曾被隔离、后来入库的行的原文"))
def _quarantined(voice_ids: Collection[str]) -> int:
    return counted(Quarantined.objects.held(), voice_ids)


@place("set_aside", _("被隔离信件的附件（所属行已清空的）"))
def _set_aside(voice_ids: Collection[str]) -> int:
    return set_aside.left()


def look_before(erasure: Erasure, voice_ids: Collection[str]) -> None:
    """Note what there is, once: an erasure that is done again would find nothing. Only while holding the lake."""
    if not erasure.looked:
        erasure.looked = [{"place": code, "found": each.left(voice_ids)} for code, each in PLACES.items()]
        erasure.save(update_fields=["looked"])


def look_after(erasure: Erasure, voice_ids: Collection[str]) -> None:
    """Note what is left. Only while holding the lake."""
    found = {one["place"]: one["found"] for one in erasure.looked}
    erasure.looked = [
        {"place": code, "found": found.get(code, 0), "left": each.left(voice_ids)} for code, each in PLACES.items()
    ]
    erasure.looked_at = timezone.now()
    erasure.save(update_fields=["looked", "looked_at"])


def told(erasure: Erasure) -> list[Looked]:
    """What was looked at, in words."""
    rows = (one for one in erasure.looked if one["place"] in PLACES)
    return [Looked(PLACES[one["place"]].name, one["found"], one.get("left", one["found"])) for one in rows]


def is_clean(erasure: Erasure) -> bool:
    """Was every place looked through, and nothing found?"""
    return erasure.looked_at is not None and not any(one["left"] for one in erasure.looked)


def remarks(erasure: Erasure) -> list[str]:
    return [*withheld(erasure), *(line for tell in REMARKS for line in tell(erasure))]


def withheld(erasure: Erasure) -> list[str]:
    """What must stay for now, with the clause."""
    return [line for tell in WITHHELD for line in tell(erasure)]
