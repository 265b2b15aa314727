"""In which form does a post of social media enter the lake? Its reach; its words are a voice, where it has any."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from huixiang.apps.feedback.admission import Gate
from huixiang.apps.feedback.classification import Classes, Entry
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.domain.feedback import Post, pseudonym, voice_id


class Arrival(Protocol):
    """What all rows of an import share. `voice_key`: of the hashes by which voices are known."""

    @property
    def import_id(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def gate(self) -> Gate: ...
    @property
    def key(self) -> bytes: ...
    @property
    def voice_key(self) -> bytes: ...


def rows(classes: Classes, arrival: Arrival) -> list[dict[str, Any]]:
    """Of each record that is a post, with the counts that its platform told last."""
    latest = classes.latest.values()
    return [_row(entry, entry.record.post, arrival) for entry in latest if entry.record.post is not None]


def _row(entry: Entry, post: Post, arrival: Arrival) -> dict[str, Any]:
    record = entry.record
    said_at = record.said_at or arrival.received_at
    said_on = arrival.gate.said_on(record, said_at)
    return {
        "id": entry.voice_id,
        "version": entry.version,
        "content_hash": entry.content_hash,
        "platform": masked_value("", post.platform),
        "parent": _parent(entry, post, arrival.voice_key),
        "is_voice": not record.is_passed_on,
        "author": pseudonym(post.author, arrival.key) if post.author else None,
        **{name: getattr(post, name) for name in ("followers", "reposts", "comments", "likes", "hands")},
        "url": masked_value("", post.url),
        "said_at": said_at,
        "said_on": said_on,
        "branch": record.branch,
        "month": said_on.isoformat()[:7],
        "import_id": arrival.import_id,
        "import_row": entry.row,
    }


def _parent(entry: Entry, post: Post, key: bytes) -> str | None:
    """Numbered by the same source, so its id can be told whether it is here or not."""
    record = entry.record
    return voice_id(record.channel, post.parent, key, series=record.series) if post.parent else None
