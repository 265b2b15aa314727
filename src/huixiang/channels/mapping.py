"""Which column of the bank's file gives which field? A mapping is a short TOML text that an analyst can write.

    format = "csv"
    channel = "app_review"
    [columns]
    text = "评论内容"
    said_at = ["评论时间", "时间"]                        # the first of them that the file has
    title = { join = ["一级分类", "二级分类"], by = " / " }

docs/guide/import.md tells all keys.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache

from huixiang.channels.contract import RESERVED, Fault, quoted
from huixiang.channels.dates import Dates
from huixiang.channels.ratings import Scale
from huixiang.channels.tables import Layout
from huixiang.domain.feedback import Channel

FIELDS = (
    "text", "title", "source_id", "said_at", "received_at", "branch", "channel", "product", "product_version",
    "customer", "contact", "rating", "reply", "attachments", "series", "platform", "replied_at", "tier",
    "author", "url", "parent", "followers", "reposts", "comments", "likes",
)  # fmt: skip
POSTED = ("author", "url", "parent", "followers", "reposts", "comments", "likes")  # of what is said in public
CONSTANTS = ("branch", "product", "product_version", "platform", "tier")
_MISSING = "- -- — —— / 无 空 暂无 未知 null NULL Null None none N/A n/a NA #N/A nan NaN \\N (null)"
MISSING = frozenset(_MISSING.split())


@dataclass(frozen=True, slots=True)
class Source:
    """Where does one field come from? From the first of its columns with content, or from all of them joined."""

    columns: tuple[str, ...]
    joined_by: str | None = None


@dataclass(frozen=True)
class Mapping:
    """How does a row become a record? Made by mapping_file.parse, which says what is wrong with the text, and where."""

    format: str
    sources: Table[str, Source]
    channel: Channel | None = None
    constants: Table[str, str] = field(default_factory=dict)
    time_zone: str | None = None
    optional: frozenset[str] = frozenset()  # fields whose columns may all be absent from a file
    ignore: tuple[str, ...] = ()  # columns kept out of `extra`; * stands for anything
    missing: frozenset[str] = frozenset()  # further ways to write "nothing", for all fields
    series: str = ""  # within what the source's numbers are unique; without numbers, tells equal rows of files apart
    branches: Table[str, str] = field(default_factory=dict)  # name or code in the file → code of the unit
    channels: Table[str, Channel] = field(default_factory=dict)
    dates: Dates = field(default_factory=Dates)
    rating: Scale = field(default_factory=Scale)
    layout: Layout = field(default_factory=Layout)

    @property
    def columns(self) -> dict[str, str]:
        """Each field's column, or the first of several."""
        return {name: source.columns[0] for name, source in self.sources.items()}

    @property
    def names(self) -> list[str]:
        """All columns of the file that it names."""
        return [*(column for source in self.sources.values() for column in source.columns), *self.ignore]

    @property
    def has_ids(self) -> bool:
        return "source_id" in self.sources and "source_id" not in self.optional

    def ignores(self, column: str) -> bool:
        return column in RESERVED or any(_matches(column, pattern) for pattern in self.ignore)

    def check(self, found: Table[str, object] | list[str]) -> None:
        """Does the file have the columns that this mapping reads? Raises Fault with those that it has."""
        for name, source in self.sources.items():
            absent = [column for column in source.columns if column not in found]
            if not absent or (source.joined_by is None and len(absent) < len(source.columns)):
                continue
            if name in self.optional:
                continue
            raise self._absent(name, absent[0], [column for column in found if column not in RESERVED])

    @staticmethod
    def _absent(name: str, column: str, found: list[str]) -> Fault:
        columns = "、".join(quoted(other) for other in found[:40])
        if near := get_close_matches(column, found, n=3, cutoff=0.5):
            return Fault(
                "文件里没有“%(column)s”列（映射中的 %(field)s）；相近的有 %(near)s。文件的列：%(columns)s",
                column=column,
                field=name,
                near="、".join(near),
                columns=columns,
            )
        return Fault(
            "文件里没有“%(column)s”列（映射中的 %(field)s）。文件的列：%(columns)s；请更正映射",
            column=column,
            field=name,
            columns=columns,
        )


@lru_cache(1 << 14)
def _matches(column: str, pattern: str) -> bool:
    return fnmatchcase(column, pattern)
