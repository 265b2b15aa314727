"""Texts are written month by month: does each come once, in its turn, and is what would be said later left out?"""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from huixiang.simulation.events.voices import Said
from huixiang.simulation.exports.spoken import Truths
from huixiang.simulation.exports.waiting import Text, Waiting, text_of, truth_of
from huixiang.simulation.speech import Utterance


def said(text: str, day: int, second: int, customer: int = 1) -> Said:
    return Said("website", day, second, -1, customer, Utterance(text, (), "neutral", "noise", "plain", (), (), ()))


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    with closing(Waiting(tmp_path)) as empty:
        yield empty


def test_a_text_waits_until_its_month_is_over(waiting: Waiting) -> None:
    for one in (said("下月", 31, 5), said("晚", 30, 9), said("早", 2, 9), said("同时", 2, 9), said("下下月", 61, 0)):
        waiting.put(text_of(one))
    assert [one.text for one in waiting.due(30)] == ["早", "同时", "晚"]
    waiting.put(text_of(said("更早的下月", 31, 4)))
    assert [one.text for one in waiting.due(60)] == ["更早的下月", "下月"]
    assert list(waiting.due(60)) == []


def test_texts_come_in_order_of_time_however_they_were_said(waiting: Waiting) -> None:
    dice = np.random.default_rng(7)
    drawn = [tuple(map(int, dice.integers((0, 0, 0), (60, 86_400, 5)))) for _ in range(300)]
    for place, when_and_who in enumerate(drawn):
        waiting.put(text_of(said(f"第{place}条", *when_and_who)))
    by_month: list[Text] = [*waiting.due(29), *waiting.due(59)]
    assert [(one.day, one.second, one.customer) for one in by_month] == sorted(drawn)


def test_memory_holds_when_texts_are_due_and_not_what_they_say(waiting: Waiting) -> None:
    long = "等了很久" * 500
    tracemalloc.start()
    try:
        for place in range(1000):  # six million bytes in all
            waiting.put(text_of(said(long, place % 30, place)))
        assert sum(len(one.text) for one in waiting.due(29)) == 1000 * len(long)
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


def test_truths_stand_by_file_and_leave_nothing_else_behind(tmp_path: Path) -> None:
    truths = Truths(tmp_path)
    call = "hotline/transcripts/{}.vtt"
    for file in (call.format(7), "surveys/答卷.csv", call.format(8), "reviews/app-store.json"):
        truths.add(file, "1", truth_of(said("好", 1, 1)))
    lines = truths.close().read_text("utf-8").splitlines()
    assert [line.split('"')[3] for line in lines] == [
        "reviews/app-store.json", "surveys/答卷.csv", call.format(7), call.format(8),
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["truth-voices.jsonl"]
