"""How does the bank's own website hand a customer's message in? With a token, for the boxes in its reach."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.intake.models import PostBox
from huixiang.apps.intake.receiving import Message, Receipt, receive

RIGHT = "message.send"


def send(slug: str, message: Message, *, by: Staff, source: str = "") -> Receipt:
    """The same as the public page does. Raises ObjectDoesNotExist where the box is closed or out of reach."""
    if RIGHT not in by.rights:
        raise PermissionDenied
    box = PostBox.objects.visible_to(by, RIGHT).open().select_related("unit").filter(slug=slug).first()
    if box is None:
        raise ObjectDoesNotExist
    with transaction.atomic():
        receipt = receive(box, message, timezone.now())
        deed = audit.Deed(RIGHT, "message", receipt.submission.pk, {"box": slug, "again": not receipt.is_new})
        audit.record_many([deed], by=by, source=source)
    return receipt
