"""What happened to a case, and when? Events are the truth; every clock is reckoned from them anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from huixiang.domain.complaints.contacts import WAYS
from huixiang.domain.complaints.hours import moment

# What may happen. The state machine says which of them may follow which; the clocks only read them.
KINDS = {
    "received": "收到投诉",
    "contacted": "已联系投诉人",
    "accepted": "已告知受理",
    "paused": "暂停",
    "resumed": "恢复",
    "new_facts": "收到新的事实和理由",
    "extended": "延长期限",
    "decided": "作出处理决定",
    "notified": "告知投诉人",
    "passed_on": "已转送",
    "review_applied": "申请核查",
    "withdrawn": "投诉人撤回",
    "reopened": "重新办理",
    "handed_over": "移交其他机构",
    "merged": "并入另一件",
    "split": "拆出",
}
MOST_EVENTS, LONGEST = 1_000, 80


class BadCase(ValueError):
    """What is wrong with an event: a Chinese sentence with %(placeholders)s, the key of the message catalogue."""

    def __init__(self, message: str, **params: object) -> None:
        self.message, self.params = message, params
        super().__init__(message % params)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `at` and `told_at` are moments as in `hours`.

    `reason` of a pause; `told_at`, when the complainant was told of a pause or an extension; `rule` and `approved_by`
    of an extension; `unit` that a case is handed to; `contact`, how it went (contacts.WAYS); `case` that is
    merged or split off, with what had happened to it before (`events`, its receipt first).
    """

    at: int
    kind: str
    reason: str = ""
    told_at: int | None = None
    rule: str = ""
    approved_by: str = ""
    unit: str = ""
    case: str = ""
    contact: str = ""
    events: tuple[Event, ...] = ()


_NEEDED = {"paused": ("reason",), "extended": ("rule",), "handed_over": ("unit",), "split": ("case",)}
_WORDS = ("reason", "rule", "approved_by", "unit", "case", "contact")
_KEYS = {"at", "kind", "told_at", "events", *_WORDS}


def read_events(found: object, *, inside: bool = False) -> tuple[Event, ...]:
    """Events of parsed JSON, in the order of time; those of one moment as they were written.

    Raises BadCase that names the event by its number and says what to write.
    """
    if not isinstance(found, list) or len(found) > MOST_EVENTS:
        raise BadCase("事件要写成一个列表，最多 %(most)s 条", most=MOST_EVENTS)
    events = tuple(sorted((_event(each, n, inside) for n, each in enumerate(found, 1)), key=lambda event: event.at))
    if inside and (not events or events[0].kind != "received"):
        raise BadCase("并入的投诉，其 events 要以 received（收到）开头")
    return events


def _event(found: object, number: int, inside: bool) -> Event:
    if not isinstance(found, Mapping):
        raise BadCase('第 %(number)s 条事件要写成 {"at": 时间, "kind": 种类}', number=number)
    if unknown := sorted(set(map(str, found)) - _KEYS):
        raise BadCase("第 %(number)s 条事件有不认识的“%(key)s”；可用的有 %(keys)s", number=number,
                      key=unknown[0][:LONGEST], keys="、".join(sorted(_KEYS)))  # fmt: skip
    kind = found.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadCase("第 %(number)s 条事件的 kind“%(kind)s”不认识；可用的有 %(kinds)s", number=number,
                      kind=str(kind)[:LONGEST], kinds="、".join(KINDS))  # fmt: skip
    words = {key: found.get(key, "") for key in _WORDS}
    for key, word in words.items():
        if not isinstance(word, str) or len(word) > LONGEST or (key in _NEEDED.get(kind, ()) and not word.strip()):
            raise BadCase("第 %(number)s 条事件（%(kind)s）的 %(key)s 要写一个词", number=number, kind=kind, key=key)
    if words["contact"] and words["contact"] not in WAYS:
        raise BadCase("第 %(number)s 条事件的 contact“%(contact)s”不认识；可用的有 %(ways)s", number=number,
                      contact=words["contact"], ways="、".join(sorted(WAYS)))  # fmt: skip
    if inside and kind in {"merged", "split"}:
        raise BadCase("并入的投诉，其 events 中不能再有 merged、split：请直接并入最后留下的一件")
    told = None if found.get("told_at") is None else _at(found["told_at"], number, "told_at")
    its = read_events(found.get("events"), inside=True) if kind == "merged" else ()
    return Event(_at(found.get("at"), number, "at"), kind, told_at=told, events=its, **words)


def _at(found: object, number: int, key: str) -> int:
    try:
        return moment(datetime.fromisoformat(found if isinstance(found, str) else ""))
    except ValueError:
        raise BadCase("第 %(number)s 条事件的 %(key)s“%(value)s”不是带时区的时间；请写成 2026-09-28T16:00+08:00",
                      number=number, key=key, value=str(found)[:LONGEST]) from None  # fmt: skip
