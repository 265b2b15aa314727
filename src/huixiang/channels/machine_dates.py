"""How do databases, Java and social media write a moment? Each form that has one meaning only, in our usual one."""

from __future__ import annotations

import re
from collections.abc import Callable

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+)?"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
_ZONE = r"(?:Z|UTC|GMT|CST|[+\-]\d{2}:?\d{2})"


def usual(text: str) -> str:
    """The same moment as 2026-09-01 08:05:12 +0800; what is in none of these forms stays as it is."""
    for form, written in _FORMS:
        if match := form.fullmatch(text):
            return written(match)
    return text


def _numbered(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second, rest = match.groups(default="")
    return f"{year}-{month}-{day} {hour}:{minute}:{second or '00'}{rest}"


def _compact(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second, milliseconds = match.groups()
    return f"{year}-{month}-{day} {hour}:{minute}:{second}.{milliseconds}"


def _english(match: re.Match[str]) -> str:
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    found = match.groupdict("")
    return f"{found['year']}-{month}-{found['day']} {found.get('clock', '')} {found.get('zone', '')}".strip()


# Day and month in figures alone are not among them: 9/1/2026 is two days.
_FORMS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (re.compile(pattern, re.I), written)
    for pattern, written in (
        # DB2 and Oracle: 2026-09-01-08.05.12.123456
        (r"(\d{4})-(\d{2})-(\d{2})[- ](\d{2})\.(\d{2})\.(\d{2})((?:\.\d+)?)", _numbered),
        # ISO 8601's basic form and its relatives: 20260901T080512Z, 20260901 08:05:12
        (rf"(\d{{4}})(\d{{2}})(\d{{2}})[T ](\d{{2}}):?(\d{{2}})(?::?(\d{{2}}))?((?:\.\d+)?\s*{_ZONE}?)", _numbered),
        (r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{3})", _compact),
        # Java's ZonedDateTime names the zone beside the offset, which says all: 2026-09-01T08:05+08:00[Asia/Shanghai]
        (r"(\d{4}-\d{2}-\d{2}T.+(?:Z|[+\-]\d{2}:\d{2}))\[[A-Za-z_/]+\]", lambda match: match[1]),
        # Weibo's created_at, Java's Date: Tue Sep 01 08:05:12 +0800 2026
        (rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+(?P<clock>{_CLOCK})\s+(?:(?P<zone>{_ZONE})\s+)?{_YEAR}", _english),
        # Mails and feeds (RFC 5322), Oracle in English: Tue, 01 Sep 2026 08:05:12 +0800, 01-SEP-2026
        (rf"{_WEEKDAY}{_DAY}[ \-]{_MONTH}[ \-]{_YEAR}(?:\s+(?P<clock>{_CLOCK}(?:\s*[AP]M)?)(?:\s+(?P<zone>{_ZONE}))?)?",
         _english),
        # Apple's and Google's consoles: Sep 1, 2026, 8:05 PM
        (rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}(?:,?(?:\s+at)?\s+(?P<clock>{_CLOCK}(?:\s*[AP]M)?))?", _english),
    )
]  # fmt: skip
