"""新市民, people who read ill or speak another language, soldiers: is it harder for them, and does the bank know?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from huixiang.simulation.bank import found, groups
from huixiang.simulation.events import reviews, voices
from huixiang.simulation.events.sessions import sessions
from huixiang.simulation.planting import plant
from huixiang.simulation.scenario import Scenario
from huixiang.simulation.speech import Speaker
from tests.simulation import outside

NEWCOMERS, ILLITERATE, OTHER_LANGUAGE, FORCES = "新市民", "识字困难", "少数民族语言", "军人"
TOPICS = {"newcomers.service": NEWCOMERS, "literacy.service": ILLITERATE, "language.service": OTHER_LANGUAGE,
          "forces.priority": FORCES}  # fmt: skip


@pytest.fixture(scope="module")
def truth(quiet: Path) -> pd.DataFrame:
    """What is true of each customer."""
    return pd.read_parquet(quiet / "truth-customers.parquet").set_index("customer").astype({"group": str})


@pytest.fixture(scope="module")
def known(quiet: Path) -> pd.DataFrame:
    """What the customer system says."""
    found = outside.table(quiet, "customers/客户.csv").set_index("客户号")
    return found.assign(group=found["特殊群体"].fillna(""), age=2025 - found["出生年份"])


def test_the_old_read_ill_and_the_young_are_newcomers(truth: pd.DataFrame, known: pd.DataFrame) -> None:
    shares = pd.crosstab(known["age"] >= 60, truth["group"], normalize="index")
    assert shares.loc[False, NEWCOMERS] == pytest.approx(0.075, abs=0.015)
    assert shares.loc[True, ILLITERATE] == pytest.approx(0.07, abs=0.03)
    assert shares.loc[True, ILLITERATE] > 8 * shares.loc[False, ILLITERATE]
    digital = truth.loc[known["age"] >= 60].groupby("group")["digital"].mean()
    assert digital[ILLITERATE] < 0.4 * digital[""]


def test_no_system_knows_everybody_who_reads_ill(truth: pd.DataFrame, known: pd.DataFrame) -> None:
    told = pd.crosstab(truth["group"], known["group"], normalize="index")
    assert told.loc[NEWCOMERS, NEWCOMERS] == told.loc[FORCES, FORCES] == told.loc["", ""] == 1
    for unnoticed in (ILLITERATE, OTHER_LANGUAGE):
        assert told.loc[unnoticed, unnoticed] == pytest.approx(0.5, abs=0.06)
        assert told.loc[unnoticed, unnoticed] + told.loc[unnoticed, ""] == 1


def test_they_take_longer_soldiers_go_first_and_who_speaks_another_language_does_not_call(
    quiet: Path, truth: pd.DataFrame
) -> None:
    month = pd.read_parquet(min(quiet.glob("queue/*.parquet")))
    tickets = month.assign(group=month["customer"].astype(str).map(truth["group"]))
    numbers = tickets.loc[tickets["group"] == FORCES, "kiosk_number"].astype(str)
    assert set(numbers.str[0]) <= {"V", "B"}
    tickets["handling"] = (tickets["ended_at"] - tickets["called_at"]).dt.total_seconds()
    lasts = tickets[~tickets["abandoned"]].groupby([tickets["service"].astype(str), "group"])["handling"].median()
    ratio = lasts.unstack().div(lasts.unstack()[""], axis="index").median()
    assert ratio[OTHER_LANGUAGE] > ratio[ILLITERATE] > ratio[NEWCOMERS] > 1.05 > ratio[FORCES]
    paths = sorted((quiet / "hotline").glob("calls-*.csv"))
    callers = pd.concat(outside.table(quiet, f"hotline/{path.name}")["客户号"] for path in paths).map(truth["group"])
    share = (truth["group"] == OTHER_LANGUAGE).mean()
    assert (callers == OTHER_LANGUAGE).mean() < 0.1 * share


def test_each_speaks_of_what_is_hard_for_their_own(planted: Path, truth: pd.DataFrame) -> None:
    told = [(one["id"], topic) for one in outside.voices(planted) for topic in set(one["topics"]) & set(TOPICS)]
    messages = pd.read_json(planted / "website/messages.json").set_index("id")["customer_no"]
    answers = outside.table(planted, "surveys/答卷.csv").set_index("答卷编号")["客户号"]
    complaints = outside.register(planted).set_index("投诉编号")["客户号"]
    spoke = pd.DataFrame(told, columns=["id", "topic"])
    spoke["group"] = spoke["id"].map(pd.concat([messages, answers, complaints])).map(truth["group"])
    spoke = spoke.dropna()
    assert len(spoke) >= 10
    assert (spoke["group"] == spoke["topic"].map(TOPICS)).all()
    assert not spoke["id"][spoke["group"] == ILLITERATE].str.startswith("W").any()  # nor do they write to the website


def test_who_reads_ill_writes_neither_of_fees_nor_reviews(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = found(Scenario(branches=6, months=1))
    third = np.arange(len(bank.customers)) % 7 % 3  # by turns of no group, reading ill, of another language
    kinds = np.array([0, groups.ILLITERATE, groups.OTHER_LANGUAGE], dtype=np.int8)
    bank = replace(bank, customers=replace(bank.customers, group=kinds[third]))
    monkeypatch.setattr(voices, "FEES_A_DAY", 2.0)
    monkeypatch.setattr(reviews, "REVIEWS", 0.2)
    planting, speaker, days = plant(bank), Speaker(["滨海银行"]), bank.scenario.days()
    of_fees = list(voices.of_fees(bank, planting, speaker, days, np.random.default_rng(1)))
    clicks = next(sessions(bank, planting, "2026-06", days, np.ones(len(days))))
    of_apps = list(reviews.of_sessions(bank, speaker, clicks, np.random.default_rng(1)))
    for said in (of_fees, of_apps):
        wrote = np.bincount([bank.customers.group[one.customer] for one in said], minlength=len(groups.GROUPS))
        assert len(said) > 150
        assert wrote[groups.ILLITERATE] == 0
        share = wrote[groups.OTHER_LANGUAGE] / wrote[0] * (third == 0).sum() / (third == 2).sum()
        assert share == pytest.approx(0.5, abs=0.2)
