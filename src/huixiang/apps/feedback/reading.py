"""How is a file of any length read in bounded memory? In stretches, each of which becomes one batch."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from huixiang.apps.feedback.admission import Gate, NotAdmitted
from huixiang.apps.feedback.classification import Told
from huixiang.channels.contract import CallFormat, Defaults, Fact, Fault, Format, Meter, Refused, Row, Unfinished
from huixiang.domain.feedback import Record
from huixiang.domain.hotline import Stay
from huixiang.domain.tiers import SHIPPED, Tiers

log = logging.getLogger(__name__)
ROWS = 5_000  # about 14 KB each while two stretches are on their way
# Long texts make shorter stretches. With its words, masked and normal forms and the columns of the lake, each character
# read holds about 100 bytes until its stretch is written; a cell holds as much as some characters, however short it is.
CHARACTERS, CELL = 1_500_000, 8
UNLISTED = "客户等级"


@dataclass(slots=True)
class Stretch:
    """Some rows of a file in order: the records read from them, and the rows that could not be read."""

    rows_read: int  # from the file's start to this stretch's end
    share: float | None = None  # of the file, likewise; None: the format cannot know
    entries: list[Told[Any]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    passed: int = 0  # rows that tell nothing to count, see Unfinished

    @property
    def size(self) -> int:
        return len(self.entries) + len(self.refused)


@dataclass(frozen=True, slots=True)
class Reader:
    """A format, what the importing person knows, and who is let in: the same for rows of a file and mended ones."""

    format: Format | CallFormat
    defaults: Defaults
    gate: Gate
    key: bytes  # of the hashes by which voices are known
    tiers: Tiers = SHIPPED  # the bank's list of its customers' classes

    def entry(self, row: Row) -> Told[Any]:
        kept = row.fields if self.gate.scope is not None else None  # it may turn out to be another unit's voice
        return Told.of(row.number, self.record(row), self.key, kept)

    def record(self, row: Row) -> Record | Stay | Fact:
        """Raises Fault: also for what nobody foresaw, so that one odd row never ends an import or a preview."""
        try:
            record = self._classed(self.format.record(row, self.defaults))
            self._admit(record, row)
            return record
        except Fault:
            raise
        except Exception as failure:
            kind = _logged(failure)  # without the row's content: it may be a person's
            raise Fault("第 %(row)s 行无法读取（%(kind)s）；请核对这一行的内容", row=row.number, kind=kind) from None

    def _classed(self, record: Record | Stay | Fact) -> Record | Stay | Fact:
        """A class that the list does not hold stays with the voice's further facts, and counts as unknown."""
        if not isinstance(record, Record) or not record.tier:  # of a guest it is something else
            return record
        if code := self.tiers.code_of(record.tier):
            return replace(record, tier=code)
        return replace(record, tier="", extra={**record.extra, self.gate.columns.get("tier", UNLISTED): record.tier})

    def _admit(self, record: Record | Stay | Fact, row: Row) -> None:
        try:
            self.gate.check(record, row.number)
        except NotAdmitted as fault:
            fault.voice_id = record.voice_id(self.key)
            raise

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        """The file's rows. Raises Fault, also for what nobody foresaw, and OSError."""
        try:
            yield from self.format.rows(path, meter)
        except (Fault, OSError):
            raise
        except Exception as failure:
            kind = _logged(failure)
            raise Fault("文件“%(name)s”无法读取（%(kind)s）；请另存为 CSV 后重试", name=path.name, kind=kind) from None

    def stretches(self, path: Path, skip: int = 0, meanwhile: Callable[[], None] = lambda: None) -> Iterator[Stretch]:
        """All rows after the first `skip`. Cut by counts of rows and characters alone: a second reading cuts alike."""
        stretch, characters, meter = Stretch(skip), 0, Meter()
        for number, row in enumerate(self.rows(path, meter), 1):
            if number <= skip:
                meanwhile()
                continue
            stretch.rows_read = number
            characters += CELL * len(row.fields) + sum(map(len, row.fields.values()))
            self._take(stretch, row)
            if stretch.size + stretch.passed >= ROWS or characters >= CHARACTERS:
                stretch.share = meter.share
                yield stretch
                stretch, characters = Stretch(number), 0
        if stretch.size or stretch.passed:
            stretch.share = meter.share
            yield stretch

    def _take(self, stretch: Stretch, row: Row | Refused) -> None:
        if isinstance(row, Refused):
            stretch.refused.append(row)
            return
        try:
            stretch.entries.append(self.entry(row))
        except Unfinished:
            stretch.passed += 1
        except Fault as fault:
            stretch.refused.append(Refused(row.number, fault, row.fields))


def _logged(failure: Exception) -> str:
    """The kind of failure and its place in our code. Its message is left out: it may quote the row."""
    where = failure.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else ""
    log.error("could not read a row: %s at %s", type(failure).__name__, place)
    return type(failure).__name__


def fingerprint(path: Path, meanwhile: Callable[[], None] = lambda: None) -> tuple[str, int]:
    """Is it the same file, or folder of files? SHA-256 and size in bytes."""
    hasher, size = hashlib.sha256(), 0
    for place in _files(path) if path.is_dir() else [path]:
        if place != path:
            named = f"\0{place.relative_to(path)}\0{place.stat().st_size}\0"
            hasher.update(named.encode("utf-8", "surrogateescape"))
        with place.open("rb") as file:
            while chunk := file.read(1 << 20):
                hasher.update(chunk)
                size += len(chunk)
                meanwhile()
    return hasher.hexdigest(), size


def _files(folder: Path) -> list[Path]:
    return sorted(place for place in folder.rglob("*") if place.is_file() and not place.is_symlink())
