"""Of which age, class and branch are the bank's customers? Its list of them; the year of birth is read, never kept."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa

from huixiang.channels.contract import Defaults, Row, marked, quoted
from huixiang.channels.digital.clicks import changed_to_null
from huixiang.channels.digital.settings import CUSTOMERS
from huixiang.channels.digital.table import Cells, FactTable
from huixiang.channels.tickets.parquet import Block
from huixiang.channels.tickets.sweep import Columns, Swept, changed, coded, each_of, known_people
from huixiang.domain.digital import BANDS, UNKNOWN, KnownCustomer, band_of
from huixiang.domain.hotline import bank_number

_YEAR = re.compile(r"(?:19|20)\d\d")


class CustomerList(FactTable):
    """Customers by a mapping: the band of their age, their class, the branch where they belong."""

    kind = CUSTOMERS
    name = CUSTOMERS.name
    title = marked("客户清单：年龄段、等级、归属网点（CSV、Excel、JSON、Parquet）")

    def record(self, row: Row, defaults: Defaults) -> KnownCustomer:
        """The customer of one row. Raises Fault with row, column and remedy."""
        cells = self.cells(row, defaults)
        number = bank_number(cells.needed("customer"))
        if not number:
            raise cells.missing("customer")
        return KnownCustomer(
            customer=number,
            band=_band(cells),
            tier=self.by.said("tiers", cells.text("tier")),
            branch=cells.branch(),
        )

    def swept(self, block: Block, defaults: Defaults, branches: Collection[str], *, is_whole: bool) -> Swept | None:
        """As of clicks. Years as whole numbers; whoever writes days of birth is read row by row."""
        chosen = self.by.chosen(tuple(block.rows.column_names))
        born = block.rows.schema.field(chosen["born"]).type if "born" in chosen else None
        if born is None or not pa.types.is_integer(born) or "band" in chosen:
            return None
        table = Columns(block.rows, chosen, defaults.time_zone)
        branch = table.words("branch", default=defaults.branch or "")
        customer, year = known_people(table.words("customer")), table.words("born")
        bands, good_years = _bands(year, Cells(Row(0, {}), {}, self.by, defaults).today().year)
        good = each_of(branch, lambda code: code in branches or (is_whole and not code))
        good &= each_of(customer, bool) & good_years
        told = pa.table({
            "customer": customer,
            "band": bands,
            "tier": changed(table.words("tier"), lambda said: self.by.said("tiers", said)),
            "branch": changed_to_null(branch),
            "row": pa.array(np.arange(block.number, block.number + len(good))),
        })  # fmt: skip
        return Swept(told if good.all() else told.filter(pa.array(good)), np.flatnonzero(~good).astype(np.int64))


def _bands(year: pa.DictionaryArray, now: int) -> tuple[pa.DictionaryArray, Any]:
    listed = [band_of(now - int(each)) if each else UNKNOWN for each in year.dictionary.to_pylist()]
    good = np.array([bool(band) or not each for band, each in zip(listed, year.dictionary.to_pylist(), strict=True)])
    return coded(np.asarray(year.indices), listed), good[np.asarray(year.indices)]


def _band(cells: Cells) -> str:
    """By the band itself, the age, or the year of birth; UNKNOWN where none is told."""
    if band := cells.text("band"):
        if band not in BANDS:
            message = marked("第 %(row)s 行“%(column)s”列：没有年龄段“%(found)s”；可选 %(choices)s")
            raise cells.fault(message, "band", found=quoted(band), choices="、".join(BANDS))
        return band
    told = cells.text("age") or cells.text("born")
    if not told:
        return UNKNOWN
    field = "age" if cells.text("age") else "born"
    age = int(told) if field == "age" and told.isdecimal() else _age(told, cells.today().year)
    if not (band := band_of(age)):
        message = marked("第 %(row)s 行“%(column)s”列：“%(found)s”不像年龄或出生年份；请更正，或清空")
        raise cells.fault(message, field, found=quoted(told))
    return band


def _age(told: str, now: int) -> int:
    year = _YEAR.search(told)
    return now - int(year[0]) if year else -1
