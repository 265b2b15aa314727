"""What do the texts of a file say? `huixiang understand FILE --out OUT.jsonl` tells, without a database."""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import TextIO

from huixiang.channels.contract import Fault
from huixiang.domain.understanding.contract import Understanding
from huixiang.domain.understanding.duplicates import alike
from huixiang.domain.understanding.understander import Understander

BATCH = 500
LONGEST_CELL = 16 * 1024 * 1024  # characters
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",\t;|"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV、TSV 或 JSONL 文件 / a CSV, TSV or JSONL file")
    parser.add_argument(
        "--text-column", default="text", metavar="NAME", help="文本所在列 / the column of the text (text)"
    )
    parser.add_argument(
        "--out", required=True, metavar="OUT", help="结果文件（JSONL），- 为标准输出 / the result, - for stdout"
    )
    parser.add_argument("--dictionary", type=Path, metavar="WORDS", help="自有词典，每行一词 / words that stay whole")


def run(args: argparse.Namespace) -> int:
    """0 when every row was understood; 2, with the reason on stderr, when the file cannot be read."""
    try:
        count, copies = _understand(args)
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        return 0
    except Fault as fault:
        print(f"错误：{fault}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"错误：无法读写“{error.filename}”：{error.strerror}。", file=sys.stderr)
        return 2
    print(f"\r完成：{count:,} 行，其中 {copies:,} 行与之前的某行说法相同。", file=sys.stderr)
    return 0


def _understand(args: argparse.Namespace) -> tuple[int, int]:
    if args.out != "-" and Path(args.out).exists() and Path(args.out).samefile(args.file):
        raise Fault("结果文件不能就是输入文件“%(file)s”。", file=args.file.name)
    texts = _texts(args.file, args.text_column)
    first = list(islice(texts, BATCH))  # a file that cannot be read leaves an earlier result as it was
    words = args.dictionary.read_text("utf-8-sig").splitlines() if args.dictionary else ()
    understander, seen, count, copies = Understander(words), Seen(), 0, 0
    progress = _Progress()
    out: TextIO
    with nullcontext(sys.stdout) if args.out == "-" else open(args.out, "w", encoding="utf-8") as out:
        batch = first
        while batch:
            for understanding in understander.read(batch):
                count += 1
                original = seen.first_like(count, understanding)
                copies += original is not None
                out.write(_line(understanding, original))
            progress.show(count)
            batch = list(islice(texts, BATCH))
        out.flush()
    return count, copies


def _line(understanding: Understanding, original: int | None) -> str:
    negative, positive = round(understanding.sentiment.negative, 4), round(understanding.sentiment.positive, 4)
    row = {
        "masked": understanding.masked,
        "sentiment": {
            "label": understanding.sentiment.label,
            "negative": negative,
            "neutral": round(1 - negative - positive, 4),
            "positive": positive,
        },
        "words": understanding.words,
        "phrases": understanding.phrases,
        "duplicate_of": original,
    }
    # A lone surrogate out of broken JSON has no UTF-8 form.
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8") + "\n"


class Seen:
    """Which earlier row says the same? In a temporary SQLite file, so that memory stays flat for millions of rows."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # the empty name: a file SQLite deletes by itself
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072;"
            "CREATE TABLE texts (row INTEGER PRIMARY KEY, normal TEXT);"
            "CREATE TABLE bands (band INTEGER, row INTEGER, PRIMARY KEY (band, row)) WITHOUT ROWID; BEGIN;"
        )

    def first_like(self, row: int, understanding: Understanding) -> int | None:
        """The number of the first row alike, or None and the row is kept for those to come."""
        bands, normal = understanding.bands, understanding.normal.encode("utf-8", "replace").decode("utf-8")
        places = ",".join("?" * len(bands))
        found = self._db.execute(
            f"SELECT row, normal FROM texts WHERE row IN (SELECT row FROM bands WHERE band IN ({places})) ORDER BY row",  # noqa: S608
            bands,
        )
        original = next((earlier for earlier, text in found if alike(text, normal)), None)
        if original is None and bands:
            self._db.execute("INSERT INTO texts VALUES (?, ?)", (row, normal))
            self._db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, row) for band in bands])
        return int(original) if original is not None else None


class _Progress:
    """One line on stderr, rewritten twice a second at most, and only where a person looks on."""

    def __init__(self) -> None:
        self._started = self._shown = time.monotonic()

    def show(self, count: int) -> None:
        now = time.monotonic()
        if sys.stderr.isatty() and now - self._shown >= 0.5:
            self._shown = now
            print(f"\r已理解 {count:,} 行，每秒 {count / (now - self._started):,.0f} 行", end="", file=sys.stderr)


def _texts(path: Path, column: str) -> Iterator[str]:
    """The texts of a file in order, read as a stream."""
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xls", ".ods"):
        raise Fault("“%(file)s”是电子表格：请另存为 CSV（UTF-8）后再试。", file=path.name)
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        yield from _json_texts(stream, column) if suffix in (".jsonl", ".ndjson") else _csv_texts(stream, path, column)


def _encoding(path: Path) -> str:
    """Which encoding reads the whole file? By its mark, else UTF-8, else GB18030."""
    with path.open("rb") as stream:
        head = stream.read(3)
    if not head:
        raise Fault("“%(file)s”是空文件。", file=path.name)
    for mark, encoding in _BOMS.items():
        if head.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as stream:
                while stream.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise Fault("“%(file)s”既不是 UTF-8 也不是 GB18030 编码：请另存为 UTF-8 后再试。", file=path.name)


def _csv_texts(stream: TextIO, path: Path, column: str) -> Iterator[str]:
    csv.field_size_limit(LONGEST_CELL)
    head = stream.readline(LONGEST_CELL)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(_DELIMITERS, key=head.count)
    stream.seek(0)
    rows = csv.reader(stream, delimiter=delimiter)
    try:
        header = [name.strip() for name in next(rows, [])]
        place = _place(header, column)
        for row in rows:
            if row:
                yield row[place] if place < len(row) else ""
    except csv.Error as error:
        raise Fault("第 %(line)s 行读不了：%(reason)s。", line=rows.line_num, reason=error) from error


def _json_texts(stream: TextIO, column: str) -> Iterator[str]:
    checked = False
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Fault("第 %(line)s 行不是 JSON：%(reason)s。", line=number, reason=error) from error
        if not isinstance(row, dict):
            raise Fault('第 %(line)s 行不是 JSON 对象：每行应形如 {"text": "…"}。', line=number)
        if not checked:
            _place(list(row), column)
            checked = True
        value = row.get(column)
        yield "" if value is None else str(value)


def _place(columns: list[str], wanted: str) -> int:
    if wanted not in columns:
        raise Fault(
            "找不到列“%(wanted)s”。文件里的列：%(columns)s。请用 --text-column 指定文本所在列。",
            wanted=wanted,
            columns="、".join(columns[:50]) or "（无）",
        )
    return columns.index(wanted)
