"""What do LimeSurvey's names mean? Question codes, SGQA identifiers (123X4X56SQ1), and answers piped into words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from huixiang.channels.surveys.relevance import NUMBERED, Named
from huixiang.domain.surveys.conditions import Compare, Operator
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question

_ANSWER = r"(?P<what>(?:list\(that\.)?[A-Za-z]\w*(?:\.(?:shown|NAOK|value|code))?\)?)"
_PIPED = re.compile(rf"\{{{_ANSWER}\}}")
_PIPED_IF = re.compile(rf'\{{if\(is_empty\({_ANSWER}\), "(?P<otherwise>[^"{{}}]*)", (?P=what)\)\}}')
_UNFIT = re.compile(r"[^A-Za-z0-9_]")


class Names:
    """All names of one file, as they become known."""

    def __init__(self) -> None:
        self._by_name: dict[str, Question] = {}
        self._by_qid: dict[str, Question] = {}
        self._codes: set[str] = set()

    def own(self, question: Question) -> Question:
        """The question under a code that our rules allow, and that no other has."""
        code = _UNFIT.sub("_", question.code)[:36]
        code = code if code[:1].isalpha() and code != "end" else f"q_{code}"
        return replace(question, code=self.free(code))

    def know(self, sid: str, gid: str, qid: str, title: str, question: Question) -> None:
        """Under all names by which equations call it."""
        for name in (title, f"{sid}X{gid}X{qid}"):
            self._by_name.setdefault(name, question)
        self._by_qid.setdefault(qid, question)

    def meant(self, name: str) -> Named | None:
        """What a name in an equation means: `Q1`, `Q1_SQ1`, `123X4X56`, `123X4X56SQ1`."""
        if question := self._by_name.get(name):
            return Named(question)
        for cut in range(len(name) - 1, 0, -1):
            question = self._by_name.get(name[:cut].rstrip("_"))
            if question and (found := _part(question, name[cut:].lstrip("_"))):
                return found
        return None

    def chosen(self, qid: str, code: str) -> Compare | None:
        """The condition that this answer of this question was chosen, as quotas call it."""
        question = self._by_qid.get(qid)
        if question is None:
            return None
        codes = {choice.code for choice in question.choices}
        if question.kind is Kind.MULTIPLE and code in codes:
            return Compare(question.code, Operator.INCLUDES, code)
        if question.kind is Kind.MATRIX and "-" in code:
            row, _sign, value = code.rpartition("-")
            return Compare(question.code, Operator.IS, value, row) if value in codes else None
        if question.kind in NUMBERED and code.isdigit():
            return Compare(question.code, Operator.IS, int(code))
        return Compare(question.code, Operator.IS, code) if code in codes else None

    def choices(self, told: Iterable[tuple[str, dict[str, str]]]) -> tuple[Choice, ...]:
        """The choices under codes that our rules allow."""
        known: set[str] = set()
        made = []
        for code, wording in told:
            fit = _UNFIT.sub("_", code)[:36] or "c"
            while fit in known:
                fit += "_"
            known.add(fit)
            made.append(Choice(fit, wording))
        return tuple(made)

    def piped(self, words: str) -> str:
        """{Q1.shown} as {{Q1}}, where there is such a question before; else it stays as it stands, and can be seen."""
        return _PIPED.sub(self._place, _PIPED_IF.sub(self._place, words))

    def _place(self, found: re.Match[str]) -> str:
        named = self.meant(found["what"].removeprefix("list(that.").removesuffix(")").partition(".")[0])
        if named is None or named.choice:
            return found[0]
        otherwise = found.groupdict().get("otherwise")
        row = f".{named.row}" if named.row else ""
        return "{{" + named.question.code + row + ("" if otherwise is None else f"|{otherwise}") + "}}"

    def free(self, code: str) -> str:
        """The code, or where it is taken the next like it; taken from now on."""
        made, number = code, 2
        while made in self._codes:
            made, number = f"{code}_{number}", number + 1
        self._codes.add(made)
        return made


def _part(question: Question, part: str) -> Named | None:
    if question.kind is Kind.MATRIX and part in {row.code for row in question.rows}:
        return Named(question, row=part)
    if question.kind is Kind.MULTIPLE and part in {choice.code for choice in question.choices}:
        return Named(question, choice=part)
    return None
