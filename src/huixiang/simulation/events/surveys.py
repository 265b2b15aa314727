"""Who was asked after a visit, who answered, and what? The register of a satisfaction survey with its biases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.processes import EventLog
from huixiang.simulation.events.visits import Tickets
from huixiang.simulation.moments import DAY
from huixiang.simulation.planting import Planting

ASKED = 0.06  # share of visits after which somebody is asked
ANSWERS = 0.30  # of those asked, on average; people at either end of the scale answer more often
PLEASED = 7.8  # from this score on a customer counts as pleased where only the pleased are asked
DELAY_HOURS = 5.0  # between the visit and the answer, on average
ASLEEP = (23 * 3600, 7 * 3600)  # hardly anybody answers in between, seconds of the day
ANSWERS_AT_NIGHT = 0.05  # share of those whose answer would fall into the night
ASKED_ON_A_CASE = 0.2  # share of cases after whose end somebody is asked


@dataclass(frozen=True, slots=True)
class Answers:
    """One row an answer, in order of time. `ticket` is the row in its Tickets; `day`, `second` of answering."""

    ticket: NDArray[np.int64]
    outlet: NDArray[np.int32]
    customer: NDArray[np.int32]
    day: NDArray[np.int32]
    second: NDArray[np.int32]
    recommend: NDArray[np.int8]  # NPS, 0..10
    satisfied: NDArray[np.int8]  # CSAT, 1..5
    ease: NDArray[np.int8]  # CES, 1..7
    score: NDArray[np.float32]
    asked: NDArray[np.int64]  # of each outlet of the bank: how many were asked

    def __len__(self) -> int:
        return len(self.ticket)


def answers(
    bank: Bank, planting: Planting, tickets: Tickets, days: Sequence[date], dice: np.random.Generator
) -> Answers:
    """Ask after some visits. Who is very content or very discontent answers more often, as everywhere."""
    asked = np.flatnonzero(dice.random(len(tickets), dtype=np.float32) < ASKED)
    outlets = np.unique(tickets.outlet)
    if len(asked):
        first = (days[0] - bank.scenario.first_day).days
        kept_out = planting.sizes("pleased_only", days, outlets)
        out = kept_out[tickets.day[asked] - first, np.searchsorted(outlets, tickets.outlet[asked])]
        asked = asked[(tickets.score[asked] >= PLEASED) | (dice.random(len(asked)) >= out)]
    score = tickets.score[asked]
    chosen = _answers(score, dice)
    ticket, score = asked[chosen], score[chosen]
    later = _by_day(tickets.ended[ticket] + _delay(len(ticket), dice), dice)
    # What would be answered after the history's end is not there yet.
    there = tickets.day[ticket] + later // DAY < len(bank.scenario.days())
    ticket, score, later = ticket[there], score[there], later[there]
    order = np.argsort(tickets.day[ticket].astype(np.int64) * DAY + later, kind="stable")
    ticket, score, later = ticket[order], score[order], later[order]
    noise = dice.normal(0.0, 0.5, (3, len(ticket)))
    return Answers(
        ticket=ticket,
        outlet=tickets.outlet[ticket],
        customer=tickets.customer[ticket],
        day=(tickets.day[ticket] + later // DAY).astype(np.int32),
        second=(later % DAY).astype(np.int32),
        recommend=np.clip(np.rint((score - 5) * 2.1 + 2.8 + noise[0] * 2), 0, 10).astype(np.int8),
        satisfied=_satisfied(score, noise[1]),
        ease=np.clip(np.rint(1 + 6 * (score - 3.5) / 5.6 + noise[2] * 1.5), 1, 7).astype(np.int8),
        score=score,
        asked=np.bincount(tickets.outlet[asked], minlength=len(bank.network)),
    )


@dataclass(frozen=True, slots=True)
class CaseAnswers:
    """One row an answer on a case that has ended: `case` is its row in the log, `moment` seconds of the history."""

    case: NDArray[np.int64]
    moment: NDArray[np.int64]
    satisfied: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.case)


def answers_on_cases(bank: Bank, log: EventLog, ended: NDArray[np.int64], dice: np.random.Generator) -> CaseAnswers:
    """Ask after some cases, `ended` by case in seconds of the history: what those answer who do."""
    asked = np.flatnonzero(~np.isnan(log.score) & (dice.random(log.cases) < ASKED_ON_A_CASE))
    case = asked[_answers(log.score[asked], dice)]
    moment = _by_day(ended[case] + _delay(len(case), dice), dice)
    satisfied = _satisfied(log.score[case], dice.normal(0.0, 0.5, len(case)))
    there = moment < len(bank.scenario.days()) * DAY
    return CaseAnswers(case[there], moment[there], satisfied[there])


def _answers(score: NDArray[np.float32], dice: np.random.Generator) -> NDArray[np.bool_]:
    """Who of those asked answers?"""
    eager = ANSWERS * (0.75 + 0.09 * np.abs(score - 7.5))
    return np.asarray(dice.random(len(score)) < eager)


def _delay(count: int, dice: np.random.Generator) -> NDArray[np.int64]:
    """Seconds between what is asked about and the answer, six days at most."""
    return np.minimum(dice.exponential(DELAY_HOURS * 3600, count), 6 * DAY).astype(np.int64)


def _by_day(moment: NDArray[np.int64], dice: np.random.Generator) -> NDArray[np.int64]:
    """The same moments, but for those at night: they move to the morning after, for nearly all."""
    from_, until = ASLEEP
    second = (moment + DAY - from_) % DAY  # after eleven at night
    night = (second < until + DAY - from_) & (dice.random(len(moment)) >= ANSWERS_AT_NIGHT)
    morning = moment - second + until + DAY - from_ + dice.exponential(5400, len(moment)).astype(np.int64)
    return np.where(night, morning, moment)


def _satisfied(score: NDArray[np.float32], noise: NDArray[np.float64]) -> NDArray[np.int8]:
    """The answer 1..5 of somebody with this score (0..10)."""
    return np.clip(np.rint(1 + 4 * (score - 3.0) / 6.0 + noise), 1, 5).astype(np.int8)
