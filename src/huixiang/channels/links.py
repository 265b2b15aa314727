"""Where does a post stand? Its address without what tells who wrote it or who looked at it."""

from __future__ import annotations

import re

LONGEST = 500
# Addresses that name the author beside the post, and the same post's address that does not.
_AUTHORS = (
    (re.compile(r"https?://(?:www\.|m\.)?weibo\.c(?:om|n)/(?:u/)?\d{5,}/([0-9A-Za-z]+)/?"),
     r"https://m.weibo.cn/status/\1"),
    (re.compile(r"https?://(?:www\.)?weibo\.com/(?!detail/|status/|tv/|p/)[^/]+/([0-9A-Za-z]{9})/?"),
     r"https://m.weibo.cn/status/\1"),
    (re.compile(r"https?://www\.xiaohongshu\.com/user/profile/[^/]+/([0-9a-f]+)/?"),
     r"https://www.xiaohongshu.com/explore/\1"),
    (re.compile(r"https?://(?:www\.)?(?:x|twitter)\.com/[^/]+/status/(\d+)/?"), r"https://x.com/i/status/\1"),
)  # fmt: skip
# Somebody's own page, whatever stands on it: it names him, and no post of his.
_SOMEBODY = re.compile(r"://(?:space\.|[^/]*@)|weibo\.com/n/|/(?:u|users?|people|person|profile|member|author)/|/@")


def bare(url: str) -> str:
    """Without query and fragment, where sessions and shares are told, and without the author.

    "" where it is no web address, or leads to somebody's own page.
    """
    url = url.strip()
    if url.startswith("//"):
        url = f"https:{url}"
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST or any(map(str.isspace, url)):
        return ""
    plain = re.split("[?#]", url, maxsplit=1)[0]
    for pattern, nameless in _AUTHORS:
        if found := pattern.fullmatch(plain):
            return found.expand(nameless)
    return "" if _SOMEBODY.search(f"{plain}/") else plain
