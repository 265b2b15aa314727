"""Does a survey's answer count once, and no quota one too many, when thousands press the button twice at once?

Each of `answers` customers sends her answers `times` times at the same moment, from threads as a web server has them:
half by an invitation of her own, half by the public link. Then `crowd` more press for the last `places` of a quota.
Run by benchmarks.survey; on SQLite, and on PostgreSQL where a cluster can be started.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

QUESTIONS = {
    "format": "huixiang-survey-1",
    "languages": ["zh"],
    "title": {"zh": "服务体验问卷"},
    "sections": [
        {
            "code": "visit",
            "wording": {"zh": "这次办理"},
            "questions": [
                {"code": "nps", "kind": "nps", "wording": {"zh": "您有多大可能向亲友推荐我们？"}, "is_required": True},
                {"code": "why", "kind": "text", "wording": {"zh": "为什么？"}},
            ],
        }
    ],
}


def main(answers: int, times: int, threads: int) -> None:
    """Prints the table's rows for the database that Django is set up for, whose tables are there and empty."""
    from huixiang.apps.surveys.models import QuotaCount, Response

    names = [f"customer-{number:06d}" for number in range(answers)]
    plain = _survey("plain", [])
    invited = _invitations(plain, names[::2])
    jobs = [_sending(plain, name, invited.get(name)) for name in names for _ in range(times)]
    told, seconds = _pressed(jobs, threads)
    kept = Response.objects.filter(version=plain).count()
    _tell("sent, each several times at once", len(jobs), seconds)
    _tell("kept", kept)
    _tell("duplicates", kept - answers)
    _tell("told that it is new, beyond once each", told["new"] - answers)
    _tell("busy for longer than one waits, sent again", told["again"])

    places = answers // 20
    full = _survey("quota", [{"code": "all", "name": "全部", "limit": places}])
    crowd = [_sending(full, name, None) for name in names[: places * 5] for _ in range(times)]
    told, seconds = _pressed(crowd, threads)
    kept = Response.objects.filter(version=full).count()
    _tell(f"sent by {places * 5:,} customers for {places:,} places", len(crowd), seconds)
    _tell("kept", kept)
    _tell("quota overshoot", kept - places)
    _tell("quota's count off by", QuotaCount.objects.get(survey=full.survey).taken - kept)


def _survey(slug: str, quotas: list[dict[str, Any]]) -> Any:
    from huixiang.apps.access.models import Unit
    from huixiang.apps.surveys.models import QuotaCount, Survey, Version

    unit, _ = Unit.objects.get_or_create(
        code="HQ", defaults={"name": "演示银行总行", "kind": "head_office", "path": "/HQ/"}
    )
    survey = Survey.objects.create(unit=unit, name=slug, slug=slug, state="open", is_public=True)
    for quota in quotas:
        QuotaCount.objects.create(survey=survey, code=quota["code"], limit=quota["limit"])
    return Version.objects.create(survey=survey, number=1, definition=QUESTIONS | {"quotas": quotas})


def _invitations(version: Any, names: list[str]) -> dict[str, Any]:
    from django.utils import timezone

    from huixiang.apps.access.models import Staff
    from huixiang.apps.surveys.models import Invitation, Round

    by = Staff.objects.create_user(number="1", name="演示")
    sending = Round.objects.create(survey=version.survey, name="第一轮", by=by)
    until = timezone.localdate()
    made = [
        Invitation(round=sending, token=name, customer=name, medium="sms", probability=0.5, keep_until=until)
        for name in names
    ]
    Invitation.objects.bulk_create(made, batch_size=500)
    return dict(zip(names, made, strict=True))


def _sending(version: Any, name: str, invitation: Any) -> Callable[[], str]:
    from django.db import OperationalError, connections
    from django.utils import timezone

    from huixiang.apps.surveys import links
    from huixiang.apps.surveys.submitting import Entry, NotCounted, submit

    entry = Entry(
        version=version,
        once=links.once(name, invitation.token if invitation else ""),
        answers={"nps": 9, "why": "不用排队"},
        shown=["nps", "why"],
        language="zh",
        via="invitation" if invitation else "link",
        invitation=invitation,
        seconds=40,
    )

    def send() -> str:
        try:
            return "new" if submit(entry, timezone.now()) else "known"
        except NotCounted as refusal:
            return type(refusal).__name__
        except OperationalError:
            connections["default"].close()
            return "again"  # the customer's page tries again by itself, as this does below

    return send


def _pressed(jobs: list[Callable[[], str]], threads: int) -> tuple[Counter[str], float]:
    from django.db import connections

    def press(job: Callable[[], str]) -> list[str]:
        told = [job()]
        while told[-1] == "again":
            told.append(job())
        return told

    def leave() -> None:
        connections.close_all()

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as telephones:
        told = Counter(word for words in telephones.map(press, jobs) for word in words)
        seconds = time.perf_counter() - started
        list(telephones.map(lambda _: leave(), range(threads * 4)))
    return told, seconds


def _tell(what: str, count: int, seconds: float | None = None) -> None:
    timed = f"{seconds:.1f} | {count / seconds:,.0f}" if seconds else " | "
    print(f"| {what} | {count:,} | {timed} |", flush=True)
