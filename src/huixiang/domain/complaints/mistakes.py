"""In which line of a pack of rules is the mistake? TOML's parser tells only those it cannot read."""

from __future__ import annotations

import re

from huixiang.domain.complaints.events import BadCase

_PLACE = re.compile(r"\[\[(\w+)\]\] (\d+)")
_CODED = {"rule": "code", "approver": "code", "clock": "code", "refusal": "code"}


def line_of(text: str, bad: BadCase) -> int:
    """The line of the key or the section that was found wrong; 1 where the mistake has no place of its own.

    >>> line_of('code = "x"\\nversion = 3\\n', BadCase("%(place)s %(key)s", place="规则包", key="version"))
    2
    """
    params, lines = bad.params, text.splitlines()
    if str(params.get("line", "")).isdecimal():
        return int(str(params["line"]))
    key = str(params.get("key", ""))
    if found := _PLACE.fullmatch(str(params.get("place", ""))):
        begun, end = _section(lines, found[1], int(found[2]))
        return _key(lines, key, begun, end) or begun + 1
    if "code" in params:
        return _second(lines, key, str(params["code"]))
    head = next((number for number, line in enumerate(lines) if line.lstrip().startswith("[[")), len(lines))
    return _key(lines, key, 0, head) or 1


def _section(lines: list[str], name: str, which: int) -> tuple[int, int]:
    """From the header of the n-th section of this name up to the next header, as places in the list."""
    headers = [number for number, line in enumerate(lines) if line.lstrip().startswith("[[")]
    own = [number for number in headers if re.match(rf"\s*\[\[\s*{name}\s*\]\]", lines[number])]
    begun = own[which - 1] if which <= len(own) else 0
    return begun, next((number for number in headers if number > begun), len(lines))


def _key(lines: list[str], key: str, begun: int, end: int) -> int:
    """The number of the line where this key is written, 0 where it is missing."""
    found = (number for number in range(begun, end) if re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", lines[number]))
    return next((number + 1 for number in found), 0) if key else 0


def _second(lines: list[str], section: str, code: str) -> int:
    """Where a code stands that was written before; of extensions, which have none, the first of the second pair."""
    if section in _CODED:
        wanted = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*code\s*=\s*[\"']{re.escape(code)}[\"']", line)]
        own = [n for n in wanted if _inside(lines, n - 1) == section]
        return own[1] if len(own) > 1 else 1
    old = code.partition(" → ")[0]
    froms = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*from\s*=\s*[\"']{re.escape(old)}[\"']", line)]
    return froms[-1] if froms else 1


def _inside(lines: list[str], place: int) -> str:
    above = (re.match(r"\s*\[\[\s*(\w+)\s*\]\]", lines[number]) for number in range(place, -1, -1))
    return next((found[1] for found in above if found), "")
