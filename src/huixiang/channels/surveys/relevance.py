"""What does LimeSurvey's "relevance equation" say? Comparisons with and, or, not; what is more is told, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some
from huixiang.domain.surveys.questionnaire import Kind, Question

LONGEST = 4000
DEEPEST = 40  # brackets within brackets
NUMBERED = (Kind.NPS, Kind.CSAT, Kind.CES)
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<sign>==|!=|>=|<=|&&|\|\||[<>!()=])"""
    r"""|(?P<name>[A-Za-z0-9_]+(?:\.[A-Za-z_]+)?(?:\#\d)?))"""
)
_WORDS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "ge": ">="}
_WORDS |= {"le": "<=", "gt": ">", "lt": "<", "=": "=="}
_MIRRORED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SUFFIX = re.compile(r"\.(NAOK|value|code|shown|valueNAOK)$", re.I)


class Unread(ValueError):
    """It says something that our conditions cannot."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a name in an equation means: a question, and of it a matrix row or one of several choices."""

    question: Question
    row: str = ""
    choice: str = ""


Resolve = Callable[[str], Named | None]


def any_of(parts: Sequence[Condition]) -> Condition:
    """One of several; where all ask for a certain choice of the same question, that is one comparison."""
    first = parts[0]
    if len(parts) == 1:
        return first
    values = [each.value for each in parts if isinstance(each, Compare) and _is_like(each, first)]
    if isinstance(first, Compare) and len(values) == len(parts):
        return Compare(first.question, Operator.ONE_OF, tuple(map(str, values)), first.row)
    return Some(tuple(parts))


def _is_like(each: Compare, first: Condition) -> bool:
    """Does it ask whether the same question was answered with a certain choice?"""
    return (
        isinstance(first, Compare)
        and each.operator is Operator.IS
        and isinstance(each.value, str)
        and (each.question, each.row) == (first.question, first.row)
    )


def condition_of(equation: str, resolve: Resolve) -> Condition | None:
    """The condition that the equation says; None: it always holds. Raises Unread."""
    if len(equation) > LONGEST:
        raise Unread("too long")
    tokens = _tokens(equation)
    if tokens in ([], [("number", "1")], [("text", "1")]):
        return None
    reader = _Reader(tokens, resolve)
    made = reader.some(0)
    if reader.rest:
        raise Unread(reader.rest[0][1])
    return made


def _tokens(equation: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = equation.strip().removeprefix("{").removesuffix("}")
    while at < len(text.rstrip()):
        token = _TOKEN.match(text, at)
        if token is None:
            raise Unread(text[at : at + 20])
        kind, value = str(token.lastgroup), str(token[token.lastgroup or 0])
        at = token.end()
        value = value[1:-1] if kind == "text" else value
        if kind != "text" and value.lower() in _WORDS:
            kind, value = "sign", _WORDS[value.lower()]
        found.append((kind, value))
    return found


class _Reader:
    """Recursive descent: or, and, not, a bracket or a comparison."""

    def __init__(self, tokens: list[tuple[str, str]], resolve: Resolve) -> None:
        self.rest, self.resolve = tokens, resolve

    def some(self, depth: int) -> Condition:
        parts = [self._all(depth)]
        while self._takes("||"):
            parts.append(self._all(depth))
        return any_of(parts)

    def _all(self, depth: int) -> Condition:
        parts = [self._one(depth)]
        while self._takes("&&"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Unread("((((")
        if self._takes("!"):
            return Not(self._one(depth + 1))
        if self._takes("("):
            made = self.some(depth + 1)
            self._must(")")
            return made
        if self.rest[:1] and self.rest[0][1].lower() == "is_empty":
            return self._emptiness()
        return self._comparison()

    def _emptiness(self) -> Condition:
        self.rest = self.rest[1:]
        self._must("(")
        named = self._named(self._next())
        self._must(")")
        return _empty(named)

    def _comparison(self) -> Condition:
        left = self._next()
        sign = self._next()
        if sign[0] != "sign" or sign[1] not in ("==", "!=", ">", "<", ">=", "<="):
            raise Unread(sign[1])
        right = self._next()
        if left[0] == "name":
            return _compared(self._named(left), sign[1], right)
        return _compared(self._named(right), _MIRRORED.get(sign[1], sign[1]), left)

    def _named(self, token: tuple[str, str]) -> Named:
        found = self.resolve(_SUFFIX.sub("", token[1])) if token[0] == "name" else None
        if found is None:
            raise Unread(token[1])
        return found

    def _next(self) -> tuple[str, str]:
        if not self.rest:
            raise Unread("…")
        token, self.rest = self.rest[0], self.rest[1:]
        return token

    def _takes(self, sign: str) -> bool:
        if self.rest and self.rest[0] == ("sign", sign):
            self.rest = self.rest[1:]
            return True
        return False

    def _must(self, sign: str) -> None:
        if not self._takes(sign):
            raise Unread(sign)


def _empty(named: Named) -> Condition:
    if named.choice:
        return Not(Compare(named.question.code, Operator.INCLUDES, named.choice))
    return Compare(named.question.code, Operator.UNANSWERED, row=named.row)


def _compared(named: Named, sign: str, value: tuple[str, str]) -> Condition:
    if value[0] == "name":
        raise Unread(value[1])
    text, question = value[1], named.question
    if sign in ("==", "!="):
        made = _equal(named, text)
        return made if sign == "==" else _otherwise(made, named)
    if question.kind is Kind.DATE and sign in (">=", "<=") and _DAY.fullmatch(text):
        return Compare(question.code, Operator.AT_LEAST if sign == ">=" else Operator.AT_MOST, text)
    if not re.fullmatch(r"-?\d+", text) or named.choice:
        raise Unread(text)
    bound = int(text) + (1 if sign == ">" else -1 if sign == "<" else 0)
    is_least = sign in (">", ">=")
    if question.kind in NUMBERED:
        return Compare(question.code, Operator.AT_LEAST if is_least else Operator.AT_MOST, bound)
    fits = tuple(
        choice.code
        for choice in question.choices
        if choice.code.isdigit() and (int(choice.code) >= bound if is_least else int(choice.code) <= bound)
    )
    if not fits:
        raise Unread(text)
    return any_of([Compare(question.code, Operator.IS, fit, named.row) for fit in fits])


def _equal(named: Named, text: str) -> Condition:
    code = named.question.code
    if named.choice:
        if text not in ("Y", ""):
            raise Unread(text)
        chosen = Compare(code, Operator.INCLUDES, named.choice)
        return chosen if text else Not(chosen)
    if not text:
        return Compare(code, Operator.UNANSWERED, row=named.row)
    if named.question.kind in NUMBERED:
        if not text.isdigit():
            raise Unread(text)
        return Compare(code, Operator.IS, int(text))
    known = {choice.code for choice in named.question.choices}
    value = "other" if text == "-oth-" else text
    if known and value not in known:
        raise Unread(text)
    return Compare(code, Operator.IS, value, named.row)


def _otherwise(made: Condition, named: Named) -> Condition:
    match made:
        case Not(part):
            return part
        case Compare(operator=Operator.UNANSWERED):
            return Compare(named.question.code, Operator.ANSWERED, row=named.row)
        case _:
            return Not(made)
