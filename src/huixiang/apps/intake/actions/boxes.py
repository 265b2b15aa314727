"""How does a post box come to be, and how is it opened and closed? By who may, for the units in reach."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.intake.models import PostBox
from huixiang.channels.contract import Fault

RIGHT = "box.manage"
# Read aloud or copied from a poster: no letter looks like a digit. 31^8: nobody finds one by trying.
ALPHABET, LENGTH = "23456789abcdefghjkmnpqrstuvwxyz", 8
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a post box says and allows."""

    name: str
    retention_days: int
    consent: str = ""
    origins: str = ""


def open_box(unit: Unit, kind: str, terms: Terms, *, by: Staff | str, source: str = "") -> PostBox:
    """A new post box, open at once. Raises PermissionDenied beyond one's reach, Fault for terms that make no sense."""
    if not isinstance(by, str) and not by.holds(RIGHT, unit):
        raise PermissionDenied
    box = PostBox(unit=unit, kind=kind, slug=_slug(), by=None if isinstance(by, str) else by)
    _settle(box, terms)
    with transaction.atomic():
        box.save(force_insert=True)
        audit.record("box.open", by=by, on_kind="box", on_id=box.slug, source=source, unit=unit.code, kind=str(kind))
    return box


def change_box(pk: int, terms: Terms, *, by: Staff, source: str = "") -> PostBox:
    """Raises ObjectDoesNotExist where it is out of reach, Fault for terms that make no sense."""
    with transaction.atomic():
        box = _reached(pk, by)
        _settle(box, terms)
        box.save()
        audit.record_many([_changed(box)], by=by, source=source)
    return box


def _changed(box: PostBox) -> audit.Deed:
    detail = {"days": box.retention_days, "origins": box.allowed, "notice": box.notice_version, "terms": box.terms}
    return audit.Deed("box.change", "box", box.slug, detail)


def close_box(pk: int, *, by: Staff, source: str = "") -> PostBox:
    """Nothing comes in any more; what came stays, and its answers can be read."""
    return _turn(pk, False, by, source)


def reopen_box(pk: int, *, by: Staff, source: str = "") -> PostBox:
    return _turn(pk, True, by, source)


def print_poster(pk: int, *, by: Staff, source: str = "") -> PostBox:
    """Who printed the way in to which box?"""
    with transaction.atomic():
        box = _reached(pk, by)
        audit.record("box.poster", by=by, on_kind="box", on_id=box.slug, source=source)
    return box


def _turn(pk: int, is_open: bool, by: Staff, source: str) -> PostBox:
    with transaction.atomic():
        box = _reached(pk, by)
        box.is_open = is_open
        box.save(update_fields=["is_open"])
        audit.record("box.reopen" if is_open else "box.close", by=by, on_kind="box", on_id=box.slug, source=source)
    return box


def _reached(pk: int, by: Staff) -> PostBox:
    box = PostBox.objects.visible_to(by, RIGHT).select_related("unit").filter(pk=pk).first()
    if box is None:
        raise ObjectDoesNotExist
    return box


def _settle(box: PostBox, terms: Terms) -> None:
    box.name, box.consent = terms.name.strip()[:60], terms.consent.strip()
    box.retention_days = terms.retention_days
    box.origins = "\n".join(dict.fromkeys(map(origin, terms.origins.split())))
    if not box.name:
        raise Fault("请写明名称，客户会在页面与海报上看到")


def origin(typed: str) -> str:
    """ "https://www.bank.example": no path, no wildcard, else more pages could show the form than were meant."""
    found = typed.rstrip("/").lower()
    if not _ORIGIN.fullmatch(found):
        raise Fault("“%(found)s”不是网站来源；请写成 https://www.bank.example 的样子，一行一个", found=typed[:60])
    return found


def _slug() -> str:
    while PostBox.objects.filter(slug=(made := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))).exists():
        pass
    return made
