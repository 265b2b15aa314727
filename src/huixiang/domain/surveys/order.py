"""In which order does a customer see questions and choices? By chance over all, for one always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from huixiang.domain.surveys.questionnaire import Choice, Question

T = TypeVar("T")


def choices_of(question: Question, seed: str) -> tuple[Choice, ...]:
    """The choices, as this customer sees them."""
    if not question.is_shuffled:
        return question.choices
    return tuple(_shuffled(question.choices, f"{seed}/{question.code}", lambda choice: choice.code))


def rows_of(question: Question, seed: str) -> tuple[Choice, ...]:
    """A matrix's rows, as this customer sees them; its columns are a scale and keep their order."""
    if not question.is_shuffled:
        return question.rows
    return tuple(_shuffled(question.rows, f"{seed}/{question.code}/rows", lambda row: row.code))


def questions_of(questions: Sequence[Question], seed: str) -> tuple[Question, ...]:
    """One page's questions, as this customer sees them."""
    return tuple(_shuffled(questions, seed, lambda question: question.code))


def _shuffled(items: Sequence[T], seed: str, code: Callable[[T], str]) -> list[T]:
    """An order drawn by a hash: the seed need not be kept with the order, and the domain needs no generator.

    What is fixed ("其他", "以上都没有") keeps its place.
    """
    moving = sorted((item for item in items if not _is_fixed(item)), key=lambda item: _drawn(seed, code(item)))
    coming = iter(moving)
    return [item if _is_fixed(item) else next(coming) for item in items]


def _is_fixed(item: object) -> bool:
    return isinstance(item, Choice) and (item.is_fixed or item.is_open or item.is_exclusive)


def _drawn(seed: str, code: str) -> bytes:
    return hashlib.blake2b(f"{seed}\0{code}".encode(), digest_size=8).digest()
