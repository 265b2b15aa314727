"""What does the bank's chat model answer? Kept answers first, then a few requests at once, within the budget."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, NamedTuple

from huixiang.domain.understanding.asked.question import Question
from huixiang.domain.understanding.asked.schema import Unfit
from huixiang.plugins.caller import Caller
from huixiang.plugins.endpoint import Refused, Unreachable
from huixiang.plugins.ledger import Ledger, Said
from huixiang.plugins.purse import Empty
from huixiang.plugins.service import Service

PATH = "/chat/completions"
THINKS, THOUGHT = "<think>", "</think>"  # what some servers leave in front of the answer
TWICE = 2  # an answer that is no use is asked for once more
# Why there is no answer: nothing was said; the budget is used up; nobody answers; it is refused; the answer is no use.
REASONS = ("empty", "budget", "unreachable", "refused", "unusable")


class Answer(NamedTuple):
    """The value that was answered and counts, or None and one of REASONS. `kept`: it cost nothing."""

    value: Any
    reason: str = ""
    kept: bool = False


class Chat:
    """Asks one service. Use it as a context manager; `told` counts "asked", "kept" and reasons over this run."""

    def __init__(
        self, service: Service, ledger: Ledger, today: Callable[[], date], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.service, self.ledger, self._today = service, ledger, today
        self.caller = Caller(service, ledger, today, sleep)
        self.told: Counter[str] = Counter()

    def __enter__(self) -> Chat:
        return self

    def __exit__(self, *failure: object) -> None:
        self.caller.close()

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers, in their order; equal questions are asked once."""
        keys = [each.key(self.service.model) for each in questions]
        answers = dict(known(self.service, self.ledger, questions))
        wanted = {key: each for key, each in zip(keys, questions, strict=True) if key not in answers}
        if wanted:
            with ThreadPoolExecutor(self.service.concurrency) as threads:
                answers.update(zip(wanted, threads.map(self._one, wanted.values()), strict=True))
        found = [answers[key] for key in keys]
        self.told.update(each.reason or ("kept" if each.kept else "asked") for each in found)
        return found

    def _one(self, question: Question) -> Answer:
        again = ""
        for _time in range(TWICE):
            try:
                value = question.answer(self._said(question, again))
            except Unfit as why:
                again = str(why)
            except Empty:
                return Answer(None, "budget")
            except Unreachable:
                return Answer(None, "unreachable")
            except Refused:
                return Answer(None, "refused")
            else:
                self._keep(question, json.dumps(value, ensure_ascii=False).encode())
                return Answer(value)
        self._keep(question, None)
        return Answer(None, "unusable")

    def _said(self, question: Question, again: str) -> str:
        body = {
            "model": self.service.model,
            "messages": question.messages(again),
            "temperature": 0,
            "max_tokens": question.most_tokens + self.service.thinking_tokens,
            **_format(self.service.answers, question),
        }
        return _content(self.caller.post(PATH, body, question.tokens() + self.service.thinking_tokens))

    def _keep(self, question: Question, answer: bytes | None) -> None:
        model = self.service.model
        self.ledger.keep(self.service.name, model, self._today(), [Said(question.key(model), question.text, answer)])


def known(service: Service, ledger: Ledger, questions: Sequence[Question]) -> dict[str, Answer]:
    """What is kept of these questions, by key, and those that ask nothing. Nothing is sent."""
    asked = {each.key(service.model): each for each in questions}
    found = {key: Answer(None, "empty") for key, each in asked.items() if each.says_nothing}
    kept = ledger.answers([key for key in asked if key not in found])
    return found | {key: _kept(asked[key], answer) for key, answer in kept.items()}


def _kept(question: Question, answer: bytes | None) -> Answer:
    """Looked at once more: somebody may have touched the file."""
    try:
        value = question.answer(answer.decode()) if answer is not None else None
    except ValueError:
        value = None
    return Answer(value, "" if value is not None else "unusable", kept=True)


def _content(answer: dict[str, Any]) -> str:
    """What the model said; "" (no JSON, so it is asked again) for all that is no answer of a chat endpoint."""
    try:
        said = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        return ""
    if not isinstance(said, str):
        return ""
    return said.rpartition(THOUGHT)[2] if said.lstrip().startswith(THINKS) else said


def _format(wanted: str, question: Question) -> dict[str, Any]:
    """How the server is told of the schema; some know the weaker form only, some none."""
    if wanted == "json_schema":
        schema = {"name": question.task.replace("-", "_"), "strict": True, "schema": question.schema}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    return {"response_format": {"type": "json_object"}} if wanted == "json_object" else {}
