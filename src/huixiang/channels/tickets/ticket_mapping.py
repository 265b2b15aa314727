"""How does the bank's queue system name its columns, services and lanes? A short TOML text for its tickets.

    format = "tickets"
    [columns]
    kiosk_number = "排队号"
    [services]
    "01" = "现金存取"                     # as the pages shall name it
    [lanes]
    "V" = "priority"                     # of a column, or of the letter that the number begins with

What is not written stays as the product has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from huixiang.channels.contract import Fault
from huixiang.channels.hotline.call_mapping import known, layout, table_of, texts, time_zone
from huixiang.channels.hotline.wording import plain
from huixiang.channels.tables import Layout

NAME = "tickets"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "branch": ("机构号", "网点号", "网点编号", "机构编号", "机构代码", "网点代码", "branch", "branch_code", "outlet"),
    "kiosk_number": ("排队号", "票号", "号码", "取号号码", "叫号号码", "kiosk_number", "ticket", "ticket_no", "number"),
    "service": ("业务类型", "业务", "业务种类", "业务名称", "服务类型", "service", "service_type"),
    "lane": ("队列", "客户类型", "通道", "窗口类型", "lane", "queue", "tier"),
    "customer": ("客户号", "客户编号", "customer", "customer_id", "customer_no"),
    "arrived_at": ("取号时间", "到达时间", "抽号时间", "arrived_at", "taken_at", "issued_at"),
    "called_at": ("叫号时间", "呼叫时间", "called_at", "call_time"),
    "started_at": ("开始办理时间", "办理开始时间", "开始时间", "受理时间", "started_at", "start_time"),
    "ended_at": ("结束时间", "办结时间", "办理结束时间", "完成时间", "ended_at", "end_time"),
    "left_at": ("离开时间", "弃号时间", "过号时间", "left_at", "abandoned_at"),
    "counter": ("窗口号", "窗口", "柜台", "柜台号", "counter", "window"),
    "teller": ("柜员号", "柜员", "柜员工号", "teller", "teller_id"),
    "abandoned": ("弃号", "是否弃号", "是否放弃", "abandoned", "no_show"),
}
NEEDED = ("kiosk_number", "arrived_at", "called_at")
MOMENTS = ("arrived_at", "called_at", "started_at", "ended_at", "left_at")
_KEYS = (*("format", "time_zone", "encoding", "delimiter", "sheet", "items", "header"), "columns", "services", "lanes")


@dataclass(frozen=True)
class TicketMapping:
    """How one queue system writes. `columns`: field → names of columns, in plain form."""

    columns: Mapping[str, tuple[str, ...]]
    services: Mapping[str, str]
    lanes: Mapping[str, str]
    layout: Layout
    time_zone: str = ""

    def chosen(self, found: tuple[str, ...]) -> dict[str, str]:
        """Field → the file's own column. Raises Fault where one is missing that no ticket can do without."""
        chosen = matched(found, self.columns)
        for field in NEEDED:
            if field not in chosen and not (field == "called_at" and "started_at" in chosen):
                raise Fault(
                    "文件里没有 %(field)s 一列（如“%(near)s”）。文件的列：%(columns)s；请在设置的 [columns] 中写明",
                    field=field,
                    near=self.columns[field][0],
                    columns="、".join(found[:40]),
                )
        return chosen


def matched(found: tuple[str, ...], columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Field → the file's column of the first name that it has."""
    named = {plain(column): column for column in reversed(found)}
    return {
        field: next(named[name] for name in names if name in named)
        for field, names in columns.items()
        if any(name in named for name in names)
    }


def looks_like_tickets(found: tuple[str, ...]) -> bool:
    """Do these columns belong to a queue system? A number, when it was taken, and when it was called or given up."""
    chosen = matched(found, parse("").columns)
    return {"kiosk_number", "arrived_at"} <= chosen.keys() and bool({"called_at", "left_at"} & chosen.keys())


@lru_cache(64)
def parse(text: str) -> TicketMapping:
    """The mapping of a TOML text; the product's own where it is empty. Raises Fault that names the key."""
    table = table_of(text)
    known(table, _KEYS, "key")
    known([table.get("format", NAME)], (NAME,), "format")
    columns, services, lanes = (texts(table, name) for name in ("columns", "services", "lanes"))
    known(columns, tuple(COLUMNS), "columns")
    return TicketMapping(
        {field: tuple(map(plain, columns.get(field, names))) for field, names in COLUMNS.items()},
        {code: values[0] for code, values in services.items()},
        {code: values[0] for code, values in lanes.items()},
        layout(table),
        time_zone(str(table.get("time_zone", ""))),
    )
