"""What is true? All that was planted, where the dice put it, and what any analysis may be held against.

`truth.json` holds what was planted; beside it lies what no system records: of staff, of customers, and of complaints
that were kept off the register or recoded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank, groups
from huixiang.simulation.bank.customers import IMPAIRMENTS
from huixiang.simulation.effects import KINDS, Effect
from huixiang.simulation.events.causes import CAUSES
from huixiang.simulation.events.grievances import Grievances
from huixiang.simulation.events.register import Register
from huixiang.simulation.exports.tables import CsvFile, coded, write_parquet
from huixiang.simulation.holidays import unnoticed
from huixiang.simulation.moments import moments, written
from huixiang.simulation.planting import LeftOut, Overlap, Planting

UNTOLD = {"source", "begins", "ends"}
COMPLAINTS = ("complaint", "what", "outlet", "customer", "made_at", "cause", "repeats")
UNHEARD = ("没有人听完这门课", "nobody finished the course")
SWITCHED_OFF = ("情景里关掉了（enabled = false）", "switched off in the scenario (enabled = false)")
UNCHOSEN = ("选择前两周内没有网点有足够的答卷", "no outlet had enough answers in the two weeks before")


@dataclass(frozen=True, slots=True)
class Known:
    """What became known while the bank lived.

    `counts` are the rows written by kind, `chosen` the outlets of each pilot that went to the worst, `attended` how
    many finished each planted course, `texts` whether anybody said anything.
    """

    counts: Mapping[str, int]
    chosen: Mapping[str, Sequence[str]]
    attended: Mapping[str, int]
    texts: bool


def write(folder: Path, bank: Bank, planting: Planting, known: Known) -> Path:
    """Write `truth.json`, the last file of all: it lists those that are there."""
    scenario = bank.scenario
    off = [LeftOut(effect, *SWITCHED_OFF) for effect in scenario.effects if not effect.enabled]
    happened, left_out = [], [*planting.left_out, *off]
    for effect in planting.effects:
        if effect.kind == "worst_chosen" and not known.chosen.get(effect.pilot):
            left_out.append(LeftOut(effect, *UNCHOSEN))
        elif effect.kind == "course" and not known.attended.get(effect.course):
            left_out.append(LeftOut(effect, *UNHEARD))
        else:
            happened.append(effect)
    truth = {
        "scenario": scenario.name,
        "bank": scenario.bank,
        "seed": scenario.seed,
        "from": scenario.first_day,
        "to": scenario.until,
        "years_without_holidays": unnoticed(scenario.days()),
        "outlets": len(bank.network),
        "customers": len(bank.customers),
        "texts": known.texts,
        "rows": dict(sorted(known.counts.items())),
        "planted": [_told(effect, bank, known) for effect in happened],
        "not_planted": [_unplanted(one) for one in left_out],
        "overlaps": [_shared(one, bank) for one in planting.overlaps(bank.network.codes, known.chosen)],
        "files": _files(folder),
    }
    path = folder / "truth.json"
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1, default=_day) + "\n", "utf-8")
    return path


def _told(effect: Effect, bank: Bank, known: Known) -> dict[str, Any]:
    """One effect with its dates as the scenario has them, and those of them that lie in the history."""
    told = {
        key: value
        for key, value in asdict(effect).items()
        if key not in UNTOLD and value not in ("", (), {}, 0, (0, 24))
    }
    told["kind_title"], told["size_means"] = KINDS[effect.kind].title, KINDS[effect.kind].size[1]
    told["size"] = effect.size
    told["effective_from"] = max(effect.start, bank.scenario.first_day)
    told["effective_to"] = min(effect.end, bank.scenario.until)
    if effect.kind == "worst_chosen":
        told["where"] = list(known.chosen[effect.pilot])
    if told.get("branches"):
        told["branches"] = len(told["where"])  # of as many as there were, or as could be chosen
    if effect.kind == "course":
        told["attended"] = known.attended.get(effect.course, 0)
    return told


def _unplanted(one: LeftOut) -> dict[str, Any]:
    effect = one.effect
    return {"kind": effect.kind, "name": effect.name, "from": effect.start, "to": effect.end,
            "why": f"{one.chinese} / {one.english}"}  # fmt: skip


def _shared(one: Overlap, bank: Bank) -> dict[str, Any]:
    return {
        "effects": [one.one.name, one.other.name],
        "outlets": one.outlets,
        "from": max(one.one.start, one.other.start, bank.scenario.first_day),
        "to": min(one.one.end, one.other.end, bank.scenario.until),
    }


def _files(folder: Path) -> dict[str, int]:
    """What was written: files by folder and form, as `queue/*.parquet`, and how many there are."""
    found: dict[str, int] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            place = path.relative_to(folder).parent.as_posix()
            form = "".join(path.suffixes[-2:]) if path.name.endswith(".gz") else path.suffix
            key = f"{place}/*{form}" if form else f"{place}/{path.stem.partition('-')[0]}-*"
            found[key.removeprefix("./")] = found.get(key.removeprefix("./"), 0) + 1
    return found


def write_people(folder: Path, bank: Bank) -> None:
    """`truth-staff.csv` and `truth-customers.parquet`: what is true of each and stands in no system."""
    staff, people = bank.staff, bank.customers
    hidden = _hidden(staff, len(staff.numbers))
    file = CsvFile(folder / "truth-staff.csv", ("number", "outlet", *hidden), encoding="utf-8")
    outlets = [bank.network.codes[n] if n >= 0 else bank.scenario.code for n in staff.outlet.tolist()]
    columns = [np.round(values, 4).tolist() for values in hidden.values()]
    file.write(zip(staff.numbers.tolist(), outlets, *columns, strict=True))
    file.close()
    rows = people.by_number()
    numbers = pc.binary_join_element_wise("C", pa.array(people.known_as[rows]).cast(pa.string()), "")
    shown = {name: pa.array(values[rows]) for name, values in _hidden(people, len(people)).items() if name != "assets"}
    needy = {"impaired": coded(IMPAIRMENTS, people.impaired[rows]), "group": coded(groups.NAMES, people.group[rows])}
    write_parquet(folder / "truth-customers.parquet", {"customer": numbers, **shown, **needy})


def _hidden(people: Any, count: int) -> dict[str, NDArray[np.float64]]:
    """Traits that are measured, one value a person: no system writes them, but for the customers' assets."""
    found = ((field.name, getattr(people, field.name)) for field in fields(people))
    return {
        name: values
        for name, values in found
        if isinstance(values, np.ndarray) and values.dtype.kind == "f" and values.shape == (count,)
    }


def write_complaints(folder: Path, bank: Bank, register: Register) -> None:
    """`truth-complaints.csv`: complaints recoded as enquiries, those kept off the register, and repeats of which."""
    file = CsvFile(folder / "truth-complaints.csv", COMPLAINTS, encoding="utf-8")
    numbers = register.log.case_ids()
    recoded = np.flatnonzero(register.recoded)
    file.write(_complaints(bank, register.made, recoded, [numbers[n] for n in recoded.tolist()], "recoded"))
    off = np.arange(len(register.kept_off))
    file.write(_complaints(bank, register.kept_off, off, [""] * len(off), "kept off the register"))
    again = np.flatnonzero(register.repeats >= 0)
    of = [numbers[n] for n in register.repeats[again].tolist()]
    told = _complaints(bank, register.made, again, [numbers[n] for n in again.tolist()], "repeat")
    file.write((*row[:-1], earlier) for row, earlier in zip(told, of, strict=True))
    file.close()


def _complaints(
    bank: Bank, made: Grievances, rows: NDArray[np.int64], numbers: Sequence[str], what: str
) -> Iterator[Sequence[object]]:
    when = written(moments(bank.scenario.first_day, made.day[rows], made.second[rows]))
    for number, row, moment in zip(numbers, rows.tolist(), when, strict=True):
        yield (
            number, what, bank.network.codes[made.outlet[row]],
            f"C{bank.customers.known_as[made.customer[row]]}", moment, CAUSES[made.cause[row]].topic, "",
        )  # fmt: skip


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in truth.json")
