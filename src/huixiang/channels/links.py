"""Where does a post stand? Its address without what tells who wrote it or who looked at it."""

from __future__ import annotations

import re

LONGEST = 500
_WEIBO = re.compile(r"https?://(?:www\.)?weibo\.com/\d{5,}/([0-9A-Za-z]+)")  # the number in it is the author's


def bare(url: str) -> str:
    """Without query and fragment, where sessions and shares are told; "" where it is no web address."""
    url = url.strip()
    if url.startswith("//"):
        url = f"https:{url}"
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST or any(map(str.isspace, url)):
        return ""
    plain = re.split("[?#]", url, maxsplit=1)[0]
    return _WEIBO.sub(r"https://m.weibo.cn/status/\1", plain)
