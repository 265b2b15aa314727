"""Are the labelled reviews in order: every row drawn, labels known, and no text of theirs in the repository?"""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.kinds import agreed, halves, labels
from benchmarks.kinds_sample import FILES, GOLD


def test_the_first_reader_labelled_every_row_that_was_drawn() -> None:
    drawn = halves()
    assert len(drawn) >= 300
    assert set(labels("reader_1")) == set(drawn), "and every label is known, or reading them would fail"
    assert {name for name, _ in drawn} == set(FILES)
    assert min(list(drawn.values()).count(half) for half in ("development", "report")) >= 150


def test_what_is_agreed_is_what_both_say_or_what_was_settled() -> None:
    first, second, settled = labels("reader_1"), labels("reader_2"), labels("agreed")
    for key, label in agreed().items():
        assert label in (settled.get(key), first[key])
        assert key in settled or second[key] == first[key]


def test_no_text_is_kept() -> None:
    for path in Path(GOLD).glob("*.csv"):
        with path.open(encoding="utf-8") as stream:
            assert all(value is None or value.isascii() for row in csv.DictReader(stream) for value in row.values())
