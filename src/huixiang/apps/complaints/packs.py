"""Which rules were in force on a day? The bank's own packs, and those that come with the product."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache

from huixiang.apps.complaints import opening
from huixiang.apps.complaints.models import RulePack
from huixiang.domain.complaints.clocks import Clocks
from huixiang.domain.complaints.rulebook import read_pack, shipped, shipped_text
from huixiang.domain.complaints.rules import Pack

MAIN = "cn-2020"


def in_force(day: date, code: str = MAIN) -> RulePack:
    """The version that holds for what is received on this day: the latest then in force; of older cases the first."""
    shipped_one = _mirrored(code)
    rows = RulePack.objects.filter(code=code)
    return rows.filter(effective_from__lte=day).first() or rows.last() or shipped_one


def _mirrored(code: str) -> RulePack:
    """A pack of the product as a row, so that a case can name it: made when first needed."""
    pack, text = shipped(code), shipped_text(code)
    if pack is None or text is None:
        raise LookupError(f"the pack {code} comes with the product, and is not there")
    row, _new = RulePack.objects.get_or_create(
        code=pack.code,
        version=pack.version,
        defaults={"effective_from": pack.effective_from, "text": text, "digest": digest(text)},
    )
    return row


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def read_text(text: str) -> Pack:
    return read_pack(text)


def pack_of(row: RulePack) -> Pack:
    """The rules of a row; the same text is read once. One that names no reasons to refuse has those of the product."""
    pack, own = read_text(row.text), shipped(MAIN)
    return pack if pack.refusals or own is None else replace(pack, refusals=own.refusals)


@lru_cache(maxsize=16)
def _clocks(text: str, version: tuple[int, ...]) -> Clocks:
    calendar = opening.calendar()
    return Clocks(read_text(text), calendar, hours=opening.Hours(calendar) if version[0] else None)


def clocks_of(row: RulePack) -> Clocks:
    """Its clocks, by calendar and opening hours as the bank set them. Made once a process and version."""
    return _clocks(row.text, opening.version())
