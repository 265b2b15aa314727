"""A plan is carried out: all of it in one transaction, with a record for each post given and one for the whole."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404

from huixiang.apps.access import audit
from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.access.roster.plan import Change, Plan


def carry_out(plan: Plan, by: Staff | str, source: str = "", **about: Any) -> None:
    """New and changed rows come in; only the head office's administrators, or the command line, may do this.

    `about` goes into the audit, such as the fingerprint of the file.
    """
    if not isinstance(by, str) and not by.holds("organisation.change", None):
        raise Http404
    changes = [change for change in plan.changes if change.state != "same"]
    with transaction.atomic():
        _units([change for change in changes if change.kind == "unit"])
        _people([change for change in changes if change.kind == "staff"])
        for change in changes:
            if change.kind == "post":
                _post(change, by, source)
        counts: dict[str, Any] = {
            "new": plan.count("new"),
            "changed": plan.count("changed"),
            "refused": len(plan.refused),
        }
        audit.record("organisation.import", by=by, on_kind="organisation", source=source, **counts, **about)


def _units(changes: list[Change]) -> None:
    known = {unit.code: unit for unit in Unit.objects.all()}
    for change in changes:
        fields = {name: value for name, value in change.values.items() if name != "parent"}
        if change.state == "new":
            known[change.key] = Unit.objects.create(code=change.key, path=f"/{change.key}/", **fields)
        else:
            Unit.objects.filter(code=change.key).update(**fields)
    for change in changes:  # parents last: they may stand after their children
        parent = change.values["parent"]
        known[change.key].parent = known[parent] if parent else None
        Unit.objects.filter(code=change.key).update(parent=known[change.key].parent)
    _lay_paths()


def _lay_paths() -> None:
    """Each unit's way from the top, as its parents now are."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    paths: dict[int, str] = {}

    def path(unit: Unit) -> str:
        if unit.pk not in paths:
            above = path(units[unit.parent_id]) if unit.parent_id else "/"
            paths[unit.pk] = f"{above}{unit.code}/"
        return paths[unit.pk]

    moved = [unit for unit in units.values() if unit.path != path(unit)]
    for unit in moved:
        unit.path = path(unit)
    Unit.objects.bulk_update(moved, ["path"], batch_size=500)


def _people(changes: list[Change]) -> None:
    """New people get no password that could be used until an administrator issues one."""
    new = []
    for change in changes:
        if change.state == "new":
            person = Staff(number=change.key, must_change_password=True, **change.values)
            person.set_unusable_password()
            new.append(person)
        else:
            Staff.objects.filter(number=change.key).update(**change.values)
    Staff.objects.bulk_create(new, batch_size=500)


def _post(change: Change, by: Staff | str, source: str) -> None:
    values = change.values
    person, unit = Staff.objects.get(number=values["number"]), Unit.objects.get(code=values["unit"])
    days = {"from_on": values["from_on"], "to_on": values["to_on"]}
    Post.objects.update_or_create(
        staff=person, unit=unit, role=values["role"], from_on=days["from_on"], defaults={"to_on": days["to_on"]}
    )
    verb = "post.give" if change.state == "new" else "post.change"
    post = {"role": values["role"], "unit": unit.code, **days}
    audit.record(verb, by=by, on_kind="staff", on_id=person.number, source=source, post=post)
