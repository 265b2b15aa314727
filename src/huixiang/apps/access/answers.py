"""Was this request to the API answered before? Whoever sends it again with the same key gets the same answer.

A key is claimed by inserting its row: of two requests at once, the database lets one in. The row is committed before
the work begins, so that the other sees it; a worker that died leaves a claim that can be taken over after ABANDONED.

Did the dead one do its work before it died? The audit record knows, which each verb writes in its own transaction:
with it the claim notes the deed. So what was done is known to be done, even where its answer was lost, and whoever was
so slow that his claim was taken over is stopped before he commits. Verbs that do their work in several transactions,
each of which may be done again without harm, are not noted: they go on where they stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from huixiang.apps.access.models import RememberedAnswer, Token
from huixiang.apps.access.models.tokens import LONGEST_DEED
from huixiang.apps.access.sealing import seal, unseal

ABANDONED = timedelta(minutes=15)
KEPT = timedelta(hours=24)
LOST = 0  # in place of a status: done, and the answer could not be kept
# The first part of a request, or a verb that goes on where it stopped.
NOT_ALL = frozenset({"import.upload", "import.drop", "quarantine.retry", "quarantine.return", "audit.verify"})

_asked: ContextVar[RememberedAnswer | None] = ContextVar("asked", default=None)


class StillRunning(Exception):
    """The first request with this key has not been answered yet."""


class KeyReused(Exception):
    """The key was used before, for another content."""


class AnswerLost(Exception):
    """It was done, and how it was answered is not known any more. The message: what it was done on."""


def claim(token: Token, key: str, fingerprint: str, now: datetime) -> tuple[RememberedAnswer, bool]:
    """The row of this key, and whether it was answered already. Raises StillRunning, KeyReused or AnswerLost."""
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
    if known.status == LOST or (known.deed and known.status is None and _is_abandoned(known, now)):
        raise AnswerLost(known.deed)
    if known.status is not None:
        return known, True
    return _taken_over(known, now), False


@contextmanager
def at_work_on(claimed: RememberedAnswer) -> Iterator[None]:
    """What is done inside is done for this claim."""
    before = _asked.set(claimed)
    try:
        yield
    finally:
        _asked.reset(before)


def done(verb: str, on_kind: str, on_id: str) -> None:
    """Note the deed with its audit record, in its transaction. Raises StillRunning where the claim was taken over."""
    claimed = _asked.get()
    if claimed is None or verb in NOT_ALL:
        return
    if not _mine(claimed).update(deed=f"{on_kind} {on_id}".strip()[:LONGEST_DEED]):
        raise StillRunning


def settle(claimed: RememberedAnswer, status: int, body: str, location: str = "") -> None:
    """Keep the answer for whoever asks again: sealed, for it may hold a one-time password or a person's name."""
    _mine(claimed).update(status=status, body=seal({"body": body}).decode(), location=location)


def content(known: RememberedAnswer) -> str:
    """What was answered? Raises Unsealable."""
    return str(unseal(known.body.encode())["body"])


def release(claimed: RememberedAnswer) -> None:
    """The key is free again, if nothing was done; else only the answer went wrong."""
    _mine(claimed).filter(deed="").delete()
    _mine(claimed).update(status=LOST)


def forget(now: datetime, token: Token | None = None) -> int:
    """Drop answers that are too old to be asked for again; of all tokens, as the nightly round's part."""
    old = RememberedAnswer.objects.filter(created_at__lt=now - KEPT)
    return (old.filter(token=token) if token else old).delete()[0]


def _taken_over(known: RememberedAnswer, now: datetime) -> RememberedAnswer:
    if not _is_abandoned(known, now) or not _mine(known).filter(deed="").update(created_at=now):
        raise StillRunning
    known.created_at = now
    return known


def _is_abandoned(known: RememberedAnswer, now: datetime) -> bool:
    return known.created_at <= now - ABANDONED


def _mine(claimed: RememberedAnswer):  # type: ignore[no-untyped-def]
    """The row as long as nobody else has taken it over."""
    return RememberedAnswer.objects.filter(pk=claimed.pk, status=None, created_at=claimed.created_at)
