"""Is who writes to this mailbox told that it came in? As its source says; else as its channel does."""

from __future__ import annotations

from huixiang.apps.feedback import receipts
from huixiang.apps.feedback.models import Import
from huixiang.apps.sources.models import Delivery, Source
from huixiang.domain.contacts import reached_at


@receipts.says
def says(imported: Import) -> bool | None:
    """None for what no source brought, and where the channel's setting is to hold."""
    set_ = Delivery.objects.filter(of=imported).values_list("source__receipts", flat=True).first()
    return {Source.Receipts.SEND: True, Source.Receipts.NONE: False}.get(Source.Receipts(set_)) if set_ else None


@receipts.owns
def own() -> set[str]:
    """The mailboxes that are read: what one of them sends comes from the bank itself."""
    accounts = Source.objects.filter(kind=Source.Kind.IMAP).values_list("account", flat=True)
    return {address for account in accounts if (address := reached_at(account))}
