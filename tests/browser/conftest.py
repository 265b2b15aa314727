"""A real Chromium at a real address: each visit watches the console, the content policy and the network by itself.

page = visit(quality)                    # logged in, 1280 wide
page = visit(quality, phone=True, dark=True)
page.goto(address("voices")); accessible(page); shot(page, "voices")
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, TimeoutError, expect, sync_playwright

# The same engine without a desktop's browser around it does less work a story; where it is not, the whole one.
ENGINES = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM = Path(os.environ.get("CHROMIUM") or next((each for each in ENGINES if each.exists()), ENGINES[0]))
# The first repeats what _response judges; htmx calls it an error when a newer choice ends the request of an older one.
NO_FAULT = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest, [object HTML")
SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"  # not in git
KEPT = bool(os.environ.get("SCREENSHOTS"))  # a look costs as long as the story: SCREENSHOTS=on make test
AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text("utf-8")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000  # milliseconds: a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
NARROW = {"width": 360, "height": 800}
# Playwright runs a loop of its own in this thread; Django's guard against that would refuse every query of a test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

Visit = Callable[..., Page]
Address = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """What must not happen behind a page's back: errors, broken policy, strangers called, server faults."""

    def __init__(self, page: Page, home: str) -> None:
        self.found: list[str] = []
        self.expected: set[int] = {422}
        self.host = urlsplit(home).netloc
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"uncaught: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(NO_FAULT):
            self.found.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.netloc != self.host:
            self.found.append(f"stranger: {url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.found.append(f"{response.status}: {response.url}")


@pytest.fixture
def address(live_server: Any) -> Address:
    """The full address of a named page: address("voice", "abc", query="q=1")."""

    def build(name: str, *arguments: Any, query: str = "") -> str:
        return live_server.url + reverse(name, args=arguments) + (f"?{query}" if query else "")

    return build


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Visit]:
    """Open a page as this person (or as nobody); what went wrong behind it fails the test at its end.

    `expect` names statuses that belong to the story, such as 404.
    """
    opened: list[tuple[Any, Watch]] = []

    def open_page(
        person: Any = None,
        *,
        phone: bool = False,
        dark: bool = False,
        script: bool = True,
        expect: set[int] | None = None,
    ) -> Page:
        context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        if person is not None:
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            cookie = client.cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        watch = Watch(page, live_server.url)
        watch.expected |= expect or set()
        opened.append((context, watch))
        return page

    yield open_page
    for context, watch in opened:
        context.close()
        assert not watch.found, watch.found


def accessible(page: Page) -> None:
    """No barrier that axe-core calls serious or critical (WCAG 2.1 A and AA)."""
    if page.evaluate("typeof axe === 'undefined'"):  # half a megabyte: once a page, however often it changes
        page.evaluate(AXE)
    # Violations alone: what axe found in order is many times longer, and on its way for a second.
    violations = page.evaluate(
        """async () => (await axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations'],
            preload: false,
        })).violations"""
    )
    grave = [fault for fault in violations if fault["impact"] in {"serious", "critical"}]
    told = [
        (fault["id"], [(n["html"][:160], n["failureSummary"][:300]) for n in fault["nodes"][:4]]) for fault in grave
    ]
    assert not told, told


def fits(page: Page) -> None:
    """Nothing sticks out sideways: the page is no wider than the window, once its charts have followed."""
    with suppress(TimeoutError):
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=3000)
    wide = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => !e.closest('.table-responsive, svg, .visually-hidden, .hx-skip'))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right)).slice(0, 5)"""
    )
    scrolled = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert scrolled <= 0, (scrolled, wide)
    assert not wide, wide


def shot(page: Page, name: str) -> None:
    """Keep what the page looks like, whole, where it is asked for."""
    if KEPT:
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def in_english(page: Page, places: dict[str, str]) -> None:
    """Each of these pages, by the name of its picture, fits the narrowest telephone in the longer language."""
    home = urlsplit(page.url)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": f"{home.scheme}://{home.netloc}"}])
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for name, place in places.items():
        page.goto(place)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        fits(page)
        shot(page, f"{name}-english")


def printed(page: Page, name: str) -> bytes:
    """The page on paper, as PDF."""
    return page.pdf(path=SCREENSHOTS / f"{name}.pdf" if KEPT else None, prefer_css_page_size=True)
