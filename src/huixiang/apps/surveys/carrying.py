"""Where are the answers between two pages? In the page itself, sealed; with a name also here, so that she can go on.

The page carries them back and forth, so it works without scripts, cookies and sessions, and of an anonymous survey
nothing lies here before it is sent. Sealed, so that nobody gives answers to questions that were never shown to her.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from huixiang.apps.access.sealing import Unsealable, seal, unseal
from huixiang.apps.surveys.models import Draft, Version
from huixiang.domain.surveys.conditions import Value

LONGEST = 400_000  # characters: a hundred long texts
DRAFT_LIFE = timedelta(days=30)


class Stale(Exception):
    """The page is from elsewhere, from another link, or was sealed under another key: she begins anew."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What one page knows of those before it."""

    version: int
    door: str  # by which link: another one's page is not taken
    began: float  # seconds since the epoch
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))  # of this going-through, and its seed
    answers: dict[str, Value] = field(default_factory=dict)

    def sealed(self) -> str:
        return seal(asdict(self)).decode()

    def answered(self, answers: dict[str, Value]) -> Carried:
        return replace(self, answers=answers)

    def seconds(self, now: datetime) -> int:
        return max(int(now.timestamp() - self.began), 0)


def begin(version: Version, door: str, now: datetime) -> Carried:
    return Carried(version.pk, door, now.timestamp())


def opened(sealed: str, door: str) -> Carried:
    """What the page brings back. Raises Stale."""
    if not sealed or len(sealed) > LONGEST:
        raise Stale
    try:
        carried = _read(unseal(sealed.encode()))
    except (Unsealable, TypeError, ValueError, KeyError) as fault:
        raise Stale from fault
    if carried.door != door:
        raise Stale
    return carried


def put_by(once: str, version: Version, carried: Carried, page: str, now: datetime) -> None:
    """She may be interrupted now. Never called for an anonymous survey."""
    content = seal({"carried": asdict(carried), "page": page})
    Draft.objects.update_or_create(once=once, defaults={"version": version, "sealed": content, "saved_at": now})


def taken_up(once: str, door: str) -> tuple[Carried, str] | None:
    """Where she was, and on which page; None where there is nothing, or nothing that can be read."""
    draft = Draft.objects.filter(once=once).first()
    if draft is None:
        return None
    try:
        content = unseal(draft.sealed)
        carried, page = _read(content["carried"]), str(content["page"])
    except (Unsealable, TypeError, ValueError, KeyError):
        return None
    return (carried, page) if carried.door == door and carried.version == draft.version_id else None


def _read(content: dict[str, Any]) -> Carried:
    carried = Carried(**content)
    if not isinstance(carried.answers, dict) or not isinstance(carried.key, str):
        raise ValueError("no answers")
    return carried
