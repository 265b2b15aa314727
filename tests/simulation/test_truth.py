"""Is what was planted found again in the exported files, by means and shares alone? And nothing where it is off?

Every effect is looked at in two banks with the same dice: in one it is planted, in the other switched off. What a check
measures must show in the first, with about the size that was planted, and not in the second at the same places.
"""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from huixiang.simulation.effects import KINDS
from tests.simulation import outside
from tests.simulation.measuring import Bank, Difference, gap

BETTER_OFF = {"白金", "私人银行"}


@pytest.fixture(scope="session")
def on(planted: Path) -> Bank:
    """The bank in which everything is planted."""
    return Bank(planted)


@pytest.fixture(scope="session")
def off(quiet: Path) -> Bank:
    """The same one with everything switched off."""
    return Bank(quiet)


@pytest.fixture(scope="session")
def effects(planted: Path) -> dict[str, dict[str, Any]]:
    """What is planted, by kind; pilots and courses by their codes as well."""
    told = outside.truth(planted)["planted"]
    return {" ".join(filter(None, (one["kind"], one.get("pilot"), one.get("course")))): one for one in told}


def test_every_kind_is_planted_in_one_bank_and_none_in_the_other(planted: Path, quiet: Path) -> None:
    assert {effect["kind"] for effect in outside.truth(planted)["planted"]} == set(KINDS)
    assert outside.truth(quiet)["planted"] == []


def test_no_two_effects_meet_in_one_outlet(effects: dict[str, dict[str, Any]]) -> None:
    places = [code for one in effects.values() if one["kind"] != "worst_chosen" for code in one.get("where", [])]
    assert len(places) == len(set(places)) > 40
    moved = {"understaffed", "pleased_only", "tier_mix", "stressed_team", "pilot"}
    worst = set(effects["worst_chosen help-the-worst"]["where"])
    assert not worst & {code for one in effects.values() if one["kind"] in moved for code in one["where"]}


# Processes.


def loans(bank: Bank) -> pd.DataFrame:
    """The steps of half of the loans."""
    return bank.steps("loan", ending=tuple("13579"))


def test_a_bottleneck_takes_longer_and_makes_others_wait(on: Bank, off: Bank) -> None:
    def slower(bank: Bank, step: str) -> float:
        took = loans(bank).query("step == @step").groupby("late")["minutes"].median()
        return float(took[True] / took[False])

    assert slower(on, "终审审批") == pytest.approx(1.8, rel=0.1)
    assert slower(off, "终审审批") == pytest.approx(1.0, rel=0.1)
    assert slower(on, "合同签订") == pytest.approx(1.0, rel=0.1)
    wait = [loans(bank).query("step == '终审审批' and late")["wait_hours"].mean() for bank in (on, off)]
    assert wait[0] > 2 * wait[1]


def test_a_needless_check_finds_nothing_and_takes_time(on: Bank, off: Bank) -> None:
    steps = on.steps("account", ending=("0",))
    cases = steps.groupby("case").agg(begun=("start", "min"), ended=("end", "max"))
    cases["outcome"] = outside.cases(on.folder, "account", ("0",))[0]["outcome"]
    cases["checked"] = cases.index.isin(steps.loc[steps["step"] == "复核", "case"])
    before, after = cases[cases["begun"] < on.half], cases[cases["begun"] >= on.half]
    assert not before["checked"].any()
    assert after["checked"].mean() == pytest.approx(0.8, abs=0.04)
    refused = [(some["outcome"] == "未通过").mean() for some in (before, after)]
    assert refused[0] == pytest.approx(refused[1], abs=0.01)
    lasted = [(some["ended"] - some["begun"]).median() for some in (before, after)]
    assert lasted[1] > lasted[0] + pd.Timedelta(minutes=5)
    assert "复核".encode() not in gzip.decompress((off.folder / "processes/account.xes.gz").read_bytes())


def test_what_is_done_in_batches_waits_though_nobody_is_busy(on: Bank, off: Bank) -> None:
    def payouts(bank: Bank) -> pd.DataFrame:
        return loans(bank).query("step == '放款' and late")

    assert payouts(on)["wait_hours"].median() > 2
    assert payouts(off)["wait_hours"].median() < 0.5
    assert payouts(on)["minutes"].median() == pytest.approx(payouts(off)["minutes"].median(), rel=0.05)
    quick = [(payouts(bank)["wait_hours"] < 0.1).mean() for bank in (on, off)]
    assert quick[0] < 0.1
    assert quick[1] > 0.3


def test_one_step_explains_the_low_scores(on: Bank, off: Bank) -> None:
    def ranks(bank: Bank) -> pd.Series:
        """By step: how closely does its duration go with satisfaction? Spearman's correlation."""
        given = bank.case_answers("手机银行激活")
        steps = bank.steps("activation", only=frozenset(given.index))
        lasted = steps.pivot_table(index="case", columns="step", values="sojourn", aggfunc="max")
        lasted = lasted.reindex(given.index).dropna(axis="columns", thresh=100)
        return lasted.apply(lambda step: step.rank().corr(given[step.notna()].rank()))

    found = ranks(on)
    assert found.idxmin() == "远程视频核身"
    assert found["远程视频核身"] < -0.5
    assert found.drop("远程视频核身").min() > -0.3
    assert ranks(off)["远程视频核身"] > -0.35


# Branches.


def test_understaffed_hours_make_people_wait(on: Bank, off: Bank, effects: dict[str, dict[str, Any]]) -> None:
    where = effects["understaffed"]["where"]

    def waits(bank: Bank, first: int, last: int) -> Difference:
        hour = bank.tickets["arrived_at"].dt.hour
        rows = (bank.tickets["lane"] == "A") & (hour >= first) & (hour < last)
        return bank.change("wait", where, rows)

    assert waits(on, 11, 14).low > 2
    assert abs(waits(off, 11, 14).mean) < 3
    # Who comes shortly before eleven is still there when they shut.
    assert abs(waits(on, 9, 10).mean - waits(off, 9, 10).mean) < 1.5


def test_where_only_the_pleased_are_asked_answers_rise_and_grow_few(
    on: Bank, off: Bank, effects: dict[str, dict[str, Any]]
) -> None:
    where = effects["pleased_only"]["where"]

    def after(bank: Bank) -> tuple[float, float]:
        given = bank.answers[bank.answers["late"] & bank.answers["branch"].isin(where)]
        seen = bank.tickets[bank.tickets["late"] & bank.tickets["branch"].isin(where)]
        return float(given["satisfied"].mean()), len(given) / len(seen)

    (score, answered), (plain, plain_answered) = after(on), after(off)
    assert score > plain + 0.1
    assert answered < 0.9 * plain_answered
    # The visits themselves are as they would have been.
    assert on.change("wait", where).mean == pytest.approx(off.change("wait", where).mean, abs=0.7)


def test_complaints_kept_off_the_register_are_still_heard_elsewhere(
    on: Bank, off: Bank, effects: dict[str, dict[str, Any]]
) -> None:
    where = effects["off_register"]["where"]
    visits = on.tickets["branch"].value_counts()
    registered = [outside.cases(bank.folder, "complaint")[0]["outlet"].value_counts() for bank in (on, off)]
    assert gap(registered[0], visits, where) == pytest.approx(1 - effects["off_register"]["size"], abs=0.2)
    assert gap(registered[1], visits, where) > 0.75
    assert 0.7 < gap(on.negative_voices(), visits, where) < 1.4  # outlets differ by so much anyhow


def test_recoded_complaints_close_just_before_the_target(on: Bank, effects: dict[str, dict[str, Any]]) -> None:
    register, target = outside.register(on.folder), pd.Timedelta(days=5)
    took = register["办结时间"] - register["登记时间"]
    there = register["被诉机构"].isin(effects["recoding"]["where"])
    recoded = register["类型"] == "咨询"
    assert recoded.sum() >= 3
    assert there[recoded].all()
    assert (took[recoded] <= target).all()
    assert (took[recoded] > pd.Timedelta(days=3)).mean() > 0.6  # else a weekend or holiday lay before it
    late = took > target
    assert late[there].mean() < 0.5 * late[~there].mean()


def test_a_better_mix_lifts_the_mean_and_no_group(on: Bank, off: Bank, effects: dict[str, dict[str, Any]]) -> None:
    where = effects["tier_mix"]["where"]
    tier = outside.table(on.folder, "customers/客户.csv").set_index("客户号")["客户等级"]

    def parts(bank: Bank) -> tuple[float, float]:
        """What of the change comes from the mix, and what from within the groups (Kitagawa 1955)?"""
        given = bank.answers[bank.answers["branch"].isin(where)]
        better = given["customer"].map(tier).isin(BETTER_OFF)
        means = given.groupby([given["late"], better])["satisfied"].mean().unstack()
        shares = better.groupby(given["late"]).mean()
        shares = pd.DataFrame({False: 1 - shares, True: shares})
        mix = ((shares.loc[True] - shares.loc[False]) * means.mean()).sum()
        within = ((means.loc[True] - means.loc[False]) * shares.mean()).sum()
        return float(mix), float(within)

    mix, within = parts(on)
    assert mix > 0.1
    assert abs(within) < 0.08
    assert abs(parts(off)[0]) < 0.02


def test_the_worst_rise_by_themselves(on: Bank, off: Bank, effects: dict[str, dict[str, Any]]) -> None:
    days = ("2026-01-01", "2026-03-18", "2026-04-01", "2026-07-01")
    before, looked_at, afterwards = pairwise(days)

    def given(bank: Bank, first: str, last: str) -> pd.DataFrame:
        return bank.answers[(bank.answers["at"] >= first) & (bank.answers["at"] < last)]

    def behind(bank: Bank, where: list[str], span: tuple[str, str]) -> float:
        """By how many points do they lie behind the others in these days?"""
        answers = given(bank, *span)
        there = answers["branch"].isin(where)
        return float(answers.loc[~there, "satisfied"].mean() - answers.loc[there, "satisfied"].mean())

    chosen = effects["worst_chosen help-the-worst"]["where"]
    assert (
        behind(on, chosen, looked_at) > behind(on, chosen, afterwards) + 0.1
    )  # who takes this for a success is wrong:
    means = given(off, *looked_at).groupby("branch")["satisfied"].agg(["mean", "size"]).query("size >= 5")["mean"]
    worst = means.nsmallest(len(chosen)).index.tolist()
    assert (
        behind(off, worst, looked_at) > behind(off, worst, afterwards) + 0.1
    )  # so do the worst where there is no pilot,
    # to where they were: within some three standard errors of what 400 people answered in each span.
    assert behind(off, worst, afterwards) == pytest.approx(behind(off, worst, before), abs=0.16)


def test_a_stressed_team_shows_in_pulse_pace_and_scores(
    on: Bank, off: Bank, effects: dict[str, dict[str, Any]]
) -> None:
    where = effects["stressed_team"]["where"]
    assert on.pulse(where) < off.pulse(where) - 0.5
    slower, less_content = (
        on.change(measure, where).mean - off.change(measure, where).mean for measure in ("log_handling", "satisfied")
    )
    assert slower > 0.05
    assert less_content < -0.1


# The whole bank.


def test_a_broken_release_fails_at_the_door(on: Bank, off: Bank, effects: dict[str, dict[str, Any]]) -> None:
    broken = effects["broken_release"]

    def works(bank: Bank, version: str) -> pd.Series:
        clicks = outside.parquet(bank.folder, "digital/*.parquet", ["at", "step", "version", "ok"])
        during = (clicks["at"] >= broken["start"]) & (clicks["at"] < "2026-04-30") & (clicks["step"] == "登录")
        clicks = clicks[during & clicks["version"].notna()]
        return clicks.groupby(clicks["version"].astype(str) == version)["ok"].mean()

    share = works(on, broken["version"])
    assert 1 - share[True] / share[False] == pytest.approx(broken["size"], abs=0.03)
    assert works(off, broken["version"]).min() > 0.94
    calls = on.calls("手机银行登录")[4] / off.calls("手机银行登录")[4]
    assert calls > 1.5


def test_dearer_fees_are_complained_of(on: Bank, off: Bank, effects: dict[str, dict[str, Any]]) -> None:
    size = effects["fee_change"]["size"]
    register = outside.register(on.folder)
    month = register.loc[register["投诉原因"] == "定价收费", "登记时间"].dt.month
    assert size * 0.6 < (month >= 5).sum() / 2 / ((month < 5).sum() / 4) < size * 1.8
    assert on.calls("收费咨询")[5] / off.calls("收费咨询")[5] == pytest.approx(size, rel=0.15)
    assert off.calls("收费咨询")[5] / off.calls("收费咨询")[3] == pytest.approx(1, rel=0.15)


# What was tried, and whether it helped.


def test_a_pilot_that_works_is_told_from_one_that_does_not(
    on: Bank, off: Bank, effects: dict[str, dict[str, Any]]
) -> None:
    busy = {"understaffed", "stressed_team", "tier_mix"}  # other effects on handling do not belong in the yardstick
    where = {code: effects[f"pilot {code}"]["where"] for code in ("works", "works-not")}
    others = [code for kind in busy for code in effects[kind]["where"]]
    helped = on.change("log_handling", where["works"], without=[*others, *where["works-not"]])
    assert helped.holds(np.log(1 - effects["pilot works"]["size"]))
    assert helped.high < -0.1
    assert on.change("log_handling", where["works-not"], without=[*others, *where["works"]]).holds(0)
    assert off.change("log_handling", where["works"]).holds(0)


def test_a_course_that_works_is_told_from_one_that_does_not(
    on: Bank, off: Bank, effects: dict[str, dict[str, Any]]
) -> None:
    helped = on.gain_of_course(on.went_to("quick-hands"))
    assert helped.holds(np.log(1 - effects["course quick-hands"]["size"]))
    assert helped.high < -0.05
    assert on.gain_of_course(on.went_to("smile")).holds(0)
    assert off.gain_of_course(on.went_to("quick-hands")).holds(0)
    assert off.went_to("quick-hands") == set()
