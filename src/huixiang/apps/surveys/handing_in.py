"""What happens when she presses "send"? Limits first, then marks, then the one transaction that counts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from huixiang.apps.intake import limits, proofs
from huixiang.apps.surveys import marking
from huixiang.apps.surveys.doors import Door
from huixiang.apps.surveys.leafing import Finished
from huixiang.apps.surveys.submitting import Entry, NotCounted, is_known, submit

SENT = "survey"


class TooMany(Exception):
    """This line has sent as many answers in this hour as it may."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What her browser tells; of all this only marks are kept."""

    address: str
    agent: str
    language: str
    proof: str = ""


def hand_in(door: Door, finished: Finished, sender: Sender, now: datetime) -> bool:
    """It counts; False where it had counted before. Raises TooMany, NotCounted, OperationalError: nothing is kept."""
    once = door.once(finished.carried)
    if door.is_trial:
        return True
    if is_known(once):
        return False
    spent = _let_in(door, sender, now)
    device = marking.Device(door.survey, sender.address, sender.agent, now)
    version, found = finished.version, finished.accepted
    seconds = finished.carried.seconds(now)
    entry = Entry(
        version=version,
        once=once,
        answers=found.answers,
        shown=found.shown,
        language=sender.language,
        via=door.via,
        unit=door.unit,
        invitation=door.invitation,
        seconds=seconds,
        marks=marking.marks(version, found, sender.language, seconds, device),
    )
    try:
        is_new = submit(entry, now)
    except (NotCounted, DatabaseError):
        proofs.give_back(spent)
        raise
    if is_new:
        limits.count(SENT, sender.address, now)
        if door.invitation is None:  # whoever was invited has one answer anyway
            device.add()
    return is_new


def _let_in(door: Door, sender: Sender, now: datetime) -> str:
    """A browser that did its sum may send more; it is looked at only where it matters, for it counts once. Its mark."""
    if not limits.reached(SENT, sender.address, limits.MOST_SENT, now):
        return ""
    if limits.reached(SENT, sender.address, limits.MOST_SENT_WITH_PROOF, now):
        raise TooMany
    if not (spent := proofs.spend(sender.proof, door.survey.slug, now)):
        raise TooMany
    return spent
