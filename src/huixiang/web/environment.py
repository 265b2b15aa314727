"""What does the environment say? Each variable read once, and what it cannot mean refused by its name."""

from __future__ import annotations

import ipaddress
import os
import re
from datetime import time
from typing import Any
from zoneinfo import available_timezones

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from huixiang.apps.feedback.clusters import said
from huixiang.domain.complaints.warning import Thresholds, read_thresholds
from huixiang.lake.spark.chosen import Chosen, Misnamed, chosen
from huixiang.web.bilingual import both_of

NIGHT = time(2, 30)  # when the nightly round is due, by the bank's clock
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}


def given(name: str, default: str = "") -> str:
    """Its value without blanks around; an empty one is none."""
    return os.environ.get(name, "").strip() or default


def listed(name: str) -> list[str]:
    """A list of values, comma-separated; blanks around them count for nothing."""
    return [part.strip() for part in given(name).split(",") if part.strip()]


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """10.0.0.0/8, 2001:db8::/32: a list of networks, comma-separated."""
    try:
        return [ipaddress.ip_network(part) for part in listed(name)]
    except ValueError:
        raise ImproperlyConfigured(
            f"{name}={given(name)}: 应为网段，逗号分隔，如 10.0.0.0/8 / use networks, e.g. 10.0.0.0/8"
        ) from None


def on(name: str, default: str = "off") -> bool:
    """Is it switched on? Words that say neither are refused: a misspelt switch must not open anything."""
    value = given(name, default).lower()
    if value not in {"1", "true", "on", "yes", "0", "false", "off", "no"}:
        raise ImproperlyConfigured(f"{name}={value}: 应为 on 或 off / use on or off")
    return value in {"1", "true", "on", "yes"}


def origin(name: str) -> str:
    """ "https://voice.bank.example", without a path; "" where it is not given."""
    value = given(name).rstrip("/")
    if value and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", value):
        raise ImproperlyConfigured(f"{name}={value}: 应为网址的开头 / use e.g. https://voice.bank.example")
    return value


def time_zone(name: str) -> str:
    value = given(name, "Asia/Shanghai")
    if value not in available_timezones():
        raise ImproperlyConfigured(f"{name}={value}: 没有这个时区 / no such time zone, e.g. Asia/Shanghai")
    return value


def share(name: str, default: float) -> float:
    value = given(name, str(default))
    try:
        found = float(value)
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise ImproperlyConfigured(f"{name}={value}: 应为 0 到 1 的小数 / use a number from 0 to 1")
    return found


def count(name: str, default: int, least: int = 0) -> int:
    value = given(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value}: 应为 {least} 以上的整数 / use a whole number from {least}")
    return int(value)


def level(name: str) -> str:
    value = given(name, "INFO").upper()
    if value not in LEVELS:
        raise ImproperlyConfigured(f"{name}={value}: 应为 {'、'.join(LEVELS)} 之一 / use one of {', '.join(LEVELS)}")
    return value


def database(name: str, default: str) -> Any:
    """SQLite or PostgreSQL. What stands there is not repeated: it holds a password."""
    try:
        found = dj_database_url.parse(given(name, default), conn_max_age=60, conn_health_checks=True)
    except ValueError:
        found = {}
    if found.get("ENGINE") not in ENGINES:
        raise ImproperlyConfigured(
            f"{name}: 应为 postgresql://用户:密码@主机:端口/库 或 sqlite:///文件，密码里的特殊字符要百分号编码 / "
            "use postgresql://user:password@host:port/name or sqlite:///file, special signs percent-encoded"
        )
    return found


def thresholds(name: str, default: str) -> Thresholds:
    """50,80,100,100: per cent of a clock, from its handler up to head office."""
    try:
        return read_thresholds(given(name, default))
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name}: 应为四个从小到大的百分数，如 50,80,100,100 / {fault}") from None


def engine() -> Chosen | None:
    """The cluster that HUIXIANG_ENGINE names for what is heavy; None: all is counted here."""
    try:
        return chosen(os.environ)
    except Misnamed as wrong:
        raise ImproperlyConfigured(both_of(said(wrong))) from None
