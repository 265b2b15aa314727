"""By which holidays and opening hours does a command reckon? The bank's own where there is a database; it says so."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

from huixiang.channels.contract import Fault
from huixiang.domain.calendar import Calendar, mainland
from huixiang.domain.complaints.clocks import Clocks
from huixiang.domain.complaints.hours import OpenHours
from huixiang.domain.complaints.rules import Pack
from huixiang.web.bilingual import both

BANK, PRODUCT = "bank", "product"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`source`: `bank` with the hours and holidays that it has set, `product` with those that come with it."""

    source: str
    calendar: Calendar
    hours: Mapping[str, OpenHours] | None = None
    why: object = ""  # not the bank's

    def clocks(self, pack: Pack) -> Clocks:
        return Clocks(pack, self.calendar, hours=self.hours)

    def told(self) -> dict[str, str]:
        if self.source == BANK:
            return {"source": BANK, "text": both("按贵行设定的营业时间与节假日推算；没有设定的用自带的。")}
        return {"source": PRODUCT, "text": both("按自带的放假通知与办公时间推算：%(why)s", {"why": self.why})}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-bank", action="store_true",
                        help="不用贵行设定的营业时间与节假日 / without the bank's own hours and holidays")  # fmt: skip


def reckoning(*, no_bank: bool) -> Reckoning:
    """No database is no mistake here: who only has the packs may ask as well."""
    if no_bank:
        return Reckoning(PRODUCT, mainland(), why="--no-bank")
    from django.core.exceptions import ImproperlyConfigured

    try:
        return _of_bank()
    except Fault as fault:
        return Reckoning(PRODUCT, mainland(), why=fault)
    except ImproperlyConfigured as error:
        return Reckoning(PRODUCT, mainland(), why=str(error))


def _of_bank() -> Reckoning:
    import django

    from huixiang.web.commands.readiness import ready_database

    django.setup()
    ready_database()
    from huixiang.apps.complaints import opening

    opening.forget()
    calendar = opening.calendar()
    return Reckoning(BANK, calendar, opening.Hours(calendar))
