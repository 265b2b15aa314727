"""What does an old register tell, before any of it comes in? Its columns, and what would become of the first rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.utils import timezone

from huixiang.apps.complaints.old_guest import reader
from huixiang.apps.feedback import importing, mapping_text
from huixiang.apps.feedback.actions import no_people_among
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.feedback.reading import Stretch
from huixiang.channels import old_registers
from huixiang.channels.contract import Fault, Refused, Row
from huixiang.channels.old_registers import USUAL, RegisterMapping

LOOKED_AT, TOLD_MOST = 100, 20


@dataclass(slots=True)
class Look:
    """What would become of the first rows; read = good + refused."""

    read: int = 0
    good: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)


def head(path: Path, by: RegisterMapping | None = None) -> list[Row | Refused]:
    """The first rows. Raises Fault."""
    return list(islice(old_registers.rows(path, by or RegisterMapping()), LOOKED_AT))


def columns_of(rows: Sequence[Row | Refused]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.fields))


def settled(path: Path, by: RegisterMapping) -> str:
    """The mapping by which all of the file is read, as TOML. Raises Fault."""
    whole = old_registers.whole(by, columns_of(head(path, by)))
    usual = {each for names in USUAL.values() for each in names}
    no_people_among(sorted(set(whole.fields.values()) - usual))
    return mapping_text.written(old_registers.plain(whole))


def looked(path: Path, mapping: str, units: frozenset[str] | None) -> Look:
    """Nothing is kept. Raises Fault where the file as a whole cannot be read so."""
    look, through, stretch = Look(), reader(mapping, units, timezone.now()), Stretch(0)
    for row in islice(through.rows(path), LOOKED_AT):
        look.read += 1
        try:
            if isinstance(row, Refused):
                raise row.fault
            stretch.entries.append(through.entry(row))
        except Fault as fault:
            stretch.refused.append(Refused(row.number, fault, row.fields))
    look.good, look.refused, stretch.rows_read = len(stretch.entries), len(stretch.refused), look.read
    look.faults = [each.fault for each in stretch.refused[:TOLD_MOST]]
    importing.refuse_wrong_mapping(stretch, has_units=bool(through.gate.units), is_whole=look.read < LOOKED_AT)
    return look


def left_out(imported: Import) -> Iterator[Quarantined]:
    """The first of the rows that wait to be mended."""
    yield from imported.quarantine.filter(state=Quarantined.State.OPEN)[:TOLD_MOST]
