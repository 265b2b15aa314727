"""What does the complaint system export? Its register as CSV: one row a complaint, with the moments of its handling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.customers import FIRST_NUMBER
from huixiang.simulation.events.causes import BUSINESSES, CAUSES
from huixiang.simulation.events.extensions import HEAD_OFFICE, REGION
from huixiang.simulation.events.register import NEVER, Register
from huixiang.simulation.events.voices import Said
from huixiang.simulation.exports.tables import CsvFile
from huixiang.simulation.moments import DAY, moments, written
from huixiang.simulation.speech import Facts, Speaker, Utterance

HEADER = (
    *("投诉编号", "登记时间", "投诉来源", "业务办理渠道", "业务类别", "投诉原因", "被诉机构", "客户号", "投诉内容"),
    *("类型", "首次联系时间", "答复时间", "办结时间", "处理结果", "处理人"),
    *("延期天数", "延期批准人", "延期告知时间"),
)
SUPERVISOR = "监管转办"
PLANTS = 0.2  # in a complaint people name themselves more often than elsewhere


def told(
    bank: Bank, speaker: Speaker, register: Register, calls: Mapping[int, Utterance], dice: np.random.Generator
) -> list[Utterance]:
    """What the clerk put down of each complaint: as it came in, in the third person; a supervisor's letter as one.

    Of a call that was transcribed (`calls`, by its id) the register has the caller's own words.
    """
    made, sources = register.made, [name for name, _ in register.log.process.channels]
    said = []
    columns = zip(*(part.tolist() for part in (made.outlet, made.cause, made.minutes, made.call)), strict=True)
    for place, (outlet, cause, minutes, call) in enumerate(columns):
        source, heard = sources[register.log.channel[place]], calls.get(call)
        facts = Facts(branch=bank.network.titles[outlet], minutes=minutes, source=source, told=heard)
        tone, about = "office" if source == SUPERVISOR else "clerk", [(CAUSES[cause].topic, "negative")]
        if heard:
            about = list(dict.fromkeys([*about, *((one.topic, one.polarity) for one in heard.opinions)]))
        said.append(speaker.say(dice, about, tone=tone, length="long", facts=facts, plant=0 if heard else PLANTS))
    return said


def write(folder: Path, bank: Bank, register: Register, said: Sequence[Utterance]) -> list[tuple[str, Said]]:
    """`complaints/投诉登记簿.csv`. Returns what was said in each, with its number."""
    file = CsvFile(folder / "complaints" / "投诉登记簿.csv", HEADER)
    file.write(_rows(bank, register, said))
    file.close()
    made = register.made
    columns = zip(made.day.tolist(), made.second.tolist(), made.outlet.tolist(), made.customer.tolist(), strict=True)
    return [
        (number, Said("complaint", *when_where_who, utterance))
        for number, when_where_who, utterance in zip(register.log.case_ids(), columns, said, strict=True)
    ]


def _rows(bank: Bank, register: Register, said: Sequence[Utterance]) -> Iterator[Sequence[object]]:
    log, made, extended = register.log, register.made, register.extended
    told = np.where(extended.days > 0, extended.told, NEVER)
    times = [_texts(bank, when) for when in (log.arrived, register.contact, register.answered, register.closed, told)]
    approvers = {REGION: _regions(bank), HEAD_OFFICE: [f"{bank.scenario.bank}总行"] * len(bank.network)}
    handler = np.full(log.cases, -1)
    contacts = np.flatnonzero(log.activity == log.step("contact"))
    handler[log.case[contacts]] = log.resource[contacts]
    outcomes, sources = [o.name for o in log.process.outcomes], [name for name, _ in log.process.channels]
    for place, number in enumerate(log.case_ids()):
        cause, recoded = CAUSES[made.cause[place]], bool(register.recoded[place])
        yield (
            number, times[0][place], sources[log.channel[place]],
            cause.channel, BUSINESSES[made.business[place]], cause.reason,
            bank.network.codes[made.outlet[place]], f"C{FIRST_NUMBER + made.customer[place]}", said[place].text,
            "咨询" if recoded else "投诉", times[1][place], times[2][place], times[3][place],
            outcomes[log.outcome[place]],
            bank.staff.numbers[handler[place]] if handler[place] >= 0 else "",
            int(extended.days[place]) or "",
            approvers[extended.approved_by[place]][made.outlet[place]] if extended.days[place] else "",
            times[4][place],
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
