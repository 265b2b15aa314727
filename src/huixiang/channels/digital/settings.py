"""How do the bank's systems name columns, errands and steps of digital channels? A short TOML text for each kind.

    format = "clicks"                    # or "downtimes", "customers"
    one_in = 6                           # clicks: kept of one customer in six; each counts for so many
    [columns]
    session = "会话号"
    [services]
    "P01" = "转账汇款"                    # as the counter calls it, so that both are counted together
    [goals]
    "余额查询" = "账户详情"                # the step with which the errand is done, where it is not called 完成

What is not written stays as the product has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from huixiang.channels.contract import Fault
from huixiang.channels.hotline.call_mapping import known, layout, table_of, texts, time_zone
from huixiang.channels.hotline.wording import plain
from huixiang.channels.tables import Layout
from huixiang.channels.tickets.ticket_mapping import matched

MOST_ONE_IN = 10_000
_LAYOUT = ("format", "time_zone", "encoding", "delimiter", "sheet", "items", "header", "columns")


@dataclass(frozen=True)
class Kind:
    """One kind of facts: its columns by what they are usually called, those that it needs, and its own sections."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[tuple[str, ...], ...]  # of each at least one
    moments: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()  # by these columns a file that nobody described is known


@dataclass(frozen=True)
class FactMapping:
    """How one system writes. `words`: section → its word → ours."""

    kind: Kind
    columns: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, str]]
    layout: Layout
    time_zone: str = ""
    one_in: float = 1.0

    def chosen(self, found: tuple[str, ...]) -> dict[str, str]:
        """Field → the file's own column. Raises Fault where one is missing that no such fact can do without."""
        chosen = matched(found, self.columns)
        for any_of in self.kind.needed:
            if not chosen.keys() & set(any_of):
                raise Fault(
                    "文件里没有 %(field)s 一列（如“%(near)s”）。文件的列：%(columns)s；请在设置的 [columns] 中写明",
                    field=any_of[0],
                    near=self.columns[any_of[0]][0],
                    columns="、".join(found[:40]),
                )
        return chosen

    def said(self, section: str, word: str) -> str:
        return self.words[section].get(word, word)


def looks_like(kind: Kind, found: tuple[str, ...]) -> bool:
    """Do these columns belong to this kind, and hardly to anything else?"""
    return bool(kind.telling) and set(kind.telling) <= matched(found, parse("", kind).columns).keys()


@lru_cache(64)
def _parsed(text: str, name: str) -> FactMapping:
    kind = KINDS[name]
    table = table_of(text)
    known(table, (*_LAYOUT, *kind.sections, *(("one_in",) if name == "clicks" else ())), "key")
    known([table.get("format", name)], (name,), "format")
    columns = texts(table, "columns")
    known(columns, tuple(kind.columns), "columns")
    return FactMapping(
        kind,
        {field: tuple(map(plain, columns.get(field, names))) for field, names in kind.columns.items()},
        {section: {word: said[0] for word, said in texts(table, section).items()} for section in kind.sections},
        layout(table),
        time_zone(str(table.get("time_zone", ""))),
        _one_in(table.get("one_in", 1)),
    )


def parse(text: str, kind: Kind) -> FactMapping:
    """The mapping of a TOML text; the product's own where it is empty. Raises Fault that names the key."""
    return _parsed(text, kind.name)


def _one_in(found: Any) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not 1 <= found <= MOST_ONE_IN:
        raise Fault("设置里的 one_in 写的是“%(found)s”；请写 1 到 10000 的数，如 6 表示每六位客户留一位", found=found)
    return float(found)


_CUSTOMER = ("客户号", "客户编号", "customer", "customer_id", "customer_no")
_BRANCH = ("机构号", "网点号", "网点编号", "机构编号", "机构代码", "网点代码", "branch", "branch_code", "outlet")
CLICKS = Kind(
    "clicks",
    {
        "session": ("会话号", "会话编号", "会话id", "session", "session_id", "sessionid"),
        "customer": _CUSTOMER,
        "used_at": ("操作时间", "点击时间", "访问时间", "发生时间", "at", "used_at", "event_time", "timestamp"),
        "channel": ("渠道", "终端渠道", "channel", "platform"),
        "device": ("设备", "设备类型", "操作系统", "device", "os"),
        "version": ("客户端版本", "应用版本", "版本号", "版本", "version", "app_version"),
        "service": ("业务类型", "交易名称", "交易类型", "功能", "业务", "journey", "service", "function"),
        "step": ("步骤", "页面", "环节", "step", "page", "screen"),
        "ok": ("是否成功", "成功", "ok", "success"),
        "outcome": ("会话结果", "办理结果", "outcome", "result"),
        "code": ("错误码", "返回码", "响应码", "code", "error_code"),
        "meaning": ("错误信息", "返回信息", "错误说明", "message", "error_message"),
        "milliseconds": ("耗时毫秒", "响应毫秒", "耗时", "milliseconds", "duration_ms", "latency_ms"),
        "branch": _BRANCH,
    },
    (("session",), ("used_at",), ("service",), ("step", "outcome")),
    ("used_at",),
    ("services", "goals", "channels"),
    ("session", "used_at", "service"),
)
DOWNTIMES = Kind(
    "downtimes",
    {
        "number": ("故障编号", "事件编号", "工单号", "incident", "incident_id", "number"),
        "system": ("系统", "系统名称", "受影响系统", "system"),
        "device": ("设备编号", "设备号", "机具编号", "终端号", "device_no", "device_id", "terminal_id"),
        "began_at": (
            "开始时间",
            "故障开始时间",
            "停机开始时间",
            "发生时间",
            "began_at",
            "started_at",
            "begin",
            "start",
        ),
        "ended_at": ("结束时间", "故障结束时间", "恢复时间", "停机结束时间", "ended_at", "end", "recovered_at"),
        "planned": ("计划内", "是否计划", "计划停机", "planned", "is_planned"),
        "share": ("失败比例", "影响比例", "share", "failed_share"),
        "reason": ("原因", "故障原因", "停机原因", "reason", "cause"),
        "branch": _BRANCH,
    },
    (("began_at",), ("system", "device")),
    ("began_at", "ended_at"),
    ("systems",),
    ("number", "began_at", "ended_at"),
)
CUSTOMERS = Kind(
    "customers",
    {
        "customer": _CUSTOMER,
        "branch": ("开户网点", "开户机构", "归属网点", "归属机构", *_BRANCH),
        "born": ("出生年份", "出生日期", "出生年", "birth_year", "born", "birthday"),
        "age": ("年龄", "age"),
        "band": ("年龄段", "age_band"),
        "tier": ("客户等级", "客户层级", "等级", "tier", "level"),
    },
    (("customer",), ("born", "age", "band", "tier", "branch")),
    (),
    ("tiers",),
    ("customer", "born", "tier"),
)
KINDS: Mapping[str, Kind] = {each.name: each for each in (CLICKS, DOWNTIMES, CUSTOMERS)}
