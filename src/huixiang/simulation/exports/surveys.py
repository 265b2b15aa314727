"""What does the survey tool export? The answers of a month as CSV rows, with the free text where somebody wrote one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.processes import EventLog
from huixiang.simulation.events.surveys import Answers, CaseAnswers
from huixiang.simulation.events.voices import Said
from huixiang.simulation.moments import DAY, moments, written
from huixiang.simulation.speech import Utterance

HEADER = ("答卷编号", "提交时间", "网点", "客户号", "推荐意愿(0-10)", "满意度(1-5)", "办理容易程度(1-7)", "意见与建议")
FILE = "surveys/答卷.csv"
CASE_HEADER = ("回访编号", "提交时间", "流程", "业务编号", "网点", "客户号", "满意度(1-5)")


def rows(bank: Bank, given: Answers, first: int, texts: Mapping[int, str]) -> Iterator[Sequence[object]]:
    """One row an answer, numbered from `first`; `texts` by the answer's place."""
    when = written(moments(bank.scenario.first_day, given.day, given.second))
    columns = zip(
        given.outlet.tolist(), bank.customers.known_as[given.customer].tolist(), given.recommend.tolist(),
        given.satisfied.tolist(), given.ease.tolist(), when, strict=True,
    )  # fmt: skip
    for place, (outlet, customer, recommend, satisfied, ease, at) in enumerate(columns):
        number, code = _number(first + place), bank.network.codes[outlet]
        yield number, at, code, f"C{customer}", recommend, satisfied, ease, texts.get(place, "")


def case_rows(bank: Bank, log: EventLog, given: CaseAnswers, first: int) -> Iterator[Sequence[object]]:
    """One row an answer on a case (回访), numbered from `first`, with the case's own number."""
    when = written(moments(bank.scenario.first_day, *np.divmod(given.moment, DAY)))
    numbers = log.case_ids(given.case)
    for place, (case, satisfied) in enumerate(zip(given.case.tolist(), given.satisfied.tolist(), strict=True)):
        code, customer = bank.network.codes[log.outlet[case]], f"C{bank.customers.known_as[log.customer[case]]}"
        yield f"H{first + place:08d}", when[place], log.process.name, numbers[place], code, customer, satisfied


def told(given: Answers, first: int, texts: Mapping[int, Utterance]) -> Iterator[tuple[str, str, Said]]:
    """The free texts with file and number, for what is true of them."""
    for place, utterance in texts.items():
        day, second, outlet, customer, score = (
            column[place].item() for column in (given.day, given.second, given.outlet, given.customer, given.score)
        )
        yield FILE, _number(first + place), Said("survey", day, second, outlet, customer, utterance, score=score)


def _number(place: int) -> str:
    return f"Q{place:08d}"
