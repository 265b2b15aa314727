"""Who is one with whom? What a person adds is kept as keyed hashes, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import seal
from huixiang.apps.complaints.actions.revealing import Identity
from huixiang.apps.complaints.models import Case, Party, PartyMark
from huixiang.channels.contract import Fault
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import pseudonym


def other_case(case: Case, number: str, by: Staff) -> Case:
    """The other one, in his sight. Raises Fault where it is not there or the same."""
    found = Case.objects.visible_to(by).filter(number=number.strip()).exclude(pk=case.pk).first()
    if found is None:
        raise Fault("找不到另一件投诉：请核对编号")
    return found


def add_account(case: Case, account: str) -> None:
    """Another number of the same customer: what comes in under it is hers from now on."""
    said = account.strip()
    Party.objects.create(case=case, role=Party.Role.ACCOUNT, sealed=seal({"customer_number": said}),
                         pseudonym=hashed(reached_at(said) or said))  # fmt: skip


def mark(case: Case, people: Sequence[tuple[str, Identity]]) -> None:
    """By which telephone, paper and name can these people be found again? As keyed hashes alone."""
    PartyMark.objects.bulk_create(marks_of(case, people))


def marks_of(case: Case, people: Sequence[tuple[str, Identity]]) -> list[PartyMark]:
    """Not stored yet."""
    marks = [
        PartyMark(case=case, role=role, kind=kind, mark=hashed(f"{kind} {said}"))
        for role, identity in people
        for kind, said in _ways(role, identity)
    ]
    return marks + _reached(case, people)


def mark_reached(case: Case, people: Sequence[tuple[str, Identity]]) -> bool:
    """Of an older case: was there any way to reach them that was not marked?"""
    return bool(PartyMark.objects.bulk_create(_reached(case, people)))


def _reached(case: Case, people: Sequence[tuple[str, Identity]]) -> list[PartyMark]:
    """By each way to reach them, hashed as everywhere else where nothing more is known of a customer."""
    return [
        PartyMark(case=case, role=role, kind=PartyMark.REACHED, mark=hashed(contact))
        for role, identity in people
        for contact in sorted(filter(None, {reached_at(identity.phone), reached_at(identity.mail)}))
    ]


def _ways(role: str, identity: Identity) -> Iterator[tuple[str, str]]:
    """A name alone says little: of agents only, of whom often nothing else is known."""
    if phone := reached_at(identity.phone):
        yield PartyMark.PHONE, phone
    if paper := "".join(identity.id_number.split()).upper():
        yield PartyMark.PAPER, paper
    if role == Party.Role.AGENT and (name := "".join(identity.name.split())):
        yield PartyMark.NAME, name


def hashed(said: str) -> str:
    """As pseudonyms are made."""
    return pseudonym(said, settings.MASKING_KEY.encode())
