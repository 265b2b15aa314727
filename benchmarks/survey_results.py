"""How fast is the result page of a survey that a million people answered? First after a change, and from then on.

python -m benchmarks.survey results [--responses 1000000] [--times 200] [--anonymous]
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

MONTHS, UNITS = 18, 50
LANDED = 500  # answers that land at once
SETTLED = 6  # seconds
LOOKS = {
    "result page": "",
    "cross table": "crossed/?one=nps&other=what",
    "key drivers": "drivers/?question=nps",
}
TIERS = ("普卡", "金卡", "白金卡")
QUESTIONS = (("nps", 0, 10), ("csat", 1, 5), ("ces", 1, 7), ("wait", 1, 5), ("staff", 1, 5), ("place", 1, 5))
CROSSED = [code for code, _least, _most in QUESTIONS]


def main(responses: int, times: int, *, is_anonymous: bool = False) -> None:
    """Fills a lake of its own (the caller made the database) and asks for the page as a browser would."""
    from huixiang.apps.access.models import Post, Staff, Unit
    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys.models import Survey, Version
    from huixiang.domain.surveys.plain import to_plain

    top = Unit.objects.create(code="HQ", kind="head_office", name="总行", path="/HQ/")
    for number in range(UNITS):
        Unit.objects.create(
            code=f"U{number:02d}", kind="outlet", name=f"网点{number}", parent=top, path=f"/HQ/U{number:02d}/"
        )
    person = Staff.objects.create_user(number="1", name="员工")
    Post.objects.create(staff=person, unit=top, role="quality_manager", from_on=date(2020, 1, 1))
    survey = Survey.objects.create(unit=top, name="大问卷", slug="big", state="open", is_anonymous=is_anonymous)
    Version.objects.create(survey=survey, number=1, definition=to_plain(_questionnaire()))
    lake, rows, begun = facts.lake(), 0, time.perf_counter()
    for month in range(MONTHS):
        rows += _month(lake, month, responses // MONTHS)
    print(f"| written to the lake ({responses:,} people, {rows:,} answers) | {time.perf_counter() - begun:.0f} s |")
    if is_anonymous:
        _portions(survey, 0)
    _pages(person, survey.pk, times)
    if is_anonymous:
        _portions(survey, 20)
        _after_landing(person, survey, 20)


def _portions(survey: Any, times: int) -> None:
    """All of it afresh, as after an upgrade; or what landings of 500 more cost, which their job bears."""
    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys.portioning import carry_on

    looked, spent = 0, []
    for turn in range(max(times, 1)):
        if times:
            _month(facts.lake(), MONTHS + turn, LANDED)
        begun = time.perf_counter()
        looked = carry_on(facts.lake(), survey)
        spent.append(1000 * (time.perf_counter() - begun))
    what = f"{LANDED} more answers carried on" if times else "all portions made afresh, once"
    print(f"| {what}, by the job ({looked:,} people read) | p95 {np.percentile(spent, 95):,.0f} ms |")


def _after_landing(person: Any, survey: Any, times: int) -> None:
    """The first look after each of some landings: at the figures, at a cross table, at the key drivers."""
    from huixiang.apps.feedback import facts
    from huixiang.apps.surveys.portioning import carry_on

    browser, spent = _browser(person), {name: [] for name in LOOKS}
    for turn in range(times):
        for number, (name, place) in enumerate(LOOKS.items()):
            _month(facts.lake(), 2 * MONTHS + len(LOOKS) * turn + number, LANDED)
            carry_on(facts.lake(), survey)
            begun, begun_cpu = time.perf_counter(), time.process_time()
            assert browser.get(f"/surveys/{survey.pk}/results/{place}").status_code == 200
            spent[name].append((time.perf_counter() - begun, time.process_time() - begun_cpu))
    for name, each in spent.items():
        _line(f"{name}, first look after a landing", *(np.array(both) for both in zip(*each, strict=True)))


def _browser(person: Any) -> Any:
    from django.test import Client

    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _pages(person: object, pk: int, times: int) -> None:
    from huixiang.web import warming

    begun = time.perf_counter()
    warming.warm()
    took = 1000 * (time.perf_counter() - begun)
    print(f"| the process makes itself ready for its first page, once | {took:,.0f} ms |")
    time.sleep(SETTLED)  # beside the first visitors it reckons who may be told together
    browser, place = _browser(person), f"/surveys/{pk}/results/"
    _told("any page, the first of a process", lambda: browser.get("/surveys/"), 1)
    _told("result page, the first time after a start", lambda: browser.get(place), 1)
    _told("result page, whole", lambda: browser.get(place), times)
    _told(
        "result page, one unit and half a year",
        lambda: browser.get(f"{place}?unit=U07&since=2025-03&until=2025-08"),
        times,
    )
    _told("units side by side", lambda: browser.get(f"{place}compare/"), times)
    _told("key drivers, the first time", lambda: browser.get(f"{place}drivers/?question=nps"), 1)
    _told("key drivers", lambda: browser.get(f"{place}drivers/?question=nps"), times)
    _told("cross table, the first time", lambda: browser.get(f"{place}crossed/?one=nps&other=what"), 1)
    _told("cross table", lambda: browser.get(f"{place}crossed/?one=nps&other=what"), times)
    others = iter([(one, other) for one in CROSSED for other in CROSSED if one != other])
    _told("cross table of two other questions each time", lambda: browser.get(_crossed(place, *next(others))), 30)


def _crossed(place: str, one: str, other: str) -> str:
    return f"{place}crossed/?one={one}&other={other}"


def _told(what: str, ask: Callable[[], object], times: int) -> None:
    wall, cpu = np.empty(times), np.empty(times)
    for turn in range(times):
        begun, begun_cpu = time.perf_counter(), time.process_time()
        response = ask()
        wall[turn], cpu[turn] = time.perf_counter() - begun, time.process_time() - begun_cpu
        assert response.status_code == 200  # type: ignore[attr-defined]
    _line(what, wall, cpu)


def _line(what: str, wall: np.ndarray, cpu: np.ndarray) -> None:
    p50, p95 = (1000 * np.percentile(wall, [50, 95])).tolist()
    print(f"| {what} | p50 {p50:,.0f} ms, p95 {p95:,.0f} ms wall; p95 {1000 * np.percentile(cpu, 95):,.0f} ms CPU |")


def _questionnaire() -> object:
    from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Section

    kinds = {"nps": Kind.NPS, "ces": Kind.CES}
    scored = [
        Question(
            code,
            kinds.get(code, Kind.CSAT),
            {"zh": f"题目{code}"},
            most=most,
            aspect="" if code in ("nps", "csat") else code,
        )
        for code, _least, most in QUESTIONS
    ]
    choices = tuple(Choice(f"c{n}", {"zh": f"选项{n}"}) for n in range(5))
    return Questionnaire(
        {"zh": "大问卷"},
        (Section("s", {"zh": "一"}, (*scored, Question("what", Kind.SINGLE, {"zh": "业务"}, choices=choices))),),
    )


def _month(lake: object, number: int, people: int) -> int:
    """One month's responses and answers, column by column; how many answers? What lands later is the last month's."""
    from huixiang.lake.schema import ANSWERS, RESPONSES

    dice = np.random.default_rng(number)
    year, month = 2025 + min(number, MONTHS - 1) // 12, min(number, MONTHS - 1) % 12 + 1
    ids = pa.array([f"{number:04x}{place:020x}" for place in range(people)])
    unit, tier = dice.integers(0, UNITS, people), dice.integers(0, len(TIERS), people)

    def named(names: list[str], places: np.ndarray) -> pa.Array:
        return pa.array(names).take(pa.array(places))

    dims = {
        "survey": pa.array(["big"] * people),
        "version": pa.array(np.ones(people, np.int32)),
        "unit": named([f"U{n:02d}" for n in range(UNITS)], unit),
        "tier": named(list(TIERS), tier),
        "stratum": named(list(TIERS), tier),
        "weight": pa.array(np.array([20.0, 8.0, 2.0])[tier]),
        "answered_on": pa.array([date(year, month, 5)] * people, pa.date32()),
        "is_marked": pa.array(dice.random(people) < 0.02),
        "month": pa.array([f"{year}-{month:02d}"] * people),
    }
    empty = {"item": pa.array([""] * people), "voice": pa.nulls(people, pa.string())}
    mood = dice.normal(0, 1, people) + 0.1 * (unit % 5)
    tables = []
    for code, least, most in QUESTIONS:
        points = np.clip(
            np.rint((most + least) / 2 + (mood + dice.normal(0, 0.7, people)) * (most - least) / 5), least, most
        )
        told = {"question": pa.array([code] * people), "code": empty["item"], "value": pa.array(points, pa.float32())}
        tables.append(pa.table({"id": ids, **dims, **empty, **told}).select(ANSWERS.names).cast(ANSWERS))
    chosen = {
        "question": pa.array(["what"] * people),
        "code": named([f"c{n}" for n in range(5)], dice.integers(0, 5, people)),
    }
    nothing = {"value": pa.nulls(people, pa.float32())}
    tables.append(pa.table({"id": ids, **dims, **empty, **chosen, **nothing}).select(ANSWERS.names).cast(ANSWERS))
    rest = {
        "language": pa.array(["zh"] * people),
        "via": pa.array(["invitation"] * people),
        "seconds": pa.array(np.full(people, 60, np.int32)),
        "marks": pa.array([[]] * people, pa.list_(pa.string())),
        "import_id": pa.array(["x"] * people),
        "import_row": pa.array(np.arange(people)),
        "arrival": pa.array(number * 1_000_000 + np.arange(people) // LANDED + 1),
    }
    answers = pa.concat_tables(tables)
    lake.append_once("answers", answers, writer="bench", batch=number + 1)  # type: ignore[attr-defined]
    responses = pa.table({"id": ids, **dims, **rest}).select(RESPONSES.names).cast(RESPONSES)
    lake.append_once("responses", responses, writer="bench", batch=number + 1)  # type: ignore[attr-defined]
    return answers.num_rows
