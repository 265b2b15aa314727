"""How does a quarantined row come back from a spreadsheet as it was? Without our columns and our apostrophes."""

from __future__ import annotations

from collections.abc import Mapping

from huixiang.channels.export import safe_cell

MARK = "回响："  # begins the names of our own columns in an export; an import passes them over


def returned(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Does this row come from one of our exports? Then only what is the row's own; else as it is."""
    if not any(name.startswith(MARK) for name in fields):
        return fields
    return {name: _plain(value) for name, value in fields.items() if not name.startswith(MARK)}


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and safe_cell(cell[1:]) == cell else cell
