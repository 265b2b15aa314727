"""Loans go hundreds of ways through the bank, and each of them makes sense."""

from __future__ import annotations

from collections import Counter

import numpy as np

from huixiang.simulation.events.processes import EventLog
from tests.simulation.cases import log_of, rows


def ways(log: EventLog, cases: int) -> Counter[tuple[int, ...]]:
    """The activities of the first so many ended cases, each in the order in which they were done."""
    ended = np.flatnonzero(log.outcome > 0)[:cases]
    order = np.lexsort((log.ends, log.case))
    order = order[np.isin(log.case[order], ended)]
    cuts = np.flatnonzero(np.diff(log.case[order])) + 1
    return Counter(tuple(way.tolist()) for way in np.split(log.activity[order], cuts))


def test_loans_go_hundreds_of_ways_of_which_a_few_are_usual() -> None:
    found = ways(log_of("loan"), 2000)
    assert 500 < len(found) < 1000
    assert sum(number for _, number in found.most_common(5)) > 0.15 * 2000
    assert sum(number == 1 for number in found.values()) > 0.15 * 2000


def test_checks_that_need_nothing_of_each_other_change_places_now_and_then() -> None:
    log = log_of("loan")
    codes = ("fraud", "employer")
    cases = [log.case[rows(log, code)] for code in codes]
    both = np.intersect1d(*cases)
    fraud, employer = (rows(log, code)[np.isin(case, both)] for code, case in zip(codes, cases, strict=True))
    assert 0.05 < np.mean(log.starts[employer] < log.starts[fraud]) < 0.2
    assert np.array_equal(np.sort(log.case[fraud]), np.unique(log.case[fraud]))  # and none is done twice


def test_what_belongs_to_one_product_is_done_for_no_other() -> None:
    log = log_of("loan")
    products = [one.name for one in log.process.products]
    for code, product in (("valuation", "个人住房贷款"), ("pledge", "个人住房贷款"), ("visit", "个人经营贷款")):
        assert {products[place] for place in log.product[log.case[rows(log, code)]]} == {product}
    paid = np.isin(np.arange(log.cases), log.case[rows(log, "payout")])
    pledged = np.isin(np.arange(log.cases), log.case[rows(log, "pledge")])
    assert np.array_equal(paid & (log.product == products.index("个人住房贷款")), paid & pledged)


def test_customers_withdraw_at_any_stage_and_do_nothing_afterwards() -> None:
    log = log_of("loan")
    at = rows(log, "withdraw")
    assert len(np.unique(log.activity[at - 1])) >= 5  # after how many different steps
    assert np.all((at == len(log) - 1) | (log.case[np.minimum(at + 1, len(log) - 1)] != log.case[at]))
    assert {log.process.outcomes[place].code for place in log.outcome[log.case[at]]} == {"withdrawn"}
