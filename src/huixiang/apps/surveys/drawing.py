"""Whom would a rule draw, and would it draw the same again? Frame, rule and seed are kept; anybody may check.

What is kept of the frame is what the draw depends on and nothing else: which lines are one customer's, their strata,
who may not be asked and why. No pseudonym, no contact; so a customer's erasure changes nothing of it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.conf import settings

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import seal, unseal
from huixiang.apps.surveys.models import Framed, Invitation, OptOut, Round, Survey
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.sampling import YEAR, Candidate, Rest, Rule, Sample, draw

AT_ONCE = 900  # names in one question to the database: SQLite's older builds take 999
RIGHT = "survey.send"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which visits, by which rule, and by which way the customers are reached."""

    since: date
    until: date
    rule: Rule
    medium: str = Round.By.SMS


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines drawn from, and what the draw is told of each."""

    lines: tuple[Framed, ...]
    candidates: tuple[Candidate, ...]


def rest() -> Rest:
    """How long is a customer left in peace? The bank's own rule, for all its surveys."""
    return Rest(settings.SURVEY_REST_DAYS, settings.SURVEY_MOST_A_YEAR)


def frame_of(survey: Survey, plan: Plan, today: date, by: Staff | None) -> Frame:
    """Those who came between the two days, in the units within reach; None is the whole survey's."""
    rows = Framed.objects.filter(survey=survey, met_on__range=(plan.since, plan.until)).exclude(customer="")
    if by is not None:
        rows = rows.filter(unit__in=Unit.objects.visible_to(by, RIGHT))
    lines = tuple(rows.select_related("unit").defer("contact").order_by("key"))
    names = sorted({line.customer for line in lines})
    asked, unwilling = asked_on(names, today), opted_out(names)
    return Frame(lines, tuple(_candidate(line, plan.medium, asked, unwilling) for line in lines))


def drawn(frame: Frame | Sequence[Candidate], rule: Rule, today: date, seed: int) -> Sample:
    candidates = frame.candidates if isinstance(frame, Frame) else frame
    return draw(candidates, rule, today, np.random.default_rng(seed))


def asked_on(customers: Sequence[str], today: date) -> Mapping[str, tuple[date, ...]]:
    """When was each asked in the year before, by any survey of the bank? Only what was really sent counts."""
    found: dict[str, list[date]] = defaultdict(list)
    since = today - YEAR - timedelta(days=1)
    for start in range(0, len(customers), AT_ONCE):
        rows = Invitation.objects.filter(customer__in=customers[start : start + AT_ONCE], sent_at__date__gt=since)
        for customer, at in rows.values_list("customer", "sent_at__date"):
            found[customer].append(at)
    return {customer: tuple(sorted(days)) for customer, days in found.items()}


def opted_out(customers: Sequence[str]) -> set[str]:
    """Who of them does not want to be asked?"""
    found: set[str] = set()
    for start in range(0, len(customers), AT_ONCE):
        rows = OptOut.objects.filter(customer__in=customers[start : start + AT_ONCE])
        found.update(rows.values_list("customer", flat=True))
    return found


def medium_of(line: Framed, way: str) -> str:
    """By which way is she reached, if any? "" where by none."""
    if way == Round.By.LINK:
        return Invitation.Medium.LINK
    if line.has_phone and way in {Round.By.SMS, Round.By.EITHER}:
        return Invitation.Medium.SMS
    return Invitation.Medium.MAIL if line.has_mail and way in {Round.By.MAIL, Round.By.EITHER} else ""


def kept_rule(plan: Plan, today: date, seed: int, frame: Frame) -> dict[str, Any]:
    """As a round's row holds it."""
    rule = asdict(plan.rule)
    days = {"since": plan.since.isoformat(), "until": plan.until.isoformat(), "today": today.isoformat()}
    return {**rule, "by": list(plan.rule.by), **days, "seed": seed, "digest": _digest(_plain(frame.candidates))}


def sealed(frame: Frame) -> bytes:
    return seal({"frame": base64.b64encode(zlib.compress(_plain(frame.candidates))).decode()})


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What a second draw of a round says. `is_same`: the same customers, with the same chances, from the same frame."""

    seed: int
    digest: str
    framed: int
    drawn: int
    is_same: bool


def redraw(round_: Round) -> Redrawn:
    """Draw once more and compare with who was invited. Raises Fault where the round was not drawn."""
    if not round_.frame:
        raise Fault("“%(name)s”不是抽样产生的，没有可重抽的名单", name=round_.name)
    plain = zlib.decompress(base64.b64decode(unseal(round_.frame)["frame"]))
    kept, today = round_.rule, date.fromisoformat(round_.rule["today"])
    names = ("share", "size", "is_even", "least")
    rule = Rule(by=tuple(kept["by"]), rest=Rest(**kept["rest"]), **{name: kept[name] for name in names})
    candidates = _candidates(plain)
    again = {one.index: one.probability for one in drawn(candidates, rule, today, kept["seed"]).chosen}
    invited = dict(round_.invitations.values_list("place", "probability"))
    is_same = again == invited and _digest(plain) == kept["digest"]
    return Redrawn(kept["seed"], kept["digest"], len(candidates), len(again), is_same)


def _candidate(line: Framed, way: str, asked: Mapping[str, tuple[date, ...]], unwilling: set[str]) -> Candidate:
    return Candidate(
        line.customer,
        line.unit.code,
        line.tier,
        line.met_on,
        asked.get(line.customer, ()),
        can_be_reached=bool(medium_of(line, way)),
        has_opted_out=line.has_opted_out or line.customer in unwilling,
        is_left_out=bool(line.left_out_for),
    )


def _plain(candidates: Sequence[Candidate]) -> bytes:
    """Customers are numbered in the order in which they first come: the draw asks only who is the same."""
    numbers: dict[str, str] = {}
    rows = []
    for one in candidates:
        number = numbers.setdefault(one.customer, str(len(numbers)))
        told = (getattr(one, name) for name in _TOLD[1:])
        rows.append([number, *told, [day.isoformat() for day in one.asked_on]])
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


_TOLD = ("customer", "unit", "tier", "can_be_reached", "has_opted_out", "is_left_out")


def _candidates(plain: bytes) -> list[Candidate]:
    return [
        Candidate(**dict(zip(_TOLD, told, strict=True)), asked_on=tuple(map(date.fromisoformat, days)))
        for *told, days in json.loads(plain)
    ]


def _digest(plain: bytes) -> str:
    return hashlib.sha256(plain).hexdigest()
