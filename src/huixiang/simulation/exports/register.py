"""What does the complaint system export? Its register as CSV: one row a complaint, with the moments of its handling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.causes import BUSINESSES, CAUSES
from huixiang.simulation.events.extensions import HEAD_OFFICE, REGION
from huixiang.simulation.events.register import NEVER, Register
from huixiang.simulation.events.voices import Said, facts_of
from huixiang.simulation.exports.tables import CsvFile
from huixiang.simulation.moments import DAY, moments, written
from huixiang.simulation.speech import Speaker, Utterance

HEADER = (
    *("投诉编号", "登记时间", "投诉来源", "业务办理渠道", "业务类别", "投诉原因", "被诉机构", "客户号", "投诉内容"),
    *("类型", "首次联系时间", "答复时间", "办结时间", "处理结果", "处理人"),
    *("延期天数", "延期批准人", "延期告知时间"),
)
SUPERVISOR = "监管转办"
FILE = "complaints/投诉登记簿.csv"
AT_ONCE = 5000  # complaints, which bounds the memory
PLANTS = 0.2  # in a complaint people name themselves more often than elsewhere


@dataclass(frozen=True, slots=True)
class _People:
    """Who handles each complaint (an index into the staff, -1: nobody yet), and who may extend it, by outlet."""

    handler: NDArray[np.int64]
    approvers: Mapping[int, Sequence[str]]


def told(
    bank: Bank, speaker: Speaker, register: Register, calls: Mapping[int, Utterance], dice: np.random.Generator
) -> Iterator[Utterance]:
    """What the clerk put down of each complaint: as it came in, in the third person; a supervisor's letter as one.

    Of a call that was transcribed (`calls`, by its id) the register has the caller's own words.
    """
    made, sources = register.made, [name for name, _ in register.log.process.channels]
    parts = (made.outlet, made.customer, made.cause, made.minutes, made.call)
    columns = zip(*(part.tolist() for part in parts), strict=True)
    for place, (outlet, customer, cause, minutes, call) in enumerate(columns):
        source, heard = sources[register.log.channel[place]], calls.get(call)
        facts = replace(
            facts_of(bank, customer), branch=bank.network.titles[outlet], minutes=minutes, source=source, told=heard
        )
        tone, about = "office" if source == SUPERVISOR else "clerk", [(CAUSES[cause].topic, "negative")]
        if heard:
            about = list(dict.fromkeys([*about, *((one.topic, one.polarity) for one in heard.opinions)]))
        yield speaker.say(dice, about, tone=tone, length="long", facts=facts, plant=0 if heard else PLANTS)


def write(folder: Path, bank: Bank, register: Register, said: Iterator[Utterance]) -> Iterator[tuple[str, str, Said]]:
    """`complaints/投诉登记簿.csv`, written as it is said. Yields what was said in each, with file and number."""
    file, made, people = CsvFile(folder / FILE, HEADER), register.made, _people(bank, register)
    for low in range(0, len(register), AT_ONCE):
        rows = slice(low, min(low + AT_ONCE, len(register)))
        block = list(islice(said, rows.stop - low))
        file.write(_rows(bank, register, people, rows, block))
        columns = (part[rows].tolist() for part in (made.day, made.second, made.outlet, made.customer))
        numbered = zip(register.log.case_ids(rows), *columns, block, strict=True)
        for number, day, second, outlet, customer, utterance in numbered:
            yield FILE, number, Said("complaint", day, second, outlet, customer, utterance)
    file.close()


def _people(bank: Bank, register: Register) -> _People:
    log = register.log
    handler = np.full(log.cases, -1)
    contacts = np.flatnonzero(log.activity == log.step("contact"))
    handler[log.case[contacts]] = log.resource[contacts]
    head_office = [f"{bank.scenario.bank}总行"] * len(bank.network)
    return _People(handler, {REGION: _regions(bank), HEAD_OFFICE: head_office})


def _rows(
    bank: Bank, register: Register, people: _People, rows: slice, said: Sequence[Utterance]
) -> Iterator[Sequence[object]]:
    log, made, extended = register.log, register.made, register.extended
    told = np.where(extended.days > 0, extended.told, NEVER)
    known = (log.arrived, register.contact, register.answered, register.closed, told)
    times = zip(*(_texts(bank, when[rows]) for when in known), strict=True)
    outcomes, sources = [o.name for o in log.process.outcomes], [name for name, _ in log.process.channels]
    cases = zip(range(rows.start, rows.stop), log.case_ids(rows), times, said, strict=True)
    for place, number, (received, contacted, answered, closed, extended_at), utterance in cases:
        cause, recoded, handler = CAUSES[made.cause[place]], bool(register.recoded[place]), people.handler[place]
        yield (
            number, received, sources[log.channel[place]],
            cause.channel, BUSINESSES[made.business[place]], cause.reason,
            bank.network.codes[made.outlet[place]], f"C{bank.customers.known_as[made.customer[place]]}", utterance.text,
            "咨询" if recoded else "投诉", contacted, answered, closed,
            outcomes[log.outcome[place]],
            bank.staff.numbers[handler] if handler >= 0 else "",
            int(extended.days[place]) or "",
            people.approvers[extended.approved_by[place]][made.outlet[place]] if extended.days[place] else "",
            extended_at,
        )  # fmt: skip


def _regions(bank: Bank) -> list[str]:
    """Of each outlet the region above it, by name."""
    names = {unit.code: unit.name for unit in bank.network.units if unit.level == "分行"}
    return [next(name for code, name in names.items() if outlet.startswith(code)) for outlet in bank.network.codes]


def _texts(bank: Bank, seconds: NDArray[np.int64]) -> list[str]:
    """Moments as text; empty where there is none yet."""
    known = seconds != NEVER
    safe = np.where(known, seconds, 0)
    when = written(moments(bank.scenario.first_day, safe // DAY, safe % DAY))
    return [text if there else "" for text, there in zip(when, known.tolist(), strict=True)]
