"""A made-up bank's release that broke the log-in, and its outages: are they found, dated and named from its exports?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from huixiang.apps.standards import monitoring
from huixiang.apps.standards.models import Shift
from huixiang.apps.visits import screen_working
from huixiang.domain.calendar import mainland
from huixiang.domain.digital import SYSTEM
from huixiang.lake.questions import screen_use
from huixiang.lake.store import Lake
from huixiang.simulation.bank import found
from huixiang.simulation.demand import day_factors
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.sessions import sessions
from huixiang.simulation.exports import clicks
from huixiang.simulation.planting import plant
from huixiang.simulation.scenario import Scenario
from huixiang.web.demo import exports
from tests.apps.test_screens import came
from tests.make import Bank

pytestmark = pytest.mark.one_database
BROKEN = Effect("broken_release", "新版本登录失败", date(2026, 5, 11), date(2026, 5, 24), 0.3, version="8.4.0")


def lived(folder: Path) -> None:
    """Twelve outlets from January to June, their screens alone."""
    bank = found(Scenario(seed=7, branches=12, months=6, until=date(2026, 6, 30), effects=(BROKEN,)))
    planting = plant(bank)
    factors = day_factors(bank.scenario.days(), mainland(), bank.dice.of("days", "screens"), counters=False)
    for month, days in dict(bank.scenario.by_month()).items():
        first = (days[0] - bank.scenario.first_day).days
        each = sessions(bank, planting, month, days, factors[first : first + len(days)])
        for group, some in enumerate(each):
            clicks.write(folder, bank, month, group, some)
    clicks.write_outages(folder, bank)


def test_the_broken_release_is_found_dated_and_named_and_the_outages_are_felt(
    tmp_path: Path, bank: Bank, lake: Lake
) -> None:
    lived(tmp_path)
    settings = (exports.MAPPINGS / "clicks.toml").read_text("utf-8")
    for file in sorted((tmp_path / "digital").glob("clicks-*.parquet")):
        came(file, settings=settings)
    came(tmp_path / "digital" / "outages.csv", "downtimes")
    monitoring.watch(datetime(2026, 5, 20, 2, tzinfo=UTC))
    shift = Shift.objects.get(figure="digital.errors")
    assert shift.is_up
    assert BROKEN.start <= shift.raised_on <= BROKEN.start + timedelta(days=3)
    assert abs(shift.since - BROKEN.start) <= timedelta(days=2)
    may = screen_working.used(lake, date(2026, 5, 1), date(2026, 5, 31))
    assert [(each.version, each.step, each.code) for each in may.suspects] == [("8.4.0", "登录", "V8001")]
    assert {peak.day for peak in may.peaks} & {BROKEN.start + timedelta(days=n) for n in range(14)}
    for month in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)):
        quiet = screen_working.used(lake, month, replace_day(month))
        assert quiet.suspects == [], "nothing was planted there"
    rows = screen_use.downtimes(lake, SYSTEM)
    seen = screen_working.outages(lake, rows, date(2026, 1, 1), date(2026, 6, 30))
    assert len(seen) == len(rows) >= 2
    assert all(outage.minutes in range(10, 61) for outage in seen)
    assert any(outage.is_felt for outage in seen)


def replace_day(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def test_a_funnel_is_walked_as_the_made_up_bank_walks_it(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    small = found(Scenario(seed=3, branches=12, months=1, until=date(2026, 6, 30)))
    planting, days = plant(small), dict(small.scenario.by_month())["2026-06"]
    factors = day_factors(days, mainland(), small.dice.of("days", "screens"), counters=False)
    (some,) = sessions(small, planting, "2026-06", days, factors)
    came(clicks.write(tmp_path, small, "2026-06", 0, some))
    lines = {each.key: each for each in screen_working.use_lines(lake, days[0], days[-1], "service")}
    assert sum(line.uses.tries for line in lines.values()) == len(some)
    steps = screen_working.used(lake, days[0], days[-1], "贷款申请").funnel
    assert [step.step for step in steps] == [
        "登录",
        "首页",
        "贷款介绍",
        "填写资料",
        "上传证件",
        "征信授权",
        "提交",
        "完成",
    ]
    assert [step.reached for step in steps] == sorted((step.reached for step in steps), reverse=True)
    loan = lines["贷款申请"].uses
    assert steps[-1].reached - steps[-1].stopped_count == loan.done
    assert sum(step.stopped_count for step in steps) == loan.sessions - loan.done - loan.open
