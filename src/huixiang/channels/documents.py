"""What kind of JSON is this file: a feed of Apple's, one object a line, or one document with a list inside?"""

from __future__ import annotations

import json
from pathlib import Path

import ijson

from huixiang.channels import encoding

HEAD = 1 << 18  # characters


def is_apple(path: Path, name: str) -> bool:
    head = _head(path, name)[: 1 << 16]
    return ('"feed"' in head and '"im:' in head) or ('"customerReviews"' in head) or ('"reviewerNickname"' in head)


def items(path: Path, name: str) -> str:
    """The dotted path to the list of objects inside one document; empty for JSONL, and for a list at the top."""
    head = _head(path, name)
    if head.lstrip().startswith("[") or _by_lines(head):
        return ""
    return _first_list(head)


def _head(path: Path, name: str) -> str:
    with encoding.open_text(path, name) as file:
        return file.read(HEAD)


def _by_lines(head: str) -> bool:
    """Is there more than one line, and the first a whole object?"""
    first, _, rest = head.lstrip().partition("\n")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return _first_list(head) == ""
    return bool(rest.strip())


def _first_list(head: str) -> str:
    opened = None
    try:
        for prefix, event, _ in ijson.parse(head.encode("utf-8", "replace")):
            if event == "start_map" and opened is not None and prefix == f"{opened}.item":
                return str(opened)
            opened = prefix if event == "start_array" else None
    except (ijson.JSONError, RecursionError, ValueError):
        pass  # the head ends somewhere in the middle
    return ""
