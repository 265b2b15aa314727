"""Who learned what, when, and did it change their work? Courses, classes missed, quizzes and what they are worth.

Two traps are laid on purpose. 产品更新 is open to whoever signs up, and the quicker sign up more often: those who went
then serve faster than those who did not, though the course changes nothing. And a course that changes nothing still
lifts the quiz a little, since people have seen the questions before. A planted course is given to half of the tellers
of each outlet by lot, so that there, and only there, a plain comparison within outlets is fair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation import exact
from huixiang.simulation.bank import Bank, duty
from huixiang.simulation.bank.staff import AGENT, HEAD, LOBBY, TELLER
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.rosters import resting
from huixiang.simulation.planting import Planting

BEFORE, AFTER, RESIT = 0, 1, 2  # columns of `Course.quiz`
PASS_MARK = 60.0
RESIT_AFTER = 14  # days at least
A_DAY = 8.0  # hours of classes (学时) that one day has: what takes longer is held in parts
CLASS_EVERY = 3  # workdays between two classes of a course
MISSED, CALLED_AGAIN = 0.07, 0.7  # share that does not come, share of these that comes to a later class
NEWCOMER_DAYS = 365  # the usual year of probation: who was hired within it still has to be taught
KEEN = 1.3  # log odds of signing up, for each standard deviation of skill
QUIZ_HABIT, QUIZ_A_GAIN = 5.0, 120.0  # points from seeing the questions twice; points for each unit of gain
EVERYBODY: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """One course, with a value for each of the staff; days count from the history's first, -1: never.

    `invited` is the class a person was called to and `day_of` the one they finished: later than `invited` where that
    class was missed. `gain` is the share by which an attendant's handling gets quicker from the next day on. `quiz` has
    shape (staff, 3): before, after and re-sit on 0..100, NaN where not taken; `resit_on` is the day of the re-sit.
    """

    code: str
    title: str
    hours: float
    gain: float
    invited: NDArray[np.int32]
    day_of: NDArray[np.int32]
    quiz: NDArray[np.float32]
    resit_on: NDArray[np.int32]
    planted: bool = False

    @property
    def attended(self) -> NDArray[np.int64]:
        """Who finished it?"""
        return np.flatnonzero(self.day_of >= 0)

    @property
    def missed(self) -> NDArray[np.int64]:
        """Who did not come to the class they were called to?"""
        return np.flatnonzero((self.invited >= 0) & (self.day_of != self.invited))


@dataclass(frozen=True, slots=True)
class _Offer:
    """A course of the yearly plan: for which posts, in which part of the history, for what share of them."""

    code: str
    title: str
    hours: float
    learnt: float  # points on the quiz
    posts: tuple[str, ...] = EVERYBODY
    span: tuple[float, float] = (0.0, 1.0)
    share: float = 1.0
    newcomers: bool = False
    voluntary: bool = False


OFFERS = (
    _Offer("entry-idea", "入职培训：服务理念", 4, 14, span=(0.0, 0.1), newcomers=True),
    _Offer("entry-ethics", "入职培训：职业操守", 4, 12, span=(0.0, 0.1), newcomers=True),
    _Offer("entry-etiquette", "入职培训：服务礼仪", 8, 18, span=(0.02, 0.14), newcomers=True),
    _Offer("entry-knowledge", "入职培训：业务知识（上）", 8, 14, span=(0.04, 0.14), newcomers=True),
    _Offer("entry-knowledge-2", "入职培训：业务知识（下）", 8, 14, span=(0.14, 0.24), newcomers=True),
    _Offer("entry-emergencies", "入职培训：应急处置", 4, 20, span=(0.06, 0.22), newcomers=True),
    _Offer("calm", "沟通与情绪管理", 6, 11, (TELLER, LOBBY, AGENT), (0.1, 0.6), 0.55),
    _Offer("complaints", "投诉处理", 8, 15, (LOBBY, HEAD, AGENT), (0.2, 0.8), 0.8),
    _Offer("products", "产品更新", 3, 9, span=(0.15, 0.7), share=0.45, voluntary=True),
    _Offer("elderly", "适老服务", 4, 12, (TELLER, LOBBY), (0.3, 0.9), 0.5),
)


def enrol(bank: Bank, planting: Planting) -> tuple[Course, ...]:
    """Which courses were held, and who finished them when? The yearly plan's first, then the planted ones.

    A planted course that bears the code of one in the plan takes its place. Raises ValueError for one planted twice.
    """
    planted = planting.of("course")
    codes = [effect.course for effect, _ in planted]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"course {twice[0]!r} is planted twice; give the second one a code of its own")
    taken = np.zeros((len(bank.staff.numbers), len(bank.scenario.days())), dtype=bool)  # by a class of another course
    drawn = [_planted(bank, effect, outlets, taken) for effect, outlets in planted]
    return (*(_held(bank, offer, taken) for offer in OFFERS if offer.code not in codes), *drawn)


def gain_by(bank: Bank, courses: Sequence[Course], day_index: NDArray[np.integer]) -> NDArray[np.float64]:
    """How much quicker is each by then? Factors on handling time by day and person, shape (days, staff), at most 1.

    `day_index` counts from the history's first day. What was learnt counts from the day after the course.
    """
    factors = np.ones((len(day_index), len(bank.staff.numbers)))
    for course in courses:
        if course.gain:
            finished = (course.day_of[None, :] >= 0) & (course.day_of[None, :] < np.asarray(day_index)[:, None])
            factors[finished] *= 1 - course.gain
    return factors


def _held(bank: Bank, offer: _Offer, taken: NDArray[np.bool_]) -> Course:
    dice, days = bank.dice.of("training", offer.code), len(bank.scenario.days())
    first, last = (round(part * (days - 1)) for part in offer.span)
    called = _called(bank, offer, dice)
    invited, day_of = _attendance(bank, (called, _classes(bank, first, last)), taken, dice)
    quiz, resit_on = _quiz(bank, day_of, offer.learnt, taken, dice)
    return Course(offer.code, offer.title, offer.hours, 0.0, invited, day_of, quiz, resit_on)


def _planted(bank: Bank, effect: Effect, outlets: NDArray[np.int64], taken: NDArray[np.bool_]) -> Course:
    """By lot within outlets: half of the tellers, where the number is odd the odd one by lot as well."""
    dice, begun = bank.dice.of("training", effect.course), bank.scenario.first_day
    tellers = bank.staff.of_post(TELLER)
    if len(outlets):
        tellers = tellers[np.isin(bank.staff.outlet[tellers], outlets)]
    called = _half_of_each(tellers, bank.staff.outlet[tellers], dice)
    classes = _classes(bank, (effect.start - begun).days, (effect.end - begun).days)
    there = np.zeros(len(bank.staff.numbers), dtype=bool)
    there[called] = True
    invited, day_of = _attendance(bank, (there, classes), taken, dice)
    quiz, resit_on = _quiz(bank, day_of, QUIZ_HABIT + QUIZ_A_GAIN * effect.size, taken, dice)
    title = next((one.title for one in OFFERS if one.code == effect.course and not effect.title), effect.shown)
    return Course(effect.course, title, A_DAY, effect.size, invited, day_of, quiz, resit_on, planted=True)


def _half_of_each(people: NDArray[np.int64], group: NDArray[np.int64], dice: np.random.Generator) -> NDArray[np.int64]:
    """Half of the people of every group (given sorted by group), drawn by lot."""
    order = np.lexsort((dice.random(len(people)), group))
    sizes = np.bincount(group)
    rank = np.arange(len(people)) - (np.cumsum(sizes) - sizes)[group[order]]
    wanted = (sizes + dice.integers(0, 2, len(sizes))) // 2
    return np.sort(people[order[rank < wanted[group[order]]]])


def _called(bank: Bank, offer: _Offer, dice: np.random.Generator) -> NDArray[np.bool_]:
    """Who is called, or signs up? True or false for each of the staff."""
    staff = bank.staff
    meant = np.array([not offer.posts or post in offer.posts for post in staff.posts])
    if offer.newcomers:
        latest = bank.scenario.first_day - timedelta(NEWCOMER_DAYS)
        meant &= np.array([day > latest for day in staff.hired_on])
    odds = np.full(len(meant), exact.log(offer.share / (1 - offer.share)) if offer.share < 1 else np.inf)
    if offer.voluntary:
        odds += KEEN * _ability(bank)
    return np.asarray(meant & (dice.random(len(meant)) < 1 / (1 + exact.exp(-odds))))


def _ability(bank: Bank) -> NDArray[np.float64]:
    """True skill in standard deviations, more is better."""
    pace = -exact.log(bank.staff.skill)
    return np.asarray((pace - pace.mean()) / pace.std())


def _classes(bank: Bank, first: int, last: int) -> NDArray[np.int32]:
    """The days on which a course can be held: the workdays of its time. As a rule every third one is taken."""
    begun, calendar = bank.scenario.first_day, mainland()
    inside: list[date] = bank.scenario.days()[max(first, 0) : max(last + 1, 0)]
    return np.array([(day - begun).days for day in inside if calendar.is_workday(day)], dtype=np.int32)


def _attendance(
    bank: Bank,
    calls: tuple[NDArray[np.bool_], NDArray[np.int32]],
    taken: NDArray[np.bool_],
    dice: np.random.Generator,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """To which class was each called, and which did they finish? Who comes is chance, no matter of skill.

    `calls`: who is called, and the days of the classes. `taken`: who sits in a class of another course on which day.
    Who sits at a counter or answers calls is called to a class on a day without a seat, to one between two classes if
    need be; and who has no such day in the course's time is not called.
    """
    called, classes = calls
    invited = np.full(len(called), -1, dtype=np.int32)
    if not len(classes):
        return invited, invited.copy()
    free = _free(bank, classes) & ~taken[:, classes]
    luck, usual = dice.random(free.shape, dtype=np.float32), np.arange(len(classes)) % CLASS_EVERY == 0
    place = (luck + np.float32(2) * free + usual).argmax(axis=1)
    called = called & free[np.arange(len(called)), place]
    invited[called] = classes[place[called]]
    missed, again = dice.random(len(called)) < MISSED, dice.random(len(called)) < CALLED_AGAIN
    later = place + 1 + dice.integers(0, 4 * CLASS_EVERY, len(called))
    could = free & usual & (np.arange(len(classes)) >= later[:, None])
    second = np.where(again & could.any(axis=1), classes[could.argmax(axis=1)], -1)
    day_of = np.where(called & missed, second, invited).astype(np.int32)
    taken[there := np.flatnonzero(day_of >= 0), day_of[there]] = True
    return invited, day_of


def _free(bank: Bank, day: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Who has no seat on which of these days? Shape (staff, days). Who has no rota is always free for some hours."""
    staff = bank.staff
    free = ~duty.serving(staff, np.arange(len(staff.numbers)), day)
    free[staff.hotline] = resting(bank, day)
    free[staff.line] = duty.off_the_line(np.arange(len(staff.line)), day)
    return free


def _quiz(
    bank: Bank, day_of: NDArray[np.int32], learnt: float, taken: NDArray[np.bool_], dice: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Scores of those who attended: what they knew, what they learnt, and a second go for those who failed; its day.

    That is the next workday on which they have no seat and no class. Nobody has it after the history: the file is what
    the system holds on its last day.
    """
    count = len(day_of)
    knows = 62 + 7 * _ability(bank) + dice.normal(0, 8, count)
    learns = learnt * dice.gamma(4.0, 0.25, count)
    scores = np.stack([knows, knows + learns, knows + learns + 12], axis=1) + dice.normal(0, 4, (count, 3))
    scores = np.clip(np.rint(scores), 0, 100)
    scores[day_of < 0] = np.nan
    resit_on, workdays = np.full(count, -1, dtype=np.int32), _classes(bank, 0, len(bank.scenario.days()) - 1)
    failed = np.flatnonzero(scores[:, AFTER] < PASS_MARK)
    if len(failed) and len(workdays):
        free = (_free(bank, workdays) & ~taken[:, workdays])[failed]
        free &= workdays >= day_of[failed, None] + RESIT_AFTER
        resit_on[failed] = np.where(free.any(axis=1), workdays[free.argmax(axis=1)], -1)
        taken[again := np.flatnonzero(resit_on >= 0), resit_on[again]] = True
    scores[resit_on < 0, RESIT] = np.nan
    return scores.astype(np.float32), resit_on
