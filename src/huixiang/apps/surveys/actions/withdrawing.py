"""What if a list of links was lost, or a link went to the wrong person? Unused links are shut, and new ones made.

A shut link tells its customer kindly that it is out of use. Used ones are left alone: their answers were given.

Of an anonymous survey used links are shut and replaced like all others, and messages go to their customers too, who are
told that their answer is there. So nothing that can be done or seen here hangs on whether somebody has answered: no
choice of links, however often repeated, and whatever is known of the others among them, tells it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast, Substr

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys import framing, links, tokens
from huixiang.apps.surveys.actions.rounds import RIGHT, allow
from huixiang.apps.surveys.models import Draft, FormerLink, Invitation, Round
from huixiang.channels.contract import Fault

SHORTEST_REASON, AT_ONCE = 2, 500
_LINK = re.compile(r"/s/i/([\w-]{22})/")
_NUMBER = re.compile(r"[0-9a-f]{8}")
State = Invitation.State


@dataclass(frozen=True, slots=True)
class Which:
    """All of a round; or those of one unit and below; or one: its link, its number on the list, or the customer's."""

    one: str = ""
    unit: Unit | None = None


def withdraw_links(
    round_: Round,
    reason: str,
    which: Which = Which(),
    *,
    by: Staff | str,
    source: str = "",  # frozen
) -> int:
    """Shut the unused links, of an anonymous survey the used ones too; how many? Raises Fault."""
    allow(by, round_.survey)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Fault("请写明为什么撤回；原因会留在审计记录里")
    with transaction.atomic():
        rows = _among(round_, which, by).filter(withdrawn_for="")
        if not round_.survey.is_anonymous:
            rows = rows.filter(is_used=False)
        chosen = list(rows.values_list("pk", "token"))
        if not chosen:
            raise Fault("没有找到可以撤回的链接：可能已经作答、已经撤回，或不在您的机构范围内")
        for start in range(0, len(chosen), AT_ONCE):
            part = chosen[start : start + AT_ONCE]
            Invitation.objects.filter(pk__in=[pk for pk, _ in part]).update(withdrawn_for=reason.strip()[:200])
            # Whoever had the link may have begun to answer by it.
            Draft.objects.filter(once__in=[links.once("", token) for _, token in part]).delete()
        audit.record(
            "round.withdraw", by=by, on_kind="round", on_id=round_.pk, source=source, count=len(chosen),
            scope=_scope(which), reason=reason.strip()[:200],
        )  # fmt: skip
    return len(chosen)


def reissue_links(round_: Round, *, by: Staff | str, source: str = "") -> int:
    """New links for those withdrawn; how many? Messages go out anew, a list is given out anew. Raises Fault."""
    allow(by, round_.survey)
    if round_.is_handed:
        raise Fault("当面邀请的链接不换发；请重新邀请这位客户")
    with transaction.atomic():
        rows = _among(round_, Which(), by).exclude(withdrawn_for="").exclude(state=State.GOING)
        if not round_.survey.is_anonymous:
            rows = rows.filter(is_used=False)
        fresh = list(rows.select_for_update(of=("self",)))
        if not fresh:
            raise Fault("没有可以换发的链接：请先撤回")
        for start in range(0, len(fresh), AT_ONCE):
            _renew(fresh[start : start + AT_ONCE])
        Round.objects.filter(pk=round_.pk).update(**_after(round_))
        audit.record("round.reissue", by=by, on_kind="round", on_id=round_.pk, source=source, count=len(fresh))
    return len(fresh)


def withdrawn(round_: Round) -> int:
    """How many links of the round are shut now?"""
    return round_.invitations.exclude(withdrawn_for="").count()


def _renew(part: list[Invitation]) -> None:
    FormerLink.objects.bulk_create([FormerLink(token=one.token, invitation=one) for one in part])
    for one in part:
        one.serial += 1
        one.token = tokens.hash_of(tokens.name_of(one))
        one.withdrawn_for, one.failed, one.claim, one.tries = "", "", "", 0
        # It is asked anew: as the same asking, once, and not as a reminder.
        if one.state in (State.SENT, State.UNSURE, State.FAILED):
            one.state, one.sent_at, one.reminded_at, one.reminders, one.tried_at = State.WAITING, None, None, 0, None
    names = ["serial", "token", "withdrawn_for", "failed", "claim", "tries"]
    names += ["state", "sent_at", "reminded_at", "reminders", "tried_at"]
    Invitation.objects.bulk_update(part, names, batch_size=200)


def _after(round_: Round) -> dict[str, object]:
    if round_.medium == Round.By.LINK:
        return {"links_taken_at": None, "links_taken_by": None}
    return {"state": Round.State.SENDING} if round_.state == Round.State.SENT else {}


def _among(round_: Round, which: Which, by: Staff | str) -> QuerySet[Invitation]:
    """Within the actor's reach; one of no unit belongs to the survey's."""
    rows = round_.invitations.all()
    if not isinstance(by, str) and not by.holds(RIGHT, round_.survey.unit):
        rows = rows.filter(unit__in=Unit.objects.visible_to(by, RIGHT))
    if which.unit is not None:
        if not isinstance(by, str) and not by.holds(RIGHT, which.unit):
            raise PermissionDenied
        rows = rows.filter(unit__path__startswith=which.unit.path)
    return rows.filter(_one(which.one.strip())) if which.one.strip() else rows


def _one(told: str) -> Q:
    if found := _LINK.search(told):
        return Q(token=links.hashed(found[1]))
    if _NUMBER.fullmatch(told):
        # SQLite keeps the 32 digits, PostgreSQL writes hyphens after the eighth: the first eight are the same.
        begins = Substr(Cast("pk", CharField()), 1, 8)
        return Q(pk__in=Invitation.objects.annotate(begins=begins).filter(begins=told).values("pk"))
    return Q(customer=framing.pseudonym_of(told))


def _scope(which: Which) -> str:
    return "one" if which.one.strip() else which.unit.code if which.unit else "all"
