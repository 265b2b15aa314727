"""What did the customer of this row say, when, about what? Turns a row into a record by a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import datetime

from huixiang.channels import counts, links
from huixiang.channels.contact_columns import may_hold
from huixiang.channels.contract import ROW_KEY, Defaults, Fault, Row, quoted
from huixiang.channels.mapping import MISSING, POSTED, Mapping, Source
from huixiang.domain.contacts import is_one
from huixiang.domain.feedback import Channel, Post, Precision, Record, digest
from huixiang.domain.reputation.chains import own_words

MOST_PLANS = 256
_SEPARATORS = re.compile(r"[\s;；|，,]+")


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which columns are read for rows that have just these columns? Worked out once for all rows of a table."""

    single: tuple[tuple[str, str], ...]  # field, its only column
    several: tuple[tuple[str, Source], ...]
    extra: tuple[str, ...]


class Recorder:
    """Makes records of rows; the same record for a row fresh from the file and for one that a person mended."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._missing = MISSING | mapping.missing
        self._tells_posts = bool(set(POSTED) & set(mapping.sources))

    def record(self, row: Row, defaults: Defaults) -> Record:
        mapping, fields = self._mapping, row.fields
        columns = tuple(fields)
        plan = self._plans.get(columns) or self._plan(columns)
        said, extra = self._said(plan, fields), self._extra(plan, fields)
        constants = mapping.constants
        moment, precision = self._moment(row, said, "said_at", defaults)
        channel = self._channel(row, said, defaults)
        branch = self._branch(said) or constants.get("branch") or defaults.branch
        platform = said.get("platform") or constants.get("platform", "")
        text, post = self._post(row, said, platform) if self._tells_posts else (said.get("text", ""), None)
        record = Record(
            channel=channel,
            series=self._series(said, channel, branch),
            source_id=said.get("source_id") or self._key(row),
            text=text,
            said_at=moment,
            said_precision=precision,
            received_at=self._moment(row, said, "received_at", defaults)[0],
            branch=branch,
            product=said.get("product") or constants.get("product") or defaults.product,
            product_version=said.get("product_version") or constants.get("product_version", ""),
            customer=said.get("customer"),
            rating=self._rating(row, said),
            title=said.get("title", ""),
            reply=said.get("reply", ""),
            attachments=tuple(filter(None, _SEPARATORS.split(said["attachments"]))) if "attachments" in said else (),
            extra={**defaults.extra, **extra} if defaults.extra else extra,
            platform=platform,
            post=post,
            replied_at=self._moment(row, said, "replied_at", defaults)[0],
            contact=said.get("contact") or self._known_by(row, said),
            tier=said.get("tier") or constants.get("tier", ""),
        )
        if not record.text and not record.title and record.rating is None and not record.is_passed_on:
            raise self._silent(row)
        return record

    def _known_by(self, row: Row, said: dict[str, str]) -> str:
        """Who is known by her telephone or address can be reached there, unless the mapping tells her contact apart.

        Not by a number of the bank's that only looks like a telephone: its answer would reach a stranger.
        """
        customer = said.get("customer", "")
        if not customer or "contact" in self._mapping.sources:
            return ""
        return customer if is_one(customer) and may_hold(self._column(row, "customer")) else ""

    def _plan(self, columns: tuple[str, ...]) -> _Plan:
        single: list[tuple[str, str]] = []
        several: list[tuple[str, Source]] = []
        used: set[str] = set()
        for name, source in self._mapping.sources.items():
            present = tuple(column for column in source.columns if column in columns)
            if name not in {"series", "platform"}:  # which store it was is worth keeping
                used.update(present)
            if len(present) == 1 and source.joined_by is None:
                single.append((name, present[0]))
            elif present:
                several.append((name, Source(present, source.joined_by)))
        extra = tuple(column for column in columns if column not in used and not self._mapping.ignores(column))
        plan = _Plan(tuple(single), tuple(several), extra)
        if len(self._plans) < MOST_PLANS:
            self._plans[columns] = plan
        return plan

    def _said(self, plan: _Plan, fields: Table[str, str]) -> dict[str, str]:
        """The fields that this row fills. Words for "nothing" count as such, but not in what the customer wrote."""
        said = {}
        for name, column in plan.single:
            value = fields[column].strip()
            if value and not self._is_nothing(name, value):
                said[name] = value
        for name, source in plan.several:
            values = [fields[column].strip() for column in source.columns]
            filled = [value for value in values if value and not self._is_nothing(name, value)]
            if filled:
                said[name] = filled[0] if source.joined_by is None else source.joined_by.join(filled)
        return said

    def _is_nothing(self, name: str, value: str) -> bool:
        if name in {"text", "title", "reply"}:
            return value in self._mapping.missing
        return value in self._missing

    def _extra(self, plan: _Plan, fields: Table[str, str]) -> dict[str, str]:
        """What no field took, lest it be lost: unmapped columns, and further synonyms that hold something else.

        But who wrote in public is a pseudonym alone: his nickname beside his number stays out.
        """
        extra = {column: fields[column] for column in plan.extra if fields[column]}
        for name, source in plan.several:
            if (
                source.joined_by is None
                and not (self._tells_posts and name in {"author", "customer"})
                and name != "contact"
            ):
                filled = [column for column in source.columns if not self._is_nothing(name, fields[column].strip())]
                told = [column for column in filled if fields[column].strip()]
                extra.update({column: fields[column] for column in told[1:] if fields[column] != fields[told[0]]})
        return extra

    def _post(self, row: Row, said: dict[str, str], platform: str) -> tuple[str, Post]:
        """Of a repost the text is what it adds: the rest is said by those whose posts these are."""
        parent, text, hands = said.get("parent", ""), said.get("text", ""), 0
        if parent in {"0", said.get("source_id")}:  # so some write that there is none
            parent = ""
        if parent:
            own = own_words(text)
            text, hands = own.words, own.hands
        told = {
            name: counts.read(said[name], (row.number, self._column(row, name)))
            for name in ("followers", "reposts", "comments", "likes")
            if name in said
        }
        return text, Post(platform, links.bare(said.get("url", "")), self._author(said), parent, hands=hands, **told)

    @staticmethod
    def _author(said: dict[str, str]) -> str:
        """A nickname is no number: who asks by a number that equals it is not taken for its owner."""
        author = said.get("author", "")
        return author if not author or author == said.get("customer") else f"@{author.lstrip('@＠')}"

    def _key(self, row: Row) -> str:
        if self._mapping.has_ids:
            column = self._mapping.columns["source_id"]
            raise Fault("第 %(row)s 行“%(column)s”列没有编号；请补上这条反馈的编号", column=column, row=row.number)
        # A row that reached us without a key (typed in by hand) is known by what stands in it.
        found = row.fields.get(ROW_KEY) or digest(*(f"{name}\1{row.fields[name]}" for name in sorted(row.fields)))
        return ROW_KEY + found

    def _moment(
        self, row: Row, said: dict[str, str], name: str, defaults: Defaults
    ) -> tuple[datetime | None, Precision]:
        found = said.get(name)
        if found is None:
            return None, Precision.UNKNOWN
        zone = self._mapping.time_zone or defaults.time_zone
        return self._mapping.dates.read(found, zone, defaults.now, (row.number, self._column(row, name)))

    def _rating(self, row: Row, said: dict[str, str]) -> float | None:
        found = said.get("rating")
        return None if found is None else self._mapping.rating.read(found, (row.number, self._column(row, "rating")))

    def _branch(self, said: dict[str, str]) -> str | None:
        found = said.get("branch")
        return None if found is None else self._mapping.branches.get(found, found)

    def _series(self, said: dict[str, str], channel: Channel, branch: str | None) -> str:
        """Within what is the row's number unique? Each outlet's suggestion box begins at 1 unless told otherwise."""
        told = "/".join(filter(None, [self._mapping.series, said.get("series")]))
        return told or (branch or "" if channel is Channel.SUGGESTION_BOX else "")

    def _channel(self, row: Row, said: dict[str, str], defaults: Defaults) -> Channel:
        found = said.get("channel")
        if found is None:
            channel = self._mapping.channel or defaults.channel
            if channel is None:
                raise Fault('没有说明反馈来自哪个渠道；请在映射中写 channel = "…"，或在导入时选择渠道')
            return channel
        if known := self._mapping.channels.get(found):
            return known
        try:
            return Channel(found)
        except ValueError:
            raise Fault(
                "第 %(row)s 行“%(column)s”列：不认识渠道“%(found)s”；请在映射的 [channels] 中写明它对应哪个渠道",
                column=self._column(row, "channel"),
                row=row.number,
                found=quoted(found),
            ) from None

    def _silent(self, row: Row) -> Fault:
        return Fault(
            "第 %(row)s 行“%(column)s”列是空的，也没有评分；请补上客户的话，或放弃这一行",
            column=self._column(row, "text"),
            row=row.number,
        )

    def _column(self, row: Row, name: str) -> str:
        """The column of this row that the field was read from."""
        source = self._mapping.sources.get(name)
        columns = source.columns if source else (name,)
        return next((column for column in columns if row.fields.get(column, "").strip()), columns[0])
