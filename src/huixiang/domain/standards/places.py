"""In which line of a file does a key stand? TOML's reader tells only of what it cannot read."""

from __future__ import annotations

import re

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def line_of(text: str, key: str) -> int:
    """The line of the key, else of what it should stand in, else 1.

    >>> line_of('code = "x"\\n[measure]\\ntarget = 3\\n', "measure.target")
    3
    >>> line_of('code = "x"\\n[measure]\\n', "measure.target"), line_of('code = "x"\\n', "measure.target")
    (2, 1)
    """
    lines = text.splitlines()
    while key:
        *sections, last = key.split(".")
        begun, end = _section(lines, ".".join(sections))
        found = _key(lines, last, begun, end) if begun or not sections else 0
        if found or (found := _section(lines, key)[0]):
            return found
        key = ".".join(sections)
    return 1


def _section(lines: list[str], path: str) -> tuple[int, int]:
    """After the header of `path`, the n-th where it says so, up to the next header; the top for "" or none."""
    headers = [(number, line.strip().strip("[]").strip()) for number, line in enumerate(lines, 1)
               if re.match(r"\s*\[\[?[\w.]+\]\]?", line)]  # fmt: skip
    steps = [_STEP.fullmatch(step) for step in path.split(".")]
    name = ".".join(step[1] for step in steps if step)
    which = next((int(step[2]) for step in reversed(steps) if step and step[2]), 1)
    own = [number for number, header in headers if header.partition("]")[0] == name]
    begun = own[which - 1] if name and len(own) >= which else 0
    end = next((number for number, _header in headers if number > begun), len(lines) + 1)
    return begun, end


def _key(lines: list[str], key: str, begun: int, end: int) -> int:
    step = _STEP.fullmatch(key)
    if step is None:
        return 0
    wanted = re.compile(rf"\s*\"?{re.escape(step[1])}\"?\s*[=.]")
    return next((number for number in range(begun + 1, end) if wanted.match(lines[number - 1])), 0)
