"""How does the bank's exchange name its columns, outcomes and queues? A short TOML text for the calls' records.

    format = "call-records"             # or "queue-log", which has no columns of its own
    [columns]
    call_id = "通话编号"
    outcome = "处理结果"
    [outcomes]
    "客户放弃" = "abandoned"
    [queues]
    "ordinary" = "普通业务"               # as the pages shall name it

What is not written stays as the product has it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from huixiang.channels import encoding
from huixiang.channels.contract import Fault
from huixiang.channels.hotline.wording import plain
from huixiang.channels.tables import Layout
from huixiang.domain.hotline import Outcome, Transfer

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "call_id": (
        *["通话编号", "通话id", "通话标识", "呼叫编号", "呼叫id", "呼叫标识", "话单号", "会话id", "录音流水号"],
        *["call_id", "uniqueid", "callid"],
    ),
    "queue": ("技能组", "队列", "队列名称", "queue", "queuename", "skill", "skill_group"),
    "entered_at": (
        "进线时间",
        "进队时间",
        "呼入时间",
        "来电时间",
        "呼叫时间",
        "entered_at",
        "queued_at",
        "start_time",
        "calldate",
        "start",
    ),
    "answered_at": ("接通时间", "应答时间", "answered_at", "answer_time", "answer"),
    "ended_at": ("结束时间", "挂机时间", "ended_at", "end_time", "end"),
    "wait_seconds": ("等待秒数", "等待时长", "排队时长", "wait_seconds", "hold_time", "waittime"),
    "talk_seconds": ("通话秒数", "通话时长", "talk_seconds", "talk_time", "billsec"),
    "hold_seconds": ("保持秒数", "保持时长", "hold_seconds"),
    "outcome": ("处理结果", "呼叫结果", "通话结果", "结果", "状态", "outcome", "disposition", "status"),
    "caller": ("主叫号码", "来电号码", "主叫", "caller", "caller_id", "ani", "src"),
    "customer": ("客户号", "客户编号", "customer", "customer_id", "customer_no"),
    "agent": ("坐席工号", "坐席", "工号", "agent", "agent_id", "server"),
    "transferred_to": ("转接技能组", "转接到", "转接目标", "transferred_to"),
    "transfer": ("转接方式", "transfer"),
    "continues": ("转自通话", "continues"),
}
OUTCOMES: Mapping[str, Outcome] = {
    **dict.fromkeys(
        ["已接听", "接听", "接通", "已接通", "已应答", "转接", "已转接", "answered", "connected", "completed", "agent"],
        Outcome.ANSWERED,
    ),
    **dict.fromkeys(
        ["客户放弃", "放弃", "已放弃", "主动放弃", "未接", "abandoned", "abandon", "hang", "noanswer"],
        Outcome.ABANDONED,
    ),
    **dict.fromkeys(["超时退出", "超时", "排队超时", "timeout"], Outcome.TIMEOUT),
    **dict.fromkeys(["按键退出", "留言", "预约回拨", "callback", "key"], Outcome.KEY),
    **dict.fromkeys(["无坐席", "无人值守", "empty"], Outcome.EMPTY),
    **dict.fromkeys(["中断", "lost"], Outcome.LOST),
    **dict.fromkeys(["未了结", "unfinished"], Outcome.UNFINISHED),
}
TRANSFERS: Mapping[str, Transfer] = {
    **dict.fromkeys(["直接转接", "盲转", "blind"], Transfer.BLIND),
    **dict.fromkeys(["咨询转接", "咨询转", "attended"], Transfer.ATTENDED),
}
_NEEDED = ("call_id", "entered_at", "outcome")
_KEYS = ("format", "time_zone", "encoding", "delimiter", "sheet", "items", "header", "columns", "outcomes", "queues")
FORMATS = ("call-records", "queue-log")


@dataclass(frozen=True)
class CallMapping:
    """How one exchange writes. `columns`: field → names of columns, in plain form."""

    columns: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, Outcome]
    queues: Mapping[str, str]
    layout: Layout
    time_zone: str = ""

    def chosen(self, found: tuple[str, ...]) -> dict[str, str]:
        """Field → the file's own column. Raises Fault where one is missing that no call can do without."""
        named = {plain(column): column for column in reversed(found)}
        chosen = {
            field: next(named[name] for name in names if name in named)
            for field, names in self.columns.items()
            if any(name in named for name in names)
        }
        for field in _NEEDED:
            if field not in chosen:
                raise Fault(
                    "文件里没有 %(field)s 一列（如“%(near)s”）。文件的列：%(columns)s；请在设置的 [columns] 中写明",
                    field=field,
                    near=self.columns[field][0],
                    columns="、".join(found[:40]),
                )
        return chosen


@lru_cache(64)
def parse(text: str) -> CallMapping:
    """The mapping of a TOML text; the product's own where it is empty. Raises Fault that names the key."""
    table = table_of(text)
    known(table, _KEYS, "key")
    known([table.get("format", FORMATS[0])], FORMATS, "format")
    columns, outcomes, queues = (texts(table, name) for name in ("columns", "outcomes", "queues"))
    known(columns, tuple(COLUMNS), "columns")
    known([value for values in outcomes.values() for value in values], tuple(Outcome), "outcomes")
    named = {word: Outcome(values[0]) for word, values in outcomes.items()}
    return CallMapping(
        {field: tuple(map(plain, columns.get(field, names))) for field, names in COLUMNS.items()},
        {plain(word): outcome for word, outcome in {**OUTCOMES, **named}.items()},
        {code: values[0] for code, values in queues.items()},
        layout(table),
        time_zone(str(table.get("time_zone", ""))),
    )


def table_of(text: str) -> dict[str, Any]:
    """The keys and sections of a settings text. Raises Fault that names the line."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        raise Fault(
            "设置第 %(line)s 行不是合法的 TOML；请检查引号、等号和括号", line=int(place[1]) if place else 1
        ) from None


def layout(table: Mapping[str, Any]) -> Layout:
    name, header = str(table.get("encoding", "")), table.get("header", 1)
    if name:
        known([encoding.named(name)], encoding.ENCODINGS, "encoding")
    known([header], tuple(range(1, 101)), "header")
    told = {key: str(table.get(key, "")) for key in ("delimiter", "sheet", "items")}
    return Layout(
        encoding.named(name) or "" if name else "", told["delimiter"][:1], told["sheet"], header, told["items"]
    )


def time_zone(name: str) -> str:
    try:
        ZoneInfo(name or "UTC")
    except (ValueError, OSError, KeyError):
        raise Fault("设置里的时区“%(found)s”不存在；请写 Asia/Shanghai 这样的名称", found=name[:40]) from None
    return name


def texts(table: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    """A section whose values are a text, or texts."""
    given = table.get(key, {})
    if not isinstance(given, dict):
        raise Fault("设置里的 %(key)s 要写成一节：[%(key)s]", key=key)
    found = {name: (value,) if isinstance(value, str) else value for name, value in given.items()}
    for name, values in found.items():
        if (
            not isinstance(values, list | tuple)
            or not values
            or not all(isinstance(each, str) and each for each in values)
        ):
            raise Fault('设置里 [%(key)s] 的 %(name)s 要写成 "…" 或 ["…", "…"]', key=key, name=name)
    return {name: tuple(values) for name, values in found.items()}


def known(found: Any, choices: tuple[Any, ...], key: str) -> None:
    for each in found:
        if each not in choices:
            message = "设置里的 %(key)s 写的是“%(found)s”；可选 %(choices)s"
            listed = "、".join(map(str, choices[:20]))
            raise Fault(message, key=key, found=str(each)[:40], choices=listed)
