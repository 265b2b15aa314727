"""Which posts say something of their own, and which original does a repost pass on? One voice for each original."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
LONGEST_CHAIN = 64  # hands; what is longer, or bites its own tail, has no original here
_PASSED = re.compile(r"\s*/{1,2}\s*[@＠][^:：\s]{1,40}\s*[:：]?")  # 微博 writes "我的话//@某人:他的话//@…"
_QUOTED = re.compile(r"^\s*(?:RT|转发自|回复)\s*[@＠][^:：\s]{1,40}\s*[:：]?\s*", re.IGNORECASE)
_SILENT = re.compile(r"[@＠][^\s@＠:：]{1,40}|\[[^\[\]\s]{1,8}\]|https?://\S+")  # names, emoticons, links
_SIGNS = re.compile(r"[\W_]+")
# What a platform writes by itself when somebody passes a post on without a word.
STOCK = frozenset(
    {"转发微博", "转发了微博", "转发", "转发了", "转发想法", "转发动态", "转发视频", "转发图片", "转", "快转微博"}
    | {"分享", "分享了", "分享笔记", "分享视频", "分享图片", "分享想法", "马", "顶", "mark", "rt", "repost", "reposted"}
    | {"轉發微博", "轉發", "轉發了", "轉發想法", "轉", "retweet"}
)


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody who passes a post on says himself, and through how many named hands it came to him."""

    words: str
    hands: int


def own_words(text: str) -> Own:
    """What does who passes a post on add to it? Nothing where all he wrote is the platform's own phrase or a sign.

    What stands behind "//@" others wrote: each of them is a post of its own.
    """
    head, *others = _PASSED.split(text)
    words = head.strip() if others else _QUOTED.sub("", head).strip()
    said = _SIGNS.sub("", _SILENT.sub("", words)).casefold()
    return Own("" if not said or said in STOCK else words, len(others))


def roots(ids: Hashes, parents: Hashes) -> tuple[Hashes, NDArray[np.int32]]:
    """The original of each repost, and how many steps it lies away. Steps of 0: a ring, which has none.

    `ids[i]` passes on `parents[i]`, which is an original if it passes on nothing itself; it need not be known. Doubling
    the step each time finds the end of a chain of 64 in six rounds.
    """
    order = np.argsort(ids, kind="stable")
    known = ids[order]
    root, steps = parents.copy(), np.ones(len(ids), dtype=np.int32)
    for _ in range(LONGEST_CHAIN.bit_length()):
        place = np.searchsorted(known, root).clip(max=max(0, len(known) - 1))
        on = known[place] == root if len(known) else np.zeros(0, dtype=bool)
        if not on.any():
            return root, steps
        further = order[place[on]]
        root[on], steps[on] = root[further], steps[on] + steps[further]
    place = np.searchsorted(known, root).clip(max=max(0, len(known) - 1))
    rings = known[place] == root
    root[rings], steps[rings] = ids[rings], 0
    return root, steps


@dataclass(frozen=True, slots=True)
class Reach:
    """How far did one original go? `followers` adds up all who spread it, each once: an upper bound, never an audience.

    The same reader may follow several of them, and most posts are seen by few. `told` is the platform's own count of
    reposts, `caught` how many of them the export holds: the larger of both counts, never their sum.
    """

    root: int
    told: int
    caught: int
    own_words: int  # of these, so many add something
    depth: int
    authors: int
    followers: int | None

    @property
    def reposts(self) -> int:
        return max(self.told, self.caught)


def reaches(posts: dict[str, NDArray[Any]], most: int) -> list[Reach]:
    """The originals that went furthest. Columns: root, steps, author, followers (-1: not told), told, speaks.

    `steps` 0 is the original itself; `author` 0 is not known, and counts as a person of his own.
    """
    spread = posts["steps"] > 0
    found, group = np.unique(posts["root"], return_inverse=True)
    size = len(found)
    told = np.zeros(size, dtype=np.int64)
    np.maximum.at(told, group[~spread], posts["told"][~spread])
    caught = np.bincount(group[spread], minlength=size)
    chosen = np.lexsort((found, -np.maximum(told, caught)))[:most]
    chosen = chosen[np.maximum(told, caught)[chosen] > 0]
    speaking = np.bincount(group[spread & posts["speaks"]], minlength=size)
    depth = np.zeros(size, dtype=np.int64)
    np.maximum.at(depth, group, posts["steps"])
    return [
        Reach(int(found[n]), int(told[n]), int(caught[n]), int(speaking[n]), int(depth[n]), *_people(posts, group == n))
        for n in chosen.tolist()
    ]


def _people(posts: dict[str, NDArray[Any]], rows: NDArray[np.bool_]) -> tuple[int, int | None]:
    """How many, and how many follow them in all? Who spreads it twice counts once, by the larger number."""
    authors, followers = posts["author"][rows], posts["followers"][rows]
    nameless = authors == 0
    most: dict[int, int] = {}
    for author, number in zip(authors[~nameless].tolist(), followers[~nameless].tolist(), strict=True):
        most[author] = max(most.get(author, -1), number)
    numbers = [*most.values(), *followers[nameless].tolist()]
    told = [number for number in numbers if number >= 0]
    return len(numbers), sum(told) if told else None
