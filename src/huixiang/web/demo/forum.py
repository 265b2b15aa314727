"""What does a source bring that really answers? A neighbourhood's forum, served on this machine while it is asked once.

It writes of the branch manager's outlet in the words that the simulation finds. Afterwards nobody answers there, so the
source is paused; what it brought, and when, stands on its page.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import numpy as np
from django.conf import settings
from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.sources import actions
from huixiang.apps.sources.actions import Wanted
from huixiang.apps.sources.models import Source
from huixiang.simulation.speech import Speaker
from huixiang.web.demo import BRANCH, FORUM, QUALITY_MANAGER, survey_list
from huixiang.web.demo.working import work_off

NAME = "街坊论坛（演示）"
POSTS = (  # of what, in which mood: the branch has one thing that annoys, and several that please
    ("branch.waiting", "negative"),
    ("branch.attitude", "positive"),
    ("branch.waiting", "negative"),
    ("branch.environment", "positive"),
    ("branch.competence", "positive"),
    ("branch.lobby", "positive"),
    ("branch.waiting", "negative"),
    ("elderly.service", "negative"),
)
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>街坊论坛</title><link>{link}</link>{items}</channel></rss>"""
ITEM = "<item><guid>{link}/t/{number}</guid><title>{title}</title><description>{text}</description>{at}</item>"


def ask_once(exports: Path) -> None:
    """Once; broken off, it is asked again, and what came is known."""
    made = Source.objects.filter(name=NAME).first()
    if FORUM not in settings.SOURCES or (made and made.paused_at):
        return
    manager = Staff.objects.get(number=QUALITY_MANAGER)
    try:
        with _served(_written(survey_list.speaker(exports), timezone.now())):
            branch = Unit.objects.get(code=BRANCH)
            wanted = Wanted(NAME, Source.Kind.FEED, f"{FORUM}/rss.xml", "social", branch=branch, every_minutes=60)
            made = made or actions.add_source(wanted, by=manager, source="cli")
            is_done = work_off(actions.poll_source(made, by=manager, source="cli"))
    except OSError:
        print(f"定时收取：{FORUM} 已被占用，不演示论坛 / the forum's port is taken: no forum")  # noqa: T201
        return
    if is_done:
        actions.pause_source(made, by=manager, source="cli")
        print(f"定时收取：{NAME} 收取一次，已暂停 / polled sources: a forum, asked once")  # noqa: T201


def _written(speaker: Speaker, now: datetime) -> bytes:
    """Each post is two days older than the one before."""
    items = []
    for number, about in enumerate(POSTS, 1):
        said = speaker.say(np.random.default_rng(number), [about], length="medium").text
        at = f"<pubDate>{format_datetime(now - timedelta(days=2 * number))}</pubDate>"
        items.append(ITEM.format(link=FORUM, number=number, title="中山路网点", text=escape(said), at=at))
    return FEED.format(link=FORUM, items="".join(items)).encode()


@contextmanager
def _served(page: bytes) -> Iterator[None]:
    """Raises OSError where another program listens there."""

    class Forum(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_args: object) -> None:
            """No line in the demonstration's own account."""

    place = urlsplit(FORUM)
    server = HTTPServer((str(place.hostname), place.port or 80), Forum)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
