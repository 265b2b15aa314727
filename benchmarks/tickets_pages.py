"""How long does a page of waiting take, through the whole of Django? Of the bank, regions, branches, their days."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.tickets_made import BRANCHES, codes

REGIONS, SOME = 20, 60


def measured() -> dict[str, Any]:
    """Of each kind of page the p50 and p95 of seconds: asked for the first time, and again."""
    from django.test import Client
    from django.utils import timezone

    from huixiang.apps.access.models import Post, Staff, Unit
    from huixiang.apps.feedback.facts import lake

    person = Staff.objects.filter(number="9001").first()
    if person is None:
        person = Staff.objects.create_user(number="9001", name="行长")
        unit, today = Unit.objects.get(code="HQ"), timezone.localdate()
        Post.objects.create(
            staff=person, unit=unit, role="quality_manager", from_on=today.replace(year=2020), to_on=None
        )
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    told = lake().months("tickets")
    _asked(browser, f"/waiting/?unit={codes()[-1]}&month={told[0]}")  # templates and forms are read once
    pages = {
        "the bank's month": [f"/waiting/?unit=HQ&month={month}" for month in told],
        "a region's month": [
            f"/waiting/?unit=R{number % REGIONS:02d}&month={told[number % len(told)]}" for number in range(SOME)
        ],
        "a branch's month": [
            f"/waiting/?unit={codes()[number * 7 % BRANCHES]}&month={told[number % len(told)]}"
            for number in range(SOME)
        ],
        "a branch's day": [
            f"/waiting/{codes()[number * 7 % BRANCHES]}/{told[number % len(told)]}-{1 + number % 28:02d}/"
            for number in range(SOME)
        ],
    }
    return {
        "pages": {name: [_each(browser, list(dict.fromkeys(urls))) for _ in range(2)] for name, urls in pages.items()}
    }


def _each(browser: Any, urls: list[str]) -> dict[str, float]:
    times = [_asked(browser, url) for url in urls]
    cpu, clock = (sorted(each[place] for each in times) for place in (0, 1))
    ninety_fifth = min(len(times) - 1, int(0.95 * len(times)))
    return {
        "n": len(times),
        "cpu_p50": cpu[len(times) // 2],
        "cpu_p95": cpu[ninety_fifth],
        "p50": clock[len(times) // 2],
        "p95": clock[ninety_fifth],
    }


def _asked(browser: Any, url: str) -> tuple[float, float]:
    used, begun = time.process_time(), time.perf_counter()
    found = browser.get(url)
    took = time.process_time() - used, time.perf_counter() - begun
    if found.status_code != 200:
        raise SystemExit(f"{url} answered {found.status_code}")
    return took
