"""How does the bank's own website hand in what customers write, and how is a customer answered? As on the pages."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Form, Path, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huixiang.apps.feedback.facts import lake
from huixiang.apps.intake import actions, codes
from huixiang.apps.intake.forms import LONGEST_CONTACT, LONGEST_TEXT, picture
from huixiang.apps.intake.models import Answer, PostBox, Submission
from huixiang.apps.intake.panel import words
from huixiang.apps.intake.receiving import MOST_PHOTOS, Message
from huixiang.domain.contacts import reached_at
from huixiang.lake import questions
from huixiang.web.api.auth import Bearer, source, token_of, who
from huixiang.web.api.idempotency import HEADER
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import NO_NUL, Given, Limit, Page, VoiceId, Word

router = Router(tags=["intake"])
SHORTEST_KEY = 16  # characters: as the page asks of its own
NO_PHOTOS: list[UploadedFile] = []
MANAGE, SEND, ANSWER, CONTACT = map(Bearer, ("box.manage", "message.send", "voice.answer", "contact.see"))


class BoxOut(Schema):
    """`slug` stands in the address of the page: /b/{slug}/."""

    slug: str
    kind: str
    name: str
    unit: str
    is_open: bool
    retention_days: int
    origins: list[str]

    @classmethod
    def of(cls, box: PostBox) -> BoxOut:
        same = {name: getattr(box, name) for name in ("slug", "kind", "name", "is_open", "retention_days")}
        return cls(**same, unit=box.unit.code, origins=box.allowed)


class MessageIn(Given):
    """What a customer wrote. A contact only with her consent to the box's terms."""

    text: Annotated[str, Field(max_length=LONGEST_TEXT, pattern=NO_NUL)] = ""
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    contact: Annotated[str, Field(max_length=LONGEST_CONTACT, pattern=NO_NUL)] = ""
    consent: bool = False


class MessageOut(Schema):
    """Show the customer `tracking_code`: it is kept nowhere else. She reads the answer with it at /t/."""

    tracking_code: str
    received_at: datetime
    kept_until: str
    is_new: bool


class AnswerIn(Given):
    """`send`: also by mail or short message, where the bank has named a gateway and the customer left a contact."""

    text: Annotated[str, Field(min_length=1, max_length=actions.LONGEST_ANSWER, pattern=NO_NUL)]
    send: bool = True


class AnswerOut(Schema):
    """`sent`: waiting, going, sent, unsure, failed or told (by phone); null: shown under the tracking code alone."""

    text: str
    by: str
    at: datetime
    sent: str | None = None


class AnswersOut(Schema):
    """`state`: received, read or answered, as the customer sees it."""

    state: str
    has_contact: bool
    answers: list[AnswerOut]


class ContactOut(Schema):
    """`tracking_code`: of who wrote or called and was given no receipt; "" otherwise."""

    contact: str
    tracking_code: str = ""


@router.get("/boxes", auth=MANAGE, response=Page[BoxOut], summary=gettext_noop("意见箱与官网留言"))
def list_boxes(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[BoxOut]:
    rows = PostBox.objects.visible_to(who(request)).select_related("unit")
    found, following = page(rows, ("-created_at", "-pk"), after, limit)
    return Page[BoxOut](items=[BoxOut.of(box) for box in found], next=following)


@router.post(
    "/intake/{slug}/messages", auth=SEND, response={201: MessageOut}, summary=gettext_noop("转交一条客户的留言")
)
def send_message(
    request: HttpRequest, slug: Path[Word], said: Form[MessageIn], photos: File[list[UploadedFile]] = NO_PHOTOS
) -> MessageOut:
    """A form (multipart). Sent again with the same Idempotency-Key it is the same message.

    The key has 16 characters or more, is made at random for one message, and is never used for another's.
    """
    if not said.text.strip() and said.rating is None:
        raise Invalid("body", "text", _("请写几句话，或者点一下满意程度。"))
    if said.contact and not said.consent:
        raise Invalid("body", "consent", _("留联系方式请先勾选同意；不需要答复时，可以不填。"))
    if said.contact and not reached_at(said.contact):
        raise Invalid("body", "contact", _("这里看不出手机号或邮箱，请核对；例如 13812345678 或 name@example.com。"))
    if len(photos) > MOST_PHOTOS:
        raise Invalid("body", "photos", _("最多 3 张"))
    key = request.headers.get(HEADER) or str(uuid.uuid4())
    if len(key) < SHORTEST_KEY:
        raise Invalid("header", HEADER, _("至少 16 个字符，每条留言随机新造一个，例如 UUID"))
    kept = [(str(file.name), picture(file)) for file in photos]
    message = Message(key, said.text.strip(), said.rating, said.contact.strip(), kept, _sender(request))
    receipt = actions.send(slug, message, by=who(request), source=source(request))
    found = receipt.submission
    return MessageOut(
        tracking_code=codes.grouped(receipt.code),
        received_at=found.received_at,
        kept_until=found.keep_until.isoformat(),
        is_new=receipt.is_new,
    )


@router.get(
    "/voices/{voice_id}/answers", auth=ANSWER, response=AnswersOut, summary=gettext_noop("客户的留言办到哪里了")
)
def read_answers(request: HttpRequest, voice_id: Path[VoiceId]) -> AnswersOut:
    """Of a voice that came by a post box or with a contact, within reach of the right to answer it."""
    return _told(_found(request, voice_id))


@router.post("/voices/{voice_id}/answers", auth=ANSWER, response={201: AnswersOut}, summary=gettext_noop("答复客户"))
def answer_voice(request: HttpRequest, voice_id: Path[VoiceId], answer: AnswerIn) -> AnswersOut:
    """The customer reads it by her tracking code. Once sent it cannot be changed, only added to."""
    actions.answer(voice_id, answer.text, by=who(request), sends=answer.send, source=source(request))
    return _told(_found(request, voice_id))


@router.post(
    "/voices/{voice_id}/contact", auth=CONTACT, response=ContactOut, summary=gettext_noop("查看客户的联系方式")
)
def read_contact(request: HttpRequest, voice_id: Path[VoiceId]) -> ContactOut:
    """By POST, since each look is on record; "" where none was left, or it was withdrawn."""
    contact = actions.contact_of(voice_id, by=who(request), source=source(request))
    found = Submission.objects.get(voice_id=voice_id)
    return ContactOut(contact=contact, tracking_code=actions.code_of(found) if contact and not found.box_id else "")


@router.post("/voices/{voice_id}/told", auth=ANSWER, response=AnswersOut, summary=gettext_noop("记下：已电话告知客户"))
def tell_by_phone(request: HttpRequest, voice_id: Path[VoiceId]) -> AnswersOut:
    """Somebody called the customer and told her the last answer. Done again, nothing changes."""
    actions.told_by_phone(voice_id, by=who(request), source=source(request))
    return _told(_found(request, voice_id))


def _sender(request: HttpRequest) -> str:
    return f"token {token_of(request).pk}"


def _found(request: HttpRequest, voice_id: str) -> Submission:
    voice, reach = questions.voice(lake(), voice_id), who(request).scope("voice.answer")
    if voice is None or (reach is not None and voice.branch not in reach):
        raise Submission.DoesNotExist
    return Submission.objects.get(voice_id=voice_id)


def _sent(answer: Answer) -> str | None:
    letter = getattr(answer, "letter", None)
    return letter.state if letter else None


def _told(found: Submission) -> AnswersOut:
    answers = [
        AnswerOut(text=words(each), by=each.by.number, at=timezone.localtime(each.at), sent=_sent(each))
        for each in found.answers.select_related("by", "letter")
    ]
    return AnswersOut(state=found.state, has_contact=found.contact is not None, answers=answers)
