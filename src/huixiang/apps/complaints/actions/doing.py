"""What is done with a complaint? Each verb by one function: one transaction, one right, one audit record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.complaints import backdating, customers, risking
from huixiang.apps.complaints.absences import away, stood_for
from huixiang.apps.complaints.actions import ties
from huixiang.apps.complaints.actions.holding import hold_if_erased
from huixiang.apps.complaints.actions.writing import Line, append, once
from huixiang.apps.complaints.classing import codes_on
from huixiang.apps.complaints.handlers import handlers
from huixiang.apps.complaints.mentioning import mentioned
from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.standings import history
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.acting import Act
from huixiang.domain.complaints.clocks import State
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.lifecycle import APPROVE, PAIRED, REVIEW, VERBS

A_MINUTE = timedelta(minutes=1)  # clocks of two machines differ
PAIRS = {"merge": "absorb", "split": "release"}  # what is written in the other case, before this one's line


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody says with a verb, as far as the verb asks for it. `key` is of the form: twice sent is once done."""

    words: str = ""
    told_at: datetime | None = None
    at: datetime | None = None  # when it happened; None: now
    reason: str = ""
    rule: str = ""
    to: Staff | None = None
    unit: Unit | None = None
    other: str = ""  # number of the other case
    fen: int = 0
    names_grounds: bool = False
    remedies: frozenset[str] = frozenset()
    seriousness: str = ""
    accused: tuple[Staff, ...] = ()
    conflicts: tuple[Unit, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict)
    is_confirmed: bool = False
    mandate: str = ""
    account: str = ""  # another customer's number or account of the same customer: sealed
    suspicion: str = ""
    medium: str = ""  # how the complainant was told
    letter: str = ""  # by which version of which text
    direction: str = ""  # of a contact
    outcome: str = ""
    call_back_at: datetime | None = None
    file: Mapping[str, Any] = field(default_factory=dict)  # what is attached, or the id of what is withdrawn
    is_simulated: bool = False  # of the made-up bank's past: written down when it happened
    key: str = ""


def do(pk: int, verb: str, doing: Doing, *, by: Staff, source: str = "") -> Case:
    """Do it. Raises Fault with the reason, PermissionDenied without the right, ObjectDoesNotExist out of sight."""
    if verb not in VERBS or verb in PAIRED:
        raise ObjectDoesNotExist
    if VERBS[verb].right not in by.rights:
        raise PermissionDenied
    mark = once(by, doing.key, verb, str(pk))
    with transaction.atomic():
        case, other = locked(pk, verb, doing, by)
        if mark and Event.objects.filter(once=mark).exists():
            return case
        at = _when(doing, case)
        if verb == "assign" and doing.to and not handlers(case).filter(pk=doing.to.pk).exists():
            raise Fault("%(who)s 不能办理这件投诉：没有办理权限，或不在承办机构及其上级", who=str(doing.to))
        if other:
            act = act_of(other, PAIRS[verb], doing, by, at)
            append(other, Line(_joined(act, case, other), at, by))
        act = act_of(case, verb, doing, by, at)
        if verb in {"tie", "untie"}:
            act = replace(act, case=ties.other_case(case, doing.other, by).number)
        entered_at = at if doing.is_simulated else None
        line = Line(_joined(act, other, case) if other else act, at, by, doing.words.strip(), mark, entered_at)
        late = backdating.gap(append(case, line))
        if verb == "add_account":
            ties.add_account(case, doing.account)
        more: dict[str, Any] = {"backdated_minutes": int(late.total_seconds() // 60)} if late else {}
        audit.record("complaint.turn", by=by, on_kind="complaint", on_id=case.number, source=source, deed=verb, **more)
        if hold_if_erased(case):
            case.refresh_from_db()
    return case


def locked(pk: int, verb: str, doing: Doing, by: Staff) -> tuple[Case, Case | None]:
    """The case, and of a merger or split the other one, both in sight and held until commit, the older first.

    So is what was merged into it: with it that may go into storage, and a split of the same moment holds both as well.
    """
    seen = Case.objects.visible_to(by, VERBS[verb].right)
    wanted = Q(pk=pk)
    if verb == "split":
        wanted |= Q(merged=pk)
    elif verb == "merge":
        wanted |= Q(number=doing.other)
    found = set(seen.filter(wanted).values_list("pk", flat=True))
    if pk not in found:
        raise ObjectDoesNotExist
    rows = Case.objects.select_for_update(of=("self",)).filter(Q(pk__in=found) | Q(merged_into=pk)).order_by("pk")
    cases = {case.pk: case for case in rows.select_related("unit", "pack")}
    others = [case for key, case in cases.items() if key in found - {pk}]
    if verb in PAIRS and not others:
        raise Fault("找不到另一件投诉：请核对编号")
    return cases[pk], others[0] if others else None


def _when(doing: Doing, case: Case) -> datetime:
    """Raises Fault where it lies ahead, or further back than the rules let anybody write down."""
    now, days = timezone.now(), backdating.days_of(case)
    if doing.at and doing.at > now + A_MINUTE:
        raise Fault("时间还没有到：请写已经发生的时间")
    if doing.at and not doing.is_simulated and doing.at < now - timedelta(days=days):
        raise Fault("补录最多往前 %(days)s 天：请写实际录入的时间，并在备注里说明何时发生", days=days)
    return doing.at or now


def _joined(act: Act, other: Case, this: Case) -> Act:
    act = replace(act, case=other.number, is_same_customer=customers.are_one(this, other))
    if act.verb != "absorb":
        return act
    brings = history(other).standing()
    return replace(act, accused=brings.accused, conflicts=brings.conflicts)


def act_of(case: Case, verb: str, doing: Doing, by: Staff, at: datetime) -> Act:
    """What the table is asked: who he is to this case, what he says, and how the clocks stand at that moment."""
    return Act(
        verb,
        moment(at),
        by=by.number,
        units=_units(by),
        levels=_levels(by, case.unit),
        told_at=_told_at(doing.told_at, case),
        has_words=bool(doing.words.strip()),
        reason=doing.reason,
        rule=doing.rule,
        to=doing.to.number if doing.to else "",
        to_units=_units(doing.to) if doing.to else frozenset(),
        unit=doing.unit.code if doing.unit else "",
        fen=doing.fen,
        limit_fen=settings.COMPENSATION_LIMIT_FEN,
        names_grounds=doing.names_grounds,
        remedies=doing.remedies,
        seriousness=doing.seriousness,
        accused=frozenset(each.number for each in doing.accused),
        conflicts=frozenset(each.code for each in doing.conflicts),
        classes=doing.classes,
        medium=doing.medium,
        letter=doing.letter,
        known=codes_on(timezone.localdate(case.received_at)) if verb == "classify" else {},
        direction=doing.direction,
        outcome=doing.outcome,
        call_back_at=moment(doing.call_back_at) if doing.call_back_at else None,
        file=doing.file,
        mentions=_mentions(case, verb, doing),
        stands_for=_stands_for(by),
        to_away_until=str(found.until_on) if (found := away(doing.to)) else "",
        to_deputy=str(found.deputy) if found else "",
        **(risking.told(case, by, at) if verb == "acknowledge" else {}),
        is_above=any(_lies_above(post, case.unit) for post in by.posts_with(REVIEW)),
        is_confirmed=doing.is_confirmed,
        mandate=doing.mandate,
        has_account=bool(doing.account.strip()),
        suspicion=doing.suspicion,
        is_lapsed=_is_over(case, "reply", at) if verb in {"ask_extension", "extend"} else False,
        is_review_lapsed=_is_over(case, "review_application", at) if verb == "apply_review" else False,
    )


def _mentions(case: Case, verb: str, doing: Doing) -> frozenset[str]:
    if not verb or "mentions" not in VERBS[verb].asks:
        return frozenset()
    return frozenset(each.number for each in mentioned(case, doing.words))


def _stands_for(by: Staff) -> dict[str, frozenset[str]]:
    """Of the colleagues he stands in for, with their units."""
    return {each.number: _units(each) for each in stood_for(by)}


def _told_at(told_at: datetime | None, case: Case) -> int | None:
    """A form tells minutes: told in the minute of the receipt is told after it."""
    if told_at is None:
        return None
    return moment(max(told_at, case.received_at) if case.received_at - told_at < A_MINUTE else told_at)


def _is_over(case: Case, clock: str, at: datetime) -> bool:
    reading = history(case).clock(clock, at)
    return reading is not None and reading.state is State.OVERDUE


def _units(staff: Staff) -> frozenset[str]:
    """Where he works, with all above: who works in an outlet works in its branch as well."""
    return frozenset(code for post in staff.current_posts for code in post.unit.path.strip("/").split("/"))


def _lies_above(post: Post, unit: Unit) -> bool:
    return unit.path.startswith(post.unit.path) and post.unit.path != unit.path


def _levels(by: Staff, unit: Unit) -> frozenset[str]:
    """As what may he approve an extension? By his posts with that right alone."""
    posts, found = by.posts_with(APPROVE), set()
    if any(_lies_above(post, unit) for post in posts):
        found.add("superior_unit")
    if any(post.unit.parent_id is None for post in posts):
        found.add("head_office_executive")
    return frozenset(found)
