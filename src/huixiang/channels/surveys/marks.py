"""What of a question has no place in LimeSurvey, and comes back nevertheless? It stands in the question's CSS class.

LimeSurvey keeps a question's `cssclass` through its own saving and exporting, and does nothing with a class that no
theme knows. So an export that was worked on over there and comes back has still its kinds of questions and its codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from huixiang.channels.surveys.codes import Renaming
from huixiang.domain.surveys.answering import POINTS, points_of
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question

_MARK = re.compile(r"hx-(?P<what>[a-z]+)(?:-(?P<one>\w{1,60}))?(?:-(?P<two>\w{1,60}))?")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


def written(question: Question, code: str, parts: dict[str, str], opened: set[str]) -> str:
    """The class. `code` and `parts` (old by new): what the codes were; `opened`: choices whose words have no place."""
    return " ".join(_marks(question, code, parts, opened))


def _marks(question: Question, code: str, parts: dict[str, str], opened: set[str]) -> Iterator[str]:
    if question.kind in POINTS:
        yield f"hx-{question.kind}" + (f"-{question.most}" if question.most else "")
    if code != question.code:
        yield f"hx-code-{code}"
    if question.kind is Kind.TEXT and question.least:
        yield f"hx-least-{question.least}"
    if question.aspect and re.fullmatch(r"\w{1,60}", question.aspect):
        yield f"hx-aspect-{question.aspect}"
    for new, old in parts.items():
        yield f"hx-part-{new}-{old}"
    for choice in (*question.choices, *question.rows):
        if choice.code in opened:
            yield f"hx-open-{choice.code}"
        if choice.is_fixed:
            yield f"hx-fixed-{choice.code}"


def told(css: str) -> list[tuple[str, str, str]]:
    """The marks of a class: what, and of what."""
    found = (_MARK.fullmatch(each) for each in css.split())
    return [(each["what"], each["one"] or "", each["two"] or "") for each in found if each]


def is_kind(css: str) -> bool:
    """Does the class say which kind of scale it is?"""
    return any(what in set(POINTS) for what, _one, _two in told(css))


def applied(css: str, question: Question) -> Question:
    """The question with what its marks say; a mark that no longer fits the question says nothing."""
    made = question
    for what, one, _two in told(css):
        if what in set(POINTS):
            made = _scale(made, Kind(what), int(one) if one.isdecimal() and len(one) < 4 else 0)
        elif what == "least" and made.kind is Kind.TEXT and one.isdecimal() and len(one) < 5:
            made = replace(made, least=int(one))
        elif what == "aspect":
            made = replace(made, aspect=one)
        elif what in ("open", "fixed"):
            choices, rows = (_marked(listed, one, what) for listed in (made.choices, made.rows))
            made = replace(made, choices=choices, rows=rows if what == "fixed" else made.rows)
    return made


def remembered(css: str, code: str, renaming: Renaming) -> None:
    """Adds which codes stood there before. A code that is none of ours is left."""
    for what, one, two in told(css):
        if what == "code" and _CODE.fullmatch(one):
            renaming.questions[code] = one
        elif what == "part" and two and len(two) <= 40 and two.isascii():
            renaming.parts.setdefault(code, {})[one] = two


def _scale(question: Question, kind: Kind, most: int) -> Question:
    """Only where all points of the scale still stand there, and nothing else."""
    made = replace(question, kind=kind, choices=(), most=most, is_shuffled=False)
    if question.kind is Kind.CSAT:  # type "5", which has no answers of its own
        return made if [*points_of(made)] == [*range(1, 6)] else question
    expected = [str(point) for point in points_of(made)]
    return made if [choice.code for choice in question.choices] == expected else question


def _marked(listed: tuple[Choice, ...], code: str, mark: str) -> tuple[Choice, ...]:
    def one(choice: Choice) -> Choice:
        return replace(choice, is_open=True) if mark == "open" else replace(choice, is_fixed=True)

    return tuple(one(each) if each.code == code else each for each in listed)
