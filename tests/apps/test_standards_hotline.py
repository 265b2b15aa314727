"""Are the hotline's standards held against the calls that came in, counted as the hotline's own page counts them?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import hotline
from huixiang.apps.feedback.hotline import Rules
from huixiang.apps.standards import measuring
from huixiang.domain.standards.conformance import Verdict
from huixiang.domain.standards.values import Aim
from huixiang.domain.statistics.order import percentile
from huixiang.lake.questions import CallSlice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.test_hotline import RECORDS, came
from tests.apps.test_standards import SET

pytestmark = pytest.mark.one_database
SINCE, UNTIL = date(2026, 1, 1), date(2026, 1, 31)


def calls(count: int) -> str:
    """Each waited a second longer than the one before."""
    head = RECORDS.splitlines()[0]
    rows = [f"c{n},信用卡,2026-01-0{1 + n % 9} 12:02:00,2026-01-0{1 + n % 9} 12:02:{n:02},"
            f"2026-01-0{1 + n % 9} 12:05:00,接通,,139{n:08}" for n in range(count)]  # fmt: skip
    return "\n".join([head, *rows])


def test_the_calls_of_a_month_are_held_against_the_standard(lake: Lake, quality: Staff, tmp_path: Path) -> None:
    file = tmp_path / "forty.csv"
    file.write_text(calls(40))
    came(file, "call-records", by=quality)
    level = SET["hotline-service-level"]
    line = measuring.conform(level, SINCE, UNTIL)
    own = hotline.measures(lake, CallSlice(SINCE, UNTIL), Rules()).total
    assert own.in_time_share is not None
    assert line.found is not None
    assert (line.found.n, line.found.value) == (own.timed, 100 * own.in_time_share.value)
    assert line.verdict is Verdict.MISSED  # 21 of 40 within twenty seconds, where 80 in 100 shall be
    found = measuring.count(replace(level, aim=Aim(level.aim.measure, 80, 3, (("seconds", 39.0),))), SINCE, UNTIL)  # type: ignore[union-attr]
    assert [(each.period, each.value) for each in found or [] if len(each.period) < 8] == [
        ("", 100.0),
        ("2026-01", 100.0),
    ]
    [wait, month] = measuring.count(replace(level, aim=Aim("hotline.wait_p90", 30)), SINCE, UNTIL) or []
    assert (wait.n, wait.value, month.period) == (40, own.wait_p90, "2026-01")
    assert wait.low < wait.value < wait.high
    assert measuring.count(level, date(2025, 1, 1), date(2025, 12, 31)) == []
    assert measuring.may_see(level, quality)
    assert not measuring.may_see(level, make.staff("1009", None)), "who may not see the hotline sees no number of it"


@given(some.lists(some.integers(0, 50), min_size=1, max_size=60), some.floats(0.01, 0.99))
def test_a_percentile_lies_in_its_interval_and_among_the_values(values: list[int], part: float) -> None:
    counted = sorted((value, values.count(value)) for value in set(values))
    found = percentile(counted, part)
    assert found is not None
    assert min(values) <= found.low <= found.value <= found.high <= max(values)
