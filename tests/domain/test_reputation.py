"""Names are counted where they are meant, chains lead to their original, a burst is told and a quiet store is not."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.reputation import reviews
from huixiang.domain.reputation.book import BadBook, read
from huixiang.domain.reputation.brands import RIVALS
from huixiang.domain.reputation.chains import own_words, reaches, roots
from huixiang.domain.statistics.episodes import replay
from huixiang.domain.statistics.surveillance import Rule
from huixiang.domain.understanding.normal import normalise

ON = date(2026, 3, 1)
BOOK = """
[[bank]]
code = "own"
title = "海川银行"
own = true
names = ["海川银行", "海川行"]
[[bank]]
code = "icbc"
title = "工商银行"
names = ["中国工商银行", "工商银行", "工行", "ICBC"]
[[bank]]
code = "ccb"
title = "建设银行"
names = ["建设银行", "建行"]
[[bank]]
code = "boc"
title = "中国银行"
names = ["中国银行", "中行"]
"""


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("去建行取钱", {"ccb"}),
        ("建行为什么总要排队", {"ccb"}),
        ("創建行為太慢", set()),
        ("员工行为不端", set()),
        ("参加工行的活动", {"icbc"}),
        ("打工行电话打不通", {"icbc"}),
        ("ＩＣＢＣ的app", {"icbc"}),
        ("icbcx", set()),
        ("其中行程最远", set()),
        ("中行程序又更新了", {"boc"}),
        ("中国银行业协会", set()),
        ("中国工商银行和中国银行哪家好", {"icbc", "boc"}),
        ("工行业务多", {"icbc"}),
    ],
)
def test_a_name_counts_where_it_is_meant(said: str, named: set[str]) -> None:
    assert read(BOOK).named(normalise(said), ON) == named


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("建行的App又崩了", RIVALS),
        ("海川银行比建行慢", None),
        ("还不如建行呢", None),
        ("你们还没有建行快", None),
        ("排队一小时", None),
        ("建行和工行哪家利息高", RIVALS),
    ],
)
def test_what_speaks_of_other_banks_alone_is_no_complaint_against_this_one(said: str, about: str | None) -> None:
    assert read(BOOK).about(normalise(said), ON) == about
    without_own = read(BOOK.replace("own = true\n", ""))
    assert without_own.about(normalise(said), ON) is None  # as long as nobody told which bank is this one


def test_a_name_belongs_to_one_bank_at_a_time() -> None:
    former = '[[bank]]\ncode = "a"\ntitle = "甲"\nnames = ["城商行"]\nuntil = 2025-12-31\n'
    present = '[[bank]]\ncode = "b"\ntitle = "乙"\nnames = ["城商行"]\nsince = 2026-01-01\n'
    book = read(former + present)
    assert book.named("城商行", date(2025, 6, 1)) == {"a"}
    assert book.named("城商行", ON) == {"b"}
    with pytest.raises(BadBook, match="同时是"):
        read(former.replace("until = 2025-12-31\n", "") + present)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[[bank]\n", "TOML"),
        ('[[bank]]\ncode = "A B"', "code"),
        ('[[bank]]\ncode = "a"\ntitle = "甲"\nnames = ["甲"]', "一个字"),
        ('[[bank]]\ncode = "a"\ntitle = "甲"\nnames = ["甲行"]\nnmaes = []', "nmaes"),
        ('[[bank]]\ncode = "a"\ntitle = "甲"\nnames = ["甲行"]\nsince = "2026"', "日期"),
        ('bank = "工行"', "[[bank]]"),
    ],
)
def test_a_mistake_in_the_dictionary_is_told_with_what_to_write(text: str, part: str) -> None:
    with pytest.raises(BadBook) as told:
        read(text)
    assert part in str(told.value)


@pytest.mark.parametrize(
    ("text", "words", "hands"),
    [
        ("转发微博", "", 0),
        ("说得对//@张三:怎么又登不上//@李四:转发微博", "说得对", 2),
        ("[怒][怒]//@张三:登不上", "", 1),
        ("//@张三:登不上", "", 1),
        ("RT @bank: 登不上", "登不上", 0),
        ("@张三 @李四", "", 0),
    ],
)
def test_of_a_repost_its_own_words_alone_are_a_voice(text: str, words: str, hands: int) -> None:
    own = own_words(text)
    assert (own.words, own.hands) == (words, hands)


@given(st.integers(1, 40), st.randoms())
def test_every_chain_leads_to_its_original_whatever_the_order(length: int, dice: object) -> None:
    ids, parents = np.arange(2, 2 + length, dtype=np.uint64), np.arange(1, 1 + length, dtype=np.uint64)
    order = np.random.default_rng(length).permutation(length)
    root, steps = roots(ids[order], parents[order])
    assert (root == 1).all()
    assert steps.tolist() == (ids[order] - 1).tolist()


def test_a_ring_of_reposts_has_no_original_and_ends() -> None:
    root, steps = roots(np.array([8, 9], dtype=np.uint64), np.array([9, 8], dtype=np.uint64))
    assert (root.tolist(), steps.tolist()) == ([8, 9], [0, 0])


def test_reach_is_an_upper_bound_and_counts_nobody_twice() -> None:
    posts = {
        "root": np.array([1, 1, 1, 1], dtype=np.uint64),
        "steps": np.array([0, 1, 1, 2]),
        "author": np.array([5, 6, 6, 7], dtype=np.uint64),
        "followers": np.array([100, 10, 12, -1]),
        "told": np.array([9, 0, 0, 0]),
        "speaks": np.array([True, False, True, False]),
    }
    (found,) = reaches(posts, 5)
    assert (found.reposts, found.caught, found.own_words, found.depth) == (9, 3, 1, 2)  # the larger count, not the sum
    assert (found.authors, found.followers) == (3, 112)  # who spread it twice counts by the larger number


Days = list[tuple[str, date, dict[str, int]]]


def store(rate: float, burst: tuple[int, float] | None, seed: int, length: int = 300) -> Days:
    dice, days = np.random.default_rng(seed), []
    for day in range(length):
        low = int(dice.poisson(rate * (burst[1] if burst and 0 <= day - burst[0] < 14 else 1.0)))
        high = int(dice.poisson(3 * rate))
        told = {"all": low + high, "low": low, "high": high, "copied": 0}
        days.append(("甲商店", date(2026, 1, 1) + timedelta(days=day), told))
    return days


def test_a_release_that_breaks_log_in_is_told_and_quiet_months_are_not() -> None:
    first, until = date(2026, 1, 1), date(2026, 10, 27)
    rule = Rule(false_alarms_a_year=0.5, fewest=5)

    def told(days: Days) -> list[tuple[str, date]]:
        panel = reviews.panel(days, first, until, rule.fewest)
        return [(each.alert.topic, each.alert.on) for each in replay(panel, date(2026, 7, 1), until, rule)]

    assert told(store(2.0, None, 3)) == []
    found = told(store(2.0, (230, 3.0), 3))
    broken_on = first + timedelta(days=230)
    assert {kind for kind, _on in found} >= {"low"}
    assert all(broken_on <= on <= broken_on + timedelta(days=14) for _kind, on in found)


def test_a_cause_is_named_and_proven_only_where_the_version_stands_out() -> None:
    out = [("8.3", date(2026, 1, 5)), ("8.4", date(2026, 3, 12))]
    found = reviews.cause(ON + timedelta(days=13), out, {"8.4": 30, "8.3": 20}, {"8.4": 20, "8.3": 180})
    assert found is not None
    assert (found.version, found.count, found.of, found.is_proven) == ("8.4", 30, 50, True)
    chance = reviews.cause(ON + timedelta(days=13), out, {"8.4": 4, "8.3": 20}, {"8.4": 30, "8.3": 150})
    assert chance is not None
    assert not chance.is_proven
    assert reviews.cause(date(2026, 8, 1), out, {"8.4": 30}, {}) is None  # no release was near
