"""How does the bank live? Month by month: who comes, calls and taps, what follows, and what its systems write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation import checking, truth, writing
from huixiang.simulation.bank import Bank, found
from huixiang.simulation.demand import day_factors
from huixiang.simulation.events import grievances, inspections, pulses, register, reviews, surveys, training, voices
from huixiang.simulation.events.attempts import Owed
from huixiang.simulation.events.calls import calls
from huixiang.simulation.events.processes import PROCESSES, Arrivals, Recording, about, case_arrivals, recorded
from huixiang.simulation.events.sessions import sessions
from huixiang.simulation.events.visits import Month, visits
from huixiang.simulation.exports import clicks as clicks_export
from huixiang.simulation.exports import (
    customers,
    groups,
    people,
    queue_log,
    slips,
    tickets,
    transcripts,
    xes,
)
from huixiang.simulation.exports import inspections as inspections_export
from huixiang.simulation.exports import register as register_export
from huixiang.simulation.exports import surveys as surveys_export
from huixiang.simulation.exports.filing import Filing
from huixiang.simulation.exports.tables import give_back
from huixiang.simulation.holidays import unnoticed
from huixiang.simulation.moments import DAY
from huixiang.simulation.pilots import Scores, write_pilots
from huixiang.simulation.planting import Planting, plant, warnings
from huixiang.simulation.scenario import Scenario
from huixiang.simulation.speech import Speaker, Utterance

# What a case can make somebody complain of.
CASES = {"account": grievances.DOCUMENTS, "loan": grievances.LOAN, "activation": grievances.LOGIN}
ACTIVATED = [one.code for one in PROCESSES["activation"].outcomes].index("activated")
NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Speech:
    """Who finds the words, and where they go."""

    speaker: Speaker
    filing: Filing


@dataclass(slots=True)
class Life:
    """The bank while it lives: what the months hand on to each other and to the end."""

    bank: Bank
    planting: Planting
    courses: tuple[training.Course, ...]
    folder: Path
    speech: Speech | None  # None: nobody says anything
    factors: dict[str, NDArray[np.float64]]  # of the days, for counters and for screens and telephones
    app_from: NDArray[np.int32]  # the day from which on each customer has mobile banking; 0: for long, NEVER
    mystery: inspections.Forms
    scores: Scores
    owed: Owed | None = None  # the calls that the last month owes to this one
    grievances: list[grievances.Grievances] = field(default_factory=list)
    heard: dict[int, Utterance] = field(default_factory=dict)  # by the id of the transcribed call
    counts: Counter[str] = field(default_factory=Counter)


def live(
    scenario: Scenario, folder: Path, *, texts: bool = True, warn: Callable[[str], None] = lambda _: None
) -> Iterator[str]:
    """Live through the whole history and write its files into `folder`; yields a sentence a month.

    The same scenario and seed write the same bytes. Memory stays flat: tickets, calls, clicks and texts are written
    month by month, and of a process, one at a time, its log part by part. What is kept to the end are the complaints,
    without their words; what grows with the bank are its people, a month of calls and the tasks of a process. Until all
    is there the files lie in `DIR.part`. `warn` is told what the scenario has and this history cannot. Raises
    ScenarioError and FolderError before anything is written.
    """
    writing.check(folder)
    bank = found(scenario)
    checking.check_size(bank)
    checking.check(scenario.effects)
    planting = plant(bank)
    courses = training.enrol(bank, planting)
    for sentence in _warnings(scenario, planting):
        warn(sentence)
    if texts and not slips.has_font():
        warn(_no_pictures())
    with writing.whole(folder) as part:
        yield from _lived(_begin(bank, planting, courses, part, texts=texts))
    yield f"{folder / 'truth.json'}"


def _lived(life: Life) -> Iterator[str]:
    scenario, folder = life.bank.scenario, life.folder
    on_cases = surveys_export.CaseSheets(folder, life.bank)
    yield _process(life, "activation", on_cases)  # first, for it tells who has the app in which month
    answers = surveys_export.Sheets(folder, life.bank)
    for name, days in scenario.by_month():
        index = np.array([(day - scenario.first_day).days for day in days])
        gain = training.gain_by(life.bank, life.courses, index)
        month = Month(name, days, life.factors["counters"][index], gain)
        _counters(life, month, answers)
        _lines(life, month, life.factors["remote"][index])
        _screens(life, month, life.factors["remote"][index])
        _over(life, answers, int(index[-1]))
        give_back()
        told = {kind: f"{number:,}" for kind, number in sorted(life.counts.items())}
        yield f"{name}  " + "  ".join(f"{kind} {number}" for kind, number in told.items())
    answers.close()
    for code in ("account", "loan"):
        yield _process(life, code, on_cases)
    on_cases.close()
    _complaints(life)
    _paper(life)
    life.counts["texts"] = 0
    if life.speech:
        life.speech.filing.told(groups.write(folder, life.bank, life.speech.speaker))
        life.counts["texts"] = life.speech.filing.close()
    chosen = write_pilots(folder, life.bank, life.planting, life.scores)
    attended = {course.code: len(course.attended) for course in life.courses if course.planted}
    truth.write_people(folder, life.bank)
    known = truth.Known(life.counts, chosen, attended, texts=life.speech is not None)
    truth.write(folder, life.bank, life.planting, known)


def _warnings(scenario: Scenario, planting: Planting) -> Iterator[str]:
    yield from warnings(planting)
    if years := unnoticed(scenario.days()):
        listed = "、".join(map(str, years))
        yield f"{listed} 年的放假安排尚未收录，只按周末休息 / no holidays known for these years: weekends alone are off"


def _no_pictures() -> str:
    fonts = ", ".join(path.name for path in slips.FONTS)
    return (
        f"没有安装手写风格的中文字体（{fonts} 均未找到），不画意见条图片；文字版 slips.jsonl 照常写出。"
        f"要有图片，请先安装（Debian：apt-get install {slips.PACKAGE}）再运行 / "
        f"no Chinese font that looks written by hand is installed (none of {fonts}): the slips are written as text, "
        "but no pictures are drawn of them; "
        f"install one (Debian: apt-get install {slips.PACKAGE}) and run again"
    )


def _begin(bank: Bank, planting: Planting, courses: tuple[training.Course, ...], folder: Path, *, texts: bool) -> Life:
    scenario = bank.scenario
    customers.write(folder, bank)
    days, calendar = scenario.days(), mainland()
    factors = {
        "counters": day_factors(days, calendar, bank.dice.of("days", "counters"), counters=True),
        "remote": day_factors(days, calendar, bank.dice.of("days", "remote"), counters=False),
    }
    speech = Speech(Speaker([scenario.bank, scenario.short]), Filing(folder, bank)) if texts else None
    mystery = inspections.mystery_visits(bank, planting)
    app_from = np.zeros(len(bank.customers), np.int32)
    return Life(bank, planting, courses, folder, speech, factors, app_from, mystery, Scores.of(bank))


def _arrivals(bank: Bank, factors: Mapping[str, NDArray[np.float64]], code: str) -> Arrivals:
    """The cases of a process: the same ones whenever they are asked for."""
    busy = factors["remote" if code == "activation" else "counters"]
    return case_arrivals(bank, PROCESSES[code], bank.scenario.days(), busy, bank.dice.of("arrivals", code))


def _over(life: Life, answers: surveys_export.Sheets, last_day: int) -> None:
    """A month is over: what was answered and said in it is written, for nothing earlier can come."""
    for number, told in answers.until(last_day):
        if life.speech:
            life.speech.filing.true(surveys_export.FILE, number, told)
    if life.speech:
        life.speech.filing.until(last_day)


def _counters(life: Life, month: Month, answers: surveys_export.Sheets) -> None:
    """The branches: tickets, what people answer when asked, what they say and complain of."""
    bank, speech = life.bank, life.speech
    # A stream each: whether texts are written changes neither what is answered nor what is complained of.
    asking, minding, saying = (bank.dice.of(what, month.name) for what in ("answers", "grievances", "voices"))
    for group, here in enumerate(visits(bank, life.planting, month)):
        tickets.write(life.folder, bank, month.name, group, here)
        life.mystery = inspections.timed(life.mystery, here)
        given = surveys.answers(bank, life.planting, here, month.days, asking)
        texts = voices.of_answers(bank, speech.speaker, here, given, saying) if speech else {}
        answers.put(given, texts)
        if speech:
            speech.filing.keep(voices.of_visits(bank, speech.speaker, here, saying))
        life.scores.add(given)
        life.counts["answers"] += len(given)
        life.counts["tickets"] += len(here)
        life.grievances.append(grievances.of_visits(bank, here, minding))
    life.grievances.append(grievances.of_fees(bank, life.planting, month.days, minding))
    if speech:
        speech.filing.keep(voices.of_fees(bank, life.planting, speech.speaker, month.days, saying))


def _lines(life: Life, month: Month, factors: NDArray[np.float64]) -> None:
    """The hotline."""
    bank = life.bank
    here = calls(bank, life.planting, month.name, month.days, factors, life.owed)
    life.owed = here.owed
    queue_log.write(life.folder, bank, month.name, here)
    queue_log.write_records(life.folder, bank, month.name, here)
    life.counts["calls"] += len(here)
    taken_down = bank.dice.of("grievances of calls", month.name)
    complained = grievances.of_calls(bank, life.planting, here, taken_down)
    life.grievances.append(complained)
    if life.speech:
        written = list(transcripts.transcribed(bank, month.name, here, life.speech.speaker, complained))
        life.heard |= {int(here.call[one.row]): one.utterance for one in written}
        transcripts.write(life.folder, bank, here, written)
        life.speech.filing.told(transcripts.told(here, written))


def _screens(life: Life, month: Month, factors: NDArray[np.float64]) -> None:
    """The app and the website."""
    bank = life.bank
    minding, saying = (bank.dice.of(what, month.name) for what in ("grievances of clicks", "reviews"))
    for group, clicks in enumerate(sessions(bank, life.planting, month.name, month.days, factors, life.app_from)):
        clicks_export.write(life.folder, bank, month.name, group, clicks)
        life.counts["clicks"] += len(clicks)
        life.grievances.append(grievances.of_sessions(bank, clicks, minding))
        if life.speech:
            life.speech.filing.keep(reviews.of_sessions(bank, life.speech.speaker, clicks, saying))


def _process(life: Life, code: str, answers: surveys_export.CaseSheets) -> str:
    """The cases of a process over the whole history, and what follows from them; a sentence on how many."""
    bank, process = life.bank, PROCESSES[code]
    arrivals = _arrivals(bank, life.factors, code)
    what = about(bank, process, arrivals.moment, arrivals.customer, bank.dice.of("about", code))
    done = recorded(bank, life.planting, process, arrivals, bank.dice.of("cases", code), what)
    path = life.folder / "processes" / f"{code}.xes.gz"
    life.counts[f"{code} events"] = xes.write_xes(path, done.cases, bank, done.parts())
    _after_cases(life, done, answers)
    if code == "activation":
        life.app_from = app_from(bank, done)
    told = f"{process.name}  {done.cases.cases:,} cases  {life.counts[f'{code} events']:,} events"
    del done, arrivals, what  # before the memory is given back
    give_back()
    return told


def app_from(bank: Bank, done: Recording) -> NDArray[np.int32]:
    """From which day on has each customer mobile banking? From the day after it is activated; 0: for long, NEVER."""
    cases, since = done.cases, np.zeros(len(bank.customers), np.int32)
    since[cases.customer] = NEVER
    came = np.flatnonzero(cases.outcome == ACTIVATED)
    np.minimum.at(since, cases.customer[came], (done.ended[came] // DAY + 1).astype(np.int32))
    return since


def _after_cases(life: Life, recording: Recording, answers: surveys_export.CaseSheets) -> None:
    """What people answer when asked about a case that has ended, and what they complain of."""
    bank, log, end = life.bank, recording.cases, recording.ended
    code = log.process.code
    given = surveys.answers_on_cases(bank, log, end, bank.dice.of("answers on cases", code))
    answers.put(log, given)
    life.counts["answers on cases"] += len(given)
    done = np.flatnonzero(~np.isnan(log.score))
    case = (log.outlet[done], log.customer[done], *np.divmod(end[done], DAY))
    dice = bank.dice.of("after cases", code)
    life.grievances.append(grievances.of_cases(bank, case, CASES[code], log.score[done], dice))


def _complaints(life: Life) -> None:
    kept = register.keep(life.bank, life.planting, grievances.joined(life.grievances))
    life.counts["complaints kept off the register"] = len(kept.kept_off)
    life.counts["complaints repeated"] = int((kept.repeats >= 0).sum())
    life.counts["complaints recoded"] = int(kept.recoded.sum())
    life.counts["complaint cases"] = len(np.unique(kept.log.case))
    life.counts["complaint events"] = xes.write_xes(life.folder / "processes" / "complaint.xes.gz", kept.log, life.bank)
    truth.write_complaints(life.folder, life.bank, kept)
    if life.speech:  # the register holds what was said: without texts there is none, and the cases alone are written
        life.counts["complaints"] = len(kept)
        speaker, dice = life.speech.speaker, life.bank.dice.of("complaints")
        said = register_export.told(life.bank, speaker, kept, life.heard, dice)
        life.speech.filing.told(register_export.write(life.folder, life.bank, kept, said))


def _paper(life: Life) -> None:
    """What personnel and quality departments keep: training, pulses, inspections; and the operation centre: outages."""
    bank, planting = life.bank, life.planting
    people.write(life.folder, bank, life.courses, pulses.pulses(bank, planting))
    inspections_export.write(life.folder, bank, inspections.inspections(bank, planting), life.mystery)
    clicks_export.write_outages(life.folder, bank)
