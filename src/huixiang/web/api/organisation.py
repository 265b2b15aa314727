"""Which units has the bank, as far as one sees them? Parents before their children."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router, Schema

from huixiang.apps.access.models import Unit
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Limit, Page, Word, one_of

router = Router(tags=["organisation"])


class UnitOut(Schema):
    """`path` begins with the path of every unit above; `parent` is null at the head office."""

    code: str
    name: str
    kind: Annotated[Unit.Kind, one_of(Unit.Kind)]
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
