"""How does the tree of units change? One change at a time, each judged by the tree as it is when its turn has come."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextField, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.actions.reach import reach_unit
from huixiang.apps.access.models import Staff, Unit


def create_unit(parent: Unit | None, by: Staff | str, source: str = "", **fields: Any) -> Unit:
    """A new unit under another; only the very first one, the head office, has none above it."""
    reach_unit("unit.create", by, parent, source)
    with transaction.atomic():
        Unit.objects.all().lock_tree()
        if parent is None and Unit.objects.filter(parent=None).exists():
            raise ValidationError(_("只能有一个最上级机构（总行）。请选择上级机构。"))
        if Unit.objects.filter(code__iexact=fields["code"]).exists():
            raise ValidationError({"code": _("这个机构号已存在。")})
        above = _open(parent) if parent else None
        unit = Unit(parent=above, path=f"{above.path if above else '/'}{fields['code']}/", **fields)
        unit.full_clean()
        unit.save(force_insert=True)
        audit.record("unit.create", by=by, on_kind="unit", on_id=unit.code, source=source)
    return unit


def change_unit(unit: Unit, by: Staff | str, source: str = "", **fields: Any) -> None:
    """Another name, level, time zone or closing date."""
    reach_unit("unit.change", by, unit, source)
    with transaction.atomic():
        Unit.objects.all().lock_tree()
        unit.refresh_from_db()
        changed = {name: value for name, value in fields.items() if getattr(unit, name) != value}
        if changed.get("closed_on") and unit.children.filter(closed_on=None).exists():
            raise ValidationError({"closed_on": _("还有未撤并的下级机构，请先处理下级。")})
        if changed:
            for name, value in changed.items():
                setattr(unit, name, value)
            unit.full_clean()
            unit.save(update_fields=list(changed))
            audit.record("unit.change", by=by, on_kind="unit", on_id=unit.code, source=source, **changed)


def move_unit(unit: Unit, to: Unit, by: Staff | str, source: str = "") -> None:
    """Hang a unit, with all below it, under another one."""
    reach_unit("unit.move", by, unit, source)
    reach_unit("unit.move", by, to, source)
    with transaction.atomic():
        Unit.objects.all().lock_tree()
        unit.refresh_from_db()
        to = _open(to)
        if to.path.startswith(unit.path):
            raise ValidationError(_("不能移到自己或自己的下级之下。"))
        if unit.parent is None:
            raise ValidationError(_("最上级机构不能移动。"))
        before, old = unit.parent, unit.path
        unit.parent, unit.path = to, f"{to.path}{unit.code}/"
        unit.save(update_fields=["parent"])
        moved = Concat(Value(unit.path), Substr("path", len(old) + 1), output_field=TextField())
        Unit.objects.filter(path__startswith=old).update(path=moved)
        audit.record("unit.move", by=by, on_kind="unit", on_id=unit.code, source=source, before=before.code, to=to.code)


def _open(above: Unit) -> Unit:
    """The unit as it is now, for another one to hang below it. Raises ValidationError."""
    above = Unit.objects.get(pk=above.pk)
    if above.closed_on:
        raise ValidationError(_("机构“%(name)s”已撤并，不能再有新的下级。") % {"name": above.name})
    return above
