"""What do customers write on Apple's App Store? Its public review feed, and the API of App Store Connect."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from huixiang.channels import feeds, jsonlines
from huixiang.channels.contract import Defaults, Fault, Meter, Refused, Row, marked
from huixiang.channels.mapping import Mapping
from huixiang.channels.recording import Recorder
from huixiang.domain.feedback import Record

# One page of the feed, or a list of pages; a page with a single review holds an object where others hold a list.
_FEED = frozenset({"feed.entry.item", "feed.entry", "item.feed.entry.item", "item.feed.entry"})
_CONNECT = frozenset({"data.item", "data", "item.data.item", "item.data"})
_INCLUDED = frozenset({"included.item", "item.included.item"})


class AppleReviews:
    """Reviews of the feed `…/customerreviews/…/json`, or of `/v1/apps/{id}/customerReviews` with their responses."""

    name = "apple-reviews"
    title = marked("苹果应用商店评论（JSON）")
    suffixes: tuple[str, ...] = (".json",)

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self._recorder = Recorder(mapping)

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        """One row a review, numbered as the entries stand in the file. The app's own entry is no review."""
        empty = True
        with closing(sqlite3.connect("", check_same_thread=False)) as database:
            replies = _Replies(database)
            replies.collect(path)
            for number, found in feeds.objects(path, _FEED | _CONNECT, meter=meter):
                if isinstance(found, Refused):
                    yield found
                    continue
                prefix, entry = found
                empty = False
                if prefix in _FEED and isinstance(entry, dict) and "im:rating" not in entry:
                    continue
                yield jsonlines.row(number, replies.added(entry))
        if empty:
            raise Fault("“%(name)s”里没有苹果应用商店的评论（feed.entry 或 data）；请检查格式和导出", name=path.name)

    def record(self, row: Row, defaults: Defaults) -> Record:
        return self._recorder.record(row, defaults)


class _Replies:
    """The bank's responses stand after the reviews in the API's answer: collected first, on disk where many."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.execute(
            "CREATE TABLE reply (id TEXT PRIMARY KEY, body TEXT NOT NULL, given TEXT NOT NULL) WITHOUT ROWID"
        )

    def collect(self, path: Path) -> None:
        try:
            for _, found in feeds.objects(path, _INCLUDED):
                if isinstance(found, Refused):
                    return
                body = _at(found[1], "attributes", "responseBody")
                if body:
                    given = _at(found[1], "attributes", "lastModifiedDate") or ""
                    row = (str(_at(found[1], "id")), str(body), str(given))
                    self._database.execute("INSERT OR REPLACE INTO reply VALUES (?, ?, ?)", row)
        except Fault:
            return  # reading the reviews meets the same fault and tells it with its place

    def added(self, entry: Any) -> Any:
        answer = _at(entry, "relationships", "response", "data", "id")
        if not answer:
            return entry
        found = self._database.execute("SELECT body, given FROM reply WHERE id = ?", (str(answer),)).fetchone()
        return {**entry, "response": {"body": found[0], "given": found[1]}} if found else entry


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
