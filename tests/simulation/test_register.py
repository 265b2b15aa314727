"""Does the complaints register agree with the hotline and the process system, and keep to the law's limits?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from huixiang.domain.calendar import mainland
from huixiang.simulation.events.causes import BUSINESSES
from huixiang.simulation.events.extensions import LIMIT_MOST_DAYS
from huixiang.simulation.events.processes.complaint import PAPERS
from tests.simulation import outside
from tests.simulation.cases import log_of, rows


@pytest.fixture(scope="module")
def register(planted: Path) -> pd.DataFrame:
    return outside.register(planted)


@pytest.fixture(scope="module")
def complaint_calls(planted: Path) -> pd.DataFrame:
    """The calls about a complaint, with their day."""
    paths = sorted((planted / "hotline").glob("calls-*.csv"))
    calls = pd.concat(outside.table(planted, f"hotline/{path.name}") for path in paths)
    calls = calls[calls["业务类型"] == "投诉"]
    return calls.assign(day=pd.to_datetime(calls["进线时间"]).dt.date)


def days(span: pd.Series) -> pd.Series:
    return span.dt.total_seconds() / 86_400


def test_register_and_process_system_say_the_same_of_a_complaint(planted: Path, register: pd.DataFrame) -> None:
    cases, _ = outside.cases(planted, "complaint")
    told = register.set_index("投诉编号").loc[cases.index]
    assert (told["业务类别"] == cases["product"]).all()
    assert (told["投诉来源"] == cases["channel"]).all()
    assert (told["客户号"] == cases["customer"]).all()


def test_the_class_follows_what_it_is_about(register: pd.DataFrame) -> None:
    assert set(register["业务类别"]) <= set(BUSINESSES)
    assert register["业务类别"].nunique() >= 9
    assert {"贷款", "银行卡", "债务催收"} <= set(register["业务类别"])
    classes = register.groupby("投诉原因")["业务类别"].agg(set)
    assert classes["债务催收方式和手段"] == {"债务催收"}
    assert classes["消费者信息安全"] == {"个人金融信息"}
    assert len(classes["服务态度及服务质量"]) >= 3  # of whatever was being done


def test_a_policy_or_fund_that_the_bank_sells_for_others_is_not_its_own(register: pd.DataFrame) -> None:
    agency = register["投诉内容"].str.contains("年金险|分红险|信托|基金|保险") & (register["投诉原因"] == "信息披露")
    assert agency.sum() > 10
    assert set(register.loc[agency, "业务类别"]) == {"银行代理"}


def test_complaints_are_taken_down_where_somebody_is_there(planted: Path, register: pd.DataFrame) -> None:
    outlets, calendar = outside.table(planted, "people/网点.csv").set_index("机构号"), mainland()
    workday = register["登记时间"].map(lambda moment: calendar.is_workday(moment.date()))
    at_outlet = register["投诉来源"] == "网点"
    listed = [register["被诉机构"].map(outlets[column]) for column in ("工作日营业时间", "周末营业时间")]
    hours = listed[0].where(workday, listed[1])[at_outlet]
    clock = register["登记时间"].dt.strftime("%H:%M")[at_outlet]
    assert (hours != "休息").all()
    assert ((clock >= hours.str[:5]) & (clock <= hours.str[6:])).all()
    sent = register["投诉来源"] == "监管转办"
    assert workday[sent].all()
    assert register["登记时间"].dt.hour[sent].between(9, 17).all()


def test_every_complaint_of_the_hotline_was_a_call(register: pd.DataFrame, complaint_calls: pd.DataFrame) -> None:
    came = register[register["投诉来源"] == "客服热线"]
    called = set(zip(complaint_calls["客户号"], complaint_calls["day"], strict=True))
    made = list(zip(came["客户号"], came["登记时间"].dt.date, strict=True))
    assert len(made) > 300
    assert set(made) <= called
    assert 0.08 < len(made) / len(complaint_calls) < 0.2  # the rest was settled at once, is a repeat, or no complaint
    assert 0.5 < len(made) / len(register) < 0.85


def test_handlers_call_back_through_the_whole_working_day(register: pd.DataFrame) -> None:
    contact = register["首次联系时间"].dropna()
    minute = contact.dt.hour * 60 + contact.dt.minute
    assert minute.between(510, 1050).all()
    assert (minute < 720).mean() > 0.3
    assert (minute >= 810).mean() > 0.2
    assert (contact - register.loc[contact.index, "登记时间"]).median() < pd.Timedelta(hours=16)


def test_what_takes_longer_than_the_law_allows_was_extended_and_told_in_time(register: pd.DataFrame) -> None:
    until = register["办结时间"].fillna(pd.Timestamp(2026, 7, 1))
    lasted, added = days(until - register["登记时间"]), register["延期天数"]
    assert (lasted > 15).sum() >= 3
    assert ((lasted > 15) == added.notna()).all()
    assert (added[lasted > 30] == 45).all()
    assert (lasted <= 15 + added.fillna(0)).all()
    extended = register[added.notna()]
    told = pd.to_datetime(extended["延期告知时间"])
    assert extended["延期批准人"].str.contains("分行|总行").all()
    limit = np.where(extended["延期天数"] == 45, 30, 15)
    assert (days(told - extended["登记时间"]) < limit).all()
    assert (told > extended["登记时间"]).all()
    assert register.loc[added.isna(), ["延期批准人", "延期告知时间"]].isna().all(axis=None)


def test_no_complaint_reaches_the_last_limit_however_long_the_customer_takes() -> None:
    took = [(log.ends - log.ready)[rows(log, "papers")].max() for log in map(log_of, ["complaint"])]
    assert PAPERS.longest * 60 < LIMIT_MOST_DAYS * 0.6 * 16 * 3600
    assert max(took) < 34 * 86_400


def test_late_complaints_are_recoded_in_the_last_working_hours_each_at_its_own_moment(register: pd.DataFrame) -> None:
    recoded = register[register["类型"] == "咨询"]
    closed = recoded["办结时间"]
    assert (closed <= recoded["登记时间"] + pd.Timedelta(days=5)).all()
    assert all(mainland().is_workday(day) for day in closed.dt.date)
    assert (closed.dt.hour * 60 + closed.dt.minute).between(510, 1050).all()
    assert (closed - recoded["登记时间"]).nunique() == len(recoded)


def test_a_recoded_complaint_ends_in_the_process_log_as_well(planted: Path, register: pd.DataFrame) -> None:
    recoded = register[register["类型"] == "咨询"].set_index("投诉编号")
    cases, steps = outside.cases(planted, "complaint")
    assert (cases.loc[recoded.index, "outcome"] == "已答复").all()
    assert not (cases.drop(recoded.index)["outcome"] == "已答复").any()
    own = steps[steps["case"].isin(recoded.index)]
    last = own.loc[own.groupby("case")["end"].idxmax()].set_index("case")
    assert (last["end"] == recoded["办结时间"].reindex(last.index)).all()
    closed = own[own["step"] == "结案归档"].set_index("case")
    assert (closed["end"] == recoded["办结时间"].reindex(closed.index)).all()
    assert set(closed.index) == set(recoded.index)


def test_only_where_complaints_are_kept_off_do_calls_outnumber_the_register(
    planted: Path, register: pd.DataFrame, complaint_calls: pd.DataFrame
) -> None:
    where = outside.planted(planted, "off_register")[0]["where"]
    home = outside.table(planted, "customers/客户.csv").set_index("客户号")["开户网点"]
    calls = complaint_calls["客户号"].map(home).value_counts()
    entered = register.loc[register["投诉来源"] == "客服热线", "被诉机构"].value_counts().reindex(calls.index).fillna(0)
    there = calls.index.isin(where)
    shares = [entered[rows].sum() / calls[rows].sum() for rows in (there, ~there)]
    assert shares[0] / shares[1] == pytest.approx(1 - outside.planted(planted, "off_register")[0]["size"], abs=0.15)
    assert (entered / calls)[~there].median() > 0.1
