"""Who says something of their own accord, where, and about what? Voices follow from what happened to people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from huixiang.simulation import exact
from huixiang.simulation.bank import Bank, groups
from huixiang.simulation.bank.customers import IMPAIRMENTS
from huixiang.simulation.bank.services import SERVICES
from huixiang.simulation.events.surveys import Answers
from huixiang.simulation.events.visits import Tickets
from huixiang.simulation.planting import Planting
from huixiang.simulation.speech import Facts, Speaker, Utterance

DISCONTENT, MIDDLING = 6.6, 7.2  # scores up to which all is seen darkly, and what was bad is told
ACCOUNTANT = "我们会计"  # of whom people speak who come for a company
OLD = 68  # from this age on nobody speaks of a living parent
SPEAKS = 1 / 420  # of people of middling readiness, after a visit of middling score
WRITES_IN_SURVEY, DISCONTENT_WRITE = 0.28, 2.2  # share of answers with words; how much oftener after a poor visit
PLANTS = 0.05  # share of voices that give personal data away
CHANNELS = ("website", "suggestion_box", "social")
BY_AGE = {"young": (0.45, 0.15, 0.40), "middle": (0.50, 0.30, 0.20), "old": (0.18, 0.77, 0.05)}
FEES_A_DAY = 0.02  # voices about fees an outlet and day while nothing changes

# What a visit for this service can be about besides waiting and people.
OF_SERVICE = {
    "cash": "branch.counters", "transfer": "process.steps", "passbook": "atm.smart", "card": "card.debit",
    "account": "process.documents", "pension": "elderly.service", "wealth": "wealth.selling", "loss": "process.speed",
    "foreign": "cash.exchange", "corporate": "corporate.account",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One voice before a system files it. `outlet` -1: none named; `rating` 0: none given; `day` of the history."""

    channel: str
    day: int
    second: int
    outlet: int
    customer: int
    utterance: Utterance
    rating: int = 0
    version: str = ""
    title: str = ""
    score: float = 0.0


def of_visits(bank: Bank, speaker: Speaker, tickets: Tickets, dice: np.random.Generator) -> Iterator[Said]:
    """Messages, slips and posts that follow visits: the readier a person, and the further from middling the visit."""
    odds = SPEAKS * (0.5 + 0.5 * np.minimum(bank.customers.complains[tickets.customer], 8))
    odds *= 0.4 + 0.45 * exact.power(np.abs(tickets.score - np.float32(7.6)), 1.3)
    odds *= groups.column("writes")[bank.customers.group[tickets.customer]]
    rows = np.flatnonzero(dice.random(len(tickets), dtype=np.float32) < odds)
    for row in rows.tolist():
        yield _after_visit(bank, speaker, tickets, row, dice)


def of_answers(
    bank: Bank, speaker: Speaker, tickets: Tickets, given: Answers, dice: np.random.Generator
) -> dict[int, Utterance]:
    """What some wrote under the survey, by the answer's place."""
    odds = WRITES_IN_SURVEY * np.where(given.score < MIDDLING, DISCONTENT_WRITE, 1.0)
    odds *= groups.column("writes")[bank.customers.group[given.customer]]
    places = np.flatnonzero(dice.random(len(given)) < odds)
    return {
        int(place): _about_visit(bank, speaker, tickets, int(given.ticket[place]), dice, ("short", "typed"))
        for place in places
    }


def of_fees(
    bank: Bank, planting: Planting, speaker: Speaker, days: Sequence[date], dice: np.random.Generator
) -> Iterator[Said]:
    """Voices about fees on the website and in social media; a planted change of fees multiplies them."""
    first = (days[0] - bank.scenario.first_day).days
    for place, day in enumerate(days):
        factor = planting.size("fee_change", day, rest=1.0)
        for _ in range(dice.poisson(FEES_A_DAY * factor * len(bank.network))):
            polarity = "negative" if dice.random() < min(0.55 + 0.08 * factor, 0.95) else "neutral"
            customer = _somebody_online(bank, dice)
            utterance = speaker.say(
                dice, [("fees.change", polarity)], length="medium", facts=facts_of(bank, customer), plant=PLANTS,
                writer=customer,
            )  # fmt: skip
            channel = "website" if dice.random() < 0.55 else "social"
            second = int(dice.integers(7 * 3600, 23 * 3600))
            yield Said(channel, first + place, second, -1, customer, utterance)


def _somebody_online(bank: Bank, dice: np.random.Generator) -> int:
    """Any customer, by how often their group writes on a screen."""
    odds = groups.writes_online()
    while True:
        customer = int(dice.integers(len(bank.customers)))
        if dice.random() * odds.max() < odds[bank.customers.group[customer]]:
            return customer


def facts_of(bank: Bank, customer: int) -> Facts:
    """What of the customer shows in what they say, whatever it is about."""
    people, year = bank.customers, bank.scenario.until.year
    return Facts(impairment=IMPAIRMENTS[people.impaired[customer]], old=year - int(people.born[customer]) >= OLD)


def _after_visit(bank: Bank, speaker: Speaker, tickets: Tickets, row: int, dice: np.random.Generator) -> Said:
    customer = int(tickets.customer[row])
    age = int(bank.scenario.first_day.year - bank.customers.born[customer])
    group = "young" if age < 35 else "middle" if age < 65 else "old"
    channel = CHANNELS[int(np.searchsorted(np.cumsum(BY_AGE[group]), dice.random()).clip(max=2))]
    if bank.customers.group[customer] == groups.ILLITERATE:
        channel = "suggestion_box"  # somebody in the lobby writes it down for them
    later = int(tickets.ended[row]) + (
        int(dice.exponential(600)) if channel == "suggestion_box" else int(dice.exponential(30_000))
    )
    length = ("short", "medium", "long")[int(np.searchsorted((0.35, 0.85), dice.random()))]
    if channel == "website" and length == "short":
        length = "medium"  # nobody writes a mail of one word
    guise = "paper" if channel == "suggestion_box" else "typed"
    utterance = _about_visit(bank, speaker, tickets, row, dice, (length, guise))
    return Said(channel, int(tickets.day[row]) + later // 86_400, later % 86_400, int(tickets.outlet[row]), customer,
                utterance, score=float(tickets.score[row]))  # fmt: skip


def _about_visit(
    bank: Bank,
    speaker: Speaker,
    tickets: Tickets,
    row: int,
    dice: np.random.Generator,
    form: tuple[str, str],
) -> Utterance:
    """What somebody says of a visit; `form` is length and guise. Who left unserved speaks of the waiting alone."""
    length, guise = form
    service = SERVICES[int(tickets.service[row])]
    wait, score = int(tickets.waited(np.array([row]))[0]), float(tickets.score[row])
    branch, left = bank.network.titles[tickets.outlet[row]], bool(tickets.abandoned[row])
    about = [("branch.waiting", "negative")] if left else list(_reasons(bank, tickets, row, wait, dice))
    customer = int(tickets.customer[row])
    facts = replace(
        facts_of(bank, customer), product=service.product, branch=branch, minutes=wait, left=left,
        errand=service.errands[int(dice.integers(len(service.errands)))], who=ACCOUNTANT if service.corporate else "",
    )  # fmt: skip
    tone = "" if score > 5.0 or dice.random() < 0.6 else "angry"
    return speaker.say(
        dice, about[: 2 if length != "short" else 1], tone=tone, length=length, facts=facts, plant=PLANTS, guise=guise,
        writer=customer,
    )  # fmt: skip


def _reasons(bank: Bank, tickets: Tickets, row: int, wait: int, dice: np.random.Generator) -> Iterator[tuple[str, str]]:
    """What is it about, and is it praise or blame? What stood out comes first."""
    score = float(tickets.score[row])
    feeling = "negative" if score < DISCONTENT else "positive" if score > 8.2 or dice.random() < 0.4 else "neutral"
    teller = int(tickets.teller[row])
    warmth = float(bank.staff.warmth[teller]) if teller >= 0 else 0.0
    # Nobody who is content on the whole blames, and nobody who is not praises: stars and words go together.
    if wait > 20 and score < MIDDLING:
        yield "branch.waiting", "negative"
    if abs(warmth) > 0.35 and dice.random() < 0.6 and (score < MIDDLING if warmth < 0 else score > DISCONTENT):
        yield "branch.attitude", "positive" if warmth > 0 else "negative"
    if wait <= 5 and score > DISCONTENT and dice.random() < 0.3:
        yield "branch.waiting", "positive"
    customer = int(tickets.customer[row])
    own = "access.service" if bank.customers.impaired[customer] else groups.GROUPS[bank.customers.group[customer]].topic
    general = (
        "branch.environment",
        own or "branch.lobby",
        "branch.competence",
        OF_SERVICE[SERVICES[int(tickets.service[row])].code],
    )
    yield general[int(dice.integers(len(general)))], feeling
