"""By which clock does the bank run? By one setting, on every page and in every count, wherever the server stands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import Staff
from tests.apps.arrivals import row, table

ROOT = Path(__file__).resolve().parents[2]
LATE = "2026-04-30T16:30:00Z"  # in Shanghai it is May already
AS_SEEN = """
import json, sys
from datetime import UTC, date, datetime
from pathlib import Path
import django
django.setup()
from django.conf import settings
settings.LAKE_DIR = settings.DATA_DIR / "lake"
from huixiang.apps.access.audit import head
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import bring_in

bring_in(Path(sys.argv[1]))
lake, browser = Lake(settings.LAKE_DIR), make.client(Staff.objects.get(number="9002"))
auditor = make.client(Staff.objects.get(number="9001"))
late = datetime(2026, 4, 30, 16, 30, tzinfo=UTC)
AuditRecord.objects.create(seq=head().seq + 1, at=late, actor="cli:night", verb="nightly", on_kind="loop")

def found(since, until):
    return questions.count(lake, Slice(since=since, until=until, dated=True))

def page(address, **query):
    response = browser.get(address, query)
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()

day = lambda month, number: date(2026, month, number)
listed = page("/voices/", since="2026-05-01", until="2026-05-01")
print(json.dumps({
    "days": [str(each.key) for each in questions.volume(lake, Slice(), by="day")],
    "months": [str(each.key) for each in questions.volume(lake, Slice(), by="month")],
    "april": found(day(4, 1), day(4, 30)),
    "may": found(day(5, 1), day(5, 31)),
    "list": [time for time in ("2026-05-01 00:30", "2026-04-30 16:30") if f">{time}<" in listed],
    "export": [t for t in ("2026-05-01 00:30", "2026-04-30 16:30") if t in page("/voices/export/csv/")],
    "bars": [label for label in ("05-01", "04-30") if label in page("/overview/", all="1", by="day")],
    "audit": [d for d in ("2026-05-01", "2026-04-30")
              if "cli:night" in auditor.get("/audit/", {"since": d, "until": d}).content.decode()],
}))
"""


def as_seen(file: Path, elsewhere: dict[str, str], **environment: str) -> dict[str, Any]:
    """The same file, brought in and looked at by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", AS_SEEN, str(file)],
        env=elsewhere | {"DJANGO_SETTINGS_MODULE": "huixiang.web.settings"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.fixture
def file(tmp_path: Path, quality: Staff, auditor: Staff) -> Path:
    return table(tmp_path / "留言.csv", [row(1, 时间=LATE)])


def test_wherever_the_server_stands_it_is_may_in_shanghai(file: Path, elsewhere: dict[str, str]) -> None:
    assert as_seen(file, elsewhere, TZ="America/Los_Angeles") == {
        "days": ["2026-05-01"],
        "months": ["2026-05-01"],
        "april": 0,
        "may": 1,
        "list": ["2026-05-01 00:30"],
        "export": ["2026-05-01 00:30"],
        "bars": ["05-01"],
        "audit": ["2026-05-01"],
    }


@pytest.mark.one_database  # a database is told the zone as in the story above
def test_a_bank_elsewhere_counts_by_its_own_clock(file: Path, elsewhere: dict[str, str]) -> None:
    seen = as_seen(file, elsewhere, TZ="Asia/Shanghai", HUIXIANG_TIME_ZONE="Europe/London")
    assert (seen["april"], seen["may"], seen["days"]) == (1, 0, ["2026-04-30"])
    assert seen["bars"] == ["04-30"]
    assert seen["audit"] == ["2026-04-30"]
    assert seen["list"] == [], "the list of the first of May"
