"""Which units does a file bring, and do they make one tree with those that are there?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from huixiang.apps.access.models import Unit
from huixiang.apps.access.roster.plan import Change, Plan, cells, choice, day, fitting, headed, needed, titles
from huixiang.channels.contract import Fault, Refused, Row

UNIT_COLUMNS = {
    "code": ("机构号", "机构编号", "code"),
    "name": ("机构名称", "名称", "name"),
    "kind": ("级别", "机构级别", "kind"),
    "parent": ("上级机构号", "上级机构", "parent"),
    "time_zone": ("时区", "time_zone"),
    "closed_on": ("撤并日期", "closed_on"),
}


def units(rows: Iterable[Row | Refused], plan: Plan) -> Plan:
    """Add the units of a file to the plan. Parents may stand after their children."""
    taken: dict[str, Change] = {}
    known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
    spelled = {code_.casefold(): code_ for code_ in known}
    for row in headed(rows, UNIT_COLUMNS, "code", "name", "kind", "parent"):
        try:
            if isinstance(row, Refused):
                raise row.fault
            change = _unit(row)
            if change.key in taken:
                message = "机构号“%(code)s”与第 %(row)s 行重复。"
                raise Fault(message, column="机构号", code=change.key, row=taken[change.key].row)
            if spelled.setdefault(change.key.casefold(), change.key) != change.key:
                message = "机构号“%(code)s”与“%(other)s”仅大小写不同。"
                raise Fault(message, column="机构号", code=change.key, other=spelled[change.key.casefold()])
            taken[change.key] = change
        except Fault as fault:
            plan.refused.append(Refused(row.number, fault, row.fields))
    _refuse_broken_branches(taken, known, plan)
    for change in taken.values():
        plan.changes.append(_compared(change, known.get(change.key)))
    return plan


def _unit(row: Row) -> Change:
    given = cells(row, UNIT_COLUMNS)
    columns = titles(row, UNIT_COLUMNS)
    needed(given, columns, "code", "name", "kind")
    kind = choice(given["kind"], Unit.Kind.choices, columns["kind"])
    values: dict[str, Any] = {"name": given["name"], "kind": kind}
    if given["time_zone"]:
        values["time_zone"] = given["time_zone"]
    fitting(Unit, values | {"code": given["code"]}, columns)
    values["parent"] = given["parent"] or None
    if closed_on := day(given["closed_on"], columns["closed_on"]):
        values["closed_on"] = closed_on
    return Change("unit", given["code"], row.number, values)


def _refuse_broken_branches(taken: dict[str, Change], known: dict[str, Unit], plan: Plan) -> None:
    """Unknown parents, circles and second head offices; and all that hangs below them, until none is left."""
    while True:
        faults = {key: fault for key, change in taken.items() if (fault := _tree_fault(change, taken, known))}
        if not faults:
            return
        for key, fault in faults.items():
            change = taken.pop(key)
            plan.refused.append(Refused(change.row, fault, {"机构号": key, **_text(change.values)}))


def _tree_fault(change: Change, taken: dict[str, Change], known: dict[str, Unit]) -> Fault | None:
    parent = change.values["parent"]
    if parent is None:
        roots = [unit.code for unit in known.values() if unit.parent_id is None]
        roots = roots or [key for key, other in taken.items() if other.values["parent"] is None]
        if change.key != roots[0]:
            message = "只能有一个最上级机构，已有“%(root)s”。请填写上级机构号。"
            return Fault(message, column="上级机构号", root=roots[0])
        return None
    if parent not in taken and parent not in known:
        message = "没有机构号为“%(code)s”的上级机构（文件与系统中都没有，或它所在的行有误）。"
        return Fault(message, column="上级机构号", code=parent)
    if _in_a_circle(change.key, taken, known):
        return Fault("上级关系成环：“%(code)s”最终是自己的上级。", column="上级机构号", code=change.key)
    return _closing_fault(change, taken, known)


def _closing_fault(change: Change, taken: dict[str, Change], known: dict[str, Unit]) -> Fault | None:
    """As in the forms: nothing new hangs below a closed unit, and none closes before those below it."""
    parent, unit = change.values["parent"], known.get(change.key)
    hangs_anew = unit is None or unit.parent is None or unit.parent.code != parent
    if hangs_anew and "closed_on" not in change.values and _closed(parent, taken, known):
        message = "上级机构“%(code)s”已撤并，不能再有新的下级。"
        return Fault(message, column="上级机构号", code=parent)
    if "closed_on" in change.values and (unit is None or unit.closed_on is None):
        codes = {code for code in (*taken, *known) if _parent(code, taken, known) == change.key}
        if any(not _closed(code, taken, known) for code in codes):
            message = "机构“%(code)s”还有未撤并的下级，请先处理下级。"
            return Fault(message, column="撤并日期", code=change.key)
    return None


def _closed(code: str, taken: dict[str, Change], known: dict[str, Unit]) -> bool:
    """After this file."""
    in_file = code in taken and "closed_on" in taken[code].values
    return in_file or (code in known and known[code].closed_on is not None)


def _parent(code: str, taken: dict[str, Change], known: dict[str, Unit]) -> str | None:
    """After this file."""
    if code in taken:
        return taken[code].values["parent"]  # type: ignore[no-any-return]
    above = known[code].parent
    return above.code if above else None


def _in_a_circle(key: str, taken: dict[str, Change], known: dict[str, Unit]) -> bool:
    seen: set[str] = set()
    at: str | None = key
    while at is not None:
        if at in seen:
            return at == key
        seen.add(at)
        at = _parent(at, taken, known) if at in taken or at in known else None
    return False


def _compared(change: Change, unit: Unit | None) -> Change:
    if unit is not None:
        now = {name: getattr(unit, name) for name in change.values if name != "parent"}
        now["parent"] = unit.parent.code if unit.parent else None
        change.before = {name: now[name] for name, value in change.values.items() if now[name] != value}
        change.state = "changed" if change.before else "same"
    return change


def _text(values: dict[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}
