"""How is a customer's wish to be forgotten carried out? As on the page: for a reason, and for good."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.feedback import actions, certifying
from huixiang.apps.feedback.models import Addendum, Erasure
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Limit, Note, Page, VoiceId, Word, one_of

router = Router(tags=["erasures"])
ERASE = Bearer("voice.erase")


class EraseIn(Schema):
    """Why; and `sure`, because it cannot be undone. No personal data in the reason."""

    reason: Note
    sure: Literal[True]


class EraseCustomerIn(EraseIn):
    """`customer` as the source's files call him: it is made a pseudonym at once and kept nowhere."""

    customer: Annotated[Word, Field(min_length=1)]


class ErasureOut(Schema):
    """`calls_count`: records of calls to the hotline. `rows_count`: quarantined rows whose content went too.

    `shared_calls_count`, `shared_cases_count`: left, as only a telephone or address of several customers leads there;
    for the bank's own eyes, they may be another's.

    It is done once `finished_at` tells when.
    """

    id: UUID
    what: Annotated[Erasure.What, one_of(Erasure.What)]
    reason: str
    voices_count: int
    calls_count: int
    facts_count: int
    rows_count: int
    shared_calls_count: int
    shared_cases_count: int
    asked_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, erasure: Erasure) -> ErasureOut:
        return cls(
            id=erasure.pk,
            what=Erasure.What(erasure.what),
            reason=erasure.reason,
            voices_count=erasure.voices,
            calls_count=erasure.calls,
            facts_count=erasure.facts,
            rows_count=erasure.rows,
            shared_calls_count=erasure.shared_calls,
            shared_cases_count=erasure.shared_kept,
            asked_at=erasure.at,
            finished_at=erasure.finished_at,
        )


class AskedOut(ErasureOut):
    """`withheld`: what must stay for now, and by which clause; say it to the customer."""

    withheld: list[str]

    @classmethod
    def of(cls, erasure: Erasure) -> AskedOut:
        return cls(**ErasureOut.of(erasure).dict(), withheld=certifying.withheld(erasure))


@router.get("/erasures", auth=ERASE, response=Page[ErasureOut], summary=gettext_noop("应客户要求的删除，最新在前"))
def list_erasures(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[ErasureOut]:
    found, following = page(Erasure.objects.visible_to(who(request)), ("-at", "-pk"), after, limit)
    return Page[ErasureOut](items=[ErasureOut.of(erasure) for erasure in found], next=following)


@router.post(
    "/erasures", auth=ERASE, response={202: AskedOut}, summary=gettext_noop("删除一位客户的全部声音，无法恢复")
)
def erase_customer(request: HttpRequest, wanted: EraseCustomerIn) -> AskedOut:
    """Of all voices within reach; done in the background."""
    customer = actions.known_as(wanted.customer)
    return AskedOut.of(actions.erase_customer(customer, wanted.reason, by=who(request), source=source(request)))


@router.post(
    "/voices/{voice_id}/erase",
    auth=ERASE,
    response={202: AskedOut},
    summary=gettext_noop("删除一条声音，无法恢复"),
)
def erase_voice(request: HttpRequest, voice_id: Path[VoiceId], wanted: EraseIn) -> AskedOut:
    """In all its versions; done in the background."""
    return AskedOut.of(actions.erase_voice(voice_id, wanted.reason, by=who(request), source=source(request)))


class PlaceOut(Schema):
    """What one place held before the erasure, and holds now."""

    place: str
    found_count: int
    left_count: int


class AddendumOut(Schema):
    """A page that followed, once a complaint that was withheld had ended."""

    id: UUID
    issued_at: datetime
    lines: list[str]
    sha256: str


class CertificateOut(Schema):
    """`sha256` is over what is certified, and stands in the audit chain, as those of the addenda do."""

    id: UUID
    asked: str
    finished: str
    looked: str
    places: list[PlaceOut]
    remarks: list[str]
    sha256: str
    addenda: list[AddendumOut]


@router.post(
    "/erasures/{erasure_id}/certificate",
    auth=ERASE,
    response=CertificateOut,
    summary=gettext_noop("再逐处查找一遍，出具删除证明"),
)
def certify(request: HttpRequest, erasure_id: UUID) -> CertificateOut:
    """Every place is looked through anew; a refusal tells where something is left."""
    found = actions.certify(erasure_id, by=who(request), source=source(request))
    told = found.told
    places = [PlaceOut(place=name, found_count=before, left_count=left) for name, before, left in told["places"]]
    return CertificateOut(
        id=erasure_id,
        asked=told["asked"],
        finished=told["finished"],
        looked=told["looked"],
        places=places,
        remarks=told["remarks"],
        sha256=found.sha256,
        addenda=[
            AddendumOut(id=each.pk, issued_at=each.at, lines=each.told["lines"], sha256=each.sha256)
            for each in Addendum.objects.filter(erasure=erasure_id)
        ],
    )
