"""By which matters, kinds and risks does this bank read? The product's rule books, or the bank's own by a path.

HUIXIANG_TAXONOMY, HUIXIANG_KINDS and HUIXIANG_RISKS name TOML files, HUIXIANG_OPINION_WORDS a text of words by section.
It needs no settings, since the helper process of an import and `huixiang understand` run without Django.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from huixiang.channels.contract import Fault, marked
from huixiang.domain.understanding.book import BOOKS, Book, BookError, Problem, parse, shipped
from huixiang.domain.understanding.opinions.dictionary import Dictionary
from huixiang.domain.understanding.reading import Reader

VARIABLES = {book: f"HUIXIANG_{book.upper()}" for book in BOOKS}
OPINION_WORDS = "HUIXIANG_OPINION_WORDS"

# What is wrong → how it is said. Every sentence ends with what to do about it.
_SAID = {
    "toml": marked("不能作为 TOML 读取：%(error)s。请按提示的行列改正。"),
    "unknown_table": marked("不认识的表“%(key)s”：只有 [book]、[strength] 与 [[node]]。请删去或改名。"),
    "no_nodes": marked("没有任何 [[node]]。请至少写一个节点，或用 huixiang taxonomy export 取自带的版本来改。"),
    "missing": marked("缺少“%(key)s”，或为空。请补上。"),
    "which_book": marked("book = “%(found)s”不认识。请写 %(known)s 之一。"),
    "unknown_key": marked("不认识的键“%(key)s”。请对照自带的文件改名或删去。"),
    "strength": marked("强度 %(key)s = %(found)s 不行。请写 0 与 1 之间的小数，如 0.7。"),
    "not_a_table": marked("不是一个节点。请写成 [[node]]，其下每行一个键。"),
    "type": marked(
        "“%(key)s”的值“%(found)s”类型不对，应为 %(wanted)s：文字加引号，日期写 2026-01-01 不加引号，词写成列表。"
    ),
    "word_twice": marked("“%(word)s”写了两次。请只留一处。"),
    "pattern_brackets": marked("“%(word)s”的括号不成对或套了括号。请写成 (甲|乙)，不套用。"),
    "pattern_empty": marked("“%(word)s”有空的部分。请检查“…”两边与“|”两边都有字。"),
    "pattern_wordings": marked("“%(word)s”代表的说法太多。请拆成几条。"),
    "code_form": marked("编码只能用字母、数字、下划线，以点分层，如 C.pricing。请改写。"),
    "parent": marked("上级节点“%(parent)s”不存在。请补上它，或改编码。"),
    "dates": marked("失效日 %(until)s 不晚于生效日 %(since)s。请改正日期。"),
    "code_twice": marked("同一时间有两个节点用这个编码。请改编码，或让日期不重叠。"),
    "kind": marked("没有这种性质。请写 %(known)s 之一。"),
    "kind_missing": marked("六种性质缺了这一种。请补上。"),
    "level": marked("等级“%(found)s”不认识。请写 %(known)s 之一。"),
    "example": marked("例句“%(text)s”没有被识别。请补充词语，或改例句。"),
    "counterexample": marked("反例“%(text)s”被误认，因为“%(why)s”。请用 unless 排除，或改反例。"),
    "unsure": marked("尚未核实：%(unsure)s。请贵行核对后删去 unsure。"),
    "one_character": marked("“%(word)s”只有一个字，几乎处处出现。请写长些，或放进 hint。"),
    "no_words": marked("没有任何词语，自动分类永远不会用到它。如是有意，可不理会。"),
}


def faults(name: str, problems: Iterable[Problem]) -> list[Fault]:
    """The problems of a book in words: file, node, what is wrong, what to do."""
    return [
        Fault(
            "“%(name)s” %(node)s：%(said)s",
            name=name,
            node=problem.node or "—",
            said=Fault(_SAID[problem.reason], **dict[str, Any](problem.values)),
        )
        for problem in problems
    ]


def book(name: str, day: date | None = None) -> Book:
    """The book as it holds on a day, of the bank's own where one is named. Raises Fault with the first problem."""
    path = os.environ.get(VARIABLES[name], "").strip()
    found = read(Path(path), name) if path else shipped(name)
    return found.on(day) if day else found


def refuse_broken() -> None:
    """Raises Fault where the environment names a book that cannot be used; costs nothing where it names none."""
    for name, variable in VARIABLES.items():
        if os.environ.get(variable, "").strip():
            book(name)
    opinion_words()


def opinion_words(path: Path | None = None) -> str:
    """The bank's own banks, products, aspects and opinion words: a path, or what the environment names; else none.

    Raises Fault where the file cannot be read, or has a section that is none of ours.
    """
    named = path or os.environ.get(OPINION_WORDS, "").strip()
    if not named:
        return ""
    text = text_of(Path(named))
    try:
        Dictionary.shipped(text)
    except ValueError as error:
        raise Fault("词典“%(file)s”里的分节%(error)s。", file=Path(named).name, error=error) from error
    return text


def read(path: Path, wanted: str | None = None) -> Book:
    """The book in a file. Raises Fault where it cannot be read, or is another book than the one wanted."""
    try:
        found = parse(text_of(path))
    except BookError as error:
        raise faults(path.name, error.problems)[0] from error
    if wanted and found.book != wanted:
        raise Fault(
            "“%(file)s”是 %(its)s，这里要的是 %(wanted)s。请换一个文件，或改 [book] 的 book。",
            file=path.name,
            its=found.book,
            wanted=wanted,
        )
    return found


def text_of(path: Path) -> str:
    """The text of a file. Raises Fault where there is none, or not in UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("“%(file)s”不是 UTF-8 编码：请另存为 UTF-8 后再试。", file=path.name) from None
    except OSError as error:
        raise Fault("无法读写“%(name)s”：%(reason)s", name=str(path), reason=error.strerror) from error


def today() -> date:
    """Which day is it at the bank?"""
    return datetime.now(ZoneInfo(os.environ.get("HUIXIANG_TIME_ZONE", "").strip() or "Asia/Shanghai")).date()


def reader(day: date, **paths: Path | None) -> Reader:
    """Who reads by the bank's books as they hold on a day; `paths` go before what the environment names."""
    books = {name: read(path, name).on(day) if (path := paths.get(name)) else book(name, day) for name in BOOKS}
    return Reader(**books)
