"""A small real web server for feeds, in a thread: it can redirect, hang, drip, and keep what was asked of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>论坛</title>
<link>https://bbs.example/</link><lastBuildDate>{now}</lastBuildDate>{items}</channel></rss>"""


def item(number: int, text: str = "海川银行排队太久") -> str:
    return (
        f"<item><guid>{number}</guid><title>第{number}帖</title><description>{text}</description>"
        "<pubDate>Tue, 03 Nov 2026 10:20:33 +0800</pubDate></item>"
    )


class FeedServer:
    """`mood`: "", "hang" (never answers), "drip" (a byte now and then), "html", a status, or an address to go to."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.items = [item(1), item(2)]
        self.mood: str | int = ""
        self.etag = '"1"'
        self.asked: list[dict[str, str]] = []

    def page(self) -> bytes:
        return RSS.format(now=formatdate(time.time() + len(self.asked)), items="".join(self.items)).encode()


@contextmanager
def serving() -> Iterator[FeedServer]:
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    httpd.feed = FeedServer(f"http://127.0.0.1:{httpd.server_port}")  # type: ignore[attr-defined]
    httpd.handle_error = lambda *args: None  # type: ignore[method-assign]  # who hangs up is no news
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield httpd.feed  # type: ignore[attr-defined]
    finally:
        httpd.shutdown()
        httpd.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        feed: FeedServer = self.server.feed  # type: ignore[attr-defined]
        feed.asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
        mood = feed.mood
        if mood == "hang":
            time.sleep(30)
        elif isinstance(mood, int):
            self._say(mood, b"")
        elif mood.startswith("http"):
            self._say(302, b"", Location=mood)
        elif mood == "html":
            self._say(200, b"<html><body>login</body></html>")
        elif feed.etag and self.headers.get("If-None-Match") == feed.etag:
            self._say(304, b"")
        else:
            self._say(200, feed.page(), drip=mood == "drip", **({"ETag": feed.etag} if feed.etag else {}))

    def _say(self, status: int, body: bytes, *, drip: bool = False, **headers: str) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        for place in range(0, len(body), 1 if drip else len(body) or 1):
            self.wfile.write(body[place : place + (1 if drip else len(body))])
            if drip:
                self.wfile.flush()
                time.sleep(0.05)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""
