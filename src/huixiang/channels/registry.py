"""Which formats can be read? All by name, and a guess for a file that nobody has described."""

from __future__ import annotations

import logging
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from huixiang.channels import guessing, mapping_file
from huixiang.channels.apple_reviews import AppleReviews
from huixiang.channels.contract import CallFormat, Fault, Format, marked
from huixiang.channels.digital.clicks import ScreenClicks
from huixiang.channels.digital.customers import CustomerList
from huixiang.channels.digital.downtimes import Downtimes
from huixiang.channels.digital.settings import KINDS as DIGITAL
from huixiang.channels.guessing import Guess
from huixiang.channels.hotline.call_records import CallRecords
from huixiang.channels.hotline.queue_log import QueueLog
from huixiang.channels.hotline.transcripts import Transcripts
from huixiang.channels.mail import formats as mail
from huixiang.channels.mapped import MappedFormat
from huixiang.channels.syndication import FeedFormat
from huixiang.channels.tickets.table import QueueTickets
from huixiang.channels.tickets.ticket_mapping import NAME as TICKETS

__all__ = ["FORMATS", "Guess", "find", "guess", "mapping_text", "mappings"]

log = logging.getLogger(__name__)
MAPPINGS = Path(__file__).with_name("mappings")
_TITLES = {"csv": marked("CSV/TSV 表格"), "xlsx": marked("Excel 表格（.xlsx）"), "jsonl": marked("JSON 记录")}
_SUFFIXES = {"csv": (".csv", ".tsv", ".txt"), "xlsx": (".xlsx", ".xlsm"), "jsonl": (".jsonl", ".ndjson", ".json")}
_BUILT_IN = ("apple-reviews", "android-reviews", "mail", "feed")  # mappings that belong to a format


@cache
def mappings() -> dict[str, str]:
    """The mappings that come with the product, by name; as a start for one's own."""
    return {
        path.stem: path.read_text("utf-8") for path in sorted(MAPPINGS.glob("*.toml")) if path.stem not in _BUILT_IN
    }


def mapping_text(name: str) -> str:
    """The text of a mapping that comes with the product. Raises Fault that lists them."""
    if name not in mappings():
        names = "、".join(mappings())
        raise Fault("没有名为“%(name)s”的映射；自带的有 %(names)s", name=name[:60], names=names)
    return mappings()[name]


def _built_in(name: str) -> str:
    return (MAPPINGS / f"{name}.toml").read_text("utf-8")


# Formats of the hotline, the queue and the screens: each takes a text of settings of its own, or none.
HOTLINE: dict[str, Callable[[str], Format | CallFormat]] = {
    "transcripts": Transcripts,
    "queue-log": QueueLog,
    "call-records": CallRecords,
    TICKETS: QueueTickets,
    ScreenClicks.name: ScreenClicks,
    Downtimes.name: Downtimes,
    CustomerList.name: CustomerList,
}
FORMATS: dict[str, Format | CallFormat] = {
    "apple-reviews": AppleReviews(mapping_file.parse(_built_in("apple-reviews"))),
    "android-reviews": MappedFormat(
        "android-reviews",
        marked("安卓应用商店评论（CSV、Excel）"),
        (".csv", ".tsv", ".xlsx"),
        mapping_file.parse(_built_in("android-reviews")),
    ),
    **mail.formats(),
    "rss": FeedFormat(),
    **{name: MappedFormat(name, _TITLES[name], _SUFFIXES[name]) for name in _TITLES},
    **{name: made("") for name, made in HOTLINE.items()},
}


def tells_calls(name: str) -> bool:
    """Does this format tell what became of calls, rather than what was said?"""
    return name in {"queue-log", "call-records"}


def tells_tickets(name: str) -> bool:
    """Does this format tell what became of tickets of the branch's queue?"""
    return name == TICKETS


def tells_facts(name: str) -> bool:
    """Does this format tell facts of the digital channels?"""
    return name in DIGITAL


def find(name: str, mapping_toml: str = "") -> Format | CallFormat:
    """The format of this name, reading by this mapping where it needs one. Raises Fault.

    `mapping_toml` is TOML text, or the name of a mapping that comes with the product; such a name may also stand
    for the format itself.
    """
    name = "" if name == "table" else name  # CSV or XLSX, whichever the file is
    if name in mappings() and not mapping_toml.strip():
        name, mapping_toml = "", name
    if mapping_toml.strip() in mappings():
        mapping_toml = mapping_text(mapping_toml.strip())
    if name in HOTLINE:
        return HOTLINE[name](mapping_toml)
    if name in FORMATS and name not in _TITLES:
        if mapping_toml.strip():
            raise Fault("格式 %(name)s 自带映射；要用自己的映射，请选 csv、xlsx 或 jsonl", name=name)
        return FORMATS[name]
    if name and name not in FORMATS:
        names = [*FORMATS, *mappings()]
        near = get_close_matches(name, names, n=3, cutoff=0.4) or names
        raise Fault("没有名为“%(name)s”的格式；可选 %(names)s", name=name[:60], names="、".join(near))
    if not mapping_toml.strip():
        raise Fault("格式 %(name)s 需要映射，说明哪一列是正文、哪一列是时间；请用 --mapping 指定", name=name or "csv")
    mapping = mapping_file.parse(mapping_toml)
    if name and mapping.format not in {name, "table"}:
        raise Fault("选择的格式是 %(name)s，映射写的是 %(found)s；请改成一致", name=name, found=mapping.format)
    kind = name or ("csv" if mapping.format == "table" else mapping.format)
    return MappedFormat(kind, _TITLES[kind], _SUFFIXES[kind], mapping)


def guess(path: Path) -> Guess:
    """How could this file be read? For the preview; a person confirms or mends it. Raises Fault if in no way."""
    try:
        return guessing.guess(path, FORMATS)
    except (Fault, OSError):
        raise
    except Exception as failure:
        kind = type(failure).__name__
        log.error("could not guess how a file is to be read: %s", kind)
        raise Fault("文件“%(name)s”无法读取（%(kind)s）；请另存为 CSV 后重试", name=path.name, kind=kind) from None
