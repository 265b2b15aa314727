"""How does a report stand on page and paper? Page, Excel, Word and PDF are made of the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Cell:
    """What is read; `number` is what a spreadsheet reckons with; `href` opens the figure to its cases."""

    text: str
    number: float | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A table, or plain sentences, under a title."""

    title: Text
    columns: Sequence[Text] = ()
    rows: Sequence[Sequence[Cell]] = ()
    note: Text = ""
    words: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report. `facts` stand at its head: what is counted, on which day, by which rules."""

    bank: str
    unit: str
    title: str
    facts: Sequence[tuple[Text, str]]
    parts: Sequence[Part] = field(default_factory=list)
    mark: str = ""  # lies across it where it is not final


def count(number: int | None, href: str = "") -> Cell:
    return Cell("—") if number is None else Cell(str(number), number, href if number else "")


def words(text: Any) -> Cell:
    return Cell(str(text))


def estimate(found: Sequence[float] | None, digits: str = "2") -> Cell:
    """12.3（9.0–15.1）; without a denominator it is said so."""
    if found is None:
        return Cell(_("无分母"))
    value, low, high = (floatformat(each, digits) for each in found)
    return Cell(_("%(value)s（%(low)s–%(high)s）") % {"value": value, "low": low, "high": high}, found[0])


def share(found: Sequence[float] | None) -> Cell:
    """12.3%（9.0%–15.1%）."""
    if found is None:
        return Cell(_("暂无数据"))
    value, low, high = (floatformat(100 * each, "1") for each in found)
    return Cell(_("%(value)s%%（%(low)s%%–%(high)s%%）") % {"value": value, "low": low, "high": high}, found[0])


def change(found: Sequence[float] | None) -> Cell:
    """+23%（+5% 至 +44%）上升; where the interval holds 0, nothing is proven."""
    if found is None:
        return Cell(_("无从比较"))
    value, low, high = (f"{100 * (each - 1):+.0f}%" for each in found)
    values = {"value": value, "low": low, "high": high, "verdict": verdict(found)}
    return Cell(_("%(value)s（%(low)s 至 %(high)s）%(verdict)s") % values, found[0] - 1)


def verdict(found: Sequence[float]) -> str:
    if found[1] > 1:
        return _("上升")
    return _("下降") if found[2] < 1 else _("未证实有变化")


def opened(**asks: str) -> str:
    """The register, narrowed to exactly these cases."""
    return f"{reverse('complaint_register')}?{urlencode({name: each for name, each in asks.items() if each})}"
