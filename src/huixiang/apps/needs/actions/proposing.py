"""Where do needs come from? The voices suggest them every night, and people may write one down themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.facts import lake
from huixiang.apps.needs import proposals
from huixiang.apps.needs.actions.naming import Wording, checked, described
from huixiang.apps.needs.actions.turning import end
from huixiang.apps.needs.evidence import Kept, words_of
from huixiang.apps.needs.models import Need
from huixiang.apps.needs.proposals import Candidate
from huixiang.lake.questions import Slice

MOST_A_NIGHT = 20
ALIKE = 0.5  # of a found topic's phrases stand in a need already: found again, under a slightly other name


def propose_from(since: date, until: date, *, by: Staff | str, source: str = "") -> int:
    """Propose what the voices of a period suggest; how many needs are new? Twice the same, nothing is new.

    Whatever was proposed once, even if it was rejected or merged since, is not proposed again. Raises PermissionDenied
    for a person without the right in the whole bank.
    """
    if not isinstance(by, str) and not by.holds("need.manage", None):
        raise PermissionDenied
    found = proposals.candidates(lake(), Slice(since=since, until=until, dated=True))
    found = proposals.with_names(found, by=by, source=source)
    with transaction.atomic():
        Unit.objects.lock_tree()  # one at a time: two nights at once would propose the same
        fresh = _unknown(found)[:MOST_A_NIGHT]
        for candidate in fresh:
            need = Need(key=candidate.key, rules=candidate.rules)
            described(need, Wording(candidate.name, candidate.kind, candidate.statement))
            end(need, "propose", by, source)
    return len(fresh)


def _unknown(found: Iterable[Candidate]) -> list[Candidate]:
    known = set(Need.objects.exclude(key=None).values_list("key", flat=True))
    phrases = [set(words_of(rules, "terms")) for rules in Need.objects.values_list("rules", flat=True)]
    fresh: list[Candidate] = []
    for candidate in found:
        terms = set(words_of(candidate.rules, "terms"))
        if candidate.key not in known and not any(len(terms & old) > ALIKE * len(terms) for old in phrases if terms):
            fresh.append(candidate)
            phrases.append(terms)
    return fresh


def propose(wording: Wording, rules: list[Kept], unit: str = "", *, by: Staff, source: str = "") -> Need:
    """A need that a person knows of. `unit` is the code of where it was raised; "" is the whole bank.

    Raises Fault for what it cannot be, ObjectDoesNotExist where the right does not reach.
    """
    if "need.manage" not in by.rights:
        audit.record("need.propose", by=by, on_kind="need", source=source, outcome="refused")
        raise PermissionDenied
    place = Unit.objects.filter(code=unit).first() if unit else None
    if (unit and place is None) or not by.holds("need.manage", place):
        raise ObjectDoesNotExist
    with transaction.atomic():
        need = Need(unit=place, rules=checked(rules))
        described(need, wording)
        end(need, "propose", by, source)
    return need
