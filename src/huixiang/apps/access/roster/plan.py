"""What would a file of units or staff change? A plan is made first, shown, and only then carried out (carrying.py).

Rows are read by the same readers as feedback. A row that cannot be taken is refused with its place and the remedy; the
others go on. What is not in the file stays as it is: nobody is removed because a line is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import override

from huixiang.channels.contract import Fault, Refused, Row

State = Literal["new", "changed", "same"]
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]00:00(:00)?)?\Z")


@dataclass(slots=True)
class Change:
    """One unit, person or post of the file: new, changed (with the values before) or the same."""

    kind: Literal["unit", "staff", "post"]
    key: str  # unit code, staff number, or "number role unit from"
    row: int
    values: dict[str, Any]
    state: State = "new"
    before: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """All changes of the file, and the rows that cannot be taken."""

    changes: list[Change] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def count(self, state: State) -> int:
        return sum(change.state == state for change in self.changes)

    def of(self, kind: str) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]


def headed(rows: Iterable[Row | Refused], columns: dict[str, tuple[str, ...]], *names: str) -> Iterator[Row | Refused]:
    """The rows of a file that has these columns. Raises Fault where it has not: then no row of it can be right."""
    checked = False
    for row in rows:
        if isinstance(row, Row) and not checked:
            given = {title.strip() for title in row.fields}
            missing = [columns[name][0] for name in names if not given & set(columns[name])]
            if missing:
                message = "文件缺少列：%(missing)s。文件里的列是：%(given)s。"
                raise Fault(message, missing="、".join(missing), given="、".join(sorted(given))[:200])
            checked = True
        yield row


def cells(row: Row, columns: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The fields of a row by our names, whichever of their titles the file uses."""
    # NUL ends a text for PostgreSQL; nobody types it.
    given = {title.strip(): value.replace("\x00", "").strip() for title, value in row.fields.items()}
    return {name: next((given[t] for t in titles if t in given), "") for name, titles in columns.items()}


def titles(row: Row, columns: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The titles that the file itself gives to our columns: where the person must look."""
    given = {title.strip() for title in row.fields}
    return {name: next((t for t in known if t in given), known[0]) for name, known in columns.items()}


def day(text: str, column: str) -> date | None:
    """2026-11-24, 2026/11/24, 20261124, 2026年11月24日; nothing for an empty cell. Raises Fault."""
    if not text:
        return None
    found = _DAY.match(text)
    try:
        if found:
            return date(*map(int, found.groups()[:3]))
    except ValueError:
        pass
    raise Fault("“%(value)s”不是日期。请写成 2026-11-24。", column=column, value=text[:40])


def choice(text: str, names: Iterable[tuple[str, object]], column: str) -> str:
    """A value by its code or its name in any of our languages. Raises Fault with what there is to choose from."""
    names = list(names)
    by_name = {value: value for value, _ in names}
    for language, _name in settings.LANGUAGES:  # a file is written once and read by whoever: any language's names do
        with override(language):
            by_name |= {str(title).casefold(): value for value, title in names}
    if text.casefold() in by_name:
        return by_name[text.casefold()]
    known = "、".join(str(title) for _, title in names)
    raise Fault("“%(column)s”不认识“%(value)s”。可填：%(known)s。", column=column, value=text[:40], known=known)


def needed(given: dict[str, str], columns: dict[str, str], *names: str) -> None:
    """Are these cells filled? Raises Fault."""
    for name in names:
        if not given[name]:
            raise Fault("“%(title)s”未填写。", column=columns[name], title=columns[name])


def fitting(kind: type[Model], values: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    """Would a form take these values: lengths, codes, e-mail, time zone? Raises Fault with the column."""
    for name, value in values.items():
        try:
            kind._meta.get_field(name).clean(value, None)  # type: ignore[union-attr]
        except ValidationError as error:
            message = "“%(value)s”不能填在这里：%(reason)s"
            reason = " ".join(error.messages)
            raise Fault(message, column=columns[name], value=str(value)[:40], reason=reason) from error
