"""How far did what is said in social media go? Posts, and the originals behind what was passed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huixiang.domain.reputation.chains import Reach, reaches, roots
from huixiang.lake.questions.by_month import Sums
from huixiang.lake.questions.slices import Slice, ask, once_a_version_of_posts, sql, unbound, voices
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

_EDGES = Sums(
    "edges 1", 200, pa.schema([(PARTITION, pa.string()), ("id", pa.uint64()), ("parent", pa.uint64())]), "posts"
)
Edges = tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class PostSlice:
    """Which posts? By the unit that they name, local days (both inclusive) and platforms."""

    branches: frozenset[str] | None = None
    since: date | None = None
    until: date | None = None
    platforms: tuple[str, ...] = ()

    @property
    def voices(self) -> Slice:
        """The same choice of voices, those on other banks among them."""
        return Slice(self.branches, ("social",), self.since, self.until, platforms=self.platforms, rivals=True)


@dataclass(frozen=True, slots=True)
class Chain:
    """One original and what became of it; `id` of its voice. Not `known`: no export brought the original itself."""

    id: str
    reach: Reach
    is_known: bool
    platform: str
    said_on: date | None
    url: str
    sentiment: str
    about: str | None
    text: str  # masked; "" where it is not known


def chains(lake: Lake, slice_: PostSlice, most: int = 10) -> tuple[Chain, ...]:
    """The originals that were passed on most, by the posts of the slice. What they say is asked anew each time."""
    found = _furthest(lake, slice_, most)
    known = [each for each in found if each.said_on]
    if not known:
        return tuple(_chain(each, {}) for each in found)
    t = voices(lake, Slice(slice_.branches, rivals=True))
    # The months besides: whole files are then left out unread.
    inside = t[PARTITION].isin(sorted({f"{each.said_on:%Y-%m}" for each in known}))
    t = t.filter(inside, t.id.isin(sorted(each.id for each in known)))
    said = {row["id"]: row for row in ask(lake, t.select("id", "sentiment", "about", "text"))}
    return tuple(_chain(each, said.get(each.id, {})) for each in found)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a chain began; `said_on` None where no export brought the original, `id` "" where not even its number."""

    reach: Reach
    id: str
    platform: str
    said_on: date | None
    url: str


@once_a_version_of_posts
def _furthest(lake: Lake, slice_: PostSlice, most: int) -> tuple[_Origin, ...]:
    found = reaches(_columns(lake, slice_), most)
    if not found:
        return ()
    ids, t = _ids(lake, [each.root for each in found]), posts(lake)
    asked = t.filter(t.id.isin(sorted(ids.values()))).select("id", "platform", "said_on", "url")
    told = {row["id"]: row for row in ask(lake, asked)}
    return tuple(_origin(each, ids.get(each.root, ""), told) for each in found)


def _origin(reach: Reach, id_: str, told: dict[str, dict[str, Any]]) -> _Origin:
    post = told.get(id_, {})
    return _Origin(reach, id_, str(post.get("platform", "")), post.get("said_on"), str(post.get("url", "")))


def _chain(of: _Origin, voice: dict[str, Any]) -> Chain:
    return Chain(
        of.id, of.reach, bool(voice), of.platform, of.said_on, of.url,
        str(voice.get("sentiment", "")), voice.get("about"), str(voice.get("text", "")),
    )  # fmt: skip


def _columns(lake: Lake, slice_: PostSlice) -> dict[str, NDArray[Any]]:
    t = posts(lake, slice_)
    asked = t.select(
        id=t.id.hash(), author=t.author.hash(), followers=t.followers.fill_null(-1), told=t.reposts.fill_null(0),
        speaks=t.is_voice, has_author=t.author.notnull(), has_parent=t.parent.notnull(), hands=t.hands,
    )  # fmt: skip
    fetched = lake.fetch(sql(asked))
    found: dict[str, NDArray[Any]] = {name: fetched[name].to_numpy() for name in asked.columns}
    root, steps = _placed(found["id"], found["has_parent"], _edges(lake))
    # Named hands tell of a longer way where the posts between did not come in.
    deeper = np.where(steps > 0, np.maximum(steps, found["hands"]), 0).astype(np.int32)
    author = np.where(found["has_author"], found["author"].astype(np.uint64), np.uint64(0))
    kept = {name: found[name] for name in ("followers", "told", "speaks")}
    return {"root": root, "steps": deeper, "author": author, **kept}


def _placed(
    ids: NDArray[np.uint64],
    has_parent: NDArray[np.bool_],
    edges: Edges,
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    known, root_of, steps_of = edges
    root, steps = ids.astype(np.uint64), np.zeros(len(ids), dtype=np.int32)
    if has_parent.any():
        at = np.searchsorted(known, root[has_parent])
        root[has_parent], steps[has_parent] = root_of[at], steps_of[at]
    return root, steps


@once_a_version_of_posts
def _edges(lake: Lake) -> Edges:
    """Each post that passes one on, in order of its number, with its original and how far that is. Of all months."""

    def read(t: ir.Table) -> pa.Table:
        told = t.filter(t.parent.notnull()).select(PARTITION, id=t.id.hash(), parent=t.parent.hash())
        found = lake.fetch(sql(told.order_by(PARTITION)))
        numbers = {name: found[name].to_numpy().astype(np.uint64) for name in ("id", "parent")}  # given with a sign
        return pa.table({PARTITION: found[PARTITION], **numbers}, _EDGES.schema)

    found = _EDGES.rows(lake, "", read)
    ids, parents = (found[name].to_numpy() for name in ("id", "parent"))
    order = np.argsort(ids, kind="stable")
    return (ids[order], *roots(ids[order], parents[order]))


def count_links(lake: Lake) -> int:
    """Look up which post passes on which, so that nobody waits for the widest chains. How many posts pass one on?"""
    return len(_edges(lake)[0]) if lake.version("posts") >= 0 else 0


def _ids(lake: Lake, hashes: list[int]) -> dict[int, str]:
    """The ids behind these numbers: of posts that are here; where it must be, of those that are only passed on."""
    wanted = ibis.table({"h": "int64"}, name="wanted")  # as the engine gives it, with a sign
    t, found = posts(lake), dict[int, str]()
    for column in (t.id, t.parent):
        if not (left := [each for each in hashes if each not in found]):
            break
        numbers = pa.table({"h": pa.array(np.array(left, dtype=np.uint64).astype(np.int64))})
        named = t.filter(column.notnull()).select(name=column, h=column.hash())
        rows = ask(lake, named.semi_join(wanted, "h").distinct(), wanted=numbers)
        found |= {row["h"] % 2**64: row["name"] for row in rows}
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one post went, as its platform told last. `passed_on`: by how many posts that are here, at first hand."""

    platform: str
    url: str
    is_repost: bool
    followers: int | None
    reposts: int | None
    comments: int | None
    likes: int | None
    passed_on: int


def post_of(lake: Lake, voice_id: str) -> Standing | None:
    """What is known of the post whose words this voice is?"""
    if lake.version("posts") < 0:
        return None
    t = posts(lake)
    names = ("platform", "url", "followers", "reposts", "comments", "likes")
    rows = ask(lake, t.filter(t.id == voice_id).select(*names, is_repost=t.parent.notnull()))
    if not rows:
        return None
    children = t.filter(t.parent == voice_id)
    passed = ask(lake, children.aggregate(n=children.count()))
    return Standing(**rows[0], passed_on=int(passed[0]["n"]))


@once_a_version_of_posts
def passed_on(lake: Lake, import_id: str) -> int:
    """How many rows of an import are posts that only pass another on, and so no voices?"""
    if lake.version("posts") < 0:
        return 0
    t = posts(lake)
    return int(ask(lake, t.aggregate(n=t.count(where=(t.import_id == import_id) & ~t.is_voice)))[0]["n"])


@once_a_version_of_posts
def platforms(lake: Lake, slice_: PostSlice) -> tuple[str, ...]:
    """Where was it said? The busiest first."""
    t = posts(lake, slice_)
    rows = ask(lake, t.group_by("platform").aggregate(n=t.count()).order_by([ibis.desc("n"), "platform"]))
    return tuple(row["platform"] for row in rows if row["platform"])


def posts(lake: Lake, slice_: PostSlice | None = None) -> ir.Table:
    """The posts of a slice, as an expression."""
    t = unbound(lake.view("posts"), "posts")
    s, found = slice_ or PostSlice(), []
    if s.branches is not None:
        inside = t.branch.isin(sorted(s.branches)) if s.branches else ibis.literal(False)
        found.append(inside | t.branch.isnull() if "" in s.branches else inside)
    if s.since:
        found += [t[PARTITION] >= f"{s.since:%Y-%m}", t.said_on >= s.since]
    if s.until:
        found += [t[PARTITION] <= f"{s.until:%Y-%m}", t.said_on <= s.until]
    if s.platforms:
        found.append(t.platform.isin(sorted(s.platforms)))
    return t.filter(found) if found else t
