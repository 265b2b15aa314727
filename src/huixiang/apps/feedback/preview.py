"""How would this file be read? Its first rows as they would be kept, masked, and the reasons of those refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import importing
from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.faults import told_fault
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Import
from huixiang.apps.feedback.reading import Reader
from huixiang.channels.contract import Fault, Refused, Row

SHOWN = 20
LONGEST = 300  # characters of a text


@dataclass(frozen=True, slots=True)
class Sample:
    """One row as it would be kept; or the reason why not."""

    number: int
    fault: str = ""
    column: str = ""
    channel: str = ""
    said_at: datetime | None = None
    precision: str = ""
    branch: str = ""
    product: str = ""
    rating: float | None = None
    title: str = ""
    text: str = ""
    has_customer: bool = False


def samples(draft: Import, choice: Choice, by: Staff) -> list[Sample]:
    """The first rows under this choice. Raises Fault where the file as a whole cannot be read so."""
    shown = Import(created_at=draft.created_at, by=by, **choice.columns)
    reader = importing.reader(shown, by.scope("import.run"), timezone.now())
    return [_sample(reader, row) for row in islice(reader.rows(Path(draft.path)), SHOWN)]


def _sample(reader: Reader, row: Row | Refused) -> Sample:
    if isinstance(row, Refused):
        return Sample(row.number, fault=told_fault(row.fault), column=row.fault.column or "")
    try:
        record = reader.record(row)
    except Fault as fault:
        return Sample(row.number, fault=told_fault(fault), column=fault.column or "")
    return Sample(
        row.number,
        channel=str(record.channel),
        said_at=record.said_at,
        precision=str(record.said_precision),
        branch=record.branch or "",
        product=masked_value("", " ".join(filter(None, [record.product, record.product_version]))),
        rating=record.rating,
        title=masked_value("", record.title[:LONGEST]),
        text=masked_value("", record.text[:LONGEST]),
        has_customer=bool(record.customer),
    )
