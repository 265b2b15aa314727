"""What do the exported files show of a bank? Means, shares and differences with their intervals, by pandas alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from tests.simulation import outside

COURSE_BEGINS, COURSE_ENDS = pd.Timestamp(2026, 3, 2), pd.Timestamp(2026, 3, 31)
SPREADS = 2.6  # standard errors each way: an interval of 99 in 100, or a little less with few outlets


@dataclass(frozen=True)
class Difference:
    """A mean difference with its interval."""

    mean: float
    error: float

    @property
    def low(self) -> float:
        return self.mean - SPREADS * self.error

    @property
    def high(self) -> float:
        return self.mean + SPREADS * self.error

    def holds(self, value: float) -> bool:
        """Is this value in the interval?"""
        return self.low <= value <= self.high


def difference(some: pd.Series, others: pd.Series) -> Difference:
    """How much larger are these than the others, one value a unit?"""
    error = np.sqrt(some.var() / len(some) + others.var() / len(others))
    return Difference(float(some.mean() - others.mean()), float(error))


def gap(counts: pd.Series, visits: pd.Series, where: Collection[str]) -> float:
    """The rate of these outlets (counts a visit) against that of all others."""
    counts, there = counts.reindex(visits.index).fillna(0), visits.index.isin(where)
    return float(counts[there].sum() / visits[there].sum() / (counts[~there].sum() / visits[~there].sum()))


@dataclass(frozen=True)
class Bank:
    """One bank's exports. `late` marks what lies in the half in which effects hold."""

    folder: Path
    half = pd.Timestamp(2026, 4, 1)

    @cached_property
    def tickets(self) -> pd.DataFrame:
        found = outside.tickets(self.folder)
        found["late"], found["log_handling"] = found["day"] >= self.half, np.log(found["handling"].clip(lower=0.1))
        return found

    @cached_property
    def answers(self) -> pd.DataFrame:
        found = outside.answers(self.folder)
        return found.assign(late=found["at"] >= self.half)

    def steps(self, code: str, ending: tuple[str, ...] = ("",), only: frozenset[str] | None = None) -> pd.DataFrame:
        """The steps of these cases: minutes of handling, hours waited since the step before, minutes of both."""
        found = outside.cases(self.folder, code, ending, only)[1].sort_values(["case", "end"])
        found["late"], found["minutes"] = found["start"] >= self.half, _minutes(found["end"] - found["start"])
        before = found.groupby("case")["end"].shift()
        found["wait_hours"] = _minutes(found["start"] - before) / 60
        return found.assign(sojourn=_minutes(found["end"] - before))

    def case_answers(self, process: str) -> pd.Series:
        """Satisfaction by case."""
        found = outside.table(self.folder, "surveys/业务回访.csv")
        return found[found["流程"] == process].set_index("业务编号")["满意度(1-5)"]

    def change(
        self, measure: str, where: Collection[str], rows: pd.Series | None = None, without: Collection[str] = ()
    ) -> Difference:
        """By how much did the mean change at these outlets more than at the others? Difference in differences."""
        found = self.answers if measure in self.answers else self.tickets
        found = found if rows is None else found[rows]
        means = found.groupby(["branch", "late"])[measure].mean().unstack()
        changed = (means[True] - means[False]).drop(index=list(without), errors="ignore")
        there = changed.index.isin(where)
        return difference(changed[there], changed[~there])

    def went_to(self, course: str) -> set[int]:
        """Who finished this course?"""
        found = outside.table(self.folder, "people/培训记录.csv")
        return set(found.loc[(found["课程编号"] == course) & (found["出勤"] == "是"), "工号"].astype(int))

    def gain_of_course(self, went: Collection[int]) -> Difference:
        """By how much more did their handling change than that of tellers who stayed away?"""
        served = self.tickets[self.tickets["teller"].notna()]
        served = served[(served["day"] < COURSE_BEGINS) | (served["day"] > COURSE_ENDS)]
        means = served.groupby(["teller", "late"])["log_handling"].mean().unstack().dropna()
        changed, there = means[True] - means[False], means.index.isin(went)
        return difference(changed[there], changed[~there])

    def pulse(self, teams: Collection[str]) -> float:
        """How well are these teams, 1 to 5, over all questions of the late months? Small ones are not shown apart."""
        found = outside.table(self.folder, "people/员工脉搏.csv")
        rows = found["机构号"].isin(teams) & (found["月份"] >= f"{self.half:%Y-%m}")
        return float(found.loc[rows, [name for name in found.columns if name.endswith("(1-5)")]].mean(axis=None))

    def negative_voices(self) -> pd.Series:
        """By outlet: discontent on the website, on slips and in surveys, which no outlet can keep off a list."""
        outlet = pd.concat([
            pd.read_json(self.folder / "suggestions/slips.jsonl", lines=True).set_index("slip")["outlet"],
            pd.read_json(self.folder / "website/messages.json").set_index("id")["branch"],
            self.answers.set_index("答卷编号")["branch"],
        ])  # fmt: skip
        told = pd.DataFrame(outside.voices(self.folder))
        return told.loc[told["sentiment"] == "negative", "id"].map(outlet).value_counts()

    def calls(self, topic: str) -> pd.Series:
        """Calls on this topic by month."""
        paths = sorted((self.folder / "hotline").glob("calls-*.csv"))
        found = pd.concat(outside.table(self.folder, f"hotline/{path.name}") for path in paths)
        return pd.to_datetime(found.loc[found["业务类型"] == topic, "进线时间"]).dt.month.value_counts()


def _minutes(span: pd.Series) -> pd.Series:
    return span.dt.total_seconds() / 60
