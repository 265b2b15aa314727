"""How is a bank's old register of complaints (投诉登记簿、投诉台账) read? A table, one complaint a row, by a mapping.

The columns' names are guessed as banks head them; a mapping (TOML) says which column is which where they are headed
otherwise, and how the register is called: its numbers are known under that name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault, Meter, Refused, Row, quoted
from huixiang.channels.dates import Dates
from huixiang.channels.mapped import READERS, kind
from huixiang.channels.tables import Layout
from huixiang.domain.feedback import Precision

REGISTER, LONGEST_REGISTER = "旧登记簿", 40
USUAL: dict[str, tuple[str, ...]] = {
    "number": ("投诉编号", "登记编号", "工单编号", "工单号", "编号", "流水号", "number"),
    "received_at": ("投诉时间", "收到时间", "受诉时间", "登记时间", "投诉日期", "收到日期", "登记日期", "received at"),
    "way": ("投诉来源", "来源", "投诉渠道", "受理渠道", "渠道", "way", "channel"),
    "unit": ("承办机构号", "机构号", "承办机构", "承办单位", "被投诉机构", "机构", "网点", "unit", "branch"),
    "title": ("一句话说明", "投诉标题", "标题", "摘要", "投诉事项", "title"),
    "text": ("投诉描述", "投诉内容", "投诉事由", "主要内容", "内容", "text"),
    "demand": ("投诉请求", "投诉诉求", "客户诉求", "诉求", "demand"),
    "complainant": ("投诉人类型", "complainant"),
    "name": ("投诉人姓名", "投诉人", "客户姓名", "姓名", "name"),
    "phone": ("联系电话", "投诉人电话", "手机号", "电话", "联系方式", "phone"),
    "mail": ("电子邮箱", "邮箱", "mail", "email"),
    "id_number": ("身份证号", "证件号码", "证件号", "id number"),
    "customer_number": ("客户号", "客户编号", "customer number"),
    "seriousness": ("投诉等级", "等级", "seriousness"),
    "accepted_at": ("受理时间", "受理日期", "accepted at"),
    "refused_at": ("不予受理时间", "不予受理日期", "refused at"),
    "refusal": ("不予受理理由", "不予受理原因", "refusal"),
    "extended_at": ("延期时间", "延期日期", "延长时间", "延长审批时间", "extended at"),
    "extension": ("延期类型", "延长至", "extension"),
    "approver": ("延期审批", "延长审批人", "审批级别", "approver"),
    "decided_at": ("决定时间", "处理决定时间", "decided at"),
    "replied_at": ("答复时间", "回复时间", "答复日期", "回复日期", "replied at"),
    "medium": ("答复方式", "回复方式", "medium"),
    "result": ("处理结果", "处理情况", "答复内容", "办理结果", "结果", "result"),
    "paused_at": ("暂停时间", "中止时间", "暂停日期", "paused at"),
    "pause": ("暂停理由", "暂停原因", "中止原因", "pause"),
    "resumed_at": ("恢复时间", "恢复日期", "恢复办理时间", "resumed at"),
    "disputed_at": ("异议时间", "异议日期", "不认可时间", "disputed at"),
    "mediated_at": ("调解时间", "调解日期", "进入调解时间", "mediated at"),
    "settled_at": ("调解成功时间", "调解成功日期", "settled at"),
    "mediation_failed_at": ("调解不成时间", "调解失败时间", "调解终止时间", "mediation failed at"),
    "review_at": ("申请核查时间", "核查申请时间", "申请核查日期", "review applied at"),
    "review_decided_at": ("核查决定时间", "核查决定日期", "review decided at"),
    "review_told_at": ("核查告知时间", "告知核查决定时间", "review told at"),
    "closed_at": ("办结时间", "结案时间", "办结日期", "结案日期", "closed at"),
    "withdrawn_at": ("撤诉时间", "撤回时间", "撤诉日期", "withdrawn at"),
    "compensation": ("赔付金额", "补偿金额", "赔偿金额", "补偿（元）", "compensation"),
    "channel_code": ("业务办理渠道代码", "业务办理渠道", "channel code"),
    "business_code": ("业务类别代码", "业务类别", "business code"),
    "cause_code": ("投诉原因代码", "投诉原因", "原因代码", "cause code"),
    "handler": ("经办人", "承办人", "办理人", "处理人", "handler"),
    "state": ("状态", "办理状态", "处理状态", "state"),
}  # fmt: skip
NEEDED = {"number": "原编号", "received_at": "收到时间", "unit": "机构", "text": "投诉内容"}
MOMENTS = tuple(name for name in USUAL if name.endswith("_at"))
_STRIPPED = str.maketrans("", "", " _-　\t")


@dataclass(frozen=True, slots=True)
class RegisterMapping:
    """Which column tells what? `is_whole`: a person has gone through all of it, nothing is guessed besides."""

    fields: Mapping[str, str] = field(default_factory=dict)
    register: str = REGISTER
    layout: Layout = field(default_factory=Layout)
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What a row tells. Unmasked: lives in memory only. Of each moment whether it is known to the day alone."""

    row: int
    cells: Mapping[str, str]
    moments: Mapping[str, tuple[datetime, bool]]


def mapping(text: str) -> RegisterMapping:
    """A mapping from TOML. Raises Fault."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Fault("映射文件不是有效的 TOML：%(reason)s", reason=str(error)) from None
    columns = told.get("columns", {})
    unknown = sorted(set(told) - {"columns", "layout", "register", "whole"}) + sorted(set(columns) - set(USUAL))
    if unknown:
        raise Fault("映射文件里有不认识的名称“%(name)s”；可用的有 %(known)s", name=unknown[0], known="、".join(USUAL))
    register = told.get("register", REGISTER)
    texts = (*columns.values(), *told.get("layout", {}).values(), register)
    if not all(isinstance(each, str) for each in texts) or not 0 < len(register.strip()) <= LONGEST_REGISTER:
        raise Fault("映射文件里的列名与 register 应是文字，register 最多 %(most)s 个字", most=LONGEST_REGISTER)
    layout = told.get("layout", {})
    parts = {name: layout[name] for name in ("encoding", "delimiter", "sheet") if name in layout}
    return RegisterMapping(columns, register.strip(), Layout(**parts), is_whole=told.get("whole") is True)


def plain(by: RegisterMapping) -> dict[str, Any]:
    """The mapping as its TOML has it."""
    layout = {name: value for name in ("encoding", "delimiter", "sheet") if (value := getattr(by.layout, name))}
    tables = {"columns": dict(by.fields), "layout": layout}
    return {"whole": by.is_whole, "register": by.register} | {name: table for name, table in tables.items() if table}


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """Which column tells what, by its heading alone? No column tells two things."""
    heads = {_plain(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for name, usual in USUAL.items():
        column = next((heads[each] for each in map(_plain, usual) if each in heads), "")
        if column and column not in found.values():
            found[name] = column
    return found


def whole(by: RegisterMapping, columns: Sequence[str]) -> RegisterMapping:
    """What was chosen and what was guessed. Raises Fault where a column is wanting."""
    fields = dict(by.fields) if by.is_whole else guessed(columns) | dict(by.fields)
    if missing := [column for column in fields.values() if column not in columns]:
        found = quoted("、".join(columns))
        raise Fault("文件里没有“%(column)s”列；现有的列：%(found)s", column=missing[0], found=found)
    for name, title in NEEDED.items():
        if name not in fields:
            raise Fault("看不出哪一列是%(title)s；请在页面上选出这一列，或用映射文件指明", title=title)
    return RegisterMapping(fields, by.register, by.layout, is_whole=True)


def rows(path: Path, by: RegisterMapping, meter: Meter | None = None) -> Iterator[Row | Refused]:
    """The rows of a CSV, XLSX or JSONL file. Raises Fault where it cannot be read as a whole."""
    return READERS[kind(path)](path, by.layout, meter)


def line_of(row: Row, by: RegisterMapping, zone: str, now: datetime | None) -> Line:
    """What this row says. Raises Fault with row and column."""
    cells = {name: row.fields.get(column, "").strip() for name, column in by.fields.items()}
    for name in NEEDED:
        if not cells[name]:
            column = by.fields[name]
            raise Fault("第 %(row)s 行“%(column)s”列：空着，这一项必须有；请补上", row=row.number, column=column)
    moments = {}
    for name in MOMENTS:
        if cells.get(name):
            at, precision = Dates().read(cells[name], zone, now, (row.number, by.fields[name]))
            moments[name] = (at, precision is Precision.DAY)
    return Line(row.number, cells, moments)


def _plain(column: str) -> str:
    return column.strip().lower().translate(_STRIPPED).split("（")[0].split("(")[0] or column
