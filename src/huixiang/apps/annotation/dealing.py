"""Which twenty voices does this person label next? Useful ones, some by lot, and some that another labelled before.

She is not told which is which: the second look must be blind, and so must what is drawn by lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.core import signing

from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import doubting, gathering
from huixiang.apps.annotation.models import Label
from huixiang.apps.annotation.permits import RIGHT as SETTLE
from huixiang.apps.feedback.facts import lake
from huixiang.domain.understanding.learned import choosing
from huixiang.lake import questions
from huixiang.lake.questions import Candidate, Slice

AT_ONCE, SECOND, BY_LOT = 20, 10, 5  # voices a page; at most so many second looks; so many drawn at random
POOL = 1_000  # looked at for the most useful
RIGHT = "voice.correct"  # who may correct may label
SALT = "annotation.dealt.2"  # another number is another form of what is sealed
DAY = 24 * 3600


class Sealed(NamedTuple):
    """What is known of a voice dealt when its label comes back: its version, its draw, and what was suggested."""

    version: int
    draw: str
    suggested: str


@dataclass(frozen=True, slots=True)
class Dealt:
    """One voice to be labelled, and why it was drawn."""

    voice: Candidate
    draw: str


def deal(task: str, person: Staff) -> list[Dealt]:
    """The next voices within her reach, the same until she labels them; none of her own before."""
    reach = person.scope(RIGHT)
    slice_ = Slice(branches=reach)
    every = gathering.judged(task, reach)
    seconds = _second_looks(every, person)
    known = {one.voice_id for one in every} | gathering.labelled_by(task, person)
    lot = questions.candidates(lake(), slice_, BY_LOT, without=known)
    known |= {each.id for each in lot}
    pool = questions.candidates(lake(), slice_, POOL, last=True, without=known)
    wanted = AT_ONCE - len(seconds) - len(lot)
    places = choosing.most_useful(doubting.doubts(task, pool), [each.searchable for each in pool], wanted)
    found = [*seconds, *(Dealt(each, Label.Draw.RANDOM) for each in lot)]
    found += [Dealt(pool[place], Label.Draw.USEFUL) for place in places]
    return sorted(found, key=lambda each: each.voice.id[::-1])  # mixed, and the same each time


def wants_two(voice_id: str, draw: str) -> bool:
    """Is a second person to see it? All drawn by lot, since only agreement may be locked; of others a set share."""
    # By the id's end: the useful ones are chosen among the ids that begin highest.
    return draw == Label.Draw.RANDOM or int(voice_id[-6:], 16) / 16**6 < settings.LABELLED_TWICE


def sealed(task: str, person: Staff, dealt: list[Dealt], suggested: Mapping[str, str] | None = None) -> str:
    """What was dealt, so that it comes back unaltered: nobody chooses what she labels.

    `suggested`: voice id → what an outside model would say, where that is shown with it.
    """
    shown = suggested or {}
    told = [(each.voice.id, each.voice.version, each.draw, shown.get(each.voice.id, "")) for each in dealt]
    return signing.dumps([task, person.pk, told], salt=SALT, compress=True)


def opened(task: str, person: Staff, text: str) -> dict[str, Sealed]:
    """Voice id → what was dealt; nothing where it was altered, is another person's, or older than a day."""
    try:
        its_task, owner, dealt = signing.loads(text, salt=SALT, max_age=DAY)
    except (signing.BadSignature, ValueError):
        return {}
    if its_task != task or owner != person.pk:
        return {}
    return {voice_id: Sealed(*told) for voice_id, *told in dealt}


def _second_looks(every: list[gathering.Judged], person: Staff) -> list[Dealt]:
    """The longest waiting first; a voice that changed, left or went out of reach since takes nobody's place."""
    waiting = {
        one.voice_id: one
        for one in every
        if len(one.by) == 1
        and person.number not in one.by
        and one.settled is None
        and wants_two(one.voice_id, one.draw)
    }
    there = {each.id: each for each in questions.labellable(lake(), waiting, person.scope(RIGHT))}
    found = [one for id, one in waiting.items() if id in there and there[id].version == one.voice_version]
    return [Dealt(there[one.voice_id], one.draw) for one in found[:SECOND]]


def disputes(task: str, person: Staff) -> list[tuple[gathering.Judged, Candidate]]:
    """What two others disagree about, with the voice: what she may both see and settle, as it is still said."""
    reach, sight = person.scope(SETTLE), person.scope("voice.see")
    found = gathering.disputed(task, person.number, reach)
    there = {each.id: each for each in questions.labellable(lake(), [one.voice_id for one in found], reach)}
    return [
        (one, voice)
        for one in found
        if (voice := there.get(one.voice_id))
        and voice.version == one.voice_version
        and (sight is None or voice.branch in sight)
    ]
