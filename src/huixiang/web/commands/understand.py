"""What do the texts of a file say? `huixiang understand FILE --out OUT.jsonl` tells, without a database."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from huixiang.apps.feedback import rulebooks
from huixiang.channels import mapped
from huixiang.channels.contract import Fault, Refused, Row
from huixiang.channels.tables import Layout
from huixiang.domain.feedback import Channel
from huixiang.domain.understanding.contract import Opinion, Understanding
from huixiang.domain.understanding.duplicates import COMMON, COMPARED, alike
from huixiang.domain.understanding.opinions.reading import Opinions
from huixiang.domain.understanding.opinions.reading import Reader as SpanReader
from huixiang.domain.understanding.sentiment import Model
from huixiang.domain.understanding.understander import KindModel, RiskModel, TopicModel, Understander
from huixiang.web.bilingual import both_of
from huixiang.web.model_files import FILE, SPANS, load_any, load_spans

if TYPE_CHECKING:
    from huixiang.web.commands.suggesting import Suggesting
    from huixiang.web.commands.understand_there import There

BATCH = 500
FAULTS_TOLD = 5  # the rest is counted; each stands in its own line of the result besides


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="CSV、TSV、JSONL、JSON 或 XLSX 文件 / a CSV, TSV, JSONL, JSON or XLSX file",
    )
    parser.add_argument(
        "--text-column", default="text", metavar="NAME", help="文本所在列 / the column of the text (text)"
    )
    parser.add_argument(
        "--out",
        required=True,
        metavar="OUT",
        help="结果文件（JSONL，与数据行一一对应；duplicate_of 是从 1 数起的行次），- 为标准输出"
        " / the result, one line a row of data; duplicate_of counts these from 1; - for stdout",
    )
    parser.add_argument(
        "--model",
        metavar="DIR",
        action="append",
        default=[],
        help="用 huixiang models train 训练的情感、性质、主题、风险或评价模型，或 ONNX 文件，可各给一个，缺省用自带规则"
        " / a trained model (sentiment, kind, topics, risks, opinions), one of each, or an ONNX file; else the rules",
    )
    parser.add_argument(
        "--llm",
        action="store_true",
        help="另附外接模型的建议（HUIXIANG_LLM_URL），只送出脱敏后的文本"
        " / with suggestions of the outside model, which gets masked text only",
    )
    parser.add_argument(
        "--opinion-words", type=Path, metavar="FILE", help="自有评价词典，分节 / own banks, products, aspects, opinions"
    )
    for book, told in (("taxonomy", "分类树 / the tree of matters"), ("risks", "风险规则 / the book of risks")):
        variable = rulebooks.VARIABLES[book]
        parser.add_argument(f"--{book}", type=Path, metavar="TOML", help=f"{told} ({variable})")
    parser.add_argument(
        "--channel",
        choices=[str(each) for each in Channel],
        help="文本来自哪个渠道；缺省由用词判断是不是客户间的闲谈 / by which channel they came; else their words decide"
        " whether customers talk among themselves",
    )
    parser.add_argument(
        "--engine",
        metavar="MASTER",
        help="在集群上理解，如 spark://主机:7077 / on a Spark cluster, e.g. spark://host:7077",
    )
    parser.add_argument("--dictionary", type=Path, metavar="WORDS", help="自有词典，每行一词 / words that stay whole")


def run(args: argparse.Namespace) -> int:
    """0 when the file was read to its end; 2, with the reason on stderr, when it cannot be read at all."""
    account = Account()
    try:
        _understand(args, account)
    except BrokenPipeError:  # whoever read our output has seen enough
        raise
    except Fault as fault:
        return _refuse(fault)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            return _refuse(Fault("没有“%(name)s”这个文件或目录", name=error.filename))
        return _refuse(Fault("无法读写“%(name)s”：%(reason)s", name=error.filename, reason=error.strerror))
    account.tell()
    return 0


def _refuse(fault: Fault) -> int:
    print(f"错误 / error: {both_of(fault)}", file=sys.stderr)
    return 2


class Account:
    """What became of the rows; what could not be read is named by its place."""

    def __init__(self) -> None:
        self.rows = self.copies = self.faulty = 0
        self._told: list[str] = []

    def refuse(self, fault: Fault) -> None:
        self.faulty += 1
        if len(self._told) < FAULTS_TOLD:
            self._told.append(both_of(fault))

    def tell(self) -> None:
        print(f"\r完成：{self.rows:,} 行，其中 {self.copies:,} 行与之前的某行说法相同。", file=sys.stderr)
        print(f"done: rows {self.rows:,}, alike to an earlier one {self.copies:,}", file=sys.stderr)
        if self.faulty:
            print(f"另有问题的 {self.faulty:,} 行已在结果中以 error 标明：", file=sys.stderr)
            print(f"with a fault {self.faulty:,}, each marked by `error` in the result:", file=sys.stderr)
            print("\n".join(f"  {told}" for told in self._told), file=sys.stderr)


def _understand(args: argparse.Namespace, account: Account) -> None:
    if args.out != "-" and Path(args.out).exists() and Path(args.out).samefile(args.file):
        raise Fault("结果文件不能就是输入文件“%(file)s”。", file=args.file.name)
    rows = rows_of(args.file, args.text_column)
    size = 40 * BATCH if args.engine else BATCH
    batch = list(islice(rows, size))
    with ExitStack() as stack:
        llm = stack.enter_context(_outside(args)) if args.llm else None
        reader, seen, progress = _reader(args), Seen(), _Progress()
        out = stack.enter_context(_result(args.out))
        while batch:
            texts = [row.fields.get(args.text_column, "") for row in batch]
            addressed = [Channel(args.channel).is_to_the_bank] * len(texts) if args.channel else []
            understood = reader.read(texts, addressed)
            suggested = llm.read([each.masked for each in understood]) if llm else [None] * len(batch)
            for row, understanding, suggestion in zip(batch, understood, suggested, strict=True):
                account.rows += 1
                original = seen.first_like(account.rows, understanding)
                account.copies += original is not None
                fault = _fault(row, args.text_column)
                if fault:
                    account.refuse(fault)
                out.write(_line(understanding, original, fault, suggestion))
            progress.show(account.rows)
            batch = list(islice(rows, size))


def _outside(args: argparse.Namespace) -> Suggesting:
    from huixiang.web.commands.suggesting import Suggesting  # only here is a network needed

    return Suggesting(args.taxonomy, args.risks)


def _reader(args: argparse.Namespace) -> Understander | There:
    if not args.engine:
        return understander(args)
    from huixiang.web.commands.understand_there import There  # only here is a cluster needed

    return There(args, understander)


def understander(args: argparse.Namespace) -> Understander:
    reader = rulebooks.reader(rulebooks.today(), taxonomy=args.taxonomy, risks=args.risks)
    models = _models(args.model)
    return Understander(
        _words(args.dictionary),
        reader,
        sentiments=models.sentiments,
        kinds=models.kinds,
        topics=models.topics,
        risks=models.risks,
        opinions=Opinions(rulebooks.opinion_words(args.opinion_words), models.opinions),
    )


def rows_of(path: Path, *wanted: str) -> Iterator[Row | Refused]:
    """The rows of the file by its form; a Fault where no row has one of the columns."""
    if not path.stat().st_size:
        raise Fault("“%(file)s”是空文件。", file=path.name)
    rows = mapped.READERS[mapped.kind(path)](path, Layout())
    first = list(islice(rows, BATCH))
    columns = list(dict.fromkeys(name for row in first for name in row.fields if not name.startswith("__")))
    for column in wanted:
        if column in columns:
            continue
        reason = next((str(row.fault) for row in first if isinstance(row, Refused)), "") if not columns else ""
        raise Fault(
            "找不到列“%(wanted)s”。文件里的列：%(columns)s。请用 --text-column 指定文本所在列。%(reason)s",
            wanted=column,
            columns="、".join(columns[:50]) or "（无）",
            reason=reason,
        )
    yield from first
    yield from rows


def _fault(row: Row | Refused, column: str) -> Fault | None:
    if isinstance(row, Refused):
        return row.fault
    if column in row.fields:
        return None
    return Fault("第 %(row)s 行没有“%(column)s”；按空文本处理", row=row.number, column=column)


def _words(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        return path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Fault("词典“%(file)s”不是 UTF-8 编码：请另存为 UTF-8 后再试。", file=path.name) from None


class _Models(NamedTuple):
    """The trained models that take the place of what comes with the product."""

    sentiments: Model | None = None
    topics: TopicModel | None = None
    kinds: KindModel | None = None
    risks: RiskModel | None = None
    opinions: SpanReader | None = None


def _models(folders: Sequence[str]) -> _Models:
    found = _Models()
    for folder in folders:
        if (Path(folder) / SPANS).exists():
            found = _with(found, "opinions", load_spans(folder), folder)
            if not (Path(folder) / FILE).exists():
                continue  # a folder of opinions alone leaves sentiment to the rules
        # Their libraries take a second to load: only when asked for.
        from huixiang.domain.understanding.learned.kinds import Kinds
        from huixiang.domain.understanding.learned.risks import Risks
        from huixiang.domain.understanding.learned.sentiments import Learned
        from huixiang.domain.understanding.learned.topics import Topics

        model = load_any(folder)
        parts: dict[str, tuple[str, Any]] = {
            "topics": ("topics", Topics),
            "kind": ("kinds", Kinds),
            "risks": ("risks", Risks),
        }
        part, reads = parts.get(model.task, ("sentiments", Learned))
        try:
            read = reads(model)
        except ValueError as error:
            raise Fault("“%(folder)s”不能判断情感：%(error)s。", folder=folder, error=error) from error
        found = _with(found, part, read, folder)
    return found


def _with(found: _Models, part: str, model: Any, folder: str) -> _Models:
    if getattr(found, part) is not None:
        raise Fault("“%(folder)s”：%(task)s 模型只能给一个。", folder=folder, task=part)
    return found._replace(**{part: model})


@contextmanager
def _result(out: str) -> Iterator[TextIO]:
    """Standard output; or a file that takes its name only when it is whole, so that an earlier one is not lost."""
    if out == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    part = Path(f"{out}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            yield file
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def _opinion(said: Opinion) -> dict[str, object]:
    spans = {name: [start, end] for name, start, end in said.spans}
    told = {name: getattr(said, name) for name in ("bank", "product", "aspect", "opinion", "polarity")}
    return told | {"spans": spans}


def _line(
    understanding: Understanding, original: int | None, fault: Fault | None, suggestion: dict[str, Any] | None
) -> str:
    negative, positive = round(understanding.sentiment.negative, 4), round(understanding.sentiment.positive, 4)
    row: dict[str, Any] = {
        "masked": understanding.masked,
        "sentiment": {
            "label": understanding.sentiment.label,
            "negative": negative,
            "neutral": round(1 - negative - positive, 4),
            "positive": positive,
        },
        "opinions": [_opinion(each) for each in understanding.opinions],
        "words": understanding.words,
        "topics": [
            {"code": topic.code, "probability": round(topic.probability, 4), "why": topic.why}
            for topic in understanding.topics
        ],
        "topics_unknown": understanding.topics_unknown or None,
        "kind": understanding.kind.code,
        "kind_probability": round(understanding.kind.probability, 4),
        "risk": [
            {"code": risk.code, "level": risk.level, "probability": round(risk.probability, 4), "why": risk.why}
            for risk in understanding.risks
        ],
        "duplicate_of": original,
    }
    if suggestion:
        row["suggested"] = suggestion
    if fault:
        row["error"] = str(fault)
    # A lone surrogate out of broken JSON has no UTF-8 form.
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8") + "\n"


class Seen:
    """Which earlier row says the same? As `duplicates.Copies`, in a temporary SQLite file: memory stays flat.

    The bounds are the same: a band of more than COMMON texts, none of which is a copy of another, tells nothing, and of
    the rest the COMPARED that share most bands are compared.
    """

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
        filed = {band: self._filed(band) for band in bands}
        votes: dict[int, int] = {}
        for rows in filed.values():
            for earlier in rows if len(rows) <= COMMON else ():
                votes[earlier] = votes.get(earlier, 0) + 1
        nearest = sorted(sorted(votes, key=lambda earlier: (-votes[earlier], earlier))[:COMPARED])
        places = ",".join("?" * len(nearest))
        texts = self._db.execute(f"SELECT row, normal FROM texts WHERE row IN ({places}) ORDER BY row", nearest)  # noqa: S608
        original = next((int(earlier) for earlier, text in texts if alike(text, normal)), None)
        if original is None and bands:
            self._db.execute("INSERT INTO texts VALUES (?, ?)", (row, normal))
            new = [(band, row) for band, rows in filed.items() if len(rows) <= COMMON]
            self._db.executemany("INSERT INTO bands VALUES (?, ?)", new)
        return original

    def _filed(self, band: int) -> list[int]:
        found = self._db.execute("SELECT row FROM bands WHERE band = ? LIMIT ?", (band, COMMON + 1))
        return [row for (row,) in found]


class _Progress:
    """One line on stderr, rewritten twice a second at most, and only where a person looks on."""

    def __init__(self) -> None:
        self._started = self._shown = time.monotonic()

    def show(self, count: int) -> None:
        now = time.monotonic()
        if sys.stderr.isatty() and now - self._shown >= 0.5:
            self._shown = now
            pace = count / (now - self._started)
            print(f"\r已理解 {count:,} 行，每秒 {pace:,.0f} 行 / rows, {pace:,.0f} a second", end="", file=sys.stderr)
