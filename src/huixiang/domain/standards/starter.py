"""Which standards come with the product? A set to begin with, each with its source; a bank edits every number."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from huixiang.domain.standards.reading import read
from huixiang.domain.standards.values import Standard


@cache
def starter_set() -> tuple[Standard, ...]:
    """In the order of their codes."""
    folder = files("huixiang.domain.standards") / "starter"
    found = [read(each.read_text("utf-8")) for each in folder.iterdir() if each.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda each: each.code))
