"""In which form does a filled-in questionnaire enter the lake? Points and choices as rows; words only as voices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from huixiang.domain.feedback import Channel, Precision, Record, digest
from huixiang.domain.surveys.conditions import Answers
from huixiang.domain.surveys.piping import heading
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, worded
from huixiang.domain.surveys.scores import SCORED, Scale, stars

Item = dict[str, Any]
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Filled:
    """A questionnaire that somebody filled in, whichever way it came. `id` is the response's in the lake.

    `customer` is a pseudonym; "" where nobody knows it, as in every anonymous survey. `numbered`: under which number
    the words are known, where another program keeps them under one.
    """

    id: str
    answers: Answers
    shown: Sequence[str] | None  # codes of the questions that were shown; None: nobody knows
    answered_on: date
    answered_at: datetime | None = None
    unit: str | None = None
    tier: str = ""
    stratum: str = ""
    weight: float = 1.0
    language: str = "zh"
    via: str = "file"
    seconds: int | None = None
    marks: Sequence[str] = ()
    customer: str = ""
    numbered: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What all that filled it in have in common."""

    slug: str
    name: str
    version: int
    questionnaire: Questionnaire
    is_anonymous: bool
    series: str = ""  # of the voices; "": the survey's own

    def record(self, filled: Filled, question: str, text: str) -> Record:
        """The voice that was written to a question."""
        at, precision = self._moment(filled)
        number = filled.numbered or f"{filled.id}:{question}"
        return Record(
            channel=Channel.SURVEY,
            series=self.series or self.slug,
            source_id=number,
            text=text[:LONGEST_TEXT],
            said_at=at,
            said_precision=precision,
            received_at=at,  # the moment of receipt would tell of an anonymous answer when it was given
            branch=filled.unit,
            rating=rating(self.questionnaire, filled.answers),
            extra={"问卷": self.name, "题目": self._title(question)},
        )

    def _moment(self, filled: Filled) -> tuple[datetime, Precision]:
        if filled.answered_at and not self.is_anonymous:
            return filled.answered_at, Precision.TIME
        return timezone.make_aware(datetime.combine(filled.answered_on, time(12))), Precision.DAY

    def _title(self, question: str) -> str:
        code, _, choice = question.partition(":")
        asked = self.questionnaire.question(code)
        title = heading(asked, self.questionnaire)
        return f"{title}：{_named(asked.choices, choice)}" if choice else title


def texts(questionnaire: Questionnaire, answers: Answers) -> Iterator[tuple[str, str]]:
    """What was written in words: the question ("q:choice" beside an open choice), and the words."""
    for question in questionnaire.questions():
        keys = [question.code] if question.kind is Kind.TEXT else []
        keys += [f"{question.code}:{choice.code}" for choice in question.choices if choice.is_open]
        for key in keys:
            if isinstance(said := answers.get(key), str) and said.strip():
                yield key, said.strip()


def rating(questionnaire: Questionnaire, answers: Answers) -> float | None:
    """The stars 1..5 that go with the words: of the first satisfaction asked, else of the first recommendation."""
    for kind in (Kind.CSAT, Kind.NPS):
        for question in questionnaire.questions():
            points = answers.get(question.code)
            if question.kind is kind and isinstance(points, int):
                return stars(kind, points, question.most)
    return None


def response_row(form: Form, filled: Filled, import_id: str, row: int, arrival: int) -> Item:
    """The response without its answers. `arrival`: grows with each batch of the lake."""
    return {
        **_dimensions(form, filled),
        "language": filled.language,
        "via": filled.via,
        "seconds": filled.seconds,
        "marks": sorted(filled.marks),
        "import_id": import_id,
        "import_row": row,
        "arrival": arrival,
    }


def answer_rows(form: Form, filled: Filled, voices: Mapping[str, str]) -> list[Item]:
    """One row an item; `voices`: question → the voice that tells its words."""
    base = _dimensions(form, filled)
    found: list[Item] = []
    for question in form.questionnaire.questions():
        items = list(_items(question, filled.answers.get(question.code), is_anonymous=form.is_anonymous))
        if question.kind is Kind.TEXT and question.code in voices:
            items = [{"voice": voices[question.code]}]
        if not items and filled.shown is not None and question.code in filled.shown:
            items = [{}]  # shown, and passed over
        found += [base | _EMPTY | {"question": question.code} | item for item in items]
    found += [base | _EMPTY | {"question": key, "voice": voice} for key, voice in voices.items() if ":" in key]
    return found


_EMPTY: Item = {"item": "", "code": "", "value": None, "voice": None}


def response_id(survey: str, number: str, key: bytes) -> str:
    """Under which id does the lake know the response that has this number in this survey? A keyed hash."""
    return digest("survey response", survey, number, key=key)


def _dimensions(form: Form, filled: Filled) -> Item:
    return {
        "id": filled.id,
        "survey": form.slug,
        "version": form.version,
        "unit": filled.unit,
        "tier": filled.tier,
        "stratum": filled.stratum,
        "weight": filled.weight,
        "answered_on": filled.answered_on,
        "is_marked": bool(filled.marks),
        "month": f"{filled.answered_on:%Y-%m}",
    }


def _items(question: Question, given: object, *, is_anonymous: bool) -> Iterator[Item]:
    """What fits the question; whatever else stands there is no answer to it."""
    codes = {choice.code for choice in question.choices}
    match question.kind, given:
        case kind, int(points) if kind in SCORED:
            scale = Scale.of(question)
            if scale and scale.least <= points <= scale.most:
                yield {"value": float(points)}
        case Kind.SINGLE, str(code) if code in codes:
            yield {"code": code}
        case Kind.MULTIPLE, list(chosen) if chosen:
            yield from ({"item": choice.code, "value": float(choice.code in chosen)} for choice in question.choices)
        case Kind.RANK, list(chosen):
            yield from ({"item": code, "value": float(place)} for place, code in enumerate(chosen, 1) if code in codes)
        case Kind.MATRIX, dict(marked):
            yield from _matrix(question, marked)
        case Kind.DATE, str(day) if day:
            yield {"code": day[:7] if is_anonymous else day[:10]}


def _matrix(question: Question, marked: Mapping[str, str]) -> Iterator[Item]:
    """Of rows, each with a choice; its place among the choices is its value, so that a mean can be told."""
    places = {choice.code: place for place, choice in enumerate(question.choices, 1)}
    for row in question.rows:
        if (code := marked.get(row.code)) in places:
            yield {"item": row.code, "code": code, "value": float(places[code])}


def _named(choices: Sequence[Choice], code: str) -> str:
    return next((worded(choice.wording, "zh") for choice in choices if choice.code == code), code)
