"""What if a customer wants his words erased (PIPL art. 47)? One voice or all of his, for a reason, for good."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches, certifying, erasing, tombstones
from huixiang.apps.feedback.certificates import Certificate, certificate
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Erasure, Tombstone, Withheld
from huixiang.channels.contract import Fault
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import pseudonym
from huixiang.lake import questions
from huixiang.lake.questions import Slice


def erase_voice(voice_id: str, reason: str, *, by: Staff, source: str = "") -> Erasure:
    """Erase one voice in all its versions. Raises Fault, or ObjectDoesNotExist where it is out of reach."""
    _may_erase(by)
    reach = by.scope("voice.erase")
    voice = questions.voice(lake(), voice_id)
    if voice is None or (reach is not None and voice.branch not in reach):
        raise ObjectDoesNotExist
    stays = {stay.id for stay in questions.stays_of(lake(), voice_id)}
    goes = Goes({voice_id}, stays, {voice_id}, kept=erasing.Kept(stored_with({voice_id})))
    return _ask(Erasure.What.VOICE, goes, "", reason, by, source)


def erase_customer(customer: str, reason: str, *, by: Staff, source: str = "") -> Erasure:
    """Erase all voices and calls of one customer, by her pseudonym, within reach.

    Raises Fault, or ObjectDoesNotExist for none.

    Who reaches the whole bank needs none: the customer's number may stand in quarantined rows alone.
    """
    _may_erase(by)
    reach = by.scope("voice.erase")
    goes = of_customer(customer, reach)
    if goes.is_nothing and reach is not None:
        raise ObjectDoesNotExist
    return _ask(Erasure.What.CUSTOMER, goes, customer, reason, by, source)


def erase_withdrawn(voice_ids: set[str], reason: str, *, by: Staff, source: str = "") -> Erasure | None:
    """Erase what a later stage brought in of somebody who took her consent back; None where nothing is left to erase.

    Whoever calls it holds the right of his own verb: a withdrawal needs nobody's leave.
    """
    left = voice_ids - Tombstone.objects.among(voice_ids)
    goes = Goes(left, set(), left, kept=erasing.Kept(stored_with(left)))
    return _ask(Erasure.What.VOICE, goes, "", reason, by, source) if left else None


def certify(pk: UUID, *, by: Staff, source: str = "") -> Certificate:
    """Look through every place once more, and say what was found.

    Raises Fault where it is not done or something is left, or ObjectDoesNotExist where it is out of reach.
    """
    _may_erase(by)
    erasure = Erasure.objects.visible_to(by).get(pk=pk)
    if erasure.finished_at:
        with batches.turn(lake()):
            certifying.look_after(erasure, set(erasure.tombstones.values_list("voice_id", flat=True)))
    found = certificate(erasure)
    audit.record("erasure.certify", by=by, on_kind="erasure", on_id=pk, source=source, sha256=found.sha256)
    return found


@dataclass(frozen=True, slots=True)
class Goes:
    """Ids of what is to be erased: voices, facts, stays of calls, and the calls, by which neither comes back.

    `shared`: how many stays are left, as they came from a telephone of several customers. `kept`: what the law keeps.
    """

    voices: set[str]
    stays: set[str]
    calls: set[str]
    shared: int = 0
    kept: erasing.Kept = field(default_factory=erasing.Kept)
    tickets: frozenset[str] = frozenset()
    screens: frozenset[str] = frozenset()

    @property
    def ids(self) -> set[str]:
        return self.voices | self.stays | self.calls | self.kept.names | self.facts

    @property
    def facts(self) -> frozenset[str]:
        return self.tickets | self.screens

    @property
    def is_nothing(self) -> bool:
        """Is there nothing to do, and nothing to certify?"""
        return not (self.ids or self.kept.stored)


def of_customer(customer: str, reach: frozenset[str] | None) -> Goes:
    """All that is this customer's, as far as the person reaches.

    A transcript seldom names the customer; the record of its call does, by customer number or telephone.
    """
    own = questions.said_by(lake(), customer, reach).union(*(find(customer, reach) for find in erasing.FINDS))
    found = questions.calls_of(lake(), customer)
    stays, calls = set(found.stays), set(found.calls)
    transcripts = {each.id for each in questions.chosen(lake(), calls, Slice(branches=reach, rivals=True))}
    if reach is not None:  # a call belongs to the whole bank, and to a unit with its transcript alone
        calls = transcripts
        stays = {stay.id for each in calls for stay in questions.stays_of(lake(), each)}
    voices = own | transcripts
    of_hers = (keep(customer, reach, found.is_shared) for keep in erasing.STORES)
    kept = reduce(or_, of_hers, erasing.Kept(stored_with(voices)))
    tickets = frozenset(questions.tickets_of(lake(), customer, reach))
    screens = frozenset(questions.screens_of(lake(), customer, reach))
    return Goes(voices, stays, calls, found.shared if reach is None else 0, kept, tickets, screens)


def stored_with(voice_ids: set[str]) -> frozenset[str]:
    """What the law keeps although these voices go: names of complaints that were made of them."""
    return frozenset[str]().union(*(store(voice_ids) for store in erasing.STORES_WITH))


def known_as(typed: str) -> str:
    """The pseudonym under which this customer is known: by the number as it stands, else by the telephone or e-mail
    address in it, however it was written down."""
    key = settings.MASKING_KEY.encode()
    plain, reached = pseudonym(typed, key), pseudonym(reached_at(typed) or typed, key)
    return plain if plain == reached or not of_customer(plain, None).is_nothing else reached


def _ask(what: Erasure.What, goes: Goes, customer: str, reason: str, by: Staff, source: str) -> Erasure:
    """From here on it cannot be undone: the tombstones stand, and the job goes on until it is done."""
    if not reason.strip():
        raise Fault("请说明删除的原因，例如客户在何时以何种方式提出")
    counts: dict[str, Any] = {"count": len(goes.voices), "calls": len(goes.stays), "facts": len(goes.facts)}
    with transaction.atomic():
        if _is_under_way(goes):
            raise Fault("这些声音已在删除之中，请稍候")
        masked = masked_value("", reason.strip())[:400]
        erasure = Erasure.objects.create(
            what=what,
            reason=masked,
            pseudonym=customer,
            voices=counts["count"],
            calls=counts["calls"],
            facts=counts["facts"],
            by=by,
            shared_calls=goes.shared,
            shared_kept=len(goes.kept.shared),
        )
        kept = goes.kept.names | goes.kept.stored
        Withheld.objects.bulk_create(Withheld(erasure=erasure, name=each) for each in sorted(kept))
        tombstones.add(kept.union(goes.ids, *(relate(goes.ids) for relate in erasing.RELATES)), erasure.pk)
        erasure.job = jobs.start("erase", _title(counts), by, erasure_id=str(erasure.pk))
        erasure.save(update_fields=["job"])
        told = {name: count for name, count in counts.items() if count or name == "count"}
        deed = {"what": str(what), **told, "reason": masked}
        audit.record_many([audit.Deed("voice.erase", "erasure", erasure.pk, deed)], by=by, source=source)
    return erasure


def _is_under_way(goes: Goes) -> bool:
    """Has all of it been asked for, and is it not done yet? What was done may be asked for again, to be certified."""
    if not goes.ids or len(Tombstone.objects.among(goes.ids)) < len(goes.ids):
        return False
    # A complaint may bear the name of another that a database before this one had: that is not asked for yet.
    names = goes.kept.names
    if Withheld.objects.filter(name__in=names).values("name").distinct().count() < len(names):
        return False
    if goes.voices or goes.stays or goes.calls or goes.facts:
        return True  # or brought back by an older lake: the nightly round does that erasure again
    return Erasure.objects.filter(withheld__name__in=names, finished_at=None).exists()


def _title(counts: dict[str, Any]) -> Sentence:
    if counts["calls"]:
        return Sentence(gettext_noop("应客户要求删除 %(count)s 条声音、%(calls)s 条通话记录"), counts)
    return Sentence(gettext_noop("应客户要求删除 %(count)s 条声音"), {"count": counts["count"]})


def _may_erase(by: Staff) -> None:
    if "voice.erase" not in by.rights:
        raise PermissionDenied
