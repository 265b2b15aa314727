"""How would this file be read? Its first rows as they would be kept, masked, and the reasons of those refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import importing
from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.faults import told_masked
from huixiang.apps.feedback.interpreter import masked_pair, masked_value
from huixiang.apps.feedback.models import Import
from huixiang.apps.feedback.names import OUTCOMES
from huixiang.apps.feedback.reading import Reader
from huixiang.channels.contract import Fact, Fault, Refused, Row
from huixiang.domain.contacts import reached_at
from huixiang.domain.digital import Click, Downtime, KnownCustomer
from huixiang.domain.feedback import Channel
from huixiang.domain.hotline import Stay
from huixiang.domain.waiting import Ticket

SHOWN = 20
LONGEST = 300  # characters of a text
READ = 20 * LONGEST  # of it are masked for the preview


@dataclass(frozen=True, slots=True)
class Sample:
    """One row as it would be kept; or the reason why not."""

    number: int
    fault: str = ""
    column: str = ""
    channel: str = ""
    said_at: datetime | None = None
    said_on: date | None = None
    precision: str = ""
    branch: str = ""
    product: str = ""
    rating: float | None = None
    title: str = ""
    text: str = ""
    has_customer: bool = False
    has_contact: bool = False  # by which somebody could be reached; it is shown nowhere


def samples(draft: Import, choice: Choice, by: Staff) -> list[Sample]:
    """The first rows under this choice. Raises Fault where the file as a whole cannot be read so."""
    shown = Import(created_at=draft.created_at, by=by, **choice.columns)
    reader = importing.reader(shown, by.scope("import.run"), timezone.now())
    return [_sample(reader, row) for row in islice(reader.rows(Path(draft.path)), SHOWN)]


def _sample(reader: Reader, row: Row | Refused) -> Sample:
    if isinstance(row, Refused):
        return _refused(row.number, row.fault)
    try:
        record = reader.record(row)
    except Fault as fault:
        return _refused(row.number, fault)
    if isinstance(record, Stay):
        return _stay(row.number, record)
    if isinstance(record, Ticket):
        return _ticket(row.number, record)
    if isinstance(record, Fact):
        return _fact(row.number, record)
    # Masked first, then cut: half a telephone is no telephone to the rules, but it is to a reader.
    title, text = masked_pair(record.title[:READ], record.text[:READ])
    return Sample(
        row.number,
        channel=str(record.channel),
        said_at=record.said_at,
        said_on=reader.gate.said_on(record, record.said_at) if record.said_at else None,
        precision=str(record.said_precision),
        branch=masked_value("", record.branch or ""),
        product=masked_value("", " ".join(filter(None, [record.product, record.product_version]))),
        rating=record.rating,
        title=title[:LONGEST],
        text=text[:LONGEST],
        has_customer=bool(record.customer),
        has_contact=reached_at(record.contact) is not None,
    )


def _stay(number: int, stay: Stay) -> Sample:
    told = [_("队列 %(queue)s") % {"queue": masked_value("", stay.queue)}, str(OUTCOMES[stay.outcome])]
    if stay.wait_seconds is not None:
        told.append(_("等待 %(seconds)s 秒") % {"seconds": stay.wait_seconds})
    if stay.talk_seconds is not None:
        told.append(_("通话 %(seconds)s 秒") % {"seconds": stay.talk_seconds})
    return Sample(
        number,
        channel=str(Channel.HOTLINE),
        said_at=stay.entered_at,
        said_on=timezone.localdate(stay.entered_at),
        precision="time",
        text=_("，").join(told),
        has_customer=bool(stay.caller or stay.customer),
        has_contact=stay.contact is not None,
    )


def _ticket(number: int, ticket: Ticket) -> Sample:
    told = [masked_value("", ticket.kiosk_number), masked_value("", ticket.service)]
    if ticket.wait_seconds is not None:
        message = _("等待 %(minutes)s 分钟后离开") if ticket.left else _("等待 %(minutes)s 分钟")
        told.append(message % {"minutes": round(ticket.wait_seconds / 60)})
    return Sample(
        number,
        said_at=ticket.arrived_at,
        said_on=ticket.arrived_on,
        precision="time",
        branch=masked_value("", ticket.branch),
        text=_("，").join(filter(None, told)),
        has_customer=bool(ticket.customer),
    )


def _fact(number: int, fact: Fact) -> Sample:
    """Of the digital channels: what was done on a screen, what was out of order, of which age somebody is."""
    words: list[str] = []
    at, on = None, None
    if isinstance(fact, Click):
        at, on = fact.used_at, fact.used_on
        words = [fact.channel, fact.service, fact.step, str(_("已办成") if fact.done else fact.code)]
    elif isinstance(fact, Downtime):
        at, on = fact.began_at, fact.began_on
        words = [fact.name, str(_("计划内")) if fact.planned else "", fact.reason]
    elif isinstance(fact, KnownCustomer):
        words = [fact.band, fact.tier]
    return Sample(
        number,
        said_at=at,
        said_on=on,
        precision="time" if at else "",
        branch=masked_value("", fact.branch or ""),
        text=_("，").join(masked_value("", word) for word in words if word),
        has_customer=bool(fact.customer),
    )


def _refused(number: int, fault: Fault) -> Sample:
    return Sample(number, fault=told_masked(fault), column=masked_value("", fault.column or ""))
