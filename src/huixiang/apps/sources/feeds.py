"""What is new in a source's feed? Nothing, where it says so itself or where its items are those of the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from huixiang.apps.access.sealing import key_for
from huixiang.apps.sources.mailboxes import Coming
from huixiang.apps.sources.models import Source
from huixiang.channels import registry
from huixiang.polling import feed
from huixiang.polling.doors import Door

FORMAT, SUFFIX = "rss", ".rss"


@contextmanager
def coming(source: Source, door: Door, most: int | None = None) -> Iterator[Coming]:
    """A feed is read as a whole: `most` bounds a mailbox only. Raises Fault, also where it cannot be read at all."""
    known = feed.Known(source.reached.get("etag", ""), source.reached.get("modified", ""))
    answer = feed.fetch(feed.Subscription(source.address, source.account, source.secret), known, door)
    if answer.data is None:
        yield Coming(iter(()), source.reached, is_empty=True)
        return
    said = _digest(answer.data)
    reached = {"etag": answer.known.etag, "modified": answer.known.modified, "said": said}
    is_same = said in {"", source.reached.get("said")}
    yield Coming(iter([answer.data]), reached, is_empty=is_same)


def _digest(data: bytes) -> str:
    """Of what its items say, keyed; "" where it has none. When the feed was made counts for nothing."""
    hasher, empty = hashlib.blake2b(key=key_for("feeds v1"), digest_size=16), True
    with NamedTemporaryFile(suffix=SUFFIX) as file:
        file.write(data)
        file.flush()
        for row in registry.find(FORMAT).rows(Path(file.name)):
            empty = False
            hasher.update("\0".join(f"{name}\1{row.fields[name]}" for name in sorted(row.fields)).encode() + b"\2")
    return "" if empty else hasher.hexdigest()
