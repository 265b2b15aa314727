"""What does the customer system export? One row a customer, as CSV: who it is, of what worth and with what need."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.customers import IMPAIRMENTS, NEEDS, TIERS
from huixiang.simulation.bank.groups import NAMES, column
from huixiang.simulation.exports.tables import coded

AT_ONCE = 250_000  # rows, which bounds the memory


def write(folder: Path, bank: Bank) -> Path:
    """`customers/客户.csv`. Patience, digital habit and readiness to complain are truths that no system records.

    Nor does any know everybody who reads ill or speaks another language.
    """
    people, dice, every = bank.customers, bank.dice.of("known of customers"), bank.customers.by_number()
    known = column("known")
    path = folder / "customers" / "客户.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        for low in range(0, len(people), AT_ONCE):
            rows = every[low : low + AT_ONCE]
            group = people.group[rows]
            group = np.where(dice.random(len(group), dtype=np.float32) < known[group], group, 0)
            table = pa.table({
                "客户号": pa.array([f"C{number}" for number in people.known_as[rows].tolist()]),
                "开户网点": coded(bank.network.codes, people.outlet[rows]).cast(pa.string()),
                "出生年份": pa.array(people.born[rows]),
                "客户等级": coded(TIERS, people.tier[rows]).cast(pa.string()),
                "资产(元)": pa.array(np.rint(people.assets[rows] / 100).astype(np.int64) * 100),
                "主要需求": coded(NEEDS, people.need[rows]).cast(pa.string()),
                "残障类别": coded(IMPAIRMENTS, people.impaired[rows]).cast(pa.string()),
                "特殊群体": coded(NAMES, group).cast(pa.string()),
            })  # fmt: skip
            options = csv.WriteOptions(include_header=low == 0, quoting_style="none", quoting_header="none")
            csv.write_csv(table, file, options)
    return path
