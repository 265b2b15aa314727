"""What leaves this process when an outside model is asked? Instructions of ours, and masked texts as JSON data."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huixiang.domain.understanding.asked.schema import Schema, Unfit, read
from huixiang.domain.understanding.masking import mask

LONGEST = 2_000  # characters of one text that are sent; what a customer wants stands in the first hundreds
AGAIN = "上一次的回答不符合要求（%s）。只输出一个 JSON 对象，键与编码严格按说明，不要任何其他文字。"


def fit_to_leave(text: str) -> str:
    """The text as it may be sent: masked once more, whatever was done before, without control signs, and cut.

    Masked before the signs go, since a blank may keep two numbers apart, and after, since one may part a number. Cut
    last: a number of which the cut took the end would not be known as one.
    """
    plain = "".join(sign if sign.isprintable() or sign == "\n" else _instead(sign) for sign in mask(text).text)
    return mask(plain).text[:LONGEST]


def _instead(sign: str) -> str:
    """Nothing for signs without a width; a blank for blanks, controls, and halves of a broken pair."""
    return "" if unicodedata.category(sign) == "Cf" else " "


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked. `task`: its name and version; `data`: what customers said; `refuse`: what a schema cannot tell.

    All strings of `data` are masked here, at the boundary: nobody who asks can forget it.
    """

    task: str
    instructions: str
    data: Mapping[str, str | tuple[str, ...]]
    schema: Schema
    most_tokens: int
    refuse: Callable[[Any], None] = lambda value: None

    def __post_init__(self) -> None:
        masked = {
            name: fit_to_leave(value) if isinstance(value, str) else tuple(map(fit_to_leave, value))
            for name, value in self.data.items()
        }
        object.__setattr__(self, "data", masked)

    @property
    def says_nothing(self) -> bool:
        """Is there nothing to ask about?"""
        return not any("".join(value).strip() for value in self.data.values())

    @property
    def text(self) -> str:
        """The one customer's text that it is about, as it is sent; "" where it is about several."""
        values = list(self.data.values())
        return values[0] if len(values) == 1 and isinstance(values[0], str) else ""

    def messages(self, again: str = "") -> list[dict[str, str]]:
        """As a chat endpoint takes them. `again`: why the last answer did not count; a word of ours."""
        found = [
            {"role": "system", "content": self.instructions},
            {"role": "user", "content": json.dumps(self.data, ensure_ascii=False)},
        ]
        return [*found, {"role": "user", "content": AGAIN % again}] if again else found

    def key(self, model: str) -> str:
        """By what is an answer known again? SHA-256 over the model, the whole prompt with its schema, and the data.

        Not to be kept as it is: who guesses the text can make it too.
        """
        told = json.dumps([model, self.task, self.instructions, self.schema, self.data], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def tokens(self) -> int:
        """How many tokens may it take at most, roughly? Hardly a tokenizer makes more than one of a sign."""
        return sum(len(each["content"]) for each in self.messages()) + self.most_tokens

    def answer(self, said: str) -> Any:
        """What was answered, if it counts. Raises Unfit."""
        value = read(said, self.schema)
        self.refuse(value)
        return value


def refused(reason: str, *, when: bool) -> None:
    if when:
        raise Unfit(reason)
