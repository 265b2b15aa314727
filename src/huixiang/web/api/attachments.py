"""Which photos and enclosures came with a voice, and how are they fetched? As downloads, each look on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema

from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Attachment
from huixiang.apps.feedback.views.attachments import opened
from huixiang.lake import questions
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.shapes import VoiceId

router = Router(tags=["voices"])
SEE = Bearer("attachment.see")
BINARY: dict[str, Any] = {
    "responses": {
        200: {
            "description": "OK",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class AttachmentOut(Schema):
    """`name` is masked; what is inside is not. A photo was drawn anew: JPEG without EXIF."""

    id: UUID
    name: str
    media_type: str
    is_photo: bool
    bytes: int
    received_at: datetime


@router.get(
    "/voices/{voice_id}/attachments",
    auth=SEE,
    response=list[AttachmentOut],
    summary=gettext_noop("一条声音的照片与附件"),
)
def list_attachments(request: HttpRequest, voice_id: Path[VoiceId]) -> list[AttachmentOut]:
    voice, reach = questions.voice(lake(), voice_id), who(request).scope("attachment.see")
    if voice is None or (reach is not None and voice.branch not in reach):
        raise Http404
    return [AttachmentOut.from_orm(each) for each in Attachment.objects.filter(voice_id=voice_id)]


@router.get(
    "/voices/{voice_id}/attachments/{attachment_id}",
    auth=SEE,
    openapi_extra=BINARY,
    summary=gettext_noop("一张照片或一个附件的内容"),
)
def read_attachment(request: HttpRequest, voice_id: Path[VoiceId], attachment_id: Path[UUID]) -> HttpResponse:
    """Not masked: each reading is on record."""
    found = opened(who(request), voice_id, attachment_id, source(request))
    response = HttpResponse(attachments.content(found), content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response
