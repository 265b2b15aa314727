"""What does the survey tool export? Answers as CSV rows, with the free text where somebody wrote one.

People answer hours or days after what they are asked about, and the tool numbers what comes in. So answers wait until
nothing earlier can come: those on visits until their month is over, those on cases until all processes are worked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.customers import TIERS
from huixiang.simulation.events.processes import PROCESSES, EventLog
from huixiang.simulation.events.surveys import Answers, CaseAnswers
from huixiang.simulation.events.voices import Said
from huixiang.simulation.exports.tables import CsvFile
from huixiang.simulation.exports.waiting import Shelf, truth_of
from huixiang.simulation.moments import DAY, moments, written
from huixiang.simulation.speech import Utterance

HEADER = (
    *("答卷编号", "提交时间", "网点", "客户号", "客户等级"),  # the class is of the list by which was asked
    *("推荐意愿(0-10)", "满意度(1-5)", "办理容易程度(1-7)", "意见与建议"),
)
FILE = "surveys/答卷.csv"
CASE_HEADER = ("回访编号", "提交时间", "流程", "业务编号", "网点", "客户号", "满意度(1-5)")
CASE_FILE = "surveys/业务回访.csv"
NO_TEXT = -1
_SHEET = np.dtype([
    ("day", "i4"), ("second", "i4"), ("outlet", "i4"), ("customer", "i4"), ("recommend", "i1"), ("satisfied", "i1"),
    ("ease", "i1"), ("text", "i8"),
])  # fmt: skip
_CASE_SHEET = np.dtype([
    ("moment", "i8"), ("process", "i1"), ("case", "S16"), ("outlet", "i4"), ("customer", "i4"), ("satisfied", "i1"),
])  # fmt: skip


class Sheets:
    """The answers after visits, on their way into their file: numbered in order of time, whatever outlet they are of.

    Of those that wait, memory holds some thirty bytes each; the words lie in a file, as all texts do.
    """

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._bank, self._folder, self._file = bank, folder, CsvFile(folder / FILE, HEADER)
        self._waiting, self._texts = [np.empty(0, _SHEET)], Shelf(folder)

    def put(self, given: Answers, texts: Mapping[int, Utterance]) -> None:
        """Some more, in any order of time; `texts` by the answer's place."""
        sheets = np.empty(len(given), _SHEET)
        for name in _SHEET.fields or ():
            sheets[name] = NO_TEXT if name == "text" else getattr(given, name)
        for place, told in texts.items():
            day, second, outlet, customer, score = (
                column[place].item() for column in (given.day, given.second, given.outlet, given.customer, given.score)
            )
            sheets["text"][place] = len(self._texts)
            truth = truth_of(Said("survey", day, second, outlet, customer, told, score=score))
            self._texts.put(json.dumps([told.text, truth], ensure_ascii=False))
        self._waiting.append(sheets)

    def until(self, last_day: int) -> Iterator[tuple[str, str]]:
        """Write those given until the end of this day, nothing earlier being still to come; the others wait on.

        Yields number and truth of those with words.
        """
        sheets = np.concatenate(self._waiting)
        sheets = sheets[np.lexsort((sheets["second"], sheets["day"]))]
        due, late, texts = sheets[sheets["day"] <= last_day], sheets[sheets["day"] > last_day], self._texts
        self._waiting, self._texts = [late], Shelf(self._folder)
        words = late["text"] != NO_TEXT
        for text in texts.take(late["text"][words].tolist()):
            self._texts.put(text)
        late["text"][words] = np.arange(len(self._texts))
        numbers = [f"Q{self._file.rows + 1 + place:08d}" for place in range(len(due))]
        found = _Words(texts)
        self._file.write(self._rows(due, numbers, found))
        for number, place in zip(numbers, due["text"].tolist(), strict=True):
            if place != NO_TEXT:
                yield number, found[place][1]
        texts.close()

    def close(self) -> None:
        """Finish the file; what would be answered later is left out."""
        self._file.close()
        self._texts.close()

    def _rows(self, due: NDArray[np.void], numbers: Sequence[str], words: _Words) -> Iterator[Sequence[object]]:
        when = written(moments(self._bank.scenario.first_day, due["day"], due["second"]))
        people = self._bank.customers
        known_as, tiers = people.known_as[due["customer"]].tolist(), people.tier[due["customer"]].tolist()
        for number, at, customer, tier, sheet in zip(numbers, when, known_as, tiers, due.tolist(), strict=True):
            _, _, outlet, _, *marks, text = sheet
            said = "" if text == NO_TEXT else words[text][0]
            yield number, at, self._bank.network.codes[outlet], f"C{customer}", TIERS[tier], *marks, said


class _Words:
    """What was written under an answer, and what is true of it, by its place."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __getitem__(self, place: int) -> tuple[str, str]:
        text, truth = json.loads(next(self._shelf.take([place])))
        return text, truth


class CaseSheets:
    """The answers on cases that have ended (回访), on their way into their file: of all processes in order of time."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._bank, self._path = bank, folder / CASE_FILE
        self._waiting = [np.empty(0, _CASE_SHEET)]

    def put(self, log: EventLog, given: CaseAnswers) -> None:
        """Those on the cases of one process."""
        sheets = np.empty(len(given), _CASE_SHEET)
        sheets["moment"], sheets["satisfied"] = given.moment, given.satisfied
        sheets["process"], sheets["case"] = list(PROCESSES).index(log.process.code), log.case_ids(given.case)
        sheets["outlet"], sheets["customer"] = log.outlet[given.case], log.customer[given.case]
        self._waiting.append(sheets)

    def close(self) -> None:
        """Write them all."""
        file, sheets = CsvFile(self._path, CASE_HEADER), np.concatenate(self._waiting)
        file.write(self._rows(sheets[np.argsort(sheets["moment"], kind="stable")]))
        file.close()

    def _rows(self, sheets: NDArray[np.void]) -> Iterator[Sequence[object]]:
        names = [process.name for process in PROCESSES.values()]
        when = written(moments(self._bank.scenario.first_day, *np.divmod(sheets["moment"], DAY)))
        known_as = self._bank.customers.known_as[sheets["customer"]].tolist()
        for place, (_, process, case, outlet, _, satisfied) in enumerate(sheets.tolist()):
            number, code, customer = f"H{place + 1:08d}", self._bank.network.codes[outlet], f"C{known_as[place]}"
            yield number, when[place], names[process], case.decode(), code, customer, satisfied
