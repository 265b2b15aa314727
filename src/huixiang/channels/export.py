"""How does text leave for a spreadsheet without being run there as a formula?"""

from __future__ import annotations

import re

# What spreadsheets take for a formula's beginning, the full-width forms included. Source: OWASP, CSV Injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")


def safe_cell(text: str) -> str:
    """An apostrophe, Excel's own sign for text, before what could run; numbers such as -3.5 stay numbers."""
    return "'" + text if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
