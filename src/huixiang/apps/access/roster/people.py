"""Which people and posts does a file bring? One row a post; a person with several posts has several rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.access.rights import ROLE_NAMES
from huixiang.apps.access.roster.plan import Change, Plan, cells, choice, code, day, headed, needed, titles
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
    planned = Posts(plan, by, today)
    for row in headed(rows, STAFF_COLUMNS, "number", "name"):
        try:
            if isinstance(row, Refused):
                raise row.fault
            planned.add(row)
        except Fault as fault:
            plan.refused.append(Refused(row.number, fault, row.fields))
    return plan


class Posts:
    """The people of a file while its rows are read: who is there already, which posts do they hold?"""

    def __init__(self, plan: Plan, by: str, today: date) -> None:
        self.plan, self.by, self.today = plan, by, today
        self.people = {person.number: person for person in Staff.objects.all()}
        self.units = set(Unit.objects.values_list("code", flat=True)) | {change.key for change in plan.of("unit")}
        self.read: dict[str, Change] = {}
        self.held: dict[tuple[str, str, str], list[Post]] = {}
        for post in Post.objects.select_related("staff", "unit"):
            self.held.setdefault((post.staff.number, post.role, post.unit.code), []).append(post)
        self.seen: dict[tuple[str, str, str], int] = {}

    def add(self, row: Row) -> None:
        given = cells(row, STAFF_COLUMNS)
        columns = titles(row, STAFF_COLUMNS)
        needed(given, columns, "number", "name")
        code(given["number"], columns["number"])
        post = self._post(row.number, given, columns) if given["role"] or given["unit"] else None
        person = self._person(row.number, given, columns)
        if given["number"] not in self.read:
            self.read[given["number"]] = person
            self.plan.changes.append(person)
        if post:
            self.plan.changes.append(post)

    def _person(self, row: int, given: dict[str, str], columns: dict[str, str]) -> Change:
        number, first = given["number"], self.read.get(given["number"])
        if first and first.values["name"] != given["name"][:60]:
            message = "工号“%(number)s”在第 %(row)s 行是另一个姓名。"
            raise Fault(message, column=columns["name"], number=number, row=first.row)
        values = {"name": given["name"][:60]} | ({"email": given["email"]} if given["email"] else {})
        change, known = Change("staff", number, row, values), self.people.get(number)
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
        triple = (given["number"], role, given["unit"])
        if triple in self.seen:
            raise Fault("与第 %(row)s 行是同一人的同一岗位。", column=columns["role"], row=self.seen[triple])
        change = self._compared(triple, row, from_on, to_on)
        self._check(change, columns)
        self.seen[triple] = row
        return change

    def _compared(self, triple: tuple[str, str, str], row: int, from_on: date | None, to_on: date | None) -> Change:
        held = self.held.get(triple, [])
        same = [post for post in held if post.from_on == from_on] if from_on else held[:1]
        values: dict[str, Any] = {"number": triple[0], "role": triple[1], "unit": triple[2], "to_on": to_on}
        values["from_on"] = same[0].from_on if same else from_on or self.today
        change = Change("post", " ".join(triple), row, values)
        if same:
            change.before = {} if same[0].to_on == to_on else {"to_on": same[0].to_on}
            change.state = "changed" if change.before else "same"
        return change

    def _check(self, change: Change, columns: dict[str, str]) -> None:
        values = change.values
        if values["to_on"] and values["to_on"] < values["from_on"]:
            raise Fault("结束日期早于起始日期。", column=columns["to_on"])
        if change.state != "same" and values["number"] == self.by:
            raise Fault("不能给本人登记岗位，请由另一位系统管理员办理。", column=columns["role"])
        for post in self.held.get((values["number"], values["role"], values["unit"]), []):
            ends, other_ends = values["to_on"] or date.max, post.to_on or date.max
            if post.from_on != values["from_on"] and post.from_on <= ends and values["from_on"] <= other_ends:
                message = "与已有的同一岗位（自 %(day)s）时间重叠。请改用原起始日期，或先结束原岗位。"
                raise Fault(message, column=columns["from_on"], day=post.from_on)
