"""When was it said? Dates as banks and app stores write them, Chinese forms first; what is vague is refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from huixiang.channels.contract import Fault, marked, quoted
from huixiang.channels.machine_dates import usual
from huixiang.channels.numerals import arabic
from huixiang.domain.feedback import Precision

EARLIEST_YEAR = 1990  # older than any bank's electronic feedback: a placeholder such as 1970-01-01 or 1900-01-00
LATEST_YEAR = 9000  # beyond it a change of time zone may leave the calendar
LEEWAY = timedelta(days=1)
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 – local by nature; day 60 is Excel's made-up 1900-02-29

_DATE = r"(?P<year>\d{4})\s*[年/.\-]\s*(?P<month>\d{1,2})\s*[月/.\-]\s*(?P<day>\d{1,2})\s*[日号]?"
_WEEKDAY = r"[\s,，]*(?:[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)?"
_HALF = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|夜里|晚|早|[AaPp]\\.?[Mm]\\.?"
_TIME = (
    rf"(?P<half>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*(?:[:时点](?:\s*(?P<minute>\d{{1,2}})\s*分?)?(?P<thirty>半)?)"
    rf"(?:\s*:?\s*(?P<second>\d{{1,2}})(?:[.,](?P<fraction>\d{{1,9}}))?\s*秒?)?\s*(?P<after>[AaPp]\.?[Mm]\.?)?"
)
_ZONE = r"(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+\-]\d{1,2}(?::?\d{2})?)?"
_WRITTEN = re.compile(rf"{_DATE}{_WEEKDAY}(?:[\sT,，]*{_TIME}\s*{_ZONE})?(?:\s*(?:CST|北京时间))?", re.I)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RELATIVE = re.compile(
    r"刚刚|刚才|[今昨前明后]\s*[天日晚早]|[上本下这]\s*(?:周|个?月|星期)|前$|\bago\b|yesterday|today", re.I
)
_SHORT_YEAR = re.compile(
    r"\d{2}\s*[年/.\-]\s*\d{1,2}\s*[月/.\-]\s*\d{1,2}(?!\d)|\d{1,2}-(?:[A-Z]{3}|\d{1,2}月)\s*-\d{2}(?!\d)", re.I
)
_NO_ORDER = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}(?!\d)")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.I)
_NO_YEAR = re.compile(r"\d{1,2}\s*[月/.\-]\s*\d{1,2}(?:\s*[日号])?(?!\s*[/.\-\d])")
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}

Moment = tuple[datetime, Precision]


@dataclass(frozen=True, slots=True)
class Dates:
    """How does this source write its dates? `forms` are strptime patterns tried first; local times are in `zone`."""

    forms: tuple[str, ...] = ()

    def read(self, found: str, zone: str, now: datetime | None, place: tuple[int, str]) -> Moment:
        """The moment and how exactly it is known. `place` is row and column, for the Fault where it can't be told."""
        try:
            moment, precision = _read(found, zone, self.forms)
        except (ValueError, OverflowError):  # 9999-12-31 24:00 would be in the year 10000
            raise _unreadable(found, place) from None
        told: dict[str, Any] = {"row": place[0], "column": place[1], "found": quoted(found)}
        if moment.year > LATEST_YEAR:
            raise Fault(
                "第 %(row)s 行“%(column)s”列：“%(found)s”晚于 %(year)s 年；请填写真实日期，或清空",
                **told,
                year=LATEST_YEAR,
            )
        if moment.year < EARLIEST_YEAR:
            raise Fault(
                "第 %(row)s 行“%(column)s”列：“%(found)s”早于 %(year)s 年，多半是占位值；请填写真实日期，或清空",
                **told,
                year=EARLIEST_YEAR,
            )
        if now is not None and moment > now + LEEWAY:
            raise Fault("第 %(row)s 行“%(column)s”列：“%(found)s”在将来；请核对日期的年、月、日次序和时区", **told)
        return moment, precision


def mailed(text: str) -> datetime | None:
    """The moment in a mail's or feed's form (RFC 5322); None where it is none. CST is Beijing's time, not Chicago's."""
    try:
        found = parsedate_to_datetime(re.sub(r"\bCST\s*$", "+0800", " ".join(text.split())))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)  # -0000: the moment is UTC's, the place not told


def looks_like_date(text: str) -> bool:
    """Would this be read as a date that is written out? Bare numbers are not enough: they may be anything."""
    if _NUMBER.fullmatch(text) and len(text) not in _COMPACT:
        return False
    try:
        moment, _ = _read(text, "Asia/Shanghai", ())
    except (ValueError, OverflowError):
        return False
    return EARLIEST_YEAR <= moment.year < 2100


@lru_cache(1 << 14)
def _read(found: str, zone: str, forms: tuple[str, ...]) -> Moment:
    local = ZoneInfo(zone)
    for form in forms:
        moment = _by_form(found, form)
        if moment:
            return _placed(moment, local), Precision.TIME if _has_time(form) else Precision.DAY
    text = usual(found.strip())
    if _NUMBER.fullmatch(text):
        return _of_number(text, local)
    if len(text) >= 10 and text[4] == "-":
        try:
            return _placed(datetime.fromisoformat(text), local), _precision(len(text) > 10)
        except ValueError:
            pass
    return _written(text, local)


def _by_form(found: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(found.strip(), form)  # noqa: DTZ007 – the zone is placed after
    except ValueError:
        return None


def _has_time(form: str) -> bool:
    return any(mark in form for mark in ("%H", "%I", "%X", "%c"))


def _precision(has_time: bool) -> Precision:
    return Precision.TIME if has_time else Precision.DAY


def _placed(moment: datetime, local: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=local)


def _of_number(text: str, local: ZoneInfo) -> Moment:
    """20261124, 20261124150500, seconds or milliseconds since 1970, or Excel's count of days (46350.62)."""
    whole = text.partition(".")[0]
    if text == whole and len(text) in _COMPACT:
        moment = datetime.strptime(text, _COMPACT[len(text)])  # noqa: DTZ007
        return moment.replace(tzinfo=local), _precision(len(text) > 8)
    if len(whole) == 10:
        return datetime.fromtimestamp(float(text), UTC), Precision.TIME
    if len(whole) == 13:
        return datetime.fromtimestamp(float(text) / 1000, UTC), Precision.TIME
    if len(whole) == 5:
        seconds = round(float(text) * 86400)  # Excel's fractions of a day are exact to the second, no further
        return (EXCEL_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=local), _precision(seconds % 86400 != 0)
    raise ValueError(text)


def _plain(text: str) -> str:
    return arabic(unicodedata.normalize("NFKC", text))


def _written(text: str, local: ZoneInfo) -> Moment:
    match = _WRITTEN.fullmatch(_plain(text))
    if not match:
        raise ValueError(text)
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if match["hour"] is None:
        return datetime(year, month, day, tzinfo=local), Precision.DAY
    hour = _hour(int(match["hour"]), (match["half"] or match["after"] or "").replace(".", "").upper())
    minute = 30 if match["thirty"] else int(match["minute"] or 0)
    second, micros = int(match["second"] or 0), int((match["fraction"] or "0")[:6].ljust(6, "0"))
    if hour == 24 and not (minute or second or micros):
        return datetime(year, month, day, tzinfo=local) + timedelta(days=1), Precision.TIME
    zone = _zone(match["zone"]) or local
    return datetime(year, month, day, hour, minute, second, micros, tzinfo=zone), Precision.TIME


def _hour(hour: int, half: str) -> int:
    """下午3点 is 15, 中午12点 is 12, 晚上12点 is the day's end, 凌晨12点 its beginning."""
    if half in {"下午", "傍晚", "PM"}:
        return hour + 12 if hour < 12 else hour
    if half in {"晚上", "晚", "夜间", "夜里"}:
        return hour + 12 if 5 <= hour <= 12 else hour
    if half == "中午":
        return hour + 12 if hour < 3 else hour
    if half in {"凌晨", "AM"}:
        return 0 if hour == 12 else hour
    return hour


def _zone(name: str | None) -> timezone | None:
    if not name:
        return None
    digits = re.sub(r"[^\d]", "", name)
    if not digits:
        return UTC
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if "-" in name else offset)


# The commonest reasons why something is no date have a sentence of their own.
_WHY = [
    (_WRITTEN.fullmatch, marked("第 %(row)s 行“%(column)s”列：日历上没有“%(found)s”；请更正")),
    (
        _RELATIVE.search,
        marked(
            "第 %(row)s 行“%(column)s”列：“%(found)s”是相对日期，无从得知是哪一天；请改为 2026-11-24 15:05 这样的写法"
        ),
    ),
    (
        _SHORT_YEAR.match,
        marked("第 %(row)s 行“%(column)s”列：“%(found)s”的年份只有两位；请写全四位年份，如 2026-11-24"),
    ),
    (
        _NO_ORDER.match,
        marked(
            "第 %(row)s 行“%(column)s”列：“%(found)s”分不清哪个是月、哪个是日；请改为 2026-11-24 这样的写法，"
            "或在映射的 [dates] forms 里写明"
        ),
    ),
    (
        _ROUNDED.fullmatch,
        marked("第 %(row)s 行“%(column)s”列：“%(found)s”被表格软件改成了科学计数法，原来的时刻已丢失；请重新导出"),
    ),
    (_NO_YEAR.match, marked("第 %(row)s 行“%(column)s”列：“%(found)s”没有年份；请写全，如 2026-11-24")),
]


def _unreadable(found: str, place: tuple[int, str]) -> Fault:
    """Why is it no date?"""
    text = _plain(usual(found.strip()))
    usually = marked("第 %(row)s 行“%(column)s”列：“%(found)s”不是可识别的日期；请改为 2026-11-24 15:05 这样的写法")
    why = next((said for applies, said in _WHY if applies(text)), usually)
    return Fault(why, row=place[0], column=place[1], found=quoted(found))
