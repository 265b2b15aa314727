"""How many posts, in all, by month and by platform? One reading of them tells all three."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huixiang.lake.questions.posts import PostSlice, posts
from huixiang.lake.questions.slices import once_a_version_of_posts, sql
from huixiang.lake.store import Lake

BY = ("", "month", "platform")
_READ = ("parent", "is_voice", "author", "reposts", "comments", "likes", "platform", "said_on")
# Sets of groups are nothing that Ibis can say, and a question of its own for each costs more than the reading.
_COUNTED = """
SELECT CASE WHEN grouping(month) = 0 THEN 'month' WHEN grouping(platform) = 0 THEN 'platform' ELSE '' END AS of,
    month, platform,
    count(*) FILTER (parent IS NULL) AS originals,
    count(*) FILTER (parent IS NOT NULL AND is_voice) AS commented,
    count(*) FILTER (NOT is_voice) AS passed_on,
    count(DISTINCT hash(author)) FILTER (author IS NOT NULL) AS authors,
    coalesce(sum(reposts) FILTER (parent IS NULL), 0)::BIGINT AS told_reposts,
    coalesce(sum(comments) FILTER (parent IS NULL), 0)::BIGINT AS told_comments,
    coalesce(sum(likes) FILTER (parent IS NULL), 0)::BIGINT AS told_likes
FROM (SELECT *, date_trunc('month', said_on)::DATE AS month FROM ({posts}))
GROUP BY GROUPING SETS ((), (month), (platform)) ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """The posts under one key: "" for all, a month's first or a platform.

    `originals` and `commented` (passed on with words of one's own) are voices; `passed_on` are none. `authors`: as far
    as they are told. `told_*`: the platforms' own counts of the originals.
    """

    key: str | date
    originals: int
    commented: int
    passed_on: int
    authors: int
    told_reposts: int
    told_comments: int
    told_likes: int

    @property
    def voices(self) -> int:
        return self.originals + self.commented


def spread(lake: Lake, slice_: PostSlice, by: str = "") -> tuple[Spread, ...]:
    """How many posts of each kind, in the order of the key? By "", "month" or "platform"."""
    if by not in BY:
        raise ValueError(f"{by!r} is none of {BY}")
    return _spreads(lake, slice_)[by]


@once_a_version_of_posts
def _spreads(lake: Lake, slice_: PostSlice) -> dict[str, tuple[Spread, ...]]:
    found: dict[str, list[Spread]] = {by: [] for by in BY}
    read = sql(posts(lake, slice_).select(*_READ))
    for row in lake.fetch(_COUNTED.format(posts=read)).to_pylist():
        by, keys = row.pop("of"), {name: row.pop(name) for name in ("month", "platform")}
        found[by].append(Spread(keys.get(by, ""), **row))
    return {by: tuple(rows) for by, rows in found.items()}
