"""How is LimeSurvey's XML read? As the tables it is made of, with nothing switched on that reaches beyond the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from huixiang.channels.contract import Fault, quoted

MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; `line`: where it begins in the file."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    def number(self, name: str) -> int:
        """0 where there is none: LimeSurvey itself leaves orders out."""
        return int(text) if re.fullmatch(r"-?\d{1,9}", text := self[name].strip()) else 0


@dataclass(frozen=True, slots=True)
class Tables:
    """The whole file."""

    kind: str  # "Survey", "Question", "Group"
    languages: tuple[str, ...]
    tables: dict[str, list[Line]] = field(default_factory=dict)

    _by: dict[tuple[str, str], dict[str, list[Line]]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> list[Line]:
        return self.tables.get(name, [])

    def having(self, name: str, column: str, value: str) -> list[Line]:
        """The rows of a table that hold this; looked up, not searched: a file may have tens of thousands of each."""
        if (found := self._by.get((name, column))) is None:
            found = self._by[name, column] = {}
            for line in self[name]:
                found.setdefault(line[column], []).append(line)
        return found.get(value, [])


def parsed(data: bytes, name: str) -> Tables:
    """The tables of a .lss or .lsq. Raises Fault for anything else, with line and column for what is no XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Fault(
            "“%(name)s”第 %(line)s 行第 %(at)s 列处不是完好的 XML；请从 LimeSurvey 重新导出",
            name=quoted(name), line=line, at=column,
        ) from None  # fmt: skip
    if root.getroottree().docinfo.doctype:
        raise Fault("“%(name)s”里有 DOCTYPE 声明，LimeSurvey 从不这样写；为安全起见没有读", name=quoted(name))
    kind = (root.findtext("LimeSurveyDocType") or "").strip()
    if root.tag != "document" or not kind:
        raise Fault("“%(name)s”不是 LimeSurvey 的导出文件（没有 LimeSurveyDocType）", name=quoted(name))
    languages = tuple(text for each in root.iterfind("languages/language") if (text := (each.text or "").strip()))
    return Tables(kind, languages, {str(each.tag): list(_lines(each, name)) for each in root if len(each)})


def _lines(table: etree._Element, name: str) -> Iterator[Line]:
    for count, row in enumerate(table.iterfind("rows/row")):
        if count >= MOST_ROWS:
            raise Fault("“%(name)s”的表超过 %(most)s 行，没有读", name=quoted(name), most=MOST_ROWS)
        yield Line(row.sourceline or 0, {str(cell.tag): cell.text or "" for cell in row})
