"""Whom might a survey ask? A list of customers after a visit, a call or a case, one row each, as CSV, XLSX or JSONL.

The columns are known by their usual headings, or a mapping (TOML) names them:

    [frame]
    customer = "客户号"
    unit = "网点号"
    met_on = "到访日期"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault, Refused, Row, quoted
from huixiang.channels.dates import Dates
from huixiang.channels.mapped import READERS, kind
from huixiang.channels.tables import Layout
from huixiang.domain.contacts import reached_at

USUAL = {
    "customer": ("客户号", "客户编号", "customer", "customer_id"),
    "unit": ("机构号", "网点号", "网点", "机构", "unit", "branch"),
    "tier": ("客户等级", "等级", "层级", "tier"),
    "met_on": ("到访日期", "业务日期", "办理日期", "来电日期", "日期", "met_on", "date"),
    "phone": ("手机", "手机号", "手机号码", "电话", "phone", "mobile"),
    "mail": ("邮箱", "电子邮箱", "email", "mail"),
    "opted_out": ("不愿接受调查", "拒绝调研", "退订", "opted_out"),
    "staff": ("经办人", "经办员工", "工号", "柜员号", "staff"),
}
NEEDED = {"customer": "客户号", "unit": "机构号", "met_on": "到访日期"}
YES = frozenset({"1", "y", "yes", "true", "是", "√", "✓"})
NO = frozenset({"", "0", "n", "no", "false", "否"})
LONGEST_TIER = 20
_MOBILE = re.compile(r"1[3-9]\d{9}|\+\d{8,15}")


@dataclass(frozen=True, slots=True)
class FrameMapping:
    """Which column tells what? Empty: by the usual headings."""

    fields: Mapping[str, str] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)


@dataclass(frozen=True, slots=True)
class Line:
    """One customer and one visit. Unmasked: lives in memory only, so nothing of it is in a repr."""

    row: int
    customer: str = field(repr=False)
    unit: str
    tier: str
    met_on: date
    phone: str = field(repr=False, default="")
    mail: str = field(repr=False, default="")
    has_opted_out: bool = False
    staff: str = ""
    faults: tuple[Fault, ...] = ()  # of contacts that nobody can be reached at: the customer stays in the frame


def mapping(text: str) -> FrameMapping:
    """A mapping from TOML. Raises Fault."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Fault("映射文件不是有效的 TOML：%(reason)s", reason=str(error)) from None
    names, layout = told.get("frame", {}), told.get("layout", {})
    for name in (*(set(told) - {"frame", "layout"}), *(set(names) - {*USUAL})):
        raise Fault("映射文件里有不认识的名称“%(name)s”；可用的有 %(known)s", name=name, known="、".join(USUAL))
    known: dict[str, Any] = {name: str(layout[name]) for name in ("encoding", "delimiter", "sheet") if name in layout}
    return FrameMapping({name: str(column) for name, column in names.items()}, Layout(**known))


def rows(path: Path, by: FrameMapping) -> Iterator[Row | Refused]:
    """The rows of the file. Raises Fault where it cannot be read as a whole."""
    return READERS[kind(path)](path, by.layout, None)


class FrameReader:
    """Reads rows into lines. Raises Fault where a column that is needed is wanting."""

    def __init__(self, by: FrameMapping, columns: Sequence[str], zone: str) -> None:
        self._zone = zone
        plain = {column.strip().casefold(): column for column in columns}
        usual = {
            name: next((plain[each] for each in headings if each in plain), "") for name, headings in USUAL.items()
        }
        self._columns = {name: column for name, column in (usual | dict(by.fields)).items() if column}
        found = quoted("、".join(columns))
        for column in self._columns.values():
            if column not in columns:
                raise Fault("文件里没有“%(column)s”列；现有的列：%(found)s", column=column, found=found)
        for name, title in NEEDED.items():
            if name not in self._columns:
                raise Fault(
                    "看不出哪一列是%(title)s；请把列名改成“%(title)s”，或用映射文件指明。现有的列：%(found)s",
                    title=title,
                    found=found,
                )

    def line(self, row: Row) -> Line:
        """Raises Fault with row and column. What it quotes is never a contact or a customer's number."""
        given = {name: row.fields.get(column, "").strip() for name, column in self._columns.items()}
        for name, title in NEEDED.items():
            if not given[name]:
                raise self._fault(row, name, "第 %(row)s 行“%(column)s”列是空的；请填写%(title)s", title=title)
        met, _precision = Dates().read(given["met_on"], self._zone, None, (row.number, self._columns["met_on"]))
        if len(given.get("tier", "")) > LONGEST_TIER:
            message = "第 %(row)s 行“%(column)s”列太长；客户等级最多 %(most)s 个字"
            raise self._fault(row, "tier", message, most=LONGEST_TIER)
        phone, mail, faults = self._contacts(row, given)
        return Line(
            row.number, given["customer"], given["unit"], given.get("tier", ""), met.date(), phone, mail,
            self._opted_out(row, given), given.get("staff", ""), faults,
        )  # fmt: skip

    def _contacts(self, row: Row, given: Mapping[str, str]) -> tuple[str, str, tuple[Fault, ...]]:
        """Telephone and address as written by everybody; what is neither is told, and left out."""
        faults, found = [], {"phone": "", "mail": ""}
        for name in found:
            if not (typed := given.get(name, "")):
                continue
            read = reached_at(typed) or ""
            if ("@" in read) if name == "mail" else bool(_MOBILE.fullmatch(read)):
                found[name] = read
            else:
                said = {
                    "phone": "第 %(row)s 行“%(column)s”列不是手机号码；短信发不到，请更正或清空",
                    "mail": "第 %(row)s 行“%(column)s”列不是邮箱地址；请更正或清空",
                }
                faults.append(self._fault(row, name, said[name]))
        return found["phone"], found["mail"], tuple(faults)

    def _opted_out(self, row: Row, given: Mapping[str, str]) -> bool:
        told = given.get("opted_out", "").casefold()
        if told not in YES | NO:
            # Not knowing whether somebody minds is no permission.
            raise self._fault(row, "opted_out", "第 %(row)s 行“%(column)s”列应填“是”或“否”")
        return told in YES

    def _fault(self, row: Row, name: str, message: str, **params: object) -> Fault:
        return Fault(message, column=self._columns[name], row=row.number, **params)
