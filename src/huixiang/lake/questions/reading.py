"""What exactly was said? Single voices, and few of many."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, Self

import ibis
import ibis.expr.types as ir

from huixiang.lake.questions.slices import Slice, ask, one_of_each, sql, voices, within
from huixiang.lake.schema import FIGURE, PARTITION, PERSON
from huixiang.lake.store import Lake

LIKENESS = 0.15  # of a voice's words and phrases must be shared by one that is called similar
KEYS = ("id", "said_at", PARTITION)  # by which `glimpses` finds a voice
FAMILIES = 40  # rows looked at for each of the worst voices wanted


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a list shows of a voice; columns of schema.VOICES, which explains them."""

    id: str
    channel: str
    said_at: datetime
    said_on: date
    said_precision: str
    received_at: datetime
    branch: str | None
    product: str
    product_version: str
    rating: float | None
    title: str
    text: str
    sentiment: str
    understood_by: str
    duplicate_of: str | None
    kind: str | None
    topics: tuple[str, ...]
    risks: tuple[str, ...]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        values = {name: row[name] for name in columns(cls)}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = tuple(value)
            elif isinstance(value, datetime):
                values[name] = value.replace(tzinfo=UTC)
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Voice(Glimpse):
    """One voice with all that is known of it, but for what only the lake's own questions compare."""

    version: int
    content_hash: str
    source_id: str
    month: str
    reply: str
    attachments: tuple[str, ...]
    extra: str
    negative: float
    neutral: float
    positive: float
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    findings: str | None
    import_id: str
    import_row: int
    platform: str | None
    replied_at: datetime | None
    about: str | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said, in normal form, and what the taxonomy makes of it."""

    id: str
    searchable: str
    topics: list[str]


def columns(kind: type[Glimpse | Spoken]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def voice(lake: Lake, voice_id: str) -> Voice | None:
    """What is known of this voice, in its latest version?"""
    found = voices(lake)
    return next(iter(_read(lake, found.filter(found.id == voice_id))), None)


def history(lake: Lake, voice_id: str, branches: frozenset[str] | None = None) -> list[Voice]:
    """What did this voice say before its source changed it? Newest version first; of these units (None: all)."""
    past = voices(lake, Slice(branches=branches, rivals=True), table="past_voices")
    found = _read(lake, past.filter(past.id == voice_id).order_by(ibis.desc("version")))
    return list({each.version: each for each in found}.values())


def glimpses(lake: Lake, everything: ir.Table, keys: list[dict[str, Any]]) -> list[Glimpse]:
    """These voices, in this order: a question chooses on few columns, and only then is more read of the chosen.

    `keys` are rows of KEYS, from the same version. What was erased between the two steps is left out.
    """
    if not keys:
        return []
    found = lake.rows_at(everything.get_name(), keys, columns(Glimpse))
    rows = {row["id"]: row for row in found.to_pylist()}
    return [Glimpse.of(rows[key["id"]]) for key in keys if key["id"] in rows]


def moment(at: datetime) -> ir.TimestampScalar:
    return ibis.literal(at, type="timestamp('UTC')")


def worst(lake: Lake, slice_: Slice, limit: int = 5) -> list[Glimpse]:
    """Which voices are surest to be negative? Of the negative ones one of each family; what a person judged first."""
    everything = voices(lake)
    found = within(everything, slice_)
    found = found.filter(found.sentiment == "negative", found.understood_by != FIGURE)
    narrow = found.select(*KEYS, "duplicate_of", "negative", "understood_by")
    surest = ask(lake, _surest(narrow).limit(FAMILIES * limit).select(*KEYS, "duplicate_of"))
    families: dict[str, dict[str, Any]] = {}
    for row in surest:
        families.setdefault(row["duplicate_of"] or row["id"], row)
    chosen = list(families.values())[:limit]
    if len(chosen) < limit and len(surest) == FAMILIES * limit:  # one saying, copied by hundreds: all families count
        chosen = ask(lake, _surest(one_of_each(narrow)).limit(limit).select(*KEYS))
    return glimpses(lake, everything, chosen)


def _surest(found: ir.Table) -> ir.Table:
    judged = (found.understood_by == PERSON).cast("int8")
    return found.order_by(
        [ibis.desc(judged), ibis.desc(found.negative.round(2)), ibis.desc("said_at"), ibis.desc("id")]
    )


def similar(lake: Lake, like: Voice, slice_: Slice, limit: int = 10) -> list[Glimpse]:
    """Which voices speak of the same? Copies first, then by shared phrases (worth three) and words."""
    found = voices(lake, slice_)
    family = [like.id, *([like.duplicate_of] if like.duplicate_of else [])]
    copies = found.filter(found.id != like.id, found.id.isin(family) | found.duplicate_of.isin(family))
    near = _seen(lake, copies.order_by(ibis.desc("said_at"), ibis.desc("id")).limit(limit))
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
    return near + _seen(lake, chosen)


def chosen(lake: Lake, ids: Collection[str], slice_: Slice) -> list[Glimpse]:
    """These voices, as far as they lie in the slice."""
    found = voices(lake, slice_)
    return _seen(lake, found.filter(found.id.isin(sorted(ids))))


def spoken(lake: Lake, slice_: Slice, limit: int) -> list[Spoken]:
    """The newest so many voices of a slice in their normal form: what topics are found in."""
    found = voices(lake, slice_)
    newest = found.filter(found.understood_by != FIGURE).order_by(ibis.desc("said_at"), ibis.desc("id")).limit(limit)
    return [Spoken(**row) for row in ask(lake, newest.select(*columns(Spoken)))]


def stream(lake: Lake, slice_: Slice) -> Iterator[Voice]:
    """All voices of a slice, for an export: a piece at a time, however many there are; by month, branch and time."""
    for batch in lake.stream(sql(voices(lake, slice_).select(*columns(Voice)))):
        for row in batch.to_pylist():
            yield Voice.of(row)


def _shared(column: ir.ArrayValue, wanted: tuple[str, ...]) -> ir.IntegerValue:
    if not wanted:
        return ibis.literal(0)
    # Each counts once, however often it is repeated: "还可以还可以" is no better a match.
    return column.unique().intersect(ibis.array(list(dict.fromkeys(wanted)))).length()


def _seen(lake: Lake, found: ir.Table) -> list[Glimpse]:
    return [Glimpse.of(row) for row in ask(lake, found.select(*columns(Glimpse)))]


def _read(lake: Lake, found: ir.Table) -> list[Voice]:
    return [Voice.of(row) for row in ask(lake, found.select(*columns(Voice)))]
