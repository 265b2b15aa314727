"""How could a file that nobody described be read? A format, a mapping to be mended by hand, and its first rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from statistics import fmean

from huixiang.channels import (
    contact_columns,
    counts,
    delimited,
    documents,
    encoding,
    mapping_file,
    syndication,
    synonyms,
)
from huixiang.channels.contract import RESERVED, CallFormat, Fault, Format, Refused, Row
from huixiang.channels.dates import looks_like_date
from huixiang.channels.digital.settings import KINDS as DIGITAL
from huixiang.channels.digital.settings import looks_like
from huixiang.channels.hotline.recognising import recognised
from huixiang.channels.mail import boxes
from huixiang.channels.mapped import READERS, MappedFormat, beginning, kind
from huixiang.channels.mapping_draft import Draft
from huixiang.channels.ratings import Scale
from huixiang.channels.tables import LONGEST_NAME, Layout
from huixiang.channels.tickets.parquet import columns_of, is_parquet
from huixiang.channels.tickets.ticket_mapping import NAME as TICKETS
from huixiang.channels.tickets.ticket_mapping import looks_like_tickets
from huixiang.domain import tiers
from huixiang.domain.understanding.masking import MARK

SAMPLE = 20  # rows shown
LOOKED_AT = 200  # rows that the guess rests on
_UNANSWERED = ("(空)", "(跳过)")  # as 问卷星 writes it; among what customers say these are no words
_LOWEST_HEADER = 6
_NAME = 24  # characters: names, numbers and addresses are rarely longer on the average
_MOSTLY = 0.8  # of a column's filled cells must be dates to make it a column of dates


@dataclass(frozen=True, slots=True)
class Guess:
    """What the preview shows, and what the import takes over once a person has agreed."""

    format: str
    mapping: str  # TOML; empty where the format knows its columns itself
    columns: tuple[str, ...]
    sample: tuple[Row | Refused, ...]
    encoding: str


def guess(path: Path, formats: Table[str, Format | CallFormat]) -> Guess:
    """The likeliest reading. Raises Fault where the file cannot be read at all."""
    if known := _mails_or_feed(path) or recognised(path) or (_of_parquet(path) if is_parquet(path) else ""):
        return _known(path, formats[known], "")
    form = kind(path)
    name = "" if form == "xlsx" else encoding.guess(path)
    if form == "csv":
        with encoding.open_text(path, name) as file:
            delimited.refuse_binary(file.read(delimited.HEAD), path.name)
    if form == "jsonl" and documents.is_apple(path, name):
        return _known(path, formats["apple-reviews"], name)
    items = documents.items(path, name) if form == "jsonl" else ""
    layout = Layout(encoding=name, items=items)
    rows = list(beginning(READERS[form](path, layout), LOOKED_AT))
    columns = [column for column in _columns(rows) if column not in RESERVED]
    if form != "jsonl" and (beneath := _beneath_a_title(path, form, layout, rows)):
        layout, columns, rows = beneath
    elif form != "jsonl" and any(map(_is_no_name, columns)):
        layout = replace(layout, header=0)
        rows = list(beginning(READERS[form](path, layout), LOOKED_AT))
        columns = [column for column in _columns(rows) if column not in RESERVED]
    if not columns and rows and isinstance(rows[0], Refused):
        raise rows[0].fault
    if layout.header == 1 and (own := _own_format(columns, form)):
        return _known(path, formats[own], name)
    if layout.header == 1 and _is_social(columns):
        return _posts(path, name, items)
    draft = Draft(form, name, delimited.delimiter(path, name) if form == "csv" else "", items, layout.header)
    _fill(draft, columns, [row.fields for row in rows if isinstance(row, Row)], path.stem)
    mapping = draft.toml()
    sample = MappedFormat(form, "", (), mapping_file.parse(mapping)).rows(path)
    return Guess(form, mapping, tuple(columns), tuple(beginning(sample, SAMPLE)), name)


def _own_format(columns: list[str], form: str) -> str:
    """The format that knows these columns itself; "" where none does."""
    if looks_like_tickets(tuple(columns)):
        return TICKETS
    if told := next((each.name for each in DIGITAL.values() if looks_like(each, tuple(columns))), ""):
        return told
    return "android-reviews" if form != "jsonl" and _is_android(columns) else ""


def _of_parquet(path: Path) -> str:
    found = columns_of(path)
    return next((kind.name for kind in DIGITAL.values() if looks_like(kind, found)), TICKETS)


def _mails_or_feed(path: Path) -> str:
    """They tell themselves by their first lines, a folder of mails by its files' names."""
    if path.is_dir():
        return "eml" if boxes.files_of(path) else ""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if syndication.is_feed(head):
        return "rss"
    if boxes.is_mbox(head):
        return "mbox"
    return "eml" if boxes.is_eml(head) or boxes.is_zip_of_mails(path) else ""


def _is_no_name(column: str) -> bool:
    """Does this stand in the first row of a file that has no header? A person, a date, or what somebody said."""
    return bool(MARK.search(column)) or len(column) >= LONGEST_NAME or looks_like_date(column)


def _beneath_a_title(
    path: Path, form: str, layout: Layout, rows: list[Row | Refused]
) -> tuple[Layout, list[str], list[Row | Refused]] | None:
    """The header below “2026年9月意见明细表” and who made the table: names that are known stand side by side there."""
    columns = [column for column in _columns(rows) if column not in RESERVED]
    is_misfit = len(columns) <= 2 and any(isinstance(row, Refused) for row in rows)
    if not is_misfit and sum(map(_is_number, columns)) * 2 <= len(columns):
        return None
    for place in range(2, _LOWEST_HEADER + 1):
        lower = replace(layout, header=place)
        try:
            found = list(beginning(READERS[form](path, lower), LOOKED_AT))
        except Fault:
            continue  # an empty row, or the end of the file
        names = [column for column in _columns(found) if column not in RESERVED]
        known = [field for field in synonyms.NAMES if synonyms.named(names, field)]
        if len(known) > 1 and len(names) > 2 and not any(_is_no_name(name) or _is_number(name) for name in names):
            return lower, names, found
    return None


def _is_number(column: str) -> bool:
    """Did the column get its name from its place, since none stands there?"""
    return re.fullmatch(r"第\d+列", column) is not None


def _known(path: Path, form: Format | CallFormat, name: str) -> Guess:
    sample = tuple(beginning(form.rows(path), SAMPLE))
    columns = tuple(column for column in _columns(sample) if column not in RESERVED)
    return Guess(form.name, "", columns, sample, name)


def _columns(rows: list[Row | Refused] | tuple[Row | Refused, ...]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(row.fields for row in rows)))


def _is_android(columns: list[str]) -> bool:
    """Does it speak of reviews, stars, and a version or a phone, as only app stores' exports do?"""
    names = "".join(map(synonyms.plain, columns))
    has_stars = any(word in names for word in ("评分", "星级", "rating", "stars", "score"))
    has_device = any(word in names for word in ("版本", "version", "机型", "设备型号", "device"))
    text = {"评论内容", "评价内容", "评论正文", "commentcontent", "comment", "reviewtext"} & set(
        map(synonyms.plain, columns)
    )
    return bool(text) and has_stars and has_device


def _social() -> str:
    return (Path(__file__).with_name("mappings") / "social-posts.toml").read_text("utf-8")


def _is_social(columns: list[str]) -> bool:
    """Does it count what only a platform counts, and number its posts as vendors do? At least two such counts."""
    sources = mapping_file.parse(_social()).sources
    told = [bool(set(sources[field].columns) & set(columns)) for field in ("reposts", "likes", "followers", "parent")]
    return sum(told) >= 2 and all(set(sources[field].columns) & set(columns) for field in ("text", "source_id"))


def _posts(path: Path, name: str, items: str) -> Guess:
    """By the mapping that comes with the product: it knows what belongs to a post, and which columns name people."""
    form = kind(path)
    told = {"format": form, **({"encoding": name} if name else {}), **({"items": items} if items else {})}
    head = "\n".join(f'{key} = "{value}"' for key, value in told.items())
    mapping = _social().replace('format = "table"', head, 1)
    sample = tuple(beginning(MappedFormat(form, "", (), mapping_file.parse(mapping)).rows(path), SAMPLE))
    columns = tuple(column for column in _columns(sample) if column not in RESERVED)
    return Guess(form, mapping, columns, sample, name)


def _fill(draft: Draft, columns: list[str], rows: list[Table[str, str]], file_name: str) -> None:
    if not columns:
        raise Fault("文件里没有列名，也没有数据；请检查导出是否成功")
    values = {column: [row[column].strip() for row in rows if row.get(column, "").strip()] for column in columns}
    left = list(columns)
    for field in synonyms.NAMES:
        found = [column for column in synonyms.named(left, field) if _fits(field, values[column])]
        if found:
            draft.columns[field] = found[0]
            left.remove(found[0])
        if field == "customer":
            draft.personal += [*found[1:], *synonyms.named(left, synonyms.PERSON)]
            left = [column for column in left if column not in draft.personal]
    _fill_by_part(draft, left, values)
    _fill_by_content(draft, left, values)
    _fill_contacts(draft, columns, left, values)
    draft.missing = [word for word in _UNANSWERED if any(word in found for found in values.values())]
    draft.running = [column for column in left if synonyms.plain(column) in synonyms.RUNNING_NUMBERS]
    draft.kept = [column for column in left if column not in draft.running and column not in draft.columns.values()]
    draft.scale = _scale(values.get(draft.columns.get("rating", ""), []))
    draft.channel = synonyms.channel(" ".join([*columns, file_name]))


def _fill_by_part(draft: Draft, left: list[str], values: dict[str, list[str]]) -> None:
    """Names that hold a known one. Whatever more seems to tell who the customer is stays out."""
    for field, column in synonyms.containing(left):
        if column not in left or not _fits(field, values[column]) or not _looks_like(field, values[column]):
            continue
        if field != synonyms.PERSON and field not in draft.columns:
            draft.columns[field] = column
        elif field in {"customer", synonyms.PERSON}:
            draft.personal.append(column)
        else:
            continue
        left.remove(column)


def _fill_by_content(draft: Draft, left: list[str], values: dict[str, list[str]]) -> None:
    """Names that tell nothing: dates are known by their form, what customers wrote by its length."""
    if "said_at" not in draft.columns and (dated := [name for name in left if _are_dates(values[name])]):
        draft.columns["said_at"] = dated[0]
        left.remove(dated[0])
    if "text" not in draft.columns:
        rest = [name for name in left if _looks_like("text", values[name])] or left or list(values)
        draft.columns["text"] = max(rest, key=lambda name: _length(values[name]))
        draft.columns = {f: c for f, c in draft.columns.items() if f == "text" or c != draft.columns["text"]}


def _fill_contacts(draft: Draft, columns: list[str], left: list[str], values: dict[str, list[str]]) -> None:
    """A telephone may also tell which customer it is; but it is no personal detail to be left out any more."""
    others = {column for field, column in draft.columns.items() if field != "customer"}
    found = contact_columns.of([column for column in columns if column not in others], values)
    if not found:
        customer = [draft.columns["customer"]] if "customer" in draft.columns else []
        found = contact_columns.by_content([*customer, *left], values)
    draft.contacts = found
    draft.personal = [column for column in draft.personal if column not in found]
    left[:] = [column for column in left if column not in found]


def _length(values: list[str]) -> float:
    return fmean(map(len, values)) if values else 0


def _looks_like(field: str, values: list[str]) -> bool:
    """What customers write differs from row to row, and is neither date nor number; what names them is short."""
    if field == "text":
        plain = sum(value.replace(".", "").isdecimal() for value in values)
        varied = len(set(values)) * 2 > len(values)
        return varied and plain * 2 < len(values) and not _are_dates(values)
    return field not in {"customer", synonyms.PERSON} or _length(values) <= _NAME


def _fits(field: str, values: list[str]) -> bool:
    """Does the content agree with the column's name? A column named 时间 may hold minutes, one named id be empty."""
    return _FITS[field](values) if field in _FITS else True


def _are_dates(values: list[str]) -> bool:
    return bool(values) and sum(map(looks_like_date, values)) >= _MOSTLY * len(values)


def _is_stamp(value: str) -> bool:
    return value.partition(".")[0].isdigit() and len(value.partition(".")[0]) in {5, 10, 13}


def _scale(values: list[str]) -> tuple[float, float] | None:
    """On which scale do most of these ratings lie? The smallest that holds them."""
    for low, high in ((1, 5), (1, 10), (0, 10), (0, 100)):
        rated = sum(_rates(Scale(low, high), value) for value in values)
        if rated >= max(1, _MOSTLY * len(values)) and (high == 5 or max(map(_points, values)) > 5):
            return low, high
    return None if values else (1, 5)


def _rates(scale: Scale, value: str) -> bool:
    try:
        scale.read(value, (0, ""))
    except Fault:
        return False
    return True


def _counts(value: str) -> bool:
    try:
        counts.read(value, (0, ""))
    except Fault:
        return False
    return True


def _points(value: str) -> float:
    try:
        return float(value.rstrip("分"))
    except ValueError:
        return 0


# One date is enough: the others are then told as faults, row by row, instead of coming in without a date.
_FITS: Table[str, Callable[[list[str]], bool]] = {
    "said_at": lambda values: not values or any(looks_like_date(value) or _is_stamp(value) for value in values),
    "replied_at": _are_dates,
    "rating": lambda values: not values or _scale(values) is not None,
    "customer": lambda values: not values or sum(map(synonyms.identifies, values)) >= _MOSTLY * len(values),
    "source_id": lambda values: len(set(values)) == len(values) > 0,
    # A few short names that return: neither amounts nor whatever else is called a level.
    "tier": lambda values: len(set(values)) <= tiers.MOST and all(len(each) <= tiers.LONGEST_WORD for each in values),
    **dict.fromkeys(
        ("followers", "reposts", "comments", "likes"), lambda values: bool(values) and all(map(_counts, values))
    ),
}
