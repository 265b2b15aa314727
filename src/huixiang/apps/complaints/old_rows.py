"""How does a row of an old register become a case's beginning and history? The same fresh from the file and mended.

What a row tells is held against the table of verbs before any of it comes in; what contradicts itself is told with row,
column and remedy.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import packs
from huixiang.apps.complaints.classing import codes_on
from huixiang.apps.complaints.models import Case, RulePack
from huixiang.apps.complaints.old_words import APPROVERS, EXTENSIONS, STATES, codes
from huixiang.apps.feedback.admission import Gate
from huixiang.channels import old_registers
from huixiang.channels.contract import Defaults, Fault, Meter, Refused, Row, marked, quoted
from huixiang.channels.old_registers import Line, RegisterMapping
from huixiang.domain.complaints.clocks import State
from huixiang.domain.complaints.history import clock_events
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.old_register import Contradiction, OldCase, Step, Told, history_of

FORMAT, TITLE = "complaint-register", marked("旧的投诉登记簿")
AXES = {"channel_code": "channel", "business_code": "business", "cause_code": "cause"}
LONGEST_NUMBER = 60
UNKNOWN_CLASS = marked("这个代码不在收到投诉那天有效的分类里")


@dataclass(frozen=True, slots=True)
class OldRow:
    """What a row was read as: who and what in its own words (they live in memory only), and the lines to be written."""

    line: Line
    branch: str | None  # code of the unit
    register: str
    received_at: datetime
    way: str
    complainant: str
    pack: RulePack  # of the day of its receipt
    handler_words: str  # a name that is no colleague's number
    steps: tuple[Step, ...]
    post: None = None

    def cell(self, name: str) -> str:
        return self.line.cells.get(name, "")

    def voice_id(self, key: bytes) -> str:
        said = f"old register\0{self.register}\0{self.cell('number')}"
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:24]

    def content_hash(self, key: bytes) -> str:
        """Known by its number: whatever comes under it later is the same."""
        return ""


class OldGate(Gate):
    """The unit may be told by its code or by its name; it must exist, and lie within the person's reach."""

    def check(self, record: OldRow, row: int) -> None:  # type: ignore[override]  # it reads nothing but the branch
        super().check(record, row)  # type: ignore[arg-type]


class OldFormat:
    """Rows of an old register by a mapping that is settled."""

    name, title = FORMAT, TITLE
    suffixes = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".json")

    def __init__(self, by: RegisterMapping) -> None:
        self.by = by
        self._units = {name: code for code, name in Unit.objects.values_list("code", "name")}
        self._staff = frozenset(Staff.objects.values_list("number", flat=True))
        self._rules_on = cache(packs.in_force)  # of days gone by: no new pack holds for them
        self._codes_on = cache(codes_on)

    @property
    def columns(self) -> Mapping[str, str]:
        """What of the file is read; the unit's column is called as the gate calls it."""
        return {"branch" if name == "unit" else name: column for name, column in self.by.fields.items()}

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        return old_registers.rows(path, self.by, meter)

    def record(self, row: Row, defaults: Defaults) -> OldRow:
        """Raises Fault with row, column and remedy."""
        line = old_registers.line_of(row, self.by, str(settings.TIME_ZONE), timezone.now())
        day = timezone.localdate(line.moments["received_at"][0])
        return _Reading(line, self.by, self._units, self._staff, self._rules_on(day), self._codes_on).row()


@dataclass(frozen=True, slots=True)
class _Reading:
    line: Line
    by: RegisterMapping
    units: Mapping[str, str]
    staff: frozenset[str]
    rules: RulePack
    codes_on: Callable[[date], Mapping[str, frozenset[str]]]

    def row(self) -> OldRow:
        if len(self._cell("number")) > LONGEST_NUMBER:
            raise self._fault("number", marked("编号太长，最多 60 个字"))
        received, _is_day = self.line.moments["received_at"]
        for name, (at, _day) in self.line.moments.items():
            if at > timezone.now():
                raise self._fault(name, marked("这个时间还没有到"))
        self._agree()
        unit, handler = self._cell("unit"), self._cell("handler")
        return OldRow(
            line=self.line,
            branch=self.units.get(unit, unit),
            register=self.by.register,
            received_at=received,
            way=self._code("way") or Case.Way.OTHER,
            complainant=self._code("complainant") or Case.Kind.SELF,
            pack=self.rules,
            handler_words="" if handler in self.staff else handler,
            steps=tuple(self._steps(received)),
        )

    def _steps(self, received: datetime) -> list[Step]:
        pack, clocks = packs.pack_of(self.rules), packs.clocks_of(self.rules)

        def lapsed(entries: Any, at: int, clock: str) -> bool:
            found = clocks.read(pack.rules[0].code, clock_events(entries), at)
            return any(each.limit.code == clock and each.state is State.OVERDUE for each in found)

        try:
            return history_of(self._old(received, pack), pack, lapsed)
        except Contradiction as wrong:
            # What a guard quotes is a cell: the sentence alone may stand beside the sealed row.
            said = UNKNOWN_CLASS if wrong.found.params else wrong.found.message
            raise self._fault(wrong.field, said) from None

    def _old(self, received: datetime, pack: Any) -> OldCase:
        handler = self._cell("handler")
        approver = self._cell("approver")
        classes = {axis: self._cell(name) for name, axis in AXES.items() if self._cell(name)}
        return OldCase(
            received=self._needed("received_at"),
            unit=self.units.get(self._cell("unit"), self._cell("unit")),
            seriousness=self._code("seriousness") or Case.Seriousness.ORDINARY,
            accepted=self._told("accepted_at"),
            refused=self._told("refused_at"),
            refusal=self._code("refusal"),
            handler=handler if handler in self.staff else "",
            extended=self._told("extended_at"),
            extension=self._extension(pack),
            levels=frozenset({self._named("approver", approver, APPROVERS)}) if approver else frozenset(),
            decided=self._told("decided_at"),
            fen=self._fen(),
            replied=self._told("replied_at"),
            medium=self._code("medium"),
            paused=self._told("paused_at"),
            pause=self._pause(),
            resumed=self._told("resumed_at"),
            disputed=self._told("disputed_at"),
            mediated=self._told("mediated_at"),
            settled=self._told("settled_at"),
            failed=self._told("mediation_failed_at"),
            reviewed=self._told("review_at"),
            review_decided=self._told("review_decided_at"),
            review_told=self._told("review_told_at"),
            closed=self._told("closed_at"),
            withdrawn=self._told("withdrawn_at"),
            classes=classes,
            known=self.codes_on(timezone.localdate(received)) if classes else {},
        )

    def _agree(self) -> None:
        """What the register calls the state must be what its dates say."""
        said = self._cell("state")
        if not said:
            return
        wanted = self._named("state", said, STATES)
        ends = [name for name in ("closed_at", "withdrawn_at", "refused_at") if self._cell(name)]
        if (wanted == "open" and ends) or (wanted != "open" and wanted not in self.line.moments):
            raise self._fault("state", marked("状态与各项时间不合，请补上或更正时间"))

    def _extension(self, pack: Any) -> str:
        if not self._cell("extended_at"):
            return ""
        said, first = self._cell("extension"), pack.rules[0].code
        found = [each for each in pack.extensions if each.old == first]
        known = {each.new: each.new for each in found}
        known |= {rule.title: rule.code for rule in pack.rules if rule.code in known}
        known |= {words: code for words, code in EXTENSIONS.items() if code in known}
        if said:
            return self._named("extension", said, known)
        # Where somebody approved it, it was one that needs approval; else the one that needs none.
        approved = bool(self._cell("approver"))
        return next((each.new for each in found if ("approval" in each.needs) == approved), "")

    def _pause(self) -> str:
        """A pause without its reason is set aside: not every one stops a clock."""
        return self._code("pause") if self._cell("paused_at") else ""

    def _fen(self) -> int:
        said = self._cell("compensation").replace(",", "").replace("，", "").removesuffix("元").lstrip("¥￥")
        try:
            fen = Decimal(said or "0") * 100
            if fen < 0 or fen > 10**13 or fen != fen.to_integral_value():
                raise ValueError
        except (InvalidOperation, ValueError):
            raise self._fault("compensation", marked("这不是以元计的金额")) from None
        return int(fen)

    def _needed(self, name: str) -> Told:
        at, is_day = self.line.moments[name]
        try:
            return Told(int(moment(at)), is_day)
        except ValueError:
            raise self._fault(name, marked("时间不在 2000 至 2059 年之间")) from None

    def _told(self, name: str) -> Told | None:
        return self._needed(name) if name in self.line.moments else None

    def _cell(self, name: str) -> str:
        return self.line.cells.get(name, "")

    def _code(self, name: str) -> str:
        said = self._cell(name)
        return self._named(name, said, codes(name)) if said else ""

    def _named(self, name: str, said: str, known: Mapping[str, str]) -> str:
        if said in known:
            return known[said]
        choices = "、".join(dict.fromkeys(each for each in known if not each.isascii()))
        raise Fault(
            "第 %(row)s 行“%(column)s”列：不认识“%(found)s”，可用的有：%(near)s；请更正，或清空",
            row=self.line.row,
            column=self._column(name),
            found=quoted(said),
            near=choices,
        )

    def _fault(self, name: str, why: str) -> Fault:
        """With its place and the remedy."""
        message = "第 %(row)s 行“%(column)s”列：%(why)s；请更正，或清空"
        return Fault(message, row=self.line.row, column=self._column(name), why=Fault(why))

    def _column(self, name: str) -> str:
        """Of what has no column of its own, that of the receipt."""
        return self.by.fields.get(name) or self.by.fields["received_at"]
