"""What do the app and the web site log? Clicks as Parquet, a file a month and group of outlets; outages as CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.journeys import CODES, MEANINGS, NAMES, STEPS, SYSTEMS
from huixiang.simulation.events.releases import outages
from huixiang.simulation.events.sessions import CHANNELS, DEVICES, Sessions
from huixiang.simulation.exports.tables import CsvFile, coded, numbered, write_parquet
from huixiang.simulation.moments import moments, written

OUTAGES = ("故障编号", "系统", "开始时间", "结束时间", "失败比例")


def write(folder: Path, bank: Bank, month: str, group: int, clicks: Sessions) -> Path:
    """`digital/clicks-2026-01-00.parquet`: texts as dictionaries, local times; no version on the web."""
    versions = [release.version for release in clicks.calendar]
    on_the_web = clicks.version < 0
    version = pa.DictionaryArray.from_arrays(
        pa.array(clicks.version.astype(np.int32), mask=on_the_web), pa.array(versions)
    )
    columns = {
        "session": pa.array(clicks.session),
        "customer": numbered(bank.customers, clicks.customer),
        "at": pa.array(moments(bank.scenario.first_day, clicks.day, clicks.second), pa.timestamp("s")),
        "channel": coded(CHANNELS, clicks.channel),
        "device": coded(DEVICES, clicks.device),
        "version": version,
        "journey": coded(NAMES, clicks.journey),
        "step": coded(STEPS, clicks.step),
        "ok": pa.array(clicks.code == 0),
        "code": coded(CODES, clicks.code),
        "message": coded(MEANINGS, clicks.code),
        "milliseconds": pa.array(clicks.milliseconds),
    }
    return write_parquet(folder / "digital" / f"clicks-{month}-{group:02d}.parquet", columns)


def write_outages(folder: Path, bank: Bank) -> Path:
    """`digital/outages.csv`: the operation centre's list of incidents, the whole history in one."""
    file = CsvFile(folder / "digital" / "outages.csv", OUTAGES)
    for number, one in enumerate(outages(bank), 1):
        day = np.array([one.day, one.day])
        begins, ends = written(moments(bank.scenario.first_day, day, np.array([one.begins, one.ends])))
        file.write([(f"INC{number:04d}", SYSTEMS[one.system], begins, ends, one.share)])
    return file.close()
