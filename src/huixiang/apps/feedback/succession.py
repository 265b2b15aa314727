"""What stays when the source changes a voice? What people judged of it, and the family of those who said the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from huixiang.apps.feedback.models import Correction
from huixiang.lake.schema import PERSON

Row = dict[str, Any]
Field = Correction.Field
Corrected = dict[tuple[str, str], tuple[Correction, Correction]]


def keep_corrections(former: Iterable[Row], latest: Mapping[str, Row]) -> None:
    """Carry people's corrections over to the new versions, where they still speak of the same.

    Feeling, kind and topics, where title and text are as they were (a store's reply changes the record, not what was
    said); unit and product, where the source says of them what it said before. `latest` (by voice id) is changed in
    place.
    """
    corrected = corrections([row["id"] for row in former])
    for before in former:
        after = latest.get(before["id"])
        if after is None:
            continue
        if _same_words(before, after):
            after |= judged(before, corrected)
        for field in (Field.BRANCH, Field.PRODUCT):
            first, last = corrected.get((before["id"], field), (None, None))
            in_force = first is not None and last is not None and (before[field] or "") == last.after
            if in_force and first is not None and (after[field] or "") == first.before:
                after[field] = before[field]


def judged(row: Row, corrected: Corrected) -> Row:
    """The columns of a voice that people judged, as they left them."""
    kept: Row = {"sentiment": row["sentiment"], "understood_by": PERSON} if row["understood_by"] == PERSON else {}
    for field in (Field.KIND, Field.TOPICS):
        _first, last = corrected.get((row["id"], field), (None, None))
        value = row[field] or ""
        if last and last.after == (value if isinstance(value, str) else ",".join(value)):
            kept[field.value] = row[field]
    return kept


def strayed(former: Iterable[Row], latest: Mapping[str, Row]) -> frozenset[str]:
    """Which voices say something else now? Those that said the same as one of them are no copies of it any more."""
    return frozenset(row["id"] for row in former if row["id"] in latest and not _same_words(row, latest[row["id"]]))


def _same_words(one: Row, other: Row) -> bool:
    return bool(one["title"] == other["title"] and one["text"] == other["text"])


def corrections(ids: Collection[str]) -> Corrected:
    """The first and the last correction of each voice's field. The first knows what the source had said."""
    found: Corrected = {}
    for each in Correction.objects.filter(voice_id__in=ids).order_by("at", "pk"):
        first, _ = found.get((each.voice_id, each.field), (each, each))
        found[each.voice_id, each.field] = (first, each)
    return found
