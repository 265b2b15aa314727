"""What was asked already, and how much was spent today? One SQLite file for all processes; it holds no text.

Answers are kept by a hash of model, prompt and masked text, so that a second run costs nothing, each beside a hash of
the one text that it is about, so that it goes with the voice. Both are keyed: who has the file alone cannot even tell
whether a text that he guesses was asked about.
"""

from __future__ import annotations

import hmac
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from huixiang.channels.contract import Fault

SEVERAL = ""  # in the place of the text of an answer that is about several, such as the name of a topic
_AT_ONCE = 500  # keys in one SELECT
_FORM = 1  # of the file; answers of an earlier form stood under hashes without a key, and go
_TABLES = (
    "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, text TEXT NOT NULL, service TEXT NOT NULL,"
    " model TEXT NOT NULL, day TEXT NOT NULL, answer BLOB) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS answers_of_a_text ON answers (text)",
    "CREATE TABLE IF NOT EXISTS spent (service TEXT, day TEXT, requests INTEGER NOT NULL, tokens INTEGER NOT NULL,"
    " PRIMARY KEY (service, day)) WITHOUT ROWID",
)


class Spent(NamedTuple):
    """Requests and tokens; estimated where the server did not count."""

    requests: int = 0
    tokens: int = 0


class Said(NamedTuple):
    """What was answered to a question, by its own key; about which text, or SEVERAL. None: no answer counted."""

    key: str
    text: str
    answer: bytes | None


def key_of(masking_key: str) -> bytes:
    """The ledger's own key; the masking key cannot be told from it."""
    return hmac.digest(masking_key.encode(), b"huixiang plugins ledger v1", "sha256")


class Ledger:
    """Answers and spending. Threads may share one; processes each open their own on the same file.

    Raises Fault where the file cannot be used; it may be deleted, which forgets all answers and today's spending.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key, self._lock = path, key, threading.Lock()
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            os.chmod(path, 0o600)
            self._db = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
        with self._writing():
            if self._db.execute("PRAGMA user_version").fetchone()[0] < _FORM:
                self._db.execute("DROP TABLE IF EXISTS answers")
                self._db.execute(f"PRAGMA user_version = {_FORM}")
            for table in _TABLES:
                self._db.execute(table)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def answers(self, keys: Sequence[str]) -> dict[str, bytes | None]:
        """What is kept under these keys; None: it was asked, and no answer counted."""
        found: dict[str, bytes | None] = {}
        named = {self._keyed("question", key): key for key in keys}
        with self._lock, self._told():
            for some in _portions(list(named)):
                sql = f"SELECT key, answer FROM answers WHERE key IN ({_places(some)})"  # noqa: S608
                found.update((named[key], answer) for key, answer in self._db.execute(sql, some))
        return found

    def keep(self, service: str, model: str, day: date, answers: Iterable[Said]) -> None:
        """What was answered on a day."""
        rows = [
            (self._keyed("question", key), self._about(text), service, model, day.isoformat(), answer)
            for key, text, answer in answers
        ]
        with self._writing():
            self._db.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forget(self, service: str) -> int:
        """Ask anew from now on; how many answers were thrown away?"""
        with self._writing():
            return self._db.execute("DELETE FROM answers WHERE service = ?", (service,)).rowcount

    def forget_texts(self, texts: Iterable[str]) -> int:
        """Throw away what was answered about these texts, and about several at once; how many answers?

        What is about several may quote any of them: it is asked anew when somebody wants it.
        """
        wanted = [SEVERAL, *{self._about(text) for text in texts}]
        gone = 0
        with self._writing():
            for some in _portions(wanted):
                gone += self._db.execute(f"DELETE FROM answers WHERE text IN ({_places(some)})", some).rowcount  # noqa: S608
        with self._lock, self._told():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log holds former pages
        return gone

    def forget_before(self, day: date) -> int:
        """Throw away what was answered, and forget what was spent, before a day; how many answers?"""
        with self._writing():
            self._db.execute("DELETE FROM spent WHERE day < ?", (day.isoformat(),))
            return self._db.execute("DELETE FROM answers WHERE day < ?", (day.isoformat(),)).rowcount

    def kept(self, service: str) -> int:
        with self._lock, self._told():
            return int(self._db.execute("SELECT count(*) FROM answers WHERE service = ?", (service,)).fetchone()[0])

    def spent(self, service: str, day: date) -> Spent:
        with self._lock, self._told():
            return self._spent(service, day)

    def reserve(self, service: str, day: date, tokens: int, within: Spent) -> bool:
        """Count one request and so many tokens, unless the day's budget does not hold them.

        Counted before it is sent: a process killed meanwhile has spent too much on paper, never in truth.
        """
        with self._writing():
            now = self._spent(service, day)
            if now.requests + 1 > within.requests or now.tokens + tokens > within.tokens:
                return False
            self._add(service, day, 1, tokens)
            return True

    def settle(self, service: str, day: date, tokens: int) -> None:
        """What the server counted, less what was reserved."""
        with self._writing():
            self._add(service, day, 0, tokens)

    def _about(self, text: str) -> str:
        return self._keyed("text", text.strip()) if text.strip() else SEVERAL

    def _keyed(self, kind: str, content: str) -> str:
        return hmac.digest(self._key, f"{kind}\n{content}".encode(), "sha256").hex()

    def _add(self, service: str, day: date, requests: int, tokens: int) -> None:
        self._db.execute(
            "INSERT INTO spent VALUES (?, ?, ?, ?) ON CONFLICT (service, day) DO UPDATE SET"
            " requests = requests + excluded.requests, tokens = max(0, tokens + excluded.tokens)",
            (service, day.isoformat(), requests, tokens),
        )

    def _spent(self, service: str, day: date) -> Spent:
        found = self._db.execute(
            "SELECT requests, tokens FROM spent WHERE service = ? AND day = ?", (service, day.isoformat())
        ).fetchone()
        return Spent(*found) if found else Spent()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise Fault("外接模型的账本“%(path)s”不能使用（%(reason)s）", path=self._path, reason=reason) from None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _portions(keys: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(keys), _AT_ONCE):
        yield keys[begin : begin + _AT_ONCE]


def _places(keys: list[str]) -> str:
    return ",".join("?" * len(keys))
