"""Which of several equal rows is this one? Where a source gives no numbers, each row is still one voice of its own.

The key of a row is a digest of what stands in it and of how many equal rows stand above it. So equal rows stay apart,
a second import of the file finds the same keys, and rows that were inserted above change no key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from hashlib import blake2b

# SQLite's own cache; what does not fit goes to a temporary file that vanishes with the connection.
CACHE_KIB = 32 * 1024
_COUNT = """
INSERT INTO seen VALUES (?, 1) ON CONFLICT (content) DO UPDATE SET times = times + 1 RETURNING times
"""


class Occurrences:
    """Counts equal rows of one reading of one file, of any length, in bounded memory."""

    def __init__(self, series: str = "") -> None:
        self._series = series.encode()
        # check_same_thread: a stream of rows may be closed by another thread than the one that read it.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("CREATE TABLE seen (content INTEGER PRIMARY KEY, times INTEGER NOT NULL)")
        self._database.execute("BEGIN")

    def close(self) -> None:
        self._database.close()

    def key(self, fields: Mapping[str, str]) -> str:
        """24 hex digits. Empty fields don't count, nor does the order of columns."""
        said = "\0".join([f"{name}\1{fields[name]}" for name in sorted(fields) if fields[name]])
        content = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12, key=self._series[:64]).digest()
        number = int.from_bytes(content[:8], "big", signed=True)
        times = int(self._database.execute(_COUNT, (number,)).fetchone()[0])
        if times == 1:
            return content.hex()
        return blake2b(content + times.to_bytes(8, "big"), digest_size=12).hexdigest()
