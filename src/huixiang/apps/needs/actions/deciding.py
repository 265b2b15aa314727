"""What does the bank do about it? A decision with where it is written down; and whether the need is met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.needs.actions.turning import begin, clean, end
from huixiang.apps.needs.models import Decision, Need
from huixiang.channels.contract import Fault

_SHORT = MaxLengthValidator(500)
_WEB = URLValidator(schemes=["http", "https"])  # a javascript: link would run in the reader's browser


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided: one of Decision.Kind, in a sentence, with where it is written down; without a day, today."""

    kind: str
    title: str
    reference: str = ""
    url: str = ""
    decided_on: date | None = None


def decide(pk: int, ruling: Ruling, *, by: Staff, source: str = "") -> Decision:
    """Link the need to what it led to. Raises Fault for a kind, an address or a day that cannot be."""
    made = _checked(ruling)
    with transaction.atomic():
        made.need, made.by = begin(pk, "decide", by), by
        made.save()
        end(made.need, "decide", by, source, changed={"decision": ["", made.title]})
    return made


def _checked(ruling: Ruling) -> Decision:
    day, url = ruling.decided_on or timezone.localdate(), ruling.url.strip()
    title, reference = clean(ruling.title, 200), clean(ruling.reference, 120)
    if ruling.kind not in Decision.Kind.values:
        raise Fault("没有“%(kind)s”这类决定", kind=ruling.kind[:40])
    if not title:
        raise Fault("请写明决定的内容")
    if day > timezone.localdate():
        raise Fault("决定日期不能晚于今天")
    try:
        if url:
            _WEB(url)
            _SHORT(url)
    except ValidationError:
        raise Fault("链接应以 http:// 或 https:// 开头，且完整") from None
    return Decision(kind=ruling.kind, title=title, reference=reference, url=url, decided_on=day)


def meet(pk: int, note: str, *, by: Staff, source: str = "") -> Need:
    """The decision has been carried out. Whether customers say so too, the trend tells. Raises Fault without a word."""
    if not note.strip():
        raise Fault("请说明依据什么认为需求已满足")
    with transaction.atomic():
        need = begin(pk, "meet", by)
        end(need, "meet", by, source, note)
    return need
