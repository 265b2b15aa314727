"""Which small forms recur in the API? Texts that may come in, intervals, pages; units stand in the fields' names."""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import Annotated, Generic, Literal, TypeVar

from django.db.models import TextChoices
from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints, WithJsonSchema

from huixiang.domain import statistics

# NUL ends a text for PostgreSQL; a line end does no harm.
NO_NUL = r"^[^\x00]*$"
Word = Annotated[str, StringConstraints(max_length=120, pattern=NO_NUL)]
Note = Annotated[str, StringConstraints(max_length=400, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=100_000, pattern=NO_NUL)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=NO_NUL)]  # of a unit or a person
VoiceId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Day = Annotated[date, Field(ge=date(1900, 1, 1))]
Limit = Annotated[int, Field(ge=1, le=200)]
Sentiment = Literal["negative", "neutral", "positive"]
Kind = Literal["demand", "expectation", "pain_point", "praise", "question", "noise"]

Item = TypeVar("Item")


def one_of(choices: type[TextChoices]) -> WithJsonSchema:
    """In place in the schema: there, two enumerations of one name would be one."""
    return WithJsonSchema({"type": "string", "enum": choices.values})


class Given(Schema):
    """What a caller sends. A misspelt field is refused and named: passed over, it would do less than was asked."""

    model_config = ConfigDict(extra="forbid")


class Page(Schema, Generic[Item]):
    """Some entries in a stable order, and the cursor of the next page; null: that was all."""

    items: list[Item]
    next: str | None


class Interval(Schema):
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, found: statistics.Interval | None) -> Interval | None:
        return None if found is None else cls(value=tidy(found.value), low=tidy(found.low), high=tidy(found.high))


def tidy(number: float) -> float:
    """Six decimals: what is beyond them is noise of the arithmetic."""
    return round(float(number), 6)


def known(number: float | None) -> float | None:
    return tidy(number) if number is not None and isfinite(number) else None
