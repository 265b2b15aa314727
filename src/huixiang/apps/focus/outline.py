"""How is a discussion guide written? As an outline that reads like one on paper, and is checked line by line.

    # 开场 5
    - 请介绍一下自己。
      * 多久去一次网点？

A section with its minutes, questions, and what is asked on. The text is what is kept: it leaves and comes in as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from huixiang.channels.contract import Fault

LONGEST = 20_000
MOST_MINUTES = 600
_SECTION = re.compile(r"#+\s*(?P<title>.*?)\s*(?:[（(]?\s*(?P<minutes>\d{1,3})\s*(?:分钟|分|min)?\s*[)）]?)?")


@dataclass(slots=True)
class Question:
    text: str
    probes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    title: str
    minutes: int
    questions: list[Question] = field(default_factory=list)


def read(text: str) -> list[Section]:
    """The guide of this outline. Raises Fault with the line that does not fit, and how to write it."""
    if len(text) > LONGEST:
        raise Fault("提纲最多 %(most)s 字", most=LONGEST)
    sections: list[Section] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            _take(sections, line.strip(), number)
    if sum(section.minutes for section in sections) > MOST_MINUTES:
        raise Fault("提纲合计超过 %(most)s 分钟；请检查各节的分钟数", most=MOST_MINUTES)
    return sections


def minutes(sections: list[Section]) -> int:
    return sum(section.minutes for section in sections)


def _take(sections: list[Section], line: str, number: int) -> None:
    sign, words = line[0], line[1:].strip()
    if sign == "#" and (found := _SECTION.fullmatch(line)) and found["title"]:
        sections.append(Section(found["title"], int(found["minutes"] or 0)))
    elif sign == "-" and words and sections:
        sections[-1].questions.append(Question(words))
    elif sign == "*" and words and sections and sections[-1].questions:
        sections[-1].questions[-1].probes.append(words)
    else:
        raise Fault(
            "提纲第 %(line)s 行读不懂；请以“# ”写一节（末尾写分钟数），其下以“- ”写问题，问题之下以“* ”写追问",
            line=number,
        )
