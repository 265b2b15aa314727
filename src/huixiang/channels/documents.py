"""What kind of JSON is this file: a feed of Apple's, one object a line, or one document with a list inside?"""

from __future__ import annotations

import json
import re
from pathlib import Path

from huixiang.channels import encoding, feeds

HEAD = 1 << 18  # characters
_TOKEN = re.compile(r'"(?P<name>[^"\\]*(?:\\.[^"\\]*)*)"\s*(?P<colon>:)?|(?P<sign>[{}\[\]])(?P<object>\s*(?={))?', re.S)


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
    """The path to the first list that holds objects."""
    path: list[str] = []
    name = ""
    for found in _TOKEN.finditer(head):
        if found["name"] is not None:
            name = found["name"] if found["colon"] else ""
            continue
        if found["sign"] in "}]":
            path = path[:-1]
            continue
        path.append(name or "item" if path else "")
        name = ""
        if found["sign"] == "[" and found["object"]:
            return ".".join(path[1:])
        if len(path) > feeds.DEEPEST:
            break
    return ""
