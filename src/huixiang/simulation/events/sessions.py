"""Who did what in the app and on the web, how far did they come, and what failed? One row a click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.bank import Bank
from huixiang.simulation.demand import SCREEN_PEAKS, arrivals, shape
from huixiang.simulation.events.journeys import (
    BROKEN,
    ERROR_OF_SYSTEM,
    JOURNEYS,
    LONGEST,
    OK,
    OUT_OF_ORDER,
    Funnels,
    funnels,
)
from huixiang.simulation.events.releases import Outage, Release, outages, releases, version_in_use
from huixiang.simulation.planting import Planting

SESSIONS_A_VISIT = 1.5
ONE_CUSTOMER_IN = 6  # banks keep the clicks of a panel of customers for analysis; so does this one
OUTLETS_AT_ONCE = 250
CHANNELS, WEB = ("手机银行", "网上银行"), 1
DEVICES, PC = ("Android", "HarmonyOS", "iOS", "PC"), 3
DEVICE_SHARES = np.cumsum((0.46, 0.20, 0.34))
ON_THE_WEB = 0.16
TRIES, TRIES_AGAIN = 3, 0.78
UPDATES_AFTER_DAYS = 4.0  # mean; exponential
LAST_SECOND = 85_500
WEB_VERSION = -1


@dataclass(frozen=True, slots=True)
class Sessions:
    """One row a click, sorted by session and order within it.

    `session` is an id, `day` counts from the history's first, `second` from midnight. `channel`, `device`, `journey`,
    `step` and `code` are places in CHANNELS, DEVICES, JOURNEYS, STEPS and CODES; `version` one in `calendar`, -1: web.
    """

    session: NDArray[np.int64]
    customer: NDArray[np.int32]
    day: NDArray[np.int32]
    second: NDArray[np.int32]
    channel: NDArray[np.int8]
    device: NDArray[np.int8]
    version: NDArray[np.int8]
    journey: NDArray[np.int8]
    step: NDArray[np.int8]
    code: NDArray[np.int8]
    milliseconds: NDArray[np.int32]
    calendar: tuple[Release, ...]

    def __len__(self) -> int:
        return len(self.session)


@dataclass(frozen=True, slots=True)
class People:
    """The panel: customers whose clicks are kept, with their device and how soon they install a new version.

    `app_from` is the day of the history from which on each has mobile banking; before, there is the web.
    """

    customer: NDArray[np.int32]
    device: NDArray[np.int8]
    lag: NDArray[np.float32]
    weight: NDArray[np.float64]  # summed digital habit, to draw by
    app_from: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Visit:
    """One row a session: who, when, with what, for what; `fails` is the chance that this version's log-in breaks."""

    person: NDArray[np.int64]
    day: NDArray[np.int32]
    second: NDArray[np.int32]
    channel: NDArray[np.int8]
    version: NDArray[np.int8]
    journey: NDArray[np.int8]
    habit: NDArray[np.float32]
    fails: NDArray[np.float32]


def panel(bank: Bank, app_from: NDArray[np.int32] | None = None) -> People:
    """One customer in six, the same through the whole history, each with a device of their own.

    `app_from` by customer; without it all have had the app for long.
    """
    customer = np.arange(ONE_CUSTOMER_IN // 2, len(bank.customers), ONE_CUSTOMER_IN, dtype=np.int32)
    dice = bank.dice.of("panel")
    device = np.searchsorted(DEVICE_SHARES, dice.random(len(customer)), side="right").clip(max=2).astype(np.int8)
    lag = dice.standard_exponential(len(customer), dtype=np.float32) * np.float32(UPDATES_AFTER_DAYS)
    since = np.zeros(len(customer), np.int32) if app_from is None else app_from[customer]
    return People(customer, device, lag, np.cumsum(bank.customers.digital[customer], dtype=np.float64), since)


def sessions(
    bank: Bank,
    planting: Planting,
    month: str,
    days: Sequence[date],
    factors: NDArray[np.float64],
    app_from: NDArray[np.int32] | None = None,
) -> Iterator[Sessions]:
    """All clicks of a month by the customers of the panel, a group of outlets at a time.

    A sample: one and a half sessions for each visit to a branch, of one customer in six; every session of these is
    whole. `factors` is the demand of each of `days`, `app_from` the day from which on each customer has the app.
    """
    people, calendar, table = panel(bank, app_from), releases(bank, planting), funnels()
    for first in range(0, len(bank.network), OUTLETS_AT_ONCE):
        outlets = np.arange(first, min(first + OUTLETS_AT_ONCE, len(bank.network)))
        dice = bank.dice.of("sessions", month, first)
        visit = _visits(bank, planting, (days, factors, outlets), (people, calendar), dice)
        names = ((days[0] - bank.scenario.first_day).days * 1000 + first // OUTLETS_AT_ONCE) * 1_000_000
        clicks = _clicks(visit, table, outages(bank), dice)
        yield _table(visit, people, clicks, names, calendar)


def _visits(
    bank: Bank,
    planting: Planting,
    what: tuple[Sequence[date], NDArray[np.float64], NDArray[np.int64]],
    known: tuple[People, tuple[Release, ...]],
    dice: np.random.Generator,
) -> Visit:
    (days, factors, outlets), (people, calendar) = what, known
    a_day = bank.scenario.visits_a_day * SESSIONS_A_VISIT / ONE_CUSTOMER_IN
    expected = (a_day * bank.network.demand[outlets][:, None] * factors[None, :]).ravel()
    never = np.zeros(len(expected), dtype=np.int64)
    row, second = arrivals(expected, never, never + LAST_SECOND, shape(SCREEN_PEAKS), dice)
    within, count = row % len(days), len(row)
    low, high = np.searchsorted(people.customer, [bank.customers.first[outlets[0]], _end(bank, outlets)])
    before = people.weight[low - 1] if low else 0.0
    drawn = before + dice.random(count) * (people.weight[high - 1] - before)
    person = np.searchsorted(people.weight[low:high], drawn).clip(max=high - low - 1) + low
    days_before = (days[0] - bank.scenario.first_day).days
    day = (within + days_before).astype(np.int32)
    on_the_web = dice.random(count, dtype=np.float32) < ON_THE_WEB
    channel = (on_the_web | (day < people.app_from[person])).astype(np.int8)
    version = np.where(
        channel == WEB, WEB_VERSION, version_in_use(calendar, bank.scenario.first_day, day, people.lag[person])
    )
    share = np.cumsum([journey.share for journey in JOURNEYS])
    journey = np.searchsorted(share / share[-1], dice.random(count), side="right").astype(np.int8)
    return Visit(
        person=person, day=day, second=second, channel=channel, version=version.astype(np.int8), journey=journey,
        habit=bank.customers.digital[people.customer[person]], fails=_broken(planting, calendar, days, within, version),
    )  # fmt: skip


def _broken(
    planting: Planting,
    calendar: tuple[Release, ...],
    days: Sequence[date],
    within: NDArray[np.int32],
    version: NDArray[np.int8],
) -> NDArray[np.float32]:
    """The chance that the log-in of this version fails on this day."""
    fails = np.zeros(len(within), dtype=np.float32)
    for effect, _ in planting.of("broken_release"):
        holds = np.array([effect.holds(day) for day in days])
        place = [release.version for release in calendar].index(effect.version)
        fails[holds[within] & (version == place)] = effect.size
    return fails


def _clicks(
    visit: Visit, table: Funnels, incidents: tuple[Outage, ...], dice: np.random.Generator
) -> list[NDArray[np.generic]]:
    """All sessions walk their funnels together: first everybody's first try of the first step, then the second try …

    Returns session, second, step, code and milliseconds, in order of session and click.
    """
    now, parts = visit.second.astype(np.float32), list[tuple[NDArray[np.generic], ...]]()
    here = np.arange(len(now))
    # People with little habit read longer, and give up sooner where others go on.
    slowness = (1.5 - 0.7 * visit.habit).astype(np.float32)
    hesitation = (1.7 - 1.1 * visit.habit).astype(np.float32)
    for place in range(LONGEST):
        here = here[table.step[visit.journey[here], place] >= 0]
        passed = []
        for _ in range(TRIES):
            at = visit.journey[here], place
            code = _codes(visit, table, incidents, (here, now[here], place), dice)
            latency = table.milliseconds[at] * exact.exp(
                dice.standard_normal(len(here), dtype=np.float32) * np.float32(0.45)
            )
            latency = np.where(code >= OUT_OF_ORDER, latency * np.float32(8), latency)
            parts.append((here, now[here].astype(np.int32), table.step[at], code, latency.astype(np.int32)))
            think = (
                table.seconds[at]
                * slowness[here]
                * exact.exp(dice.standard_normal(len(here), dtype=np.float32) * np.float32(0.6))
            )
            now[here] += latency / 1000 + np.minimum(think, 180)
            passed.append(here[code == OK])
            here = here[code != OK]
            here = here[dice.random(len(here), dtype=np.float32) < TRIES_AGAIN]
        here = np.sort(np.concatenate(passed))
        stays = table.goes_on[visit.journey[here], place] ** hesitation[here]
        here = here[dice.random(len(here), dtype=np.float32) < stays]
    columns = [np.concatenate([part[n] for part in parts]) for n in range(5)]
    order = np.argsort(columns[0], kind="stable")
    return [values[order] for values in columns]


def _codes(
    visit: Visit,
    table: Funnels,
    incidents: tuple[Outage, ...],
    tries: tuple[NDArray[np.int64], NDArray[np.float32], int],
    dice: np.random.Generator,
) -> NDArray[np.int8]:
    """How does each try of a step end? Its own error, an outage of its system, or the broken release at log-in."""
    here, now, place = tries
    system = table.system[visit.journey[here], place]
    luck = dice.random(len(here), dtype=np.float32)
    # Old hands mistype less: the error rate falls from 1.4 of the usual to .8.
    fails = table.fails[visit.journey[here], place] * (1.4 - 0.6 * visit.habit[here])
    code = np.where(luck < fails, ERROR_OF_SYSTEM[system], OK).astype(np.int8)
    day = visit.day[here]
    for one in incidents:
        if day.size and day.min() <= one.day <= day.max():
            down = (day == one.day) & (system == one.system) & (now >= one.begins) & (now < one.ends)
            code[down & (dice.random(len(here), dtype=np.float32) < one.share)] = OUT_OF_ORDER
    if place == 0 and visit.fails.any():
        code[dice.random(len(here), dtype=np.float32) < visit.fails[here]] = BROKEN
    return code


def _table(
    visit: Visit, people: People, clicks: list[NDArray[np.generic]], names: int, calendar: tuple[Release, ...]
) -> Sessions:
    row, second, step, code, latency = clicks
    who = visit.person[row]
    device = np.where(visit.channel[row] == WEB, PC, people.device[who]).astype(np.int8)
    return Sessions(
        session=row.astype(np.int64) + names, customer=people.customer[who], day=visit.day[row],
        second=np.minimum(second.astype(np.int32), 86_399), channel=visit.channel[row], device=device,
        version=visit.version[row], journey=visit.journey[row], step=step.astype(np.int8), code=code.astype(np.int8),
        milliseconds=latency.astype(np.int32), calendar=calendar,
    )  # fmt: skip


def _end(bank: Bank, outlets: NDArray[np.int64]) -> int:
    """One past the last customer of these outlets."""
    return int(bank.customers.first[outlets[-1]] + bank.customers.number[outlets[-1]])
