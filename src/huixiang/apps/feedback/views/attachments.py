"""How does a person open a customer's photo or enclosure? As a download, by a right of its own, recorded each time."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback import attachments, facts
from huixiang.apps.feedback.models import Attachment
from huixiang.channels import pictures
from huixiang.lake import questions

RIGHT = "attachment.see"


@never_cache
@requires(RIGHT)
@require_safe
def attachment(request: HttpRequest, voice_id: str, key: UUID) -> HttpResponse:
    found = opened(who(request), voice_id, key, audit.origin(request))
    return download(found, _content(found))


@never_cache
@requires(RIGHT)
@require_safe
def thumbnail(request: HttpRequest, voice_id: str, key: UUID) -> HttpResponse:
    """Only of photos that were drawn anew here: what a stranger sent is never shown as it came."""
    found = opened(who(request), voice_id, key, audit.origin(request), size="small")
    if not found.is_photo:
        raise Http404
    return HttpResponse(pictures.thumbnail(_content(found)), content_type="image/jpeg")


def opened(by: Staff, voice_id: str, key: UUID, source: str, size: str = "whole") -> Attachment:
    """The row, if the person's right reaches its voice; the look is recorded. Raises Http404."""
    found: Attachment = get_object_or_404(Attachment, pk=key, voice_id=voice_id)
    voice, reach = questions.voice(facts.lake(), voice_id), by.scope(RIGHT)
    if voice is None or (reach is not None and voice.branch not in reach):
        raise Http404
    audit.record("attachment.read", by=by, on_kind="attachment", on_id=key, source=source, voice=voice_id, size=size)
    return found


def download(found: Attachment, content: bytes) -> HttpResponse:
    """As a file to keep, never as a page: whatever stands in it, no browser runs it here."""
    response = HttpResponse(content, content_type=found.media_type if found.is_photo else "application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _content(found: Attachment) -> bytes:
    try:
        return attachments.content(found)
    except Unsealable:
        raise Http404 from None
