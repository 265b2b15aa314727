"""Who has looked at voices? Each list shown is one record: how many, from where on, and never the words asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.lake.questions import Glimpse


def record(
    voices: Sequence[Glimpse], *, by: Staff, source: str, place: str, after: str = "", searched: bool = False
) -> None:
    """`place` is the page or the operation; `after` the cursor, empty on the first page."""
    facts: dict[str, Any] = {"place": place, "count": len(voices), "after": after, "searched": searched}
    audit.record("voice.read", by=by, on_kind="voice", source=source, **facts)
