"""How does a person write a list of choices? One a line: `其他 [可填写]`, or with its code `yes = 办成了`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from huixiang.domain.surveys.questionnaire import Choice

MARKS = {"可填写": "is_open", "互斥": "is_exclusive", "固定": "is_fixed"}
_CODE = re.compile(r"\s*([A-Za-z0-9_]{1,40})\s*[=＝]\s*(.*)", re.S)
_MARK = re.compile(r"\s*[\[【](可填写|互斥|固定)[\]】]\s*$")


def to_lines(choices: Iterable[Choice], language: str) -> str:
    """The choices as a person reads and changes them."""
    return "\n".join(
        f"{each.code} = {each.wording.get(language, '')}"
        + "".join(f" [{mark}]" for mark, name in MARKS.items() if getattr(each, name))
        for each in choices
    )


def from_lines(text: str, language: str, former: Iterable[Choice] = (), letter: str = "c") -> tuple[Choice, ...]:
    """The choices that were written. What keeps its code or words keeps its translations and the conditions upon it."""
    known = {each.code: each for each in former}
    by_words = {each.wording.get(language, ""): each for each in known.values()}
    read = [_read(line) for line in text.splitlines() if line.strip()]
    taken = {code for code, _, _ in read if code} | set(known)
    made = []
    for given, words, marks in read:
        before = known.get(given) if given else by_words.get(words)
        code = given or (before.code if before else _free(letter, taken))
        taken.add(code)
        wording = {**(before.wording if before else {}), language: words}
        made.append(replace(Choice(code, wording), **dict.fromkeys(marks, True)))  # type: ignore[arg-type]
    return tuple(made)


def _read(line: str) -> tuple[str, str, list[str]]:
    words, marks = line.strip(), []
    while found := _MARK.search(words):
        marks.append(MARKS[found[1]])
        words = words[: found.start()]
    coded = _CODE.fullmatch(words)
    return (coded[1], coded[2].strip(), marks) if coded else ("", words, marks)


def _free(letter: str, taken: set[str]) -> str:
    number = 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"
