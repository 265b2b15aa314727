"""Which made-up complaints does the benchmark of the queue have? The same for the same numbers; no texts of anybody.

36 regions of 10 branches of 10 outlets, three handlers a branch. Open cases are of the last sixty days, a third each
registered, accepted and investigated, one in fifty disputed; each with the entries it would have.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from benchmarks import queue_rows
from huixiang.domain.calendar import mainland

REGIONS, BRANCHES, OUTLETS, HANDLERS = 36, 10, 10, 3
VERBS = ("register", "accept", "take", "decide", "reply", "dispute")
BLOCK = 50_000  # made one by one, of the ended and of the open; the rest are copies of them
STEPS = {"registered": 1, "accepted": 2, "investigating": 3, "disputed": 6, "closed": 1}
CASE = ("id", "number", "received_at", "way", "pack_id", "rule", "title", "text", "demand", "complainant", "heads",
        "customer", "risks", "channel_code", "business_code", "cause_code", "state", "is_open", "is_held", "unit_id",
        "handler_id", "seriousness", "next_due_on", "legal_latest_on", "is_late", "is_legally_late", "ended_at",
        "rank")  # fmt: skip
EVENT = ("case_id", "seq", "verb", "at", "entered_at", "by_id", "unit_code", "told", "words_digest", "previous",
         "hash")  # fmt: skip


def fill(cases: int, open_: int) -> dict[str, Any]:
    """Who asks for the pages, by role. What is beyond a block is copied from it by the database; see queue_rows."""
    units, handlers, people = _bank()
    ended = cases - open_
    with queue_rows.unhindered():
        for before, count, is_open in ((0, ended, False), (ended, open_, True)):
            block = min(count, BLOCK)
            queue_rows.copied("complaints_case", CASE, _cases(before, block, units, handlers, is_open=is_open))
            queue_rows.copied("complaints_event", EVENT, _events(before, handlers))
            queue_rows.multiplied(before, block, count)
    return people


def _bank() -> tuple[list[Any], dict[str, list[Any]], dict[str, Any]]:
    """All units but the root; handlers by the path of their branch; and who asks."""
    from huixiang.apps.access.models import Staff, Unit

    head = Unit.objects.create(code="HQ", name="演示银行总行", kind="head_office", path="/HQ/")
    regions = Unit.objects.bulk_create(_unit(f"R{n:02d}", head, "region") for n in range(REGIONS))
    branches = Unit.objects.bulk_create(_unit(f"{r.code}B{n}", r, "branch") for r in regions for n in range(BRANCHES))
    outlets = Unit.objects.bulk_create(_unit(f"{b.code}O{n}", b, "outlet") for b in branches for n in range(OUTLETS))
    handlers = {b.path: Staff.objects.bulk_create(_staff(f"{b.code}-{n}") for n in range(HANDLERS)) for b in branches}
    others = Staff.objects.bulk_create([_staff("region"), _staff("quality")])
    _posts([(each, branch, "complaint_handler") for branch in branches for each in handlers[branch.path]])
    _posts([(others[0], regions[0], "branch_manager"), (others[1], head, "quality_manager")])
    people = {"handler": handlers[branches[0].path][0], "head of a region": others[0], "head office": others[1]}
    return [*branches, *outlets], handlers, people


def _unit(code: str, parent: Any, kind: str) -> Any:
    from huixiang.apps.access.models import Unit

    return Unit(code=code, name=f"演示{code}", kind=kind, parent=parent, path=f"{parent.path}{code}/")


def _staff(number: str) -> Any:
    from huixiang.apps.access.models import Staff

    return Staff(number=number, name=f"员工{number}", password="!")


def _posts(wanted: list[tuple[Any, Any, str]]) -> None:
    from huixiang.apps.access.models import Post

    Post.objects.bulk_create(Post(staff=s, unit=u, role=role, from_on=date(2020, 1, 1)) for s, u, role in wanted)


def _cases(
    before: int, count: int, units: list[Any], handlers: dict[str, list[Any]], *, is_open: bool
) -> Iterator[tuple[Any, ...]]:
    """The first ones are the oldest and have ended."""
    from django.utils import timezone

    from huixiang.apps.complaints import packs

    dice, now, pack = Random(5 + is_open), timezone.now().replace(microsecond=0), packs.in_force(timezone.localdate())
    rule, today = packs.pack_of(pack).rules[0].code, timezone.localdate()
    for number in range(before, before + count):
        age = dice.random() * 60 if is_open else 60 + dice.random() * 1000
        at, unit = now - timedelta(days=age), dice.choice(units)
        state = _state(dice) if is_open else "closed"
        due = timezone.localtime(at).date() + timedelta(days=15)
        latest = _workday_from(due)
        owes = is_open and state != "disputed"
        who = dice.choice(_own(unit, handlers)).pk if STEPS[state] > 2 or not is_open else None
        grade = "major" if dice.random() < 0.005 else "complex" if dice.random() < 0.05 else "ordinary"
        risks = ["rights"] if dice.random() < 0.05 else []
        rank = (due.toordinal() if owes else at.toordinal() + 9_000) - {"major": 1000, "complex": 2}.get(grade, 0)
        yield (number + 1, f"{at.year}-{number:07d}", _told(at), "phone", pack.pk, rule, f"演示投诉 {number}",
               "信用卡年费收取与宣传不符，要求退还。" * 3, "退还年费", "self", 1, f"c{number % 400_000:06d}",
               json.dumps(risks), "", "", "", state, is_open, False, unit.pk, who, grade, due if owes else None,
               latest if owes else None, owes and due < today, owes and latest < today,
               None if is_open else _told(at + timedelta(days=9)), rank - 10 * bool(risks))  # fmt: skip


@cache
def _workday_from(day: date) -> date:
    return day if mainland().is_workday(day) else _workday_from(day + timedelta(days=1))


def _state(dice: Random) -> str:
    return "disputed" if dice.random() < 0.02 else dice.choice(("registered", "accepted", "investigating"))


def _own(unit: Any, handlers: dict[str, list[Any]]) -> list[Any]:
    return handlers.get(unit.path) or handlers[unit.parent.path]


def _events(before: int, handlers: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    """What the columns say, as entries; of a case that has ended the receipt alone."""
    from huixiang.apps.complaints.models import Case
    from huixiang.domain.complaints.hours import moment

    rows = Case.objects.filter(pk__gt=before).values_list(
        "pk", "received_at", "rule", "state", "unit__code", "handler_id", "seriousness"
    )
    spare = next(iter(handlers.values()))[0].pk
    for pk, at, rule, state, unit, who, grade in list(rows.order_by("pk")):
        for seq, verb in enumerate(VERBS[: STEPS[state]], 1):
            then = at + timedelta(hours=seq - 1)
            told = json.dumps(_said(verb, moment(then), rule, unit, grade))
            yield pk, seq, verb, _told(then), _told(then), who or spare, unit, told, "", "0" * 64, "0" * 64


def _said(verb: str, at: int, rule: str, unit: str, grade: str) -> dict[str, Any]:
    return {
        "register": {"rule": rule, "unit": unit, "accused": [], "seriousness": grade},
        "accept": {"told_at": at},
        "decide": {"fen": 0},
        "reply": {"told_at": at, "names_grounds": True, "remedies": []},
    }.get(verb, {})


def _told(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
