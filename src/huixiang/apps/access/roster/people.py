"""Which people and posts does a file bring? One row a post; a person with several posts has several rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.access.rights import ROLE_NAMES
from huixiang.apps.access.roster.periods import Periods
from huixiang.apps.access.roster.plan import Change, Plan, cells, choice, day, fitting, headed, needed, titles
from huixiang.channels.contract import Fault, Refused, Row

STAFF_COLUMNS = {
    "number": ("工号", "number"),
    "name": ("姓名", "name"),
    "email": ("邮箱", "email"),
    "role": ("角色", "role"),
    "unit": ("机构号", "unit"),
    "from_on": ("自", "起始日期", "from"),
    "to_on": ("至", "结束日期", "to"),
}


def staff(rows: Iterable[Row | Refused], plan: Plan, *, by: str, today: date) -> Plan:
    """Add the people and posts of a file to the plan; one row a post. `by`, the number of who imports, gets no post."""
    reading = People(plan, by, today)
    for row in headed(rows, STAFF_COLUMNS, "number", "name"):
        try:
            if isinstance(row, Refused):
                raise row.fault
            reading.read(row)
        except Fault as fault:
            plan.refused.append(Refused(row.number, fault, row.fields))
    reading.settle()
    return plan


@dataclass(frozen=True, slots=True)
class Read:
    """One row that can be taken by itself; whether its post can stand beside the others is seen at the file's end."""

    row: Row
    person: Change
    post: Change | None
    column: str  # the file's title of the first day


class People:
    """The people of a file while its rows are read: who is there already, which posts do they hold?"""

    def __init__(self, plan: Plan, by: str, today: date) -> None:
        self.plan, self.by, self.today = plan, by, today
        self.known = {person.number: person for person in Staff.objects.all()}
        self.units = _open_units(plan)
        self.periods = Periods(Post.objects.select_related("staff", "unit"), today)
        self.first: dict[str, Change] = {}
        self.rows: list[Read] = []

    def read(self, row: Row) -> None:
        given = cells(row, STAFF_COLUMNS)
        columns = titles(row, STAFF_COLUMNS)
        needed(given, columns, "number", "name")
        person = self._person(row.number, given, columns)
        post = self._post(row.number, given, columns) if given["role"] or given["unit"] else None
        self.first.setdefault(person.key, person)
        self.rows.append(Read(row, person, post, columns["from_on"]))

    def settle(self) -> None:
        """Posts that end or go on first, then new ones: a file may end one and begin the next, in whichever order."""
        faults: dict[int, Fault] = {}
        for read in sorted(self.rows, key=lambda read: read.post is not None and read.post.state == "new"):
            if read.post:
                try:
                    self.periods.take(read.post, read.column)
                except Fault as fault:
                    faults[read.row.number] = fault
        told: set[str] = set()
        for read in self.rows:
            if read.row.number in faults:
                self.plan.refused.append(Refused(read.row.number, faults[read.row.number], read.row.fields))
                continue
            if read.person.key not in told:
                told.add(read.person.key)
                self.plan.changes.append(read.person)
            if read.post:
                self.plan.changes.append(read.post)

    def _person(self, row: int, given: dict[str, str], columns: dict[str, str]) -> Change:
        number, first = given["number"], self.first.get(given["number"])
        if first and first.values["name"] != given["name"]:
            message = "工号“%(number)s”在第 %(row)s 行是另一个姓名。"
            raise Fault(message, column=columns["name"], number=number, row=first.row)
        values = {"name": given["name"]} | ({"email": given["email"]} if given["email"] else {})
        fitting(Staff, values | {"number": number}, columns)
        change, known = Change("staff", number, row, values), self.known.get(number)
        if known:
            now = {name: getattr(known, name) for name in values}
            change.before = {name: now[name] for name, value in values.items() if now[name] != value}
            change.state = "changed" if change.before else "same"
        return change

    def _post(self, row: int, given: dict[str, str], columns: dict[str, str]) -> Change:
        needed(given, columns, "role", "unit")
        role = choice(given["role"], ROLE_NAMES.items(), columns["role"])
        if given["unit"] not in self.units:
            raise Fault("没有机构号为“%(code)s”的机构。", column=columns["unit"], code=given["unit"])
        from_on, to_on = day(given["from_on"], columns["from_on"]), day(given["to_on"], columns["to_on"])
        change = self._compared((given["number"], role, given["unit"]), row, from_on, to_on)
        if to_on and to_on < change.values["from_on"]:
            raise Fault("结束日期早于起始日期。", column=columns["to_on"])
        if change.state == "same":
            return change
        if given["number"] == self.by:
            raise Fault("不能给本人登记岗位，请由另一位系统管理员办理。", column=columns["role"])
        if change.state == "new" and not self.units[given["unit"]]:
            raise Fault("机构“%(code)s”已撤并，不能再登记岗位。", column=columns["unit"], code=given["unit"])
        ended = change.before.get("to_on")
        if ended and ended < self.today:
            message = "这个岗位已于 %(day)s 结束，不再改动。请以新的起始日期登记。"
            raise Fault(message, column=columns["to_on"], day=ended)
        return change

    def _compared(self, triple: tuple[str, str, str], row: int, from_on: date | None, to_on: date | None) -> Change:
        """Without a first day the post meant is the one held today; where none is, a new one from today."""
        same = self.periods.held(triple, from_on)
        values: dict[str, Any] = {"number": triple[0], "role": triple[1], "unit": triple[2], "to_on": to_on}
        values["from_on"] = same.from_on if same else from_on or self.today
        change = Change("post", f"{' '.join(triple)} {values['from_on']}", row, values)
        if same:
            change.before = {} if same.to_on == to_on else {"to_on": same.to_on}
            change.state = "changed" if change.before else "same"
        return change


def _open_units(plan: Plan) -> dict[str, bool]:
    """Each unit's code, as after the file of units: is it open?"""
    units = {code: closed_on is None for code, closed_on in Unit.objects.values_list("code", "closed_on")}
    for change in plan.of("unit"):
        units[change.key] = units.get(change.key, True) and "closed_on" not in change.values
    return units
