"""What was said on the line? A sample of calls as WebVTT (W3C), as a transcription service writes them.

One file a call: `hotline/transcripts/CALLID.vtt`, each turn a cue with its speaker as a voice span. Moments count from
the answer. The truth of each stands in the returned `Spoken`, under the call's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.calls import Calls
from huixiang.simulation.events.causes import CAUSES
from huixiang.simulation.events.grievances import Grievances
from huixiang.simulation.events.topics import COMPLAINT, LANE_NAMES, TOPICS
from huixiang.simulation.events.voices import Said, facts_of
from huixiang.simulation.exports.queue_log import call_ids
from huixiang.simulation.moments import aware
from huixiang.simulation.speech import Speaker, Turn, Utterance
from huixiang.simulation.speech.dialogue import CHARACTERS_A_SECOND

A_MONTH, OF_COMPLAINTS = 22, 6  # some 400 in 18 months; complaints that were taken down are heard first
LEAST_SECONDS, LONGEST_SECONDS = 45, 300  # shorter calls hold no dialogue, longer ones are not sent for transcription
# What a caller talks about, in the words of the speech: by the call's topic.
SPOKEN_OF: Mapping[str, tuple[str, ...]] = {
    "balance": ("app.records", "card.debit"),
    "loss": ("card.debit",),
    "card_bill": ("card.credit",),
    "card_limit": ("card.credit", "card.benefits"),
    "login": ("app.login",),
    "fees": ("fees.sms", "fees.change"),
    "loan": ("loan.personal", "loan.mortgage"),
    "transfer": ("app.transfer", "app.limit"),
    "pension": ("elderly.service", "card.debit"),
    "wealth": ("wealth.return",),
    "complaint": ("complaints.reply", "complaints.handling", "hotline.resolution"),
    "person": ("hotline.robot", "hotline.connect"),
}
PRAISED = ("branch.attitude", "branch.competence", "elderly.service")
TO_PRAISE = 0.1  # share of calls on the line for complaints that praise: both are put down there
GAP = 0.5  # seconds between one turn and the next
HOLDS = ("稍等", "稍候", "不要挂机")  # after these words of the agent's the line is silent for a while
SPEAKERS = {"agent": "坐席", "customer": "客户"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One transcribed call: its id as in the exchange's log, its row in the table, and the truth of what was said."""

    call_id: str
    row: int
    utterance: Utterance
    turns: tuple[Turn, ...]


def transcribed(
    bank: Bank, month: str, calls: Calls, speaker: Speaker, made: Grievances | None = None, *, at_most: int = A_MONTH
) -> Iterator[Spoken]:
    """Which calls of a month are written down, and what was said in them? Drawn by chance among those long enough.

    `made` are the complaints taken down in these calls: some of them are among the chosen, and are about the same.
    """
    dice, topics = bank.dice.of("transcripts", month), dict[int, str]()
    if made is not None:
        places = np.searchsorted(calls.call, made.call)
        topics = {row: CAUSES[cause].topic for row, cause in zip(places.tolist(), made.cause.tolist(), strict=True)}
    talked = calls.ended - calls.answered
    fit = (calls.agent >= 0) & (talked >= LEAST_SECONDS) & (talked <= LONGEST_SECONDS)
    fit &= (calls.transferred_to < 0) & (calls.continues < 0)
    rows = np.flatnonzero(fit)
    complaints = dice.permutation(rows[np.isin(rows, list(topics))])[:OF_COMPLAINTS]
    others = dice.permutation(rows[~np.isin(rows, list(topics))])
    chosen = np.sort(np.concatenate([complaints, others])[:at_most])
    ids = call_ids(bank, calls).take(chosen).to_pylist()
    for row, call_id in zip(chosen.tolist(), ids, strict=True):
        yield _spoken(bank, calls, speaker, (row, call_id, topics.get(row, "")), dice)


def write(folder: Path, bank: Bank, calls: Calls, spoken: Sequence[Spoken]) -> list[Path]:
    """One file a transcribed call."""
    home = folder / "hotline" / "transcripts"
    home.mkdir(parents=True, exist_ok=True)
    paths = []
    for one in spoken:
        path = home / f"{one.call_id}.vtt"
        path.write_bytes(webvtt(bank, calls, one).encode())
        paths.append(path)
    return paths


def told(calls: Calls, spoken: Sequence[Spoken]) -> Iterator[tuple[str, str, Said]]:
    """What the callers said with file and number, for what is true of it."""
    for one in spoken:
        columns = (calls.day, calls.answered, calls.customer, calls.score)
        day, second, customer, score = (column[one.row].item() for column in columns)
        said = Said("hotline", day, second, -1, customer, one.utterance, score=score)
        yield f"hotline/transcripts/{one.call_id}.vtt", one.call_id, said


def webvtt(bank: Bank, calls: Calls, spoken: Spoken) -> str:
    """The text of one file. Cues follow one another within the talk time, each as long as its words take."""
    row, agent = spoken.row, calls.agent[spoken.row]
    at = aware(bank.scenario.first_day, int(calls.day[row]), int(calls.answered[row]))
    number = str(bank.staff.numbers[agent])
    parts = ["WEBVTT", f"NOTE 通话 {spoken.call_id} {at:%Y-%m-%d %H:%M:%S} {LANE_NAMES[calls.lane[row]]} 坐席 {number}"]
    cues = _cues(spoken.turns, int(calls.ended[row] - calls.answered[row]))
    for place, (turn, (begins, ends)) in enumerate(zip(spoken.turns, cues, strict=True), 1):
        who = SPEAKERS[turn.who] + (f" {number}" if turn.who == "agent" else "")
        words = turn.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
        parts.append(f"{place}\n{_clock(begins)} --> {_clock(ends)}\n<v {who}>{words}</v>")
    return "\n\n".join(parts) + "\n"


def _spoken(
    bank: Bank, calls: Calls, speaker: Speaker, which: tuple[int, str, str], dice: np.random.Generator
) -> Spoken:
    """The call of this row and id; of the complaint that is taken down in it the topic, else nothing."""
    row, call_id, taken_down = which
    score, agent = float(calls.score[row]), int(calls.agent[row])
    # How content people are in the end follows from the call; what they call about is a question or a trouble.
    complains = calls.topic[row] == COMPLAINT
    praises = complains and not taken_down and dice.random() < TO_PRAISE
    polarity = "positive" if praises else "negative" if complains or score < 6.5 else "neutral"
    topics = PRAISED if praises else SPOKEN_OF[TOPICS[calls.topic[row]].code]
    about = [(taken_down or topics[int(dice.integers(len(topics)))], polarity)]
    waited = int(calls.wait_seconds[row]) // 60
    if waited >= 2:
        about.append(("hotline.connect", "negative"))
    seconds, customer = int(calls.ended[row] - calls.answered[row]), int(calls.customer[row])
    branch = bank.network.titles[bank.customers.outlet[customer]] if taken_down else ""
    # What somebody waited on the line is not what he waited at a counter.
    minutes = 0 if taken_down == "branch.waiting" else waited
    times = 2 if calls.repeat_of[row] >= 0 else 0
    facts = replace(facts_of(bank, customer), minutes=minutes, times=times, branch=branch)
    utterance = speaker.say(
        dice, about, facts=facts, length="medium" if seconds < 120 else "medium|long", plant=0.15, guise="spoken",
        kind="question" if polarity == "neutral" and len(about) == 1 else "", writer=customer,
    )  # fmt: skip
    # A warm agent says the required words nearly always, a cold one every other time.
    polite = float(np.clip(0.75 + 0.3 * bank.staff.warmth[agent], 0.1, 0.98))
    turns = speaker.dialogue(
        dice, utterance, agent_name=bank.staff.names[agent], polite=polite, seconds=seconds, intake=bool(taken_down)
    )
    return Spoken(call_id, row, utterance, tuple(turns))


def _cues(turns: Sequence[Turn], seconds: int) -> list[tuple[int, int]]:
    """From and to of each turn in milliseconds, at an even pace. Most silence falls where the agent looks it up."""
    spoken: NDArray[np.float64] = np.array([max(1, len(turn.text)) / CHARACTERS_A_SECOND for turn in turns])
    gaps = np.full(len(turns), GAP)
    pace = min(1.0, 0.98 * seconds / (spoken.sum() + gaps.sum()))  # where there is more to say, it is said faster
    spoken, gaps = spoken * pace, gaps * pace
    left = 0.98 * seconds - spoken.sum() - gaps.sum()
    held = np.array([any(words in turn.text for words in HOLDS) for turn in turns], dtype=float)
    held = np.append(0.0, held[:-1])  # the caller says all right, and then nobody speaks
    held[:4] = 0.0
    # The rest goes in part between all later turns: people think, and look for their papers.
    share = 3.0 * held + np.where(np.arange(len(turns)) >= 3, 0.25, 0.0)
    gaps += left * share / share.sum()
    begins = np.cumsum(np.append(0.0, (spoken + gaps)[:-1]))
    return [(round(1000 * a), round(1000 * (a + b))) for a, b in zip(begins.tolist(), spoken.tolist(), strict=True)]


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
