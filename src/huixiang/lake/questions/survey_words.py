"""What was written in a survey's free answers, as it was understood? Counted, never quoted here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ibis

from huixiang.lake.questions.slices import ask, unbound
from huixiang.lake.questions.survey_rows import AnswerSlice, answers_of
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Matter:
    """One topic: in how many texts, and how many of them are negative."""

    code: str
    n: int
    negative: int


@dataclass(frozen=True, slots=True)
class SaidSo:
    """What the free answers to one question say."""

    question: str
    n: int
    negative: int
    neutral: int
    positive: int
    matters: tuple[Matter, ...]  # the most frequent first


def said_in_words(lake: Lake, slice_: AnswerSlice, most: int = 12) -> tuple[SaidSo, ...]:
    """By question, the most written first. Words beside an open choice are those of "question:choice"."""
    return _said(lake, lake.version("answers"), lake.version("voices"), slice_, most)


def said_of(lake: Lake, voices: Mapping[str, Sequence[str]], most: int = 12) -> tuple[SaidSo, ...]:
    """The same of these voices alone: question → their ids."""
    ids = [each for some in voices.values() for each in some]
    rows = lake.rows("voices", ids, columns=["id", "sentiment", "topics"]).to_pylist() if ids else []
    known = {row["id"]: row for row in rows}
    found = [_told(code, [known[each] for each in some if each in known], most) for code, some in voices.items()]
    return tuple(sorted((each for each in found if each.n), key=lambda each: (-each.n, each.question)))


def _told(question: str, rows: Sequence[Mapping[str, Any]], most: int) -> SaidSo:
    feelings = Counter(row["sentiment"] for row in rows)
    topics: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        for topic in row["topics"] or ():
            topics[topic].append(row["sentiment"] == "negative")
    order = sorted(topics, key=lambda topic: (-len(topics[topic]), topic))
    matters = tuple(Matter(topic, len(topics[topic]), sum(topics[topic])) for topic in order[:most])
    counts = {each: feelings[each] for each in ("negative", "neutral", "positive")}
    return SaidSo(question=question, n=len(rows), matters=matters, **counts)


@lru_cache(maxsize=64)
def _said(lake: Lake, _answers: int, _voices: int, slice_: AnswerSlice, most: int) -> tuple[SaidSo, ...]:
    t = answers_of(lake, slice_)
    t = t.filter(t.voice.notnull()).select("question", "voice")
    v = unbound(lake.view("voices"), "voices").select("id", "sentiment", "topics")
    both = t.inner_join(v, t.voice == v.id)
    feelings = ask(
        lake,
        both.group_by("question").aggregate(
            n=both.count(),
            **{each: both.count(where=both.sentiment == each) for each in ("negative", "neutral", "positive")},
        ),
    )
    spread = both.select("question", "sentiment", topic=both.topics.unnest())
    counted = spread.group_by("question", "topic").aggregate(
        n=spread.count(), negative=spread.count(where=spread.sentiment == "negative")
    )
    matters: dict[str, list[Matter]] = {}
    for row in ask(lake, counted.order_by([ibis.desc("n"), "topic"])):
        matters.setdefault(row["question"], []).append(Matter(row["topic"], row["n"], row["negative"]))
    told = [SaidSo(**row, matters=tuple(matters.get(row["question"], [])[:most])) for row in feelings]
    return tuple(sorted(told, key=lambda each: (-each.n, each.question)))
