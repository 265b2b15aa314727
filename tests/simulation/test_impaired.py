"""Customers who see, hear or move with difficulty live through something else than others, and say so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.simulation import outside


@pytest.fixture(scope="module")
def impaired(quiet: Path) -> pd.Series:
    """Of each customer what is hard for him, "" where nothing is."""
    return outside.table(quiet, "customers/客户.csv").set_index("客户号")["残障类别"].fillna("")


@pytest.fixture(scope="module")
def tickets(quiet: Path, impaired: pd.Series) -> pd.DataFrame:
    found = outside.tickets(quiet)
    return found.assign(impaired=found["customer"].map(impaired))


def test_three_in_two_hundred_are_impaired(impaired: pd.Series) -> None:
    assert (impaired != "").mean() == pytest.approx(0.015, abs=0.002)
    assert set(impaired) == {"", "视障", "听障", "肢体残障"}


def test_they_get_a_priority_number_and_take_longer_at_the_counter(tickets: pd.DataFrame) -> None:
    theirs = tickets["impaired"] != ""
    assert set(tickets.loc[theirs, "lane"]) <= {"V", "B"}
    served = tickets[~tickets["abandoned"]]
    lasts = served.groupby([served["service"].astype(str), "impaired"])["handling"].median().unstack()
    ratio = lasts.div(lasts[""], axis="index").median()
    assert 1.2 < ratio["听障"] < 1.6
    assert ratio["听障"] > ratio["肢体残障"]


def test_who_hears_ill_does_not_telephone(quiet: Path, impaired: pd.Series) -> None:
    paths = sorted((quiet / "hotline").glob("calls-*.csv"))
    calls = pd.concat(outside.table(quiet, f"hotline/{path.name}") for path in paths)["客户号"].map(impaired)
    assert calls.notna().all()
    assert (calls == "听障").mean() < 0.1 * (impaired == "听障").mean()
    assert (calls == "视障").mean() > 0.3 * (impaired == "视障").mean()


def test_only_they_speak_of_barriers(planted: Path, impaired: pd.Series) -> None:
    told = [one["id"] for one in outside.voices(planted) if "access.service" in one["topics"]]
    messages = pd.read_json(planted / "website/messages.json").set_index("id")["customer_no"]
    answers = outside.table(planted, "surveys/答卷.csv").set_index("答卷编号")["客户号"]
    who = pd.Series(told).map(pd.concat([messages, answers])).dropna().map(impaired)
    assert len(who) >= 5
    assert (who != "").all()
