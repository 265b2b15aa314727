"""Who reviews the app, with how many stars, and about what? Those whom it failed, and some whom it served well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank, groups
from huixiang.simulation.events.journeys import BROKEN, JOURNEYS, OK, OUT_OF_ORDER, STEPS
from huixiang.simulation.events.sessions import DEVICES, WEB, Sessions
from huixiang.simulation.events.voices import PLANTS, Said, facts_of
from huixiang.simulation.speech import Speaker

REVIEWS = 1 / 90  # of sessions of people of middling readiness that went as usual
CONTENT, ANNOYED_WRITE, CONTENT_WRITE = 6.0, 2.5, 0.55  # from which score on; how much oftener than the middle of it
APPLE_STORE, ANDROID_STORES = "app_store", "android_stores"
APPLE = DEVICES.index("iOS")
# What a step that failed is called by people, and what else a review of the app can be about.
OF_STEP = {"登录": "app.login", "短信验证": "app.code", "人脸识别": "app.face", "交易流水": "app.records"}
OF_JOURNEY = {
    "transfer": "app.transfer",
    "wealth": "wealth.return",
    "loan": "loan.personal",
    "card_payment": "card.credit",
}
GENERAL = ("app.speed", "app.design", "app.stability", "app.update", "app.login", "app.transfer", "app.records",
           "marketing.push", "elderly.app", "app.limit")  # fmt: skip


def of_sessions(bank: Bank, speaker: Speaker, clicks: Sessions, dice: np.random.Generator) -> Iterator[Said]:
    """Reviews that follow sessions on a telephone, in the store of its make."""
    starts = np.flatnonzero(np.diff(clicks.session, prepend=-1))
    failed = np.add.reduceat((clicks.code != OK).astype(np.int32), starts)
    ends = np.append(starts[1:], len(clicks)) - 1
    customer = clicks.customer[starts]
    people = bank.customers
    score = 8.0 - 1.9 * np.minimum(failed, 4) - 0.15 * np.minimum(people.complains[customer], 8)
    score = np.clip(score + dice.normal(0, 1.3, len(starts)), 0, 10)
    odds = REVIEWS * (0.4 + 0.6 * np.minimum(people.complains[customer], 8)) * (0.5 + 0.5 * np.abs(score - 7.2))
    odds *= np.where(score < CONTENT, ANNOYED_WRITE, CONTENT_WRITE)
    odds *= groups.writes_online()[people.group[customer]]
    chosen = np.flatnonzero((dice.random(len(starts)) < odds) & (clicks.channel[starts] != WEB))
    for place in chosen.tolist():
        yield _review(bank, speaker, clicks, (int(starts[place]), int(ends[place])), float(score[place]), dice)


def _review(
    bank: Bank, speaker: Speaker, clicks: Sessions, rows: tuple[int, int], score: float, dice: np.random.Generator
) -> Said:
    first, last = rows
    customer = int(clicks.customer[first])
    version = clicks.calendar[int(clicks.version[first])].version
    faults = np.flatnonzero(clicks.code[first : last + 1] != OK) + first
    topic, feeling = _about(clicks, faults, score, dice)
    length = ("short", "medium", "long")[int(np.searchsorted((0.62, 0.95), dice.random()))]
    facts = replace(facts_of(bank, customer), product="手机银行", version=version, times=len(faults))
    utterance = speaker.say(dice, [(topic, feeling)], length=length, facts=facts, plant=PLANTS / 2, writer=customer)
    stars = int(np.clip(np.rint(score / 2 + dice.normal(0, 0.4)), 1, 5))
    later = int(clicks.second[last]) + int(dice.exponential(5000))
    in_apple = int(clicks.device[first]) == APPLE
    title = ""
    if in_apple:
        title = speaker.say(dice, [(topic, feeling)], length="short", facts=facts, writer=customer).text
    store, day = APPLE_STORE if in_apple else ANDROID_STORES, int(clicks.day[last]) + later // 86_400
    return Said(store, day, later % 86_400, -1, customer, utterance,
                rating=stars, version=version, title=title, score=score)  # fmt: skip


def _about(clicks: Sessions, faults: NDArray[np.int64], score: float, dice: np.random.Generator) -> tuple[str, str]:
    """What failed is what it is about; where nothing did, anything, by mood."""
    if len(faults):
        row = int(faults[-1])
        if clicks.code[row] == OUT_OF_ORDER and dice.random() < 0.5:
            return "app.stability", "negative"
        journey = JOURNEYS[int(clicks.journey[row])].code
        topic = OF_STEP.get(STEPS[int(clicks.step[row])]) or OF_JOURNEY.get(journey, "app.stability")
        return ("app.login" if clicks.code[row] == BROKEN else topic), "negative"
    feeling = "positive" if score > 7.4 else "negative" if score < 6.0 else "neutral"
    return GENERAL[int(dice.integers(len(GENERAL)))], feeling
