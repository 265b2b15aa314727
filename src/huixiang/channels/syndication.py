"""What stands in this feed? RSS 0.9 to 2.0, Atom and JSON Feed become rows, item by item as the file streams by.

XML is read by lxml with everything off that reaches beyond the file: no DTD is loaded, nothing is fetched, and a feed
that declares entities of its own is refused, since no feed needs them and bombs are made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from lxml import etree

from huixiang.channels import dates, feeds, mapping_file, markup, xml_mending
from huixiang.channels.contract import RAW, ROW_KEY, Defaults, Fault, Meter, Refused, Row, marked
from huixiang.channels.recording import Recorder
from huixiang.channels.tables import KEPT, sound
from huixiang.domain.feedback import Channel, Record, digest

MAPPING = Path(__file__).with_name("mappings") / "feed.toml"
ID, FEED, TITLE, BODY, AT, AUTHOR, AUTHOR_ID = "编号", "来源", "标题", "正文", "时间", "作者", "作者地址"
LINK, TAGS, FILES, STARS, VERSION = "链接", "分类", "附件", "评分", "版本"
_HEAD = 1 << 12
_SAMPLE = 1 << 16  # bytes: a head may be all markup
_XML = re.compile(rb"<(?:rss|feed|(?:\w+:)?RDF)[\s>]", re.I)
_JSON = re.compile(r"jsonfeed\.org/version")
_SEPARATING = re.compile(r"[\s;；|，,]+")
# Local name → column; the first of them that says something counts. Local names, since namespaces are often wrong.
_SAID: dict[str, tuple[str, ...]] = {
    ID: ("guid", "id", "identifier"),
    TITLE: ("title",),
    BODY: ("encoded", "content", "description", "summary"),
    AT: ("pubDate", "published", "date", "updated"),
    AUTHOR: ("creator",),
    LINK: ("link",),
    STARS: ("rating",),
    VERSION: ("version",),
}


class FeedFormat:
    """Of the social channel unless told otherwise; an item's guid is its number within its feed."""

    name = "rss"
    title = marked("订阅源（RSS、Atom、JSON Feed）")
    suffixes: tuple[str, ...] = (".rss", ".atom", ".xml", ".json")

    def __init__(self) -> None:
        self._recorder = Recorder(mapping_file.parse(MAPPING.read_text("utf-8")))

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        with path.open("rb") as file:
            start = file.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start:
            raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=path.name)
        yield from _of_json(path, meter) if start[:1] == b"{" else _of_xml(path, meter)

    def record(self, row: Row, defaults: Defaults) -> Record:
        return self._recorder.record(row, replace(defaults, channel=defaults.channel or Channel.SOCIAL))


def is_feed(head: bytes) -> bool:
    """Does this file begin as a feed does?"""
    plain = head.replace(b"\0", b"")[:_HEAD]
    return bool(_XML.search(plain)) or bool(_JSON.search(plain.decode("utf-8", "replace")))


def _of_xml(path: Path, meter: Meter | None) -> Iterator[Row | Refused]:
    size, number, source = path.stat().st_size, 0, ""
    with path.open("rb") as file:
        if meter:
            meter.by(lambda: 1.0 if file.closed else file.tell() / size)
        try:
            for item in _items(file, path.name):
                number += 1
                source = source or _source(item)
                yield _row(number, _said(item), source)
                _forget(item)
        except etree.XMLSyntaxError as error:
            line, column = error.position
            fault = Fault(
                "第 %(row)s 条起，文件第 %(line)s 行第 %(place)s 个字符处不是合法的 XML，"
                "其后的内容未读；请重新获取完整的文件",
                row=number + 1,
                line=line,
                place=column,
            )
            if not number:
                raise fault from None
            yield Refused(number + 1, fault, {BODY: "", RAW: ""}, (BODY,))
    if not number and not source:
        _refuse_other(path)


def _items(file: Any, name: str) -> Iterator[Any]:
    """Items and entries as they end. Raises Fault where the feed declares entities."""
    encoding = xml_mending.encoding_of(file.read(_SAMPLE))
    file.seek(0)
    found = etree.iterparse(
        xml_mending.Mended(file),
        events=("start", "end"),
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        encoding=encoding,
    )
    is_checked = False
    try:
        for event, element in found:
            if not is_checked:
                is_checked = True
                _refuse_entities(element, name)
            if event == "end" and _is_item(element):
                yield element
    except etree.XMLSyntaxError:
        _refuse_broken(found.error_log)


def _refuse_broken(log: Any) -> None:
    """Raises XMLSyntaxError where the feed broke off. A prefix nobody declared is told as late, and breaks nothing."""
    for entry in log:
        if entry.level == etree.ErrorLevels.FATAL:
            raise etree.XMLSyntaxError(entry.message, entry.type, entry.line, entry.column)


def _refuse_entities(root: Any, name: str) -> None:
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise Fault("“%(name)s”自带实体声明（<!ENTITY>），为安全起见不读；请提供不带实体声明的订阅源", name=name)


def _refuse_other(path: Path) -> None:
    with path.open("rb") as file:
        if not is_feed(file.read(_HEAD)):
            raise Fault("“%(name)s”不是 RSS、Atom 或 JSON Feed 订阅源；请核对地址或文件", name=path.name)


def _local(element: Any) -> str:
    """The name without its namespace, or without a prefix that the feed forgot to declare."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _forget(item: Any) -> None:
    """What was read leaves the memory, however long the feed."""
    item.clear()
    parent = item.getparent()
    while parent is not None and item.getprevious() is not None and _is_item(item.getprevious()):
        del parent[parent.index(item.getprevious())]


def _is_item(element: Any) -> bool:
    return isinstance(element.tag, str) and _local(element) in {"item", "entry"}


def _source(item: Any) -> str:
    """Within what are this feed's numbers unique? Its own id or address, which stays when its title changes."""
    root = item.getroottree().getroot()
    around = [
        each
        for each in chain(root, *(each for each in root if isinstance(each.tag, str) and _local(each) == "channel"))
    ]
    named = {_local(each): each for each in reversed(around) if isinstance(each.tag, str) and not _is_item(each)}
    for name in ("id", "link", "title"):
        if name in named and (found := (named[name].text or named[name].get("href") or "").strip()):
            return str(found)[:200]
    return ""


def _said(item: Any) -> dict[str, str]:
    inner: dict[str, list[Any]] = {}
    for each in item:
        if isinstance(each.tag, str):
            inner.setdefault(_local(each), []).append(each)
    found = {column: _first(inner, names) for column, names in _SAID.items()}
    for author in inner.get("author", []):
        parts = {_local(each): _plain(each) for each in author if isinstance(each.tag, str)}
        found[AUTHOR] = found[AUTHOR] or parts.get("name", "") or _plain(author)
        found[AUTHOR_ID] = parts.get("uri", "")
    found[TAGS] = "\n".join(filter(None, (_plain(each) or each.get("term", "") for each in inner.get("category", []))))
    files = [
        each.get("url", "") for each in (*inner.get("enclosure", []), *inner.get("content", [])) if each.get("url")
    ]
    found[FILES] = "；".join(_SEPARATING.sub("_", each) for each in files)
    return found


def _first(inner: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    for name in names:
        for element in inner.get(name, []):
            if name == "link" and element.get("rel", "alternate") not in {"alternate", ""}:
                continue
            if said := _plain(element) or element.get("href", "" if name == "link" else None) or "":
                return str(said)
    return ""


def _plain(element: Any) -> str:
    """What an element says: its text, or the markup of XHTML inside it."""
    if not len(element):
        return str(element.text or "").strip()
    whole = etree.tostring(element, encoding="unicode", with_tail=False)
    return str(whole).strip()


def _row(number: int, said: dict[str, str], source: str) -> Row | Refused:
    fields = {column: value for column, value in said.items() if value}
    for name in (TITLE, BODY):
        text = fields.get(name, "")
        fields[name] = markup.text_of(text, keep_quotes=True) if markup.looks_like_markup(text) or "&" in text else text
    fields[ID] = fields.get(ID) or fields.get(LINK, "")
    moment = dates.mailed(fields.get(AT, "")) if fields.get(AT) else None
    fields[AT] = moment.isoformat(sep=" ") if moment else fields.get(AT, "")
    if not fields[ID]:
        del fields[ID]
        fields[ROW_KEY] = digest(fields[TITLE], fields[BODY], fields[AT])
    if source:
        fields[FEED] = source
    return sound(number, fields)


def _of_json(path: Path, meter: Meter | None) -> Iterator[Row | Refused]:
    about = {name: str(value) for _, (name, value) in _pairs(path, frozenset({"feed_url", "home_page_url", "title"}))}
    source = next(filter(None, map(about.get, ("home_page_url", "feed_url", "title"))), "")[:200]
    _refuse_other(path)
    for number, found in feeds.objects(path, frozenset({"items.item"}), meter=meter):
        yield found if isinstance(found, Refused) else _of_object(number, found[1], source)


def _pairs(path: Path, prefixes: frozenset[str]) -> Iterator[tuple[int, tuple[str, Any]]]:
    for number, found in feeds.objects(path, prefixes):
        if not isinstance(found, Refused):
            yield number, found


def _of_object(number: int, item: Any, source: str) -> Row | Refused:
    if not isinstance(item, dict):
        fault = Fault("第 %(row)s 行不是 JSON 对象（{…}）；每行应是一条记录", row=number)
        return Refused(number, fault, {BODY: "", RAW: str(item)[:KEPT]})
    authors = [each for each in item.get("authors") or [item.get("author")] if isinstance(each, dict)]
    files = [str(each.get("url", "")) for each in item.get("attachments") or [] if isinstance(each, dict)]
    said = {
        ID: str(item.get("id") or ""),
        TITLE: str(item.get("title") or ""),
        BODY: str(item.get("content_text") or item.get("content_html") or item.get("summary") or ""),
        AT: str(item.get("date_published") or item.get("date_modified") or ""),
        LINK: str(item.get("url") or ""),
        AUTHOR: str(authors[0].get("name") or "") if authors else "",
        AUTHOR_ID: str(authors[0].get("url") or "") if authors else "",
        TAGS: "\n".join(map(str, item.get("tags") or [])),
        FILES: "；".join(_SEPARATING.sub("_", each) for each in files if each),
    }
    return _row(number, said, source)
