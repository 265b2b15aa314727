"""A plan is carried out: all of it in one transaction, with a record for each row that came in or changed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.actions.reach import reach_unit
from huixiang.apps.access.audit import Deed
from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.access.roster.plan import Change, Plan

VERB = "organisation.import"
AT_ONCE = 500


def carry_out(plan: Plan, by: Staff | str, source: str = "", **about: Any) -> None:
    """New and changed rows come in; only the head office's administrators, or the command line, may do this.

    `about` goes into the audit, such as the fingerprint of the file.
    """
    reach_unit(VERB, by, None, source)
    changes = [change for change in plan.changes if change.state != "same"]
    counts = {"new": plan.count("new"), "changed": plan.count("changed"), "refused": len(plan.refused)}
    with transaction.atomic():
        Unit.objects.all().lock_tree()
        for kind, carry in CARRIERS.items():
            carry([change for change in changes if change.kind == kind])
        deeds = [DEEDS[change.kind](change) for change in changes]
        audit.record_many([*deeds, Deed(VERB, "organisation", detail=counts | about)], by=by, source=source)


def _units(changes: list[Change]) -> None:
    if not changes:
        return
    fields = {change.key: {**change.values, "parent": None} for change in changes}
    new = [
        Unit(code=change.key, path=f"/{change.key}/", **fields[change.key])
        for change in changes
        if change.state == "new"
    ]
    Unit.objects.bulk_create(new, batch_size=AT_ONCE)
    units = {unit.code: unit for unit in Unit.objects.all()}
    for change in changes:  # parents last: they may stand after their children
        for name, value in change.values.items():
            setattr(units[change.key], name, units.get(value) if name == "parent" else value)
    _lay_paths(units)
    names = ["name", "kind", "time_zone", "closed_on", "parent", "path"]
    Unit.objects.bulk_update(units.values(), names, batch_size=AT_ONCE)


def _lay_paths(units: dict[str, Unit]) -> None:
    """Each unit's way from the top, as its parents now are."""
    by_key, paths = {unit.pk: unit for unit in units.values()}, dict[int, str]()

    def path(unit: Unit) -> str:
        if unit.pk not in paths:
            above = path(by_key[unit.parent_id]) if unit.parent_id else "/"
            paths[unit.pk] = f"{above}{unit.code}/"
        return paths[unit.pk]

    for unit in units.values():
        unit.path = path(unit)


def _people(changes: list[Change]) -> None:
    """New people get no password that could be used until an administrator issues one."""
    new = []
    for change in changes:
        if change.state == "new":
            unusable = UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20)  # Django's own takes seconds for thousands
            new.append(Staff(number=change.key, must_change_password=True, password=unusable, **change.values))
    Staff.objects.bulk_create(new, batch_size=AT_ONCE)
    changed = {change.key: change.values for change in changes if change.state == "changed"}
    people = list(Staff.objects.all()) if changed else []
    people = [person for person in people if person.number in changed]
    for person in people:
        for name, value in changed[person.number].items():
            setattr(person, name, value)
    Staff.objects.bulk_update(people, ["name", "email"], batch_size=AT_ONCE)


def _posts(changes: list[Change]) -> None:
    if not changes:
        return
    people = dict(Staff.objects.values_list("number", "pk"))
    units = dict(Unit.objects.values_list("code", "pk"))
    ends = {}
    for change in changes:
        values = change.values
        key = (people[values["number"]], units[values["unit"]], values["role"], values["from_on"])
        ends[key] = values["to_on"]
    known = {(post.staff_id, post.unit_id, post.role, post.from_on): post for post in Post.objects.all()}
    changed = [known[key] for key in ends if key in known]
    for post in changed:
        post.to_on = ends[post.staff_id, post.unit_id, post.role, post.from_on]
    Post.objects.bulk_update(changed, ["to_on"], batch_size=AT_ONCE)
    new = [
        Post(staff_id=key[0], unit_id=key[1], role=key[2], from_on=key[3], to_on=to_on)
        for key, to_on in ends.items()
        if key not in known
    ]
    Post.objects.bulk_create(new, batch_size=AT_ONCE)


def _unit_deed(change: Change) -> Deed:
    named = {name: change.values[name] for name in change.before}
    return Deed("unit.create" if change.state == "new" else "unit.change", "unit", change.key, named)


def _staff_deed(change: Change) -> Deed:
    """Which fields changed, never a name: records hold no personal data."""
    if change.state == "new":
        return Deed("staff.create", "staff", change.key)
    return Deed("staff.change", "staff", change.key, {"fields": sorted(change.before)})


def _post_deed(change: Change) -> Deed:
    post = {name: change.values[name] for name in ("role", "unit", "from_on", "to_on")}
    verb = "post.give" if change.state == "new" else "post.change"
    return Deed(verb, "staff", change.values["number"], {"post": post})


CARRIERS: dict[str, Callable[[list[Change]], None]] = {"unit": _units, "staff": _people, "post": _posts}
DEEDS: dict[str, Callable[[Change], Deed]] = {"unit": _unit_deed, "staff": _staff_deed, "post": _post_deed}
