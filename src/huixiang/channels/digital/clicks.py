"""What was done on the screen? One row a try of a step, from the logs of app, web bank and mini program.

A million rows of a Parquet file are read as columns; whatever is doubtful among them is read singly, as any table's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.channels.contract import Defaults, Row, marked
from huixiang.channels.dates import EARLIEST_YEAR, LEEWAY
from huixiang.channels.digital.settings import CLICKS, FactMapping
from huixiang.channels.digital.table import YES, FactTable
from huixiang.channels.tickets.parquet import Block, of_kinds
from huixiang.channels.tickets.sweep import (
    DAY,
    SECOND,
    Columns,
    Facts,
    Swept,
    changed,
    coded,
    each_of,
    known_people,
    micros,
)
from huixiang.domain.digital import DONE_STEPS, LONGEST_MILLISECONDS, Click
from huixiang.domain.hotline import bank_number

GOOD_CODES = frozenset({"", "ok", "0", "00", "000", "0000", "000000", "200", "success", "成功"})
DONE = frozenset({"done", "完成", "已完成", "成功", "办结", "completed", "success"})
ERROR = frozenset({"error", "失败", "出错", "异常", "failed"})


class ScreenClicks(FactTable):
    """Tries of steps; without steps a row tells a whole session by its outcome."""

    kind = CLICKS
    name = CLICKS.name
    title = marked("电子渠道操作记录（CSV、Excel、JSON、Parquet）")

    def record(self, row: Row, defaults: Defaults) -> Click:
        """The try of one row. Raises Fault with row, column and remedy."""
        cells = self.cells(row, defaults)
        session, told = cells.needed("session"), cells.needed("service")
        moment = cells.moment("used_at")
        if moment is None:
            raise cells.missing("used_at")
        local, service, step = cells.local(moment), self.by.said("services", told), cells.text("step")
        code, outcome = cells.text("code"), cells.text("outcome").casefold()
        took = cells.number("milliseconds", LONGEST_MILLISECONDS)
        ok = cells.is_yes("ok") if cells.has("ok") else is_good(code, outcome)
        return Click(
            session=session,
            used_at=moment,
            used_on=local.date(),
            hour=local.hour,
            service=service,
            step=step,
            ok=ok,
            done=outcome in DONE or (ok and is_goal(self.by, service, step)),
            channel=self.by.said("channels", cells.text("channel")),
            device=cells.text("device"),
            version=cells.text("version"),
            code="" if ok else code,
            meaning="" if ok else cells.text("meaning"),
            milliseconds=None if took is None else round(took),
            customer=bank_number(cells.text("customer")),
            branch=cells.branch(),
            weight=self.by.one_in,
        )

    def swept(self, block: Block, defaults: Defaults, branches: Collection[str], *, is_whole: bool) -> Swept | None:
        """`branches`: codes that may come in; `is_whole`: so may what is of no branch. None: all is read as text."""
        chosen = self.by.chosen(tuple(block.rows.column_names))
        took = block.rows.schema.field(chosen["milliseconds"]).type if "milliseconds" in chosen else pa.int32()
        if not of_kinds(chosen, block.rows, CLICKS.moments) or not pa.types.is_integer(took):
            return None
        table = Columns(block.rows, chosen, self.by.time_zone or defaults.time_zone)
        found = _Sweep(table, chosen, self.by, table.moments("used_at"))
        branch = found.table.words("branch", default=defaults.branch or "")
        good = each_of(branch, lambda code: code in branches or (is_whole and not code))
        columns, sure = found.columns(block)
        good &= sure & _in_time(found.at, defaults.now)
        columns["branch"] = changed_to_null(branch)
        columns["row"] = pa.array(np.arange(block.number, block.number + len(good)))
        told = pa.table(columns)
        return Swept(told if good.all() else told.filter(pa.array(good)), np.flatnonzero(~good).astype(np.int64))


def is_good(code: str, outcome: str) -> bool:
    """Did the try succeed, where no column says so? By its code, and by how the session is said to have ended."""
    return code.casefold() in GOOD_CODES and outcome not in ERROR


def is_goal(by: FactMapping, service: str, step: str) -> bool:
    """Is the errand done with this step?"""
    goal = by.words["goals"].get(service)
    return step == goal if goal else step.casefold() in DONE_STEPS


def changed_to_null(column: pa.DictionaryArray) -> pa.DictionaryArray:
    listed = [each or None for each in column.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(column.indices, pa.array(listed, pa.string()))


@dataclass(slots=True)
class _Sweep:
    """The columns of a block, each checked as a whole."""

    table: Columns
    chosen: dict[str, str]
    by: FactMapping
    at: NDArray[np.int64]

    def columns(self, block: Block) -> tuple[dict[str, Any], Facts]:
        words = {name: self.table.words(name) for name in ("session", "step", "code", "meaning", "device", "version")}
        service = changed(self.table.words("service"), lambda told: self.by.said("services", told))
        outcome = self.table.words("outcome")
        ok = self._ok(block, words["code"], outcome)
        done = each_of(outcome, lambda told: told.casefold() in DONE) | (ok & self._goals(service, words["step"]))
        local, took = self.table.local(self.at), self._took(block)
        told = {
            "session": words["session"],
            "used_at": pa.array(self.at, pa.timestamp("us", tz="UTC")),
            "used_on": pa.array((local // DAY).astype(np.int32), pa.int32()).cast(pa.date32()),
            "hour": pa.array(((local // (3_600 * SECOND)) % 24).astype(np.int8)),
            "service": service,
            "step": words["step"],
            "ok": pa.array(ok),
            "done": pa.array(done),
            "channel": changed(self.table.words("channel"), lambda said: self.by.said("channels", said)),
            "device": words["device"],
            "version": words["version"],
            "code": _unless(ok, words["code"]),
            "meaning": _unless(ok, words["meaning"]),
            "milliseconds": took,
            "customer": known_people(self.table.words("customer")),
            "weight": pa.array(np.full(len(ok), self.by.one_in, np.float32)),
        }
        bound = np.asarray(pc.fill_null(took, 0))
        sure = each_of(words["session"], bool) & each_of(service, bool) & (bound >= 0) & (bound <= LONGEST_MILLISECONDS)
        return told, np.asarray(sure)

    def _ok(self, block: Block, code: pa.DictionaryArray, outcome: pa.DictionaryArray) -> Facts:
        if "ok" in self.chosen:
            column = block.rows[self.chosen["ok"]].combine_chunks()
            if pa.types.is_boolean(column.type):
                return np.asarray(pc.fill_null(column, False).cast(pa.uint8())).astype(np.bool_)
            return each_of(self.table.words("ok"), lambda told: told.casefold() in YES)
        good = each_of(code, lambda told: told.casefold() in GOOD_CODES)
        return good & ~each_of(outcome, lambda told: told.casefold() in ERROR)

    def _goals(self, service: pa.DictionaryArray, step: pa.DictionaryArray) -> Facts:
        services, steps = service.dictionary.to_pylist(), step.dictionary.to_pylist()
        table = np.array([[is_goal(self.by, one, other) for other in steps] for one in services], np.bool_)
        return np.asarray(table[np.asarray(service.indices), np.asarray(step.indices)])

    def _took(self, block: Block) -> pa.Array:
        if "milliseconds" not in self.chosen:
            return pa.nulls(block.rows.num_rows, pa.int32())
        column = block.rows[self.chosen["milliseconds"]].combine_chunks().cast(pa.int64())
        return pc.min_element_wise(column, LONGEST_MILLISECONDS + 1, skip_nulls=False).cast(pa.int32())


def _unless(ok: Facts, column: pa.DictionaryArray) -> pa.DictionaryArray:
    """A code tells of a failure alone."""
    listed = column.dictionary.to_pylist()
    return coded(np.where(ok, len(listed), np.asarray(column.indices)).astype(np.int32), [*listed, ""])


def _in_time(at: Any, now: datetime | None) -> Facts:
    earliest = datetime(EARLIEST_YEAR + 1, 1, 1, tzinfo=UTC)  # a year within the bound, whatever the time zone
    latest = (now or datetime.now(UTC)) + LEEWAY
    return np.asarray((at >= micros(earliest)) & (at <= micros(latest)))
