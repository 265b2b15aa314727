"""Is a gathering counted once a customer, told once a cluster, and does a risk go up the tree by its rule?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from huixiang.domain.complaints.escalating import duty, read_escalations, shipped_escalations
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.signals import RULE, Seen, clusters, key_of, once_a_customer, panel
from huixiang.domain.complaints.voice_rules import Heard, read_voice_rules, rule_for
from huixiang.domain.complaints.warning import Level
from huixiang.domain.statistics.episodes import replay

START = date(2026, 1, 1)
RULES = """
[[rule]]
code = "fraud"
title = "诈骗"
channels = ["hotline"]
risks = ["fraud"]
contact = "known"
then = "register"
[[rule]]
code = "sure"
title = "明确的诉求"
channels = ["hotline", "website"]
kinds = ["demand"]
percent = 80
then = "propose"
"""


def case(number: int, day: int, *words: str, customer: str = "", unit: str = "N1") -> Seen:
    return Seen(number, START + timedelta(days=day), ("N", unit), customer, frozenset(), frozenset(words))


def test_a_fee_nobody_had_heard_of_is_found_and_one_customer_alone_is_not() -> None:
    usual = [case(day * 3 + n, day, "排队") for day in range(120) for n in range(3)]
    new = [case(900 + n, 117 + n // 3, "管理费") for n in range(8)]
    series = once_a_customer([*usual, *new])
    last = START + timedelta(days=119)
    found = replay(panel(series, START, last), last - timedelta(days=5), last, RULE)
    assert key_of("word", "管理费") in {each.key for each in found}
    one = once_a_customer([case(n, 100 + n, "管理费", customer="p") for n in range(9)])
    assert len(one[key_of("word", "管理费")]) == 1
    assert len(one[key_of("all", unit="N")]) == 1


def test_alerts_of_the_same_cases_are_one_cluster_that_no_colleague_leads() -> None:
    alerts = [(key_of("accused", "1001"), {1, 2, 3}), (key_of("word", "理财"), {1, 2, 3, 4}), (key_of("all"), {7, 8})]
    assert clusters(alerts) == [1, 1, 2]


def test_a_risk_goes_one_level_up_after_its_hours_and_stays_at_the_top() -> None:
    found_at, rules = datetime(2026, 11, 28, tzinfo=UTC), shipped_escalations()
    after = [duty("press", "soon", found_at, found_at + timedelta(hours=h), rules) for h in (0, 23, 25, 999)]
    assert [each.level for each in after] == [Level.SUPERIOR, Level.SUPERIOR, Level.HEAD_OFFICE, Level.HEAD_OFFICE]
    assert after[0].next_at == found_at + timedelta(hours=24)
    assert after[-1].next_at is None
    with pytest.raises(BadCase, match="urgent"):
        read_escalations('[[rule]]\nlevel="note"\nsince=2020-01-01\nfirst="unit"\nhours=1\nsource="x"')


def test_the_first_rule_that_fits_takes_a_voice_and_says_by_what() -> None:
    rules = read_voice_rules(RULES, {"fraud"})
    known = Heard("hotline", "demand", 0.9, ("fraud",), True)
    assert rule_for(known, rules) == (rules[0], {"channel": "hotline", "risks": ["fraud"], "is_known": True})
    nameless = rule_for(Heard("hotline", "demand", 0.9, ("fraud",), False), rules)
    assert nameless
    assert (nameless[0].code, nameless[1]["percent"]) == ("sure", 90)
    assert rule_for(Heard("hotline", "demand", 0.7, (), True), rules) is None
    judged_by_a_person = Heard("website", "demand", None, (), False)
    assert rule_for(judged_by_a_person, rules)
    assert read_voice_rules("") == ()
    with pytest.raises(BadCase):
        read_voice_rules(RULES.replace("website", "survey"))
