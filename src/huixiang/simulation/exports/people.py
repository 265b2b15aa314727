"""What do the personnel, training and pulse systems export? Units, staff, courses taken, and nameless answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.staff import HEAD
from huixiang.simulation.bank.units import KINDS
from huixiang.simulation.events.pulses import QUESTIONS, Pulses
from huixiang.simulation.events.training import AFTER, BEFORE, PASS_MARK, RESIT, Course
from huixiang.simulation.exports.tables import CsvFile

SMALLEST_GROUP = 5  # answers: below it the survey tool shows only the next larger unit
UNITS = ("机构号", "机构名称", "级别", "上级机构号")
OUTLETS = ("机构号", "机构名称", "网点类型", "工作日营业时间", "周末营业时间")
CLOSED = "休息"
POSTS = ("工号", "姓名", "邮箱", "角色", "机构号", "自")
PERSONNEL = ("工号", "姓名", "岗位", "机构号", "机构名称", "入行日期")
ATTENDANCE = ("课程编号", "课程名称", "工号", "日期", "出勤", "学时", "训前测验", "训后测验")
QUIZZES = ("课程编号", "工号", "测验", "日期", "得分", "结果")
PULSE = ("月份", "机构号", *(f"{question}(1-5)" for question in QUESTIONS), "想说的话")
PARTICIPATION = ("月份", "机构号", "邀请人数", "应答人数")
Rows = Iterable[Sequence[object]]


def write(folder: Path, bank: Bank, courses: Sequence[Course], pulses: Pulses) -> list[Path]:
    """Eight files in `people/`. 机构.csv and 人员.csv are what `huixiang organisation import` reads.

    人事.csv is in GB18030, as the older personnel systems write; the others are UTF-8 with a byte order mark.
    """
    place = folder / "people"
    units = _pulse_units(bank, pulses)
    return [
        _file(place / "机构.csv", UNITS, ((u.code, u.name, u.level, u.parent) for u in bank.network.units)),
        _file(place / "网点.csv", OUTLETS, _outlets(bank)),
        _file(place / "人员.csv", POSTS, _posts(bank)),
        _file(place / "人事.csv", PERSONNEL, _personnel(bank), encoding="gb18030"),
        _file(place / "培训记录.csv", ATTENDANCE, _by_day(_attendance(bank, courses))),
        _file(place / "测验.csv", QUIZZES, _by_day(_quizzes(bank, courses))),
        _file(place / "员工脉搏.csv", PULSE, _answers(bank, pulses, units)),
        _file(place / "员工脉搏参与.csv", PARTICIPATION, _participation(bank, pulses, units)),
    ]


def _file(path: Path, header: Sequence[str], rows: Rows, *, encoding: str = "utf-8-sig") -> Path:
    file = CsvFile(path, header, encoding=encoding)
    file.write(rows)
    return file.close()


def _outlets(bank: Bank) -> Iterator[Sequence[object]]:
    """The list that stands on the bank's website. On make-up workdays the hours of workdays hold."""
    network = bank.network
    names = [unit.name for unit in network.units if unit.level == "网点"]
    rows = zip(
        network.codes, names, network.kinds, network.opens.tolist(), network.closes.tolist(),
        network.weekends.tolist(), strict=True,
    )  # fmt: skip
    for code, name, kind, opens, closes, weekends in rows:
        hours = "-".join(f"{at // 3600:02d}:{at // 60 % 60:02d}" for at in (opens, closes))
        yield code, name, KINDS[kind].title, hours, hours if weekends else CLOSED


def _posts(bank: Bank) -> Iterator[Sequence[object]]:
    """Heads and staff of outlets with their role. Those of head office without: a post there sees the whole bank."""
    codes = bank.network.codes
    for number, name, post, outlet, hired in _people(bank):
        role = ("网点负责人" if post == HEAD else "员工") if outlet >= 0 else ""
        yield number, name, "", role, codes[outlet] if role else "", hired if role else ""


def _personnel(bank: Bank) -> Iterator[Sequence[object]]:
    names = {unit.code: unit.name for unit in bank.network.units}
    for number, name, post, outlet, hired in _people(bank):
        code = bank.network.codes[outlet] if outlet >= 0 else bank.scenario.code
        yield number, name, post, code, names[code], hired


def _people(bank: Bank) -> Iterator[tuple[int, str, str, int, str]]:
    staff = bank.staff
    hired = (day.isoformat() for day in staff.hired_on)
    yield from zip(staff.numbers.tolist(), staff.names, staff.posts, staff.outlet.tolist(), hired, strict=True)


def _by_day(rows: Rows) -> list[Sequence[object]]:
    """In the order in which a system records: by day, then as they come."""
    return sorted(rows, key=lambda row: str(row[3]))


def _attendance(bank: Bank, courses: Sequence[Course]) -> Iterator[Sequence[object]]:
    """A row for each class somebody was called to: who missed one and came later has two."""
    for course in courses:
        for person in course.missed.tolist():
            yield (
                course.code,
                course.title,
                bank.staff.numbers[person],
                _day(bank, course.invited[person]),
                "否",
                0,
                "",
                "",
            )
        for person in course.attended.tolist():
            before, after = (int(score) for score in course.quiz[person, [BEFORE, AFTER]])
            yield (course.code, course.title, bank.staff.numbers[person], _day(bank, course.day_of[person]), "是",
                   f"{course.hours:g}", before, after)  # fmt: skip


def _quizzes(bank: Bank, courses: Sequence[Course]) -> Iterator[Sequence[object]]:
    """A row for each quiz taken; the one before the course is not marked as passed or failed."""
    for course in courses:
        for person in course.attended.tolist():
            for column, title in ((BEFORE, "训前"), (AFTER, "训后"), (RESIT, "补考")):
                score = float(course.quiz[person, column])
                if np.isnan(score):
                    continue
                day = _day(bank, (course.resit_on if column == RESIT else course.day_of)[person])
                result = "" if column == BEFORE else "合格" if score >= PASS_MARK else "不合格"
                yield course.code, bank.staff.numbers[person], title, day, int(score), result


def _day(bank: Bank, day: int) -> str:
    return (bank.scenario.first_day + timedelta(int(day))).isoformat()


def _pulse_units(bank: Bank, pulses: Pulses) -> NDArray[np.int64]:
    """Under which unit may each month and team be shown? Shape (months, teams), places in `network.units`; -1: nowhere.

    Groups with fewer answers than SMALLEST_GROUP move up to the sub-branch, from there on as far as they must.
    """
    units = bank.network.units
    place = {unit.code: n for n, unit in enumerate(units)}
    parent = np.array([place.get(unit.parent, -1) for unit in units])
    shown = np.tile([*(place[code] for code in bank.network.codes), 0], (len(pulses.months), 1))
    given = np.zeros(shown.shape, dtype=np.int64)
    np.add.at(given, (pulses.month, pulses.team), 1)
    for level in ("网点", "支行", "分行", "总行"):
        of_level = np.array([unit.level == level for unit in units])
        for month in range(len(shown)):
            answers = np.bincount(shown[month], weights=given[month], minlength=len(units))
            small = of_level & (answers < SMALLEST_GROUP)
            shown[month] = np.where(small[shown[month]], parent[shown[month]], shown[month])
    return shown


def _answers(bank: Bank, pulses: Pulses, units: NDArray[np.int64]) -> Iterator[Sequence[object]]:
    """Month, unit and answers in the order drawn by lot: neither names nor order tell who wrote them."""
    shown = units[pulses.month, pulses.team].tolist()
    for month, unit, answers, line in zip(
        pulses.month.tolist(), shown, pulses.answers.tolist(), pulses.line, strict=True
    ):
        if unit >= 0:
            yield pulses.months[month], bank.network.units[unit].code, *answers, line


def _participation(bank: Bank, pulses: Pulses, units: NDArray[np.int64]) -> Iterator[Sequence[object]]:
    """Asked and answered by the same groups. A unit above outlets stands for the rest that is not shown apart."""
    given = np.zeros(units.shape, dtype=np.int64)
    np.add.at(given, (pulses.month, pulses.team), 1)
    for month, name in enumerate(pulses.months):
        for unit in np.unique(units[month][units[month] >= 0]).tolist():
            group = units[month] == unit
            code = bank.network.units[unit].code
            yield name, code, int(pulses.asked[month, group].sum()), int(given[month, group].sum())
