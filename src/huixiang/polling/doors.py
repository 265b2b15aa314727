"""Which hosts may be asked, and how are they trusted? The administrator says so; no page can add one.

A feed could point into the bank's inner network, by its address or by a redirect. So an address counts only if its
scheme, host and port stand in the list, and every redirect is held against the same list. What is listed as https or
imaps is verified by certificate: a name that someone makes point inward has none there.
"""

from __future__ import annotations

import ssl
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, urlsplit

from huixiang.channels.contract import Fault, quoted

VARIABLE = "HUIXIANG_SOURCES"
PORTS = {"https": 443, "http": 80, "imaps": 993, "imap": 143}
FEEDS, MAILBOXES = frozenset({"https", "http"}), frozenset({"imaps", "imap"})
LONGEST = 500  # characters of an address


@dataclass(frozen=True, slots=True)
class Limits:
    """How long may it take, how much may come? Seconds; bytes and mails of one poll, the rest waits for the next."""

    connect: float = 8.0
    read: float = 20.0
    total: float = 120.0
    bytes: int = 64 << 20
    mails: int = 500


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart."""

    scheme: str
    host: str
    port: int
    path: str = "/"

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def is_encrypted(self) -> bool:
        return self.scheme in {"https", "imaps"}

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True)
class Door:
    """The administrator's list, and the file of the bank's own certificate authorities, if it has one."""

    listed: Collection[str]
    authorities: str = ""
    limits: Limits = field(default_factory=Limits)
    variable: str = VARIABLE  # where the administrator wrote the list

    @cached_property
    def _origins(self) -> frozenset[tuple[str, str, int]]:
        return frozenset(place(address).origin for address in self.listed)

    def admitted(self, address: str, schemes: Iterable[str]) -> Place:
        """The place of this address. Raises Fault where it is none, or not on the list."""
        found = place(address)
        if found.scheme not in frozenset(schemes):
            known = "、".join(f"{each}://" for each in sorted(schemes, reverse=True))
            raise Fault("地址要以 %(known)s 开头", known=known)
        if found.origin not in self._origins:
            raise Fault(
                "地址 %(origin)s 不在允许收取的清单里；请系统管理员把它加进 %(variable)s 后重启服务",
                origin=str(found),
                variable=self.variable,
            )
        return found

    def trust(self) -> ssl.SSLContext:
        """Certificates are always verified: by the system's authorities, or by the bank's own. Raises Fault."""
        try:
            return ssl.create_default_context(cafile=self.authorities or None)
        except OSError as error:
            variable, reason = f"{self.variable}_CA", error.strerror or type(error).__name__
            raise Fault("%(variable)s 指的证书文件不能使用（%(reason)s）", variable=variable, reason=reason) from None


def place(address: str) -> Place:
    """Raises Fault, also where a password stands in the address: it would be shown with it."""
    try:
        parts = urlsplit(address.strip()[: LONGEST + 1])
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
        plain = host.encode("idna").decode("ascii") if host else ""
    except (ValueError, UnicodeError):
        raise _unreadable(address) from None
    if (
        parts.scheme not in PORTS
        or not plain
        or len(address) > LONGEST
        or any(sign.isspace() for sign in address.strip())
    ):
        raise _unreadable(address)
    if parts.username is not None or parts.password is not None:
        raise Fault("地址里不要写账号和密码；请填在“账号”和“密码”两栏")
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="/?&=%:@!$'()*+,;~[]-._")
    return Place(parts.scheme, plain, port or PORTS[parts.scheme], path)


def _unreadable(address: str) -> Fault:
    found = quoted(address.partition("@")[2] or address)  # what stands before an @ may be a password
    return Fault(
        "“%(found)s”不是可用的地址；请写成 imaps://mail.bank.example 或 https://news.example/feed", found=found
    )
