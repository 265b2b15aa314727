"""How does a system write a table to a file? CSV as Chinese systems do, and Parquet where it is large."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from huixiang.simulation.bank.customers import Customers

# Above it, Arrow would write the texts row by row instead; the customers of 250 outlets take a tenth of it.
DICTIONARY_BYTES = 64 * 1024 * 1024


class CsvFile:
    """A CSV file that grows month by month: with a byte order mark, as spreadsheets in China expect it."""

    def __init__(self, path: Path, header: Sequence[str], *, encoding: str = "utf-8-sig") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.rows = path, 0
        self._file = path.open(
            "w", encoding=encoding, errors="strict" if encoding != "gb18030" else "replace", newline=""
        )
        self._table = csv.writer(self._file, lineterminator="\r\n")
        self._table.writerow(header)

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows at the end, each as it comes."""
        self._table.writerows(self._counted(rows))

    def close(self) -> Path:
        """Finish the file."""
        self._file.close()
        return self.path

    def _counted(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        for row in rows:
            yield row
            self.rows += 1


def write_parquet(path: Path, columns: Mapping[str, pa.Array]) -> Path:
    """One Parquet file of these columns; the same columns give the same bytes.

    Dictionaries stay what they are, and only they: of moments and measures nearly every one is another.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [name for name, column in columns.items() if pa.types.is_dictionary(column.type)]
    pq.write_table(
        pa.table(dict(columns)), path, compression="zstd", compression_level=1, row_group_size=1_000_000,
        use_dictionary=texts, dictionary_pagesize_limit=DICTIONARY_BYTES,
    )  # fmt: skip
    return path


def coded(values: Sequence[str], index: Any) -> pa.Array:
    """A column of few different texts, each row by its place in `values`: stored as a dictionary."""
    return pa.DictionaryArray.from_arrays(pa.array(index.astype("int32")), pa.array(list(values)))


def numbered(people: Customers, customer: NDArray[np.int32]) -> pa.Array:
    """The customers' numbers as every system writes them (C10000000): a dictionary of those who are there.

    It is in the order of the numbers, for that of the rows would tell the digital habit.
    """
    least = int(customer.min(initial=0))
    there = np.zeros(int(customer.max(initial=0)) - least + 1, dtype=np.bool_)
    there[customer - least] = True
    rows = np.flatnonzero(there)
    known_as = people.known_as[rows + least]
    order = np.argsort(known_as)
    place = np.empty(len(there), dtype=np.int32)
    place[rows[order]] = np.arange(len(rows), dtype=np.int32)
    numbers = pa.array(known_as[order]).cast(pa.string())
    return pa.DictionaryArray.from_arrays(
        pa.array(place[customer - least]), pc.binary_join_element_wise("C", numbers, "")
    )


def give_back() -> None:
    """Return the memory of the tables written so far; Arrow would keep it for the next."""
    pa.default_memory_pool().release_unused()
