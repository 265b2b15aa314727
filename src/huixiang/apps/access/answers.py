"""Was this request to the API answered before? Whoever sends it again with the same key gets the same answer.

A key is claimed by inserting its row: of two requests at once, the database lets one in. The row is committed before
the work begins, so that the other sees it; a worker that died leaves a claim that can be taken over after ABANDONED.
Doing the work again is harmless then: every verb behind the API refuses or changes nothing the second time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from huixiang.apps.access.models import RememberedAnswer, Token
from huixiang.apps.access.sealing import seal, unseal

ABANDONED = timedelta(minutes=15)
KEPT = timedelta(hours=24)


class StillRunning(Exception):
    """The first request with this key has not been answered yet."""


class KeyReused(Exception):
    """The key was used before, for another content."""


def claim(token: Token, key: str, fingerprint: str, now: datetime) -> tuple[RememberedAnswer, bool]:
    """The row of this key, and whether it was answered already. Raises StillRunning or KeyReused."""
    forget(now, token)
    try:
        with transaction.atomic():
            fields = {"fingerprint": fingerprint, "created_at": now}
            return RememberedAnswer.objects.create(token=token, key=key, **fields), False
    except IntegrityError:
        known = RememberedAnswer.objects.filter(token=token, key=key).first()
    if known is None:  # released between the two statements
        raise StillRunning
    if known.fingerprint != fingerprint:
        raise KeyReused
    if known.status is not None:
        return known, True
    return _taken_over(known, now), False


def settle(claimed: RememberedAnswer, status: int, body: str, location: str = "") -> None:
    """Keep the answer for whoever asks again: sealed, for it may hold a one-time password or a person's name."""
    _mine(claimed).update(status=status, body=seal({"body": body}).decode(), location=location)


def content(known: RememberedAnswer) -> str:
    """What was answered? Raises Unsealable."""
    return str(unseal(known.body.encode())["body"])


def release(claimed: RememberedAnswer) -> None:
    """Nothing was done: the key is free again."""
    _mine(claimed).delete()


def forget(now: datetime, token: Token | None = None) -> int:
    """Drop answers that are too old to be asked for again; of all tokens, as the nightly round's part."""
    old = RememberedAnswer.objects.filter(created_at__lt=now - KEPT)
    return (old.filter(token=token) if token else old).delete()[0]


def _taken_over(known: RememberedAnswer, now: datetime) -> RememberedAnswer:
    if known.created_at > now - ABANDONED or not _mine(known).update(created_at=now):
        raise StillRunning
    known.created_at = now
    return known


def _mine(claimed: RememberedAnswer):  # type: ignore[no-untyped-def]
    """The row as long as nobody else has taken it over."""
    return RememberedAnswer.objects.filter(pk=claimed.pk, status=None, created_at=claimed.created_at)
