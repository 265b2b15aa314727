"""What may this person do with a complaint now, and what stands in the way of the rest? For pages and API alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import risking
from huixiang.apps.complaints.actions.doing import Doing, act_of
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.standings import History
from huixiang.domain.complaints import guards, speaking
from huixiang.domain.complaints.acting import Act
from huixiang.domain.complaints.lifecycle import PAIRED, VERBS, Verb, open_verbs
from huixiang.domain.complaints.running import Warned
from huixiang.domain.complaints.speaking import INVALID, MISSING
from huixiang.domain.complaints.standing import Standing

# What depends on who asks, and not on what he will say.
BY_PERSON = (guards.doer_is_free, guards.not_of_himself, guards.mine_or_free, guards.other_eyes,
             guards.approver_of_the_law, guards.new_eyes_from_above, guards.none_is_asked,
             guards.known_by_the_level, speaking.a_mandate_if_spoken_for)  # fmt: skip


class Offer(NamedTuple):
    """A verb that state and rights allow; `why_not` is what stands in this person's way, None where nothing does."""

    code: str
    verb: Verb
    why_not: Warned | None


def offered(by: Staff, case: Case, read: History) -> Iterator[Offer]:
    """The verbs in the order of the table, without those there is nothing to do to."""
    standing = read.standing()
    doer = act_of(case, "", Doing(), by, timezone.now())  # who he is to the case is the same for all verbs
    for code, verb in open_verbs(standing):
        if code in PAIRED or verb.right not in by.rights or not by.holds(verb.right, case.unit):
            continue
        if (code == "resume" and not standing.paused) or (guards.was_asked in verb.guards and not standing.extension):
            continue
        if _is_for_nobody(code, standing) or (code == "acknowledge" and not risking.waits(case)):
            continue
        known = risking.told(case, by, timezone.now()) if code == "acknowledge" else {}
        yield Offer(code, verb, _why_not(replace(doer, verb=code, **known), read, standing))


def _is_for_nobody(code: str, standing: Standing) -> bool:
    """What is there only where an agent speaks, cases were tied or files attached."""
    if code == "ask_mandate":
        return standing.mandate not in {MISSING, INVALID}
    if code == "detach":
        return not standing.files
    return (code in {"check_mandate", "suspect"} and not standing.mandate) or (code == "untie" and not standing.tied)


def _why_not(act: Act, read: History, standing: Standing) -> Warned | None:
    for guard in (guards.not_of_himself, *VERBS[act.verb].guards):
        if guard in BY_PERSON and (found := guard(standing, act, read.pack)):
            return found
    return None
