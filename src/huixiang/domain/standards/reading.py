"""What does a standard's file say? Read strictly: every mistake of it at once, each with its line, key and remedy."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace

from huixiang.domain.standards.catalogue import MEASURES, Unit
from huixiang.domain.standards.places import line_of
from huixiang.domain.standards.saying import BadStandard, Mistake
from huixiang.domain.standards.tables import CODE, MEASURE, Table
from huixiang.domain.standards.values import (
    Aim,
    Appraisal,
    Checklist,
    Clock,
    ClockUnit,
    Governs,
    Item,
    Owner,
    Phrase,
    Scale,
    Scope,
    Stage,
    Standard,
    Trust,
    Wording,
)

LONGEST = 100_000  # characters of a file
CLOCKS = ("first_contact", "acceptance", "reply")  # of complaints, that the bank may set a target beside
_LARGEST = {ClockUnit.CALENDAR_DAYS: 3_650, ClockUnit.WORKING_DAYS: 2_500, ClockUnit.BUSINESS_HOURS: 10_000}


def read(text: str) -> Standard:
    """The one standard of a text. Raises BadStandard with all that is wrong."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise BadStandard((Mistake("文件超过 %(most)s 个字符", params={"most": str(LONGEST)}),))
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        mistake = Mistake("这一行不是合法的 TOML；请检查引号、等号和括号", line=int(line[1]) if line else 1)
        raise BadStandard((mistake,)) from None
    noted: list[Mistake] = []
    standard = _standard(Table(found, "", noted))
    if noted:
        placed = [replace(each, line=line_of(text, each.key)) for each in noted]
        raise BadStandard(tuple(sorted(placed, key=lambda each: each.line)))
    return standard


def _standard(table: Table) -> Standard:
    checklist, clock, aim = _checklist(table), _clock(table), _aim(table)
    standard = Standard(
        code=table.code("code"),
        title=table.text("title"),
        english=table.text("english"),
        governs=table.one_of("governs", Governs),
        effective_from=table.day("effective_from"),
        effective_until=table.day("effective_until") if "effective_until" in table else None,
        weight=table.number("weight", 100, needed=False),
        source=table.text("source"),
        trust=table.one_of("trust", Trust),
        note=table.text("note", needed=False),
        owner=_owner(table),
        scope=_scope(table),
        aim=aim,
        checklist=checklist,
        wording=_wording(table),
        clock=clock,
        appraisal=_appraisal(table),
        taught_by=table.words("taught_by", CODE),
    )
    if standard.effective_until and standard.effective_until < standard.effective_from:
        table.wrong(Mistake("止期不能早于起期"), "effective_until")
    if clock and standard.governs is not Governs.COMPLAINTS:
        table.wrong(Mistake('只有 governs = "complaint_response" 的标准可以写 [clock]'), "clock")
    table.done()
    return standard


def _owner(table: Table) -> Owner:
    inner = table.inner("owner")
    if inner is None:
        table.wrong(Mistake("缺少 [owner]：请写 post（岗位）或 unit（机构号）"), "owner")
        return Owner()
    unit, post = (inner.text(key, needed=False) for key in ("unit", "post"))
    if not unit + post:
        inner.wrong(Mistake("请写 post（岗位）或 unit（机构号）"), "")
    inner.done()
    return Owner(unit, post)


def _scope(table: Table) -> Scope:
    inner = table.inner("scope")
    if inner is None:
        return Scope()
    kinds, services, tiers = (frozenset(inner.words(key)) for key in ("branch_kinds", "services", "tiers"))
    scope = Scope(kinds, services, tiers, inner.spans("hours"))
    inner.done()
    return scope


def _aim(table: Table) -> Aim | None:
    inner = table.inner("measure")
    if inner is None:
        return None
    code = inner.code("code", MEASURE)
    measure = MEASURES.get(code)
    largest = 100 if measure and measure.unit is Unit.PERCENT else 1e9
    target, tolerance = inner.number("target", largest), inner.number("tolerance", largest, needed=False)
    parameters = inner.numbers("parameters", measure.parameters if measure else None)
    inner.done()
    return Aim(code, target, tolerance, parameters)


def _checklist(table: Table) -> Checklist | None:
    inner = table.inner("checklist")
    if inner is None:
        return None
    points = inner.whole("points", 100_000)
    items = tuple(_item(each) for each in inner.inners("item"))
    total = sum(item.points for item in items)
    if items and total != points:
        params = {"points": str(points), "total": str(total)}
        inner.wrong(
            Mistake("各项分值合计 %(total)s，与 points = %(points)s 不符：请改分值或总分", params=params), "points"
        )
    inner.done()
    return Checklist(points, items)


def _item(table: Table) -> Item:
    scale = table.one_of("scale", Scale) if "scale" in table else Scale.LEVELS
    item = Item(
        table.text("text"),
        table.text("english"),
        table.whole("points", 10_000),
        table.yes("photo"),
        scale,
        table.text("hint", needed=False),
    )
    table.done()
    return item


def _wording(table: Table) -> Wording | None:
    inner = table.inner("words")
    if inner is None:
        return None
    said, never = (
        tuple(_phrase(each) for each in inner.inners(key)) if key in inner else () for key in ("phrase", "forbidden")
    )
    if not said + never:
        inner.wrong(Mistake("请写 [[words.phrase]]（必说）或 [[words.forbidden]]（禁语）"), "")
    inner.done()
    return Wording(said, never)


def _phrase(table: Table) -> Phrase:
    phrase = Phrase(
        table.text("name"),
        table.text("english"),
        table.sayings("any_of"),
        table.sayings("unless", needed=False),
        table.one_of("stage", Stage) if "stage" in table else Stage.ANYWHERE,
    )
    table.done()
    return phrase


def _clock(table: Table) -> Clock | None:
    inner = table.inner("clock")
    if inner is None:
        return None
    of, unit = inner.text("of"), inner.one_of("unit", ClockUnit)
    if of not in CLOCKS:
        inner.wrong(Mistake("只能是 %(choices)s", params={"choices": "、".join(CLOCKS)}), "of")
    clock = Clock(of, inner.whole("amount", _LARGEST[unit]), unit)
    inner.done()
    return clock


def _appraisal(table: Table) -> Appraisal | None:
    inner = table.inner("appraisal")
    if inner is None:
        return None
    appraisal = Appraisal(inner.text("line"), inner.number("weight", 100))
    inner.done()
    return appraisal
