"""What exactly was said? Single voices and pages of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

import ibis
import ibis.expr.types as ir

from huixiang.lake.questions.slices import Slice, ask, one_of_each, sql, voices
from huixiang.lake.schema import PARTITION, PERSON
from huixiang.lake.store import Lake

LIKENESS = 0.15  # of a voice's words and phrases must be shared by one that is called similar


FAMILIES = 40  # rows looked at for each of the worst voices wanted


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice with all that is known of it; the columns of schema.VOICES, which explains them."""

    id: str
    version: int
    content_hash: str
    channel: str
    source_id: str
    said_at: datetime
    said_on: date
    said_precision: str
    month: str
    received_at: datetime
    branch: str | None
    product: str
    product_version: str
    rating: float | None
    title: str
    text: str
    reply: str
    searchable: str
    attachments: tuple[str, ...]
    extra: str
    sentiment: str
    negative: float
    neutral: float
    positive: float
    understood_by: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    bands: tuple[int, ...]
    duplicate_of: str | None
    import_id: str
    import_row: int

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        values = {name: row[name] for name in cls.__slots__}
        for name in ("attachments", "words", "phrases", "bands"):
            values[name] = tuple(values[name])
        for name in ("said_at", "received_at"):
            values[name] = values[name].replace(tzinfo=UTC)
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where does the next page begin? After this voice, newest first: a place that new arrivals do not shift."""

    at: datetime
    id: str

    def text(self) -> str:
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for what `text` never made."""
        at, _, id_ = text.partition("-")
        moment = datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
        if len(id_) != 24 or not id_.isalnum() or not 1970 <= moment.year < 9999:  # a day is added to it
            raise ValueError(f"{text[:60]!r} is no cursor")
        return cls(moment, id_)


@dataclass(frozen=True, slots=True)
class Page:
    """Some voices, and where the next page begins; None: that was all."""

    voices: list[Voice]
    next: Cursor | None


def page(lake: Lake, slice_: Slice, before: Cursor | None = None, size: int = 50) -> Page:
    """Which voices of the slice come next, newest first? Most pages lie in the newest months: looked at first."""
    recent = _recent(lake, slice_, before)
    rows = _newest(lake, slice_, before, size + 1, recent) if recent else []
    if len(rows) <= size:
        rows = _newest(lake, slice_, before, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, Cursor(rows[-1].said_at, rows[-1].id) if more else None)


def _newest(
    lake: Lake, slice_: Slice, before: Cursor | None, number: int, since_month: date | None = None
) -> list[Voice]:
    found = voices(lake, slice_)
    if since_month:
        found = found.filter(found[PARTITION] >= f"{since_month:%Y-%m}", found.said_at >= _moment(_cut(since_month)))
    if before:
        at = _moment(before.at)
        found = found.filter(found.said_at <= at, (found.said_at < at) | (found.id < before.id))
    return _read(lake, found.order_by(ibis.desc("said_at"), ibis.desc("id")).limit(number))


def _recent(lake: Lake, slice_: Slice, before: Cursor | None) -> date | None:
    """The first day of the last two months that can hold the page; None where that would be all there are."""
    last = min(day for day in (slice_.until, before and (before.at + timedelta(days=1)).date(), date.max) if day)
    months = [month for month in lake.months("voices") if month <= f"{last:%Y-%m}"]
    return date.fromisoformat(f"{months[-2]}-01") if len(months) > 2 else None


def _cut(month: date) -> datetime:
    """From when on are all voices in this month or later? A local day begins up to 12 hours after UTC's."""
    return datetime(month.year, month.month, 1, 12, tzinfo=UTC)


def _moment(at: datetime) -> ir.TimestampScalar:
    return ibis.literal(at, type="timestamp('UTC')")


def voice(lake: Lake, voice_id: str) -> Voice | None:
    """What is known of this voice, in its latest version?"""
    found = voices(lake)
    return next(iter(_read(lake, found.filter(found.id == voice_id))), None)


def history(lake: Lake, voice_id: str, branches: frozenset[str] | None = None) -> list[Voice]:
    """What did this voice say before its source changed it? Newest version first; of these units (None: all)."""
    past = voices(lake, Slice(branches=branches), table="past_voices")
    found = _read(lake, past.filter(past.id == voice_id).order_by(ibis.desc("version")))
    return list({each.version: each for each in found}.values())


def worst(lake: Lake, slice_: Slice, limit: int = 5) -> list[Voice]:
    """Which voices are surest to be negative? Of the negative ones one of each family; what a person judged first."""
    found = voices(lake, slice_)
    found = found.filter(found.sentiment == "negative")
    # Chosen on few columns, and only then read whole: the texts of all that are negative would be most of the lake.
    narrow = found.select("id", "duplicate_of", "negative", "said_at", "understood_by")
    surest = ask(lake, _surest(narrow).limit(FAMILIES * limit).select("id", "duplicate_of"))
    families: dict[str, str] = {}
    for row in surest:
        families.setdefault(row["duplicate_of"] or row["id"], row["id"])
    chosen = list(families.values())[:limit]
    if len(chosen) < limit and len(surest) == FAMILIES * limit:  # one saying, copied by hundreds: all families count
        chosen = [row["id"] for row in ask(lake, _surest(one_of_each(narrow)).limit(limit).select("id"))]
    return _read(lake, _surest(found.filter(found.id.isin(chosen)))) if chosen else []


def _surest(found: ir.Table) -> ir.Table:
    judged = (found.understood_by == PERSON).cast("int8")
    return found.order_by(
        [ibis.desc(judged), ibis.desc(found.negative.round(2)), ibis.desc("said_at"), ibis.desc("id")]
    )


def similar(lake: Lake, like: Voice, slice_: Slice, limit: int = 10) -> list[Voice]:
    """Which voices speak of the same? Copies first, then by shared phrases (worth three) and words."""
    found = voices(lake, slice_)
    family = [like.id, *([like.duplicate_of] if like.duplicate_of else [])]
    copies = found.filter(found.id != like.id, found.id.isin(family) | found.duplicate_of.isin(family))
    near = _read(lake, copies.order_by(ibis.desc("said_at"), ibis.desc("id")).limit(limit))
    if len(near) >= limit or not (like.words or like.phrases):
        return near
    known = [like.id, *family, *(each.id for each in near)]
    others = found.filter(~found.id.isin(known), found.duplicate_of.isnull())
    shared = 3 * _shared(others.phrases, like.phrases) + _shared(others.words, like.words)
    # A long text shares words with everything: what is shared counts against the root of its length.
    alike = others.mutate(shared=shared, likeness=shared / (others.words.length() + 3).cast("float64").sqrt())
    order = [ibis.desc("likeness"), ibis.desc("said_at"), ibis.desc("id")]
    # "手机银行还可以" is like a thousand voices: a good part of what this one speaks of must be shared.
    least = max(2.0, LIKENESS * (3 * len(set(like.phrases)) + len(set(like.words))))
    chosen = alike.filter(alike.shared >= least).order_by(order).limit(limit - len(near))
    return near + _read(lake, chosen.drop("shared", "likeness"))


def stream(lake: Lake, slice_: Slice) -> Iterator[Voice]:
    """All voices of a slice, for an export: a piece at a time, however many there are; by month, branch and time."""
    for batch in lake.engine.stream(sql(voices(lake, slice_).drop("bands"))):
        for row in batch.to_pylist():
            yield Voice.of(row | {"bands": ()})


def _shared(column: ir.ArrayValue, wanted: tuple[str, ...]) -> ir.IntegerValue:
    if not wanted:
        return ibis.literal(0)
    # Each counts once, however often it is repeated: "还可以还可以" is no better a match.
    return column.unique().intersect(ibis.array(list(dict.fromkeys(wanted)))).length()


def _read(lake: Lake, found: ir.Table) -> list[Voice]:
    return [Voice.of(row) for row in ask(lake, found)]
