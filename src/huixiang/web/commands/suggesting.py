"""What would an outside model say of these rows? Beside the built-in reading, and within its budget."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from huixiang.apps.feedback import rulebooks
from huixiang.channels.contract import Fault, marked
from huixiang.domain.understanding.asked.labels import Choices, suggested
from huixiang.plugins.chat import Answer, Chat
from huixiang.plugins.service import CHAT, ledger, named
from huixiang.web.bilingual import both

UNSET = marked("没有设置外接模型：请设 HUIXIANG_LLM_URL 与 HUIXIANG_LLM_MODEL（见 docs/guide/plug-ins.md）")
TOLD = marked("外接模型 %(model)s（%(host)s）：新问 %(asked)s 条，已知 %(kept)s 条，没有答案 %(without)s 条")
WHY = {
    "budget": marked("预算已用完：%(count)s 条只有自带规则的判断"),
    "unreachable": marked("联系不上（%(trouble)s）：%(count)s 条只有自带规则的判断"),
    "refused": marked("被拒绝（%(trouble)s）：%(count)s 条只有自带规则的判断"),
    "unusable": marked("答非所问：%(count)s 条只有自带规则的判断"),
}


class Suggesting:
    """One run. Use it as a context manager; at its end it tells on stderr what was asked, and why some was not."""

    def __init__(self, taxonomy: Path | None = None, risks: Path | None = None) -> None:
        service = named(CHAT)
        if service is None:
            raise Fault(UNSET)
        day = rulebooks.today()
        books = {
            name: rulebooks.read(path, name).on(day) if path else rulebooks.book(name, day)
            for name, path in (("taxonomy", taxonomy), ("risks", risks))
        }
        self._choices, self._service, self._open = Choices.of(**books), service, ExitStack()

    def __enter__(self) -> Suggesting:
        book = self._open.enter_context(ledger())
        self._chat = self._open.enter_context(Chat(self._service, book, rulebooks.today))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._open.close()
        if kind is None:
            self._tell()

    def read(self, masked: Sequence[str]) -> list[dict[str, Any]]:
        """For each masked text what is suggested, as it stands in the result."""
        answers = self._chat.ask([self._choices.question(text) for text in masked])
        return [self._line(answer) for answer in answers]

    def _line(self, answer: Answer) -> dict[str, Any]:
        told: dict[str, Any] = {"by": self._service.model, "unknown": answer.reason or None}
        if answer.value is None:
            return told | {"sentiment": None, "kind": None, "topics": [], "risk": []}
        found = suggested(answer.value)
        codes = {"topics": list(found.topics), "risk": list(found.risks)}
        return told | {"sentiment": found.sentiment or None, "kind": found.kind or None} | codes

    def _tell(self) -> None:
        told, service = self._chat.told, self._service
        without = {reason: told[reason] for reason in WHY if told[reason]}
        values = {"model": service.model, "host": service.host, "asked": told["asked"], "kept": told["kept"]}
        print(both(TOLD, values | {"without": sum(without.values())}), file=sys.stderr)
        for reason, count in without.items():
            print(both(WHY[reason], {"count": count, "trouble": self._chat.caller.trouble}), file=sys.stderr)
