"""What does the regulator want counted (监管统计)? Complaints by business, cause, channel and region, raw and merged.

Channel is the one in which the business was done, not the one by which the complaint came (JR/T 0169-2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import median

from huixiang.domain.complaints.events import BadCase
from huixiang.domain.statistics.rates import RankList, ranked
from huixiang.domain.understanding.book import Book

FACETS = {"channel": "A", "business": "B", "cause": "C"}  # as JR/T 0169 letters them


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint as it is counted. Codes are those of the book of matters, empty where nobody has classified it.

    `merged_into` names the case it is a repeat of: banks publish what is left after merging, so both are kept.
    `way` is how it came in, which is another thing than the channel.
    """

    number: str
    received_on: date
    business: str
    cause: str
    channel: str
    region: str
    unit: str
    merged_into: str = ""
    way: str = ""
    seriousness: str = ""
    count: int = 1  # so many alike, where a database has counted them already


@dataclass(frozen=True, slots=True)
class Missing:
    """A case that cannot be reported, and which of its codes are missing or not in the book on its day."""

    number: str
    facets: tuple[str, ...]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """All that came in, and what is left when repeats are merged."""

    raw: int = 0
    merged: int = 0


class By(StrEnum):
    """By what may it be counted?"""

    BUSINESS = "business"
    CAUSE = "cause"
    CHANNEL = "channel"
    REGION = "region"
    UNIT = "unit"
    WAY = "way"
    SERIOUSNESS = "seriousness"


@dataclass(slots=True)
class Return:
    """The counts of a period. Cells are as `By` has them, from business to seriousness; no case is kept.

    Cases that are not classified are in no cell: `unclassified` lists them, and `to_report` refuses as long as there
    are any.
    """

    raw: Counter[tuple[str, ...]] = field(default_factory=Counter)
    merged: Counter[tuple[str, ...]] = field(default_factory=Counter)
    unclassified: list[Missing] = field(default_factory=list)

    @property
    def total(self) -> Count:
        return Count(self.raw.total(), self.merged.total())

    @property
    def unclassified_count(self) -> int:
        return sum(each.count for each in self.unclassified)

    def by(self, *what: By, depth: int = 0) -> dict[tuple[str, ...], Count]:
        """Counts by one or several; `depth` is the level of the codes (1: 大类), 0 as they were classified."""
        places = [list(By).index(each) for each in what]
        sums: list[Counter[tuple[str, ...]]] = []
        for cells in (self.raw, self.merged):
            sums.append(Counter())
            for cell, count in cells.items():
                sums[-1][tuple(_at(depth, cell[place]) if place < len(FACETS) else cell[place]
                               for place in places)] += count  # fmt: skip
        return {key: Count(sums[0][key], sums[1][key]) for key in sorted(sums[0])}

    def to_report(self) -> Return:
        """Itself, where every case is classified. Raises BadCase that names the first of those that are not."""
        if self.unclassified:
            names = "、".join(each.number for each in self.unclassified[:10])
            message = "还有 %(count)s 件未按 JR/T 0169 分类，不能报送：%(names)s"
            raise BadCase(message, count=self.unclassified_count, names=names)
        return self


def counted(cases: Iterable[Case], book: Book) -> Return:
    """The counts of all these cases, each by the book of its own day."""
    found, books = Return(), dict[date, set[str]]()
    for case in cases:
        if case.received_on not in books:
            books[case.received_on] = {node.code for node in book.on(case.received_on).nodes}
        if missing := _missing(case, books[case.received_on]):
            found.unclassified.append(Missing(case.number, missing, case.count))
            continue
        cell = tuple(getattr(case, each) for each in By)
        found.raw[cell] += case.count
        if not case.merged_into:
            found.merged[cell] += case.count
    return found


def with_official_codes(book: Book, codes: Mapping[str, str]) -> Book:
    """The book with the standard's own numbers from the bank's table; what is not in the table stays without.

    Raises BadCase where the table names a code that the book has not, or gives one number to two of one facet.
    """
    for code in sorted(set(codes) - {node.code for node in book.nodes}):
        raise BadCase("编码表中的“%(code)s”不在分类树里", code=code)
    seen: dict[tuple[str, str], str] = {}
    for code, official in codes.items():
        other = seen.setdefault((code[:1], official.strip()), code)
        if official.strip() and other != code:
            raise BadCase("编码“%(official)s”同时给了“%(one)s”和“%(other)s”", official=official, one=other, other=code)
    nodes = (replace(node, official_code=codes.get(node.code, node.official_code).strip()) for node in book.nodes)
    return replace(book, nodes=tuple(nodes))


def uncoded(book: Book, reported: Return) -> tuple[str, ...]:
    """Which codes that were counted have no official number yet?"""
    official = {node.code for node in book.nodes if node.official_code}
    used = {code for cell in reported.raw for code in cell[: len(FACETS)]}
    return tuple(sorted(used - official))


class Per(StrEnum):
    """For how many of what is it told?"""

    TEN_THOUSAND_CUSTOMERS = "ten_thousand_customers"  # 件/万客户
    BRANCH = "branch"  # 件/网点
    THOUSAND_BRANCHES = "thousand_branches"  # 件/千营业网点, as in the supervisor's circulars
    TEN_MILLION_PERSONAL_CUSTOMERS = "ten_million_personal_customers"  # 件/千万个人客户
    MILLION_ACCOUNTS = "million_accounts"  # 件/百万账户
    MILLION_CARDS = "million_cards"  # 件/百万张


SCALE = {
    Per.TEN_THOUSAND_CUSTOMERS: 1e4,
    Per.BRANCH: 1.0,
    Per.THOUSAND_BRANCHES: 1e3,
    Per.TEN_MILLION_PERSONAL_CUSTOMERS: 1e7,
    Per.MILLION_ACCOUNTS: 1e6,
    Per.MILLION_CARDS: 1e6,
}


def rank_list(counts: Mapping[str, int], bases: Mapping[str, float | None], per: Per) -> RankList[str]:
    """Regions or branches by their rates, with intervals and the places they surely hold. Without a base: no data."""
    return ranked(counts, bases, SCALE[per])


@dataclass(frozen=True, slots=True)
class Standing:
    """One bank among its peers, as circulars tell it: their median and its place, 1 the lowest. Their counts are not
    published, so how sure the place is nobody can tell."""

    median: float
    place: int
    of: int


def standing(own: float, all_: Sequence[float]) -> Standing | None:
    """Where does a bank stand among all those published, itself among them? None where it is not."""
    if own not in all_:
        return None
    return Standing(median(all_), 1 + sum(each < own for each in all_), len(all_))


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares in per cent as they are shown. Each is rounded by itself (half up), so they may not add to 100.

    A sum of several is rounded from the counts, never added up from what is shown.
    """

    counts: Mapping[str, int]
    digits: int = 2

    def of(self, *codes: str) -> Decimal | None:
        """The share of one or of several together; None where there are no cases at all."""
        total = sum(self.counts.values())
        if not total:
            return None
        part = Decimal(100 * sum(self.counts.get(code, 0) for code in codes)) / Decimal(total)
        return part.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)

    @property
    def shown_total(self) -> Decimal | None:
        """What the shown shares add up to; stated beside them where it is not 100."""
        shown = [self.of(code) for code in self.counts]
        return sum((each for each in shown if each is not None), Decimal(0)) if any(self.counts.values()) else None


def _missing(case: Case, codes: set[str]) -> tuple[str, ...]:
    """A facet's own letter is no class."""
    return tuple(
        facet
        for facet, letter in FACETS.items()
        if getattr(case, facet) not in codes or not getattr(case, facet).startswith(f"{letter}.")
    )


def _at(depth: int, code: str) -> str:
    return ".".join(code.split(".")[: depth + 1]) if depth else code
