"""Does the made-up bank keep its books, and is the same seed the same bank to the last byte?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from huixiang.simulation import scenario as scenarios
from huixiang.simulation.holidays import mainland
from tests.simulation import outside
from tests.simulation.conftest import lived

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
AT_THE_DESK = {"受理申请", "身份核验", "联网核查", "信息录入", "更正资料", "签约交付"}
SIMULATE = "import sys; from huixiang.web.cli import main; sys.exit(main(sys.argv[1:]))"


def prints(folder: Path) -> dict[str, str]:
    """A fingerprint of each file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def simulated(folder: Path, seed: int, hash_seed: str, without: Sequence[str] = ()) -> dict[str, str]:
    """What a process of its own writes, in which sets and dictionaries of texts hash as `hash_seed` has it.

    `without`: instruction sets of the processor that numpy makes no use of there.
    """
    size = ["--branches", "4", "--months", "1", "--seed", str(seed), "--out", str(folder)]
    told = subprocess.run(
        [sys.executable, "-c", SIMULATE, "simulate", *size],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "NPY_DISABLE_CPU_FEATURES": " ".join(without)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return prints(folder)


def overlaps(served: pd.DataFrame, by: list[str]) -> int:
    """How often does one of these begin before the one before it has ended?"""
    rows = served.sort_values([*by, "called_at"])
    before = rows.groupby(by, observed=True)["ended_at"].shift()
    return int((rows["called_at"] < before).sum())


@pytest.fixture(scope="module")
def tickets(small: Path) -> pd.DataFrame:
    return outside.tickets(small)


@pytest.fixture(scope="module")
def served(tickets: pd.DataFrame) -> pd.DataFrame:
    return tickets[~tickets["abandoned"]]


@pytest.fixture(scope="module")
def units(small: Path) -> set[str]:
    return set(outside.table(small, "people/机构.csv")["机构号"])


@pytest.fixture(scope="module")
def staff(small: Path) -> pd.DataFrame:
    return outside.table(small, "people/人事.csv", outside.GB).set_index("工号")


@pytest.fixture(scope="module")
def customers(small: Path) -> set[str]:
    return set(outside.table(small, "customers/客户.csv")["客户号"])


# The same seed.


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return simulated(tmp_path_factory.mktemp("once"), 7, "0")


def test_the_same_seed_writes_the_same_bytes_in_any_process_and_on_any_processor(
    once: dict[str, str], tmp_path: Path
) -> None:
    beyond_the_least = np.show_config(mode="dicts")["SIMD Extensions"]["found"]  # AVX2 and such, where there are
    again = simulated(tmp_path, 7, "4711", without=beyond_the_least)
    assert len(once) > 40
    assert {name for name in once | again if once.get(name) != again.get(name)} == set()


def test_another_seed_is_another_bank(once: dict[str, str], tmp_path: Path) -> None:
    other = prints(lived(scenarios.named("planted").sized(branches=4, months=1, seed=8), tmp_path / "other"))
    same = {name for name in other if other[name] == once.get(name)}
    # As many inspectors with the same numbers; with four outlets every one of them is in every pilot; and in a month
    # hardly a complaint is recoded or kept off the register.
    assert same <= {"inspections/检查员.csv", "improvement/试点名单.csv", "truth-complaints.csv"}


# The counters' books balance.


def test_nobody_is_served_before_he_came(tickets: pd.DataFrame, served: pd.DataFrame) -> None:
    assert (served["arrived_at"] <= served["called_at"]).all()
    assert (served["called_at"] <= served["started_at"]).all()
    assert (served["started_at"] <= served["ended_at"]).all()
    gone = tickets[tickets["abandoned"]]
    assert (gone["arrived_at"] <= gone["left_at"]).all()


def test_people_come_in_the_hours_that_the_list_of_outlets_gives(small: Path, tickets: pd.DataFrame) -> None:
    hours = outside.table(small, "people/网点.csv").set_index("机构号")
    assert set(tickets["branch"]) == set(hours.index)
    calendar = mainland()
    workday = {day: calendar.is_workday(day.date()) for day in tickets["day"].unique()}
    for kind, there in tickets.groupby(tickets["day"].map(workday)):
        given = there["branch"].map(hours["工作日营业时间" if kind else "周末营业时间"])
        assert (given != "休息").all()
        clock = there["arrived_at"].dt.strftime("%H:%M")
        assert (clock >= given.str[:5]).all()
        assert (clock <= given.str[6:]).all()


def test_every_ticket_is_served_or_abandoned(tickets: pd.DataFrame) -> None:
    gone = tickets["abandoned"]
    assert 0 < gone.sum() < len(tickets) / 5
    assert (tickets["left_at"].notna() == gone).all()
    for column in ("called_at", "started_at", "ended_at", "counter", "teller"):
        assert (tickets[column].isna() == gone).all(), column


@pytest.mark.parametrize("by", [["branch", "counter"], ["teller"]], ids=["counter", "teller"])
def test_nobody_serves_two_at_once(served: pd.DataFrame, by: list[str]) -> None:
    assert overlaps(served, by) == 0


def test_a_teller_serves_at_home(served: pd.DataFrame, staff: pd.DataFrame) -> None:
    at = served["teller"].astype(int).map(staff["机构号"])
    assert (at == served["branch"]).all()
    assert (served["teller"].astype(int).map(staff["岗位"]) == "柜员").all()


def test_kiosk_numbers_are_given_once_a_day(tickets: pd.DataFrame) -> None:
    assert not tickets.duplicated(["branch", "day", "kiosk_number"]).any()


# Every code resolves.


def outlets_named(folder: Path) -> Iterator[tuple[str, set[str]]]:
    """Each export that names units, and the codes it names."""
    for name, column in (
        ("surveys/答卷.csv", "网点"), ("surveys/业务回访.csv", "网点"), ("complaints/投诉登记簿.csv", "被诉机构"),
        ("people/员工脉搏.csv", "机构号"), ("people/员工脉搏参与.csv", "机构号"), ("inspections/神秘人.csv", "机构号"),
        ("improvement/试点名单.csv", "网点"), ("customers/客户.csv", "开户网点"),
    ):  # fmt: skip
        yield name, set(outside.table(folder, name)[column])
    yield "queue", set(outside.tickets(folder)["branch"])
    yield "website", set(pd.read_json(folder / "website/messages.json")["branch"]) - {""}
    yield "slips", set(pd.read_json(folder / "suggestions/slips.jsonl", lines=True)["outlet"])
    for code in ("account", "loan", "activation", "complaint"):
        cases, steps = outside.cases(folder, code)
        yield code, set(cases["outlet"]) | set(steps["unit"].dropna())


def test_every_unit_is_in_the_organisation(small: Path, units: set[str]) -> None:
    for name, codes in outlets_named(small):
        assert codes, name
        assert codes <= units, name


def test_every_customer_is_the_banks(small: Path, tickets: pd.DataFrame, customers: set[str]) -> None:
    for name in ("surveys/答卷.csv", "surveys/业务回访.csv", "complaints/投诉登记簿.csv", "hotline/calls-2026-05.csv"):
        assert set(outside.table(small, name)["客户号"]) <= customers, name
    clicks = outside.parquet(small, "digital/*.parquet", ["customer"])
    for name, numbers in (("queue", tickets["customer"]), ("clicks", clicks["customer"])):
        assert set(numbers.unique()) <= customers, name
    for code in ("account", "loan", "activation", "complaint"):
        assert set(outside.cases(small, code)[0]["customer"]) <= customers, code


def test_every_clerk_is_on_the_rolls(small: Path, staff: pd.DataFrame) -> None:
    calls = pd.concat(outside.table(small, f"hotline/calls-2026-0{month}.csv") for month in (4, 5, 6))
    agents = calls["坐席工号"].dropna().astype(int)
    assert (agents.map(staff["岗位"]) == "客服坐席").all()
    for name, column in (("people/培训记录.csv", "工号"), ("people/测验.csv", "工号"), ("people/人员.csv", "工号"),
                         ("complaints/投诉登记簿.csv", "处理人")):  # fmt: skip
        assert outside.table(small, name)[column].dropna().astype(int).isin(staff.index).all(), name
    for code in ("account", "loan", "activation", "complaint"):
        who = outside.cases(small, code)[1]["who"]
        assert who[~who.isin(["系统", "客户"])].astype(int).isin(staff.index).all(), code


# What follows from what.


def test_people_are_asked_only_after_a_visit(small: Path, tickets: pd.DataFrame) -> None:
    answers = outside.answers(small)
    assert len(answers) > 500
    over = tickets.assign(at=tickets["ended_at"].fillna(tickets["left_at"]).astype(answers["at"].dtype))
    found = pd.merge_asof(
        answers.sort_values("at"), over[["customer", "branch", "at", "day"]].sort_values("at"),
        on="at", by=["customer", "branch"],
    )  # fmt: skip
    assert found["day"].notna().all()


def test_people_apply_for_what_is_for_their_age_and_day(small: Path, tickets: pd.DataFrame) -> None:
    age = 2026 - outside.table(small, "customers/客户.csv").set_index("客户号")["出生年份"]
    calendar = mainland()
    loans = outside.cases(small, "loan")[0]
    assert loans["customer"].map(age).max() < 70
    assert loans.loc[loans["product"] == "个人住房贷款", "customer"].map(age).max() < 60
    accounts, steps = outside.cases(small, "account")
    company = accounts[accounts["product"] == "企业结算账户"]
    assert len(company) > 50
    assert set(company["channel"]) == {"柜面"}
    desk = steps[steps["case"].isin(company.index) & steps["step"].isin(AT_THE_DESK)]
    assert len(desk) > 300
    met = pd.concat([desk["start"], desk["end"]]).dt.date.unique()
    assert all(calendar.is_workday(day) for day in met)  # though the outlet may open, and others sit there, on Saturday
    settled = tickets.loc[tickets["service"] == "对公结算", "day"].unique()
    assert all(calendar.is_workday(pd.Timestamp(day).date()) for day in settled)


def test_nobody_uses_the_app_before_it_is_theirs(small: Path) -> None:
    cases, steps = outside.cases(small, "activation")
    assert cases["customer"].is_unique
    ended = steps.groupby("case")["end"].max()[cases.index].dt.normalize() + pd.Timedelta(days=1)
    theirs = pd.DataFrame({"from": ended.to_numpy(), "outcome": cases["outcome"].to_numpy()}, index=cases["customer"])
    clicks = outside.parquet(small, "digital/*.parquet", ["customer", "at", "channel"])
    used = clicks[clicks["channel"] == "手机银行"].groupby("customer", observed=True)["at"].min()
    assert {"未通过", "放弃"} < set(theirs["outcome"])
    both = theirs.join(used, how="inner")
    assert len(both) > 20
    assert set(both["outcome"]) == {"已激活"}
    assert (both["at"] >= both["from"]).all()


@pytest.mark.parametrize("file", ["surveys/答卷.csv", "surveys/业务回访.csv"])
def test_answers_are_numbered_in_order_of_time(small: Path, file: str) -> None:
    answers = outside.table(small, file)
    at = pd.to_datetime(answers["提交时间"])
    assert at.dt.month.nunique() == 3
    assert at.is_monotonic_increasing
    assert answers.iloc[:, 0].str[1:].astype(int).tolist() == list(range(1, len(answers) + 1))


def test_people_are_asked_only_after_their_case(small: Path) -> None:
    asked = outside.table(small, "surveys/业务回访.csv")
    ends = pd.concat([outside.cases(small, code)[1] for code in ("account", "loan", "activation")])
    ended = asked["业务编号"].map(ends.groupby("case")["end"].max())
    assert (pd.to_datetime(asked["提交时间"]) >= ended).all()


def test_the_register_holds_the_complaint_cases(small: Path) -> None:
    register = outside.register(small).set_index("投诉编号")
    cases, steps = outside.cases(small, "complaint")
    assert register.index.is_unique
    assert set(cases.index) <= set(register.index)
    waiting = register.drop(index=cases.index)  # made in the last hours, nothing done yet
    assert (waiting["登记时间"] >= pd.Timestamp(LAST) - pd.Timedelta(days=3)).all()
    assert (register.loc[cases.index, "被诉机构"] == cases["outlet"]).all()
    plain = cases.index[register.loc[cases.index, "类型"] == "投诉"]
    assert (register.loc[plain, "处理结果"] == cases.loc[plain, "outcome"]).all()
    ended = steps.groupby("case")["end"].max()
    closed = register.loc[plain, "办结时间"].dropna()
    assert (closed == ended[closed.index]).all()
    assert (register.loc[plain, "办结时间"].isna() == (cases.loc[plain, "outcome"] == "处理中")).all()


def test_truth_counts_what_was_written(small: Path, tickets: pd.DataFrame) -> None:
    rows = outside.truth(small)["rows"]
    assert rows["tickets"] == len(tickets)
    assert rows["answers"] == len(outside.answers(small))
    assert rows["clicks"] == len(outside.parquet(small, "digital/*.parquet", ["session"]))
    assert rows["complaints"] == len(outside.register(small))
    assert rows["texts"] == len(outside.voices(small))
    fates = pd.read_csv(small / "truth-complaints.csv")["what"].value_counts()
    assert fates.get("recoded", 0) == rows["complaints recoded"]
    assert fates.get("kept off the register", 0) == rows["complaints kept off the register"]
    assert fates.get("repeat", 0) == rows["complaints repeated"]


def test_truth_lists_every_file_but_itself(small: Path) -> None:
    told = outside.truth(small)
    assert sum(told["files"].values()) == len([path for path in small.rglob("*") if path.is_file()]) - 1
    for pattern, count in told["files"].items():
        assert len(list(small.glob(pattern))) == count, pattern


@pytest.mark.parametrize("until", [date(2026, 10, 1), date(2026, 2, 1)], ids=["all are shut", "at weekends some open"])
def test_a_history_may_end_before_its_last_month_has_a_workday(tmp_path: Path, until: date) -> None:
    scenario = scenarios.named("planted").sized(branches=4, months=1, until=until)
    told = outside.truth(lived(scenario, tmp_path / "short"))["rows"]
    assert (told["tickets"] > 0) == (until.month == 2)
    assert told["calls"] > 0
    assert len(outside.table(tmp_path / "short", "inspections/神秘人.csv")) == 0


def test_without_texts_truth_claims_no_register(tmp_path: Path) -> None:
    folder = lived(scenarios.named("quiet").sized(branches=4, months=1), tmp_path / "silent", texts=False)
    told = outside.truth(folder)
    assert not told["texts"]
    assert "complaints/*.csv" not in told["files"]
    assert "complaints" not in told["rows"]
    assert told["rows"]["complaint cases"] == len(outside.cases(folder, "complaint")[0]) > 0


def test_what_is_true_of_people_is_told_of_each(small: Path, staff: pd.DataFrame, customers: set[str]) -> None:
    of_staff = pd.read_csv(small / "truth-staff.csv").set_index("number")
    assert set(of_staff.index) == set(staff.index)
    assert {"skill", "warmth", "stress"} <= set(of_staff.columns)
    of_customers = pd.read_parquet(small / "truth-customers.parquet")
    assert set(of_customers["customer"]) == customers
    assert {"digital", "patience", "complains"} <= set(of_customers.columns)


def test_a_customer_s_number_and_place_in_the_file_tell_nothing_but_the_outlet(small: Path) -> None:
    listed = outside.table(small, "customers/客户.csv").set_index("客户号")
    assert listed.index.is_monotonic_increasing
    hidden = pd.read_parquet(small / "truth-customers.parquet").set_index("customer").loc[listed.index]
    for _, there in hidden.groupby(listed["开户网点"]):
        rank = pd.Series(range(len(there)), index=there.index)
        assert abs(rank.corr(there["digital"].rank())) < 4 / len(there) ** 0.5
    assert 2026 - listed["出生年份"].max() == 18  # of age in the year in which the history begins


@pytest.mark.parametrize("kind", ["queue", "digital"])
def test_nor_does_the_order_in_which_a_parquet_file_stores_the_numbers(small: Path, kind: str) -> None:
    stored = pd.read_parquet(min(small.glob(f"{kind}/*.parquet")), columns=["customer"])["customer"].cat.categories
    assert stored.is_monotonic_increasing
    home = outside.table(small, "customers/客户.csv").set_index("客户号")["开户网点"]
    digital = pd.read_parquet(small / "truth-customers.parquet").set_index("customer")["digital"].loc[stored]
    for _, there in digital.groupby(home.loc[stored]):
        rank = pd.Series(range(len(there)), index=there.index)
        assert abs(rank.corr(there.rank())) < 4 / len(there) ** 0.5
