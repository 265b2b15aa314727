"""How does text leave for a spreadsheet without being run there as a formula, and come back as it was?"""

from __future__ import annotations

from collections.abc import Mapping

MARK = "回响："  # begins the names of our own columns in an export; an import passes them over
# What spreadsheets take for a formula's beginning, the full-width forms included. Source: OWASP, CSV Injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe(cell: str) -> str:
    """An apostrophe before what could run; it is Excel's own sign for text."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def returned(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Does this row come from one of our exports? Then without our columns and apostrophes; else as it is."""
    if not any(name.startswith(MARK) for name in fields):
        return fields
    own = {name: value for name, value in fields.items() if not name.startswith(MARK)}
    return {
        name: value[1:] if value.startswith("'") and value[1:].startswith(_FORMULA) else value
        for name, value in own.items()
    }
