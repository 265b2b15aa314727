"""Which units has the bank, and how do they change? Parents before their children."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema

from huixiang.apps.access import actions
from huixiang.apps.access.models import Unit
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Code, Day, Given, Limit, Page, Word, one_of

router = Router(tags=["organisation"])
CHANGE = Bearer("organisation.change")
Kind = Annotated[Unit.Kind, one_of(Unit.Kind)]


class UnitOut(Schema):
    """`path` begins with the path of every unit above; `parent` is null at the head office."""

    code: str
    name: str
    kind: Kind
    parent: str | None
    path: str
    time_zone: str
    closed_on: date | None

    @classmethod
    def of(cls, unit: Unit) -> UnitOut:
        same = {name: getattr(unit, name) for name in cls.model_fields if name != "parent"}
        return cls(parent=unit.parent.code if unit.parent else None, **same)


@router.get("/units", auth=Bearer("organisation.see"), response=Page[UnitOut], summary=gettext_noop("机构"))
def list_units(request: HttpRequest, closed: bool = False, after: Word = "", limit: Limit = 200) -> Page[UnitOut]:
    """`closed=true` gives also those that are no more."""
    rows = Unit.objects.visible_to(who(request), "organisation.see").select_related("parent")
    rows = rows if closed else rows.filter(closed_on=None)
    found, following = page(rows, ("path", "pk"), after, limit)
    return Page[UnitOut](items=[UnitOut.of(unit) for unit in found], next=following)


class UnitIn(Given):
    """`parent` is the code of the unit above it; without `time_zone` it is the bank's."""

    code: Code
    name: Word
    kind: Kind
    parent: Code
    time_zone: Word = ""


class UnitChange(Given):
    """What is left out stays as it is."""

    name: Word = ""
    kind: Kind | None = None
    time_zone: Word = ""


class Closing(Given):
    """The day from which on it is no more; null: it is open again."""

    on: Day | None


class Moving(Given):
    """The code of the unit that it hangs below from now on."""

    to: Code


@router.post("/units", auth=CHANGE, response={201: UnitOut | None}, summary=gettext_noop("新建机构"))
def create_unit(request: HttpRequest, unit: UnitIn) -> UnitOut | None:
    parent = actions.unit_to_change("unit.create", who(request), unit.parent, source(request))
    left_out = {"parent"} if unit.time_zone else {"parent", "time_zone"}
    fields = unit.dict(exclude=left_out) | {"kind": unit.kind.value}
    return _told(request, actions.create_unit(parent, who(request), source(request), **fields))


@router.post(
    "/units/{code}/change", auth=CHANGE, response=UnitOut | None, summary=gettext_noop("修改机构的名称、级别或时区")
)
def change_unit(request: HttpRequest, code: Path[Code], change: UnitChange) -> UnitOut | None:
    fields = {name: getattr(value, "value", value) for name, value in change.dict().items() if value}
    return _changed(request, code, **fields)


@router.post("/units/{code}/close", auth=CHANGE, response=UnitOut | None, summary=gettext_noop("撤并机构"))
def close_unit(request: HttpRequest, code: Path[Code], closing: Closing) -> UnitOut | None:
    """Those below it come first."""
    return _changed(request, code, closed_on=closing.on)


@router.post("/units/{code}/move", auth=CHANGE, response=UnitOut | None, summary=gettext_noop("移动机构"))
def move_unit(request: HttpRequest, code: Path[Code], moving: Moving) -> UnitOut | None:
    """With all below it."""
    by, where = who(request), source(request)
    unit = actions.unit_to_change("unit.move", by, code, where)
    actions.move_unit(unit, actions.unit_to_change("unit.move", by, moving.to, where), by, where)
    return _told(request, unit)


def _changed(request: HttpRequest, code: str, **fields: object) -> UnitOut | None:
    unit = actions.unit_to_change("unit.change", who(request), code, source(request))
    actions.change_unit(unit, who(request), source(request), **fields)
    return _told(request, unit)


def _told(request: HttpRequest, unit: Unit) -> UnitOut | None:
    return shown(request, "organisation.see", UnitOut.of(unit))
