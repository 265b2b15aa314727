"""Where do the word lists come from? Readable text files in data/: a [section] line, then words, # for remarks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def entries(name: str) -> dict[str, frozenset[str]]:
    """The words of one list by section; see `sections`."""
    return sections(files(__package__).joinpath("data", name).read_text("utf-8"))


def sections(written: str) -> dict[str, frozenset[str]]:
    """Words stand apart by white space; a word belongs to the section above it."""
    by_name: dict[str, set[str]] = {}
    words = by_name.setdefault("", set())
    for line in written.splitlines():
        text = line.split("#", 1)[0].strip()
        if text.startswith("[") and text.endswith("]"):
            words = by_name.setdefault(text[1:-1], set())
        else:
            words.update(text.split())
    return {section: frozenset(found) for section, found in by_name.items() if found}


def all_entries(name: str) -> frozenset[str]:
    """All words of one list, whatever their section."""
    return frozenset().union(*entries(name).values())
