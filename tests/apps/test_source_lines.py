"""Does no line hold us for longer than we said, and is none opened that the administrator did not name?"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

import pytest

from huixiang.channels.contract import Fault
from huixiang.polling import doors, feed, mailbox
from huixiang.polling.doors import Door, Limits
from tests import feeds

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("address", ["imap", "imaps", "https"])
def test_a_greeting_that_drips_is_cut_off(address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"{address}://127.0.0.1:{server.getsockname()[1]}"

        def drip() -> None:
            with suppress(OSError), server.accept()[0] as line:
                for sign in b"\x16\x03\x03\x40\x00" + b"\x02" * 200 if address != "imap" else b"* " + b"O" * 200:
                    line.sendall(bytes([sign]))
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        door = Door([url], limits=Limits(connect=0.5, read=0.4, total=0.3))
        with pytest.raises(Fault, match="秒内没有传完"):
            _asked(url, door)


def _asked(url: str, door: Door) -> object:
    if url.startswith("https"):
        return feed.fetch(feed.Subscription(url), feed.Known(), door)
    return mailbox.opened(mailbox.Mailbox(url, "a", "b"), mailbox.Reached(), door).__enter__()


@pytest.mark.parametrize(
    ("mood", "said"), [("hang", "没有及时应答"), ("drip", "秒内没有传完"), ("html", "多半是网页"), (503, "HTTP 503")]
)
def test_a_feed_that_hangs_is_cut_off(mood: str | int, said: str) -> None:
    with feeds.serving() as forum:
        forum.mood = mood
        door = Door([forum.url], limits=Limits(connect=0.5, read=0.4, total=0.8))
        with pytest.raises(Fault, match=said):
            feed.fetch(feed.Subscription(f"{forum.url}/rss"), feed.Known(), door)


def test_addresses_are_compared_by_what_they_mean() -> None:
    assert doors.place("https://News.Example./feed?x=1").origin == ("https", "news.example", 443)
    assert doors.place("https://news.example/论坛?q=%20a&b").path == "/%E8%AE%BA%E5%9D%9B?q=%20a&b"
    door = Door(["https://news.example"])
    assert door.admitted("https://news.example:443/feed", doors.FEEDS).path == "/feed"
    for other in ("http://news.example/", "https://news.example:8443/", "https://news.example.evil.example/"):
        with pytest.raises(Fault):
            door.admitted(other, doors.FEEDS)
