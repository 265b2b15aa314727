"""What stands in this feed now? Asked by HTTP: a changed one only, within time and size, along the list alone."""

from __future__ import annotations

import base64
import socket
from dataclasses import dataclass, field
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from huixiang import __version__
from huixiang.channels.contract import Fault
from huixiang.channels.syndication import is_feed
from huixiang.polling.doors import FEEDS, Door, Place
from huixiang.polling.hanging import Watch, within

MOST_REDIRECTS = 5
LARGEST = 32 << 20  # bytes; feeds hold some hundred kilobytes
_CHUNK = 1 << 16
_MOVED = {301, 302, 303, 307, 308}
_TYPES = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which feed, and with which name and secret where it wants them."""

    address: str
    account: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What the server gave as the marks of what was read last (RFC 9110, conditional requests)."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The feed as it stands; None where it has not changed."""

    data: bytes | None
    known: Known


def fetch(feed: Subscription, known: Known, door: Door) -> Answer:
    """Raises Fault: for a host that is not on the list, too long, too large, no feed."""
    place = first = door.admitted(feed.address, FEEDS)
    address, told = feed.address, _headers(known)
    with within(door.limits.total, place) as watch:
        for _ in range(MOST_REDIRECTS + 1):
            # A secret is for the host that it was given for, wherever that may send us.
            headers = told | (_authorization(feed) if place.origin == first.origin else {})
            answer, moved = _asked(place, headers, known, door, watch)
            if answer is not None:
                return answer
            address = urljoin(address, moved)
            watch.place = place = door.admitted(address, FEEDS)
    raise Fault("“%(origin)s”一再转到别处，没有到达订阅源；请核对地址", origin=str(first))


def _asked(place: Place, headers: dict[str, str], known: Known, door: Door, watch: Watch) -> tuple[Answer | None, str]:
    connection = connection_to(place, door, watch)
    try:
        connection.connect()
        connection.sock.settimeout(door.limits.read)
        connection.request("GET", place.path, headers=headers, preload_content=False, decode_content=False)
        response = connection.getresponse()
        if response.status == 304:
            return Answer(None, known), ""
        if response.status in _MOVED:
            return None, _new_address(response, place)
        _refuse(response.status, place)
        data = _read(response, place)
        if not is_feed(data[: 1 << 12]):
            raise Fault("“%(origin)s”给的不是 RSS、Atom 或 JSON Feed，多半是网页；请核对地址", origin=str(place))
        now = Known(response.headers.get("ETag", "")[:200], response.headers.get("Last-Modified", "")[:100])
        return Answer(data, now), ""
    finally:
        connection.close()


class _Watched(HTTPConnection):
    """One that is under the watch from its first byte on."""

    watch: Watch

    def _new_conn(self) -> socket.socket:
        found = super()._new_conn()
        self.watch.over(found)
        return found


class _WatchedTls(_Watched, HTTPSConnection):
    pass


def connection_to(place: Place, door: Door, watch: Watch) -> HTTPConnection:
    """One that knows no proxy and no redirect: no environment sends us elsewhere."""
    made: _Watched
    if place.scheme == "http":
        made = _Watched(place.host, place.port, timeout=door.limits.connect)
    else:
        made = _WatchedTls(place.host, place.port, timeout=door.limits.connect, ssl_context=door.trust())
    made.watch = watch
    return made


def _headers(known: Known) -> dict[str, str]:
    told = {"Accept": _TYPES, "Accept-Encoding": "identity", "User-Agent": f"huixiang/{__version__}"}
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return told | {name: value for name, value in asked.items() if value and value.isascii() and value.isprintable()}


def _authorization(feed: Subscription) -> dict[str, str]:
    if not feed.account and not feed.secret:
        return {}
    pair = base64.b64encode(f"{feed.account}:{feed.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _new_address(response: urllib3.BaseHTTPResponse, place: Place) -> str:
    if moved := response.headers.get("Location", ""):
        return moved
    raise Fault("“%(origin)s”说内容移走了，却没有说移到哪里；请核对地址", origin=str(place))


def _refuse(status: int, place: Place) -> None:
    if status == 200:
        return
    if status in {401, 403}:
        raise Fault("“%(origin)s”不允许访问（HTTP %(status)s）；请核对账号和密码", origin=str(place), status=status)
    if status in {404, 410}:
        raise Fault("“%(origin)s”那里没有这个订阅源（HTTP %(status)s）；请核对地址", origin=str(place), status=status)
    raise Fault("“%(origin)s”暂时不能提供（HTTP %(status)s）；会稍后再试", origin=str(place), status=status)


def _read(response: urllib3.BaseHTTPResponse, place: Place) -> bytes:
    found = bytearray()
    while chunk := response.read1(_CHUNK, decode_content=True):
        found += chunk
        if len(found) > LARGEST:
            most = LARGEST >> 20
            raise Fault(
                "“%(origin)s”的内容超过 %(most)s MB，没有读完；请换一个较小的订阅源", origin=str(place), most=most
            )
    return bytes(found)
