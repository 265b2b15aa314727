"""Do long texts come in like short ones: in short stretches, on the second core, and whatever becomes of the order?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from huixiang.apps.feedback import importing, in_use, interpreter, reading
from huixiang.apps.feedback.interpreter import CHARACTERS_AT_ONCE, Interpreter, read
from huixiang.domain.feedback import Channel, Record
from huixiang.domain.understanding.contract import Understanding
from huixiang.domain.understanding.understander import VERSION, Understander
from huixiang.lake import questions, store
from huixiang.lake.engine import Engine
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests.apps.arrivals import Silent, begin, bring_in, counts, row, table
from tests.make import Bank

pytestmark = pytest.mark.one_database


def test_long_texts_make_short_stretches_so_that_memory_does_not_grow_with_them(
    tmp_path: Path, lake: Lake, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHARACTERS", 10_000)
    letters = [row(n, 内容=f"第{n}封信。" + "排队太久了。" * (500 if n % 2 else 1)) for n in range(20)]
    imported = bring_in(table(tmp_path / "信.csv", letters))
    assert counts(imported) == (20, 20, 0, 0, 0)
    assert [batch.read for batch in imported.batches.order_by("pk")] == [8, 8, 4]


def test_an_import_whose_voices_cannot_be_put_in_order_is_done_and_its_account_is_true(
    tmp_path: Path, lake: Lake, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def places(engine: Engine, files: Sequence[str], order: Sequence[str]) -> None:
        raise duckdb.OutOfMemoryException

    monkeypatch.setattr(reading, "ROWS", 5)
    monkeypatch.setattr(store, "APPENDS_BETWEEN_TIDYING", 2)
    monkeypatch.setattr(Engine, "places", places)
    imported = begin(table(tmp_path / "留言.csv", [row(n) for n in range(20)]))
    importing.run(Silent(), str(imported.pk))
    assert counts(imported) == (20, 20, 0, 0, 0)
    assert not imported.batches.filter(confirmed_at=None).exists()
    assert questions.count(lake, Slice()) == 20


def test_few_long_texts_are_understood_on_the_second_core_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "FEW_CHARACTERS", 2_000)
    short = Record(Channel.WEBSITE, "1", "排队太久了。")
    letter = Record(Channel.WEBSITE, "2", "排队太久了，" * 400)
    with Interpreter() as reader:
        here = reader.submit([short]).result()
        assert reader._process is None
        there = reader.submit([short, letter]).result()
        assert reader._process is not None
        monkeypatch.setattr(interpreter, "AT_ONCE", 1)
        coming = reader.submit([short, letter] * 15)
        assert coming.result() == there * 15, "in order, whoever read them"
        assert any(part.here for part in coming._parts), "who would only wait reads what nobody has begun"
    assert there[0] == here[0]


def test_texts_are_understood_so_many_at_a_time_as_memory_allows() -> None:
    portions: list[int] = []

    class Watched(Understander):
        def read(self, texts: Sequence[str], addressed: Sequence[bool] = ()) -> list[Understanding]:
            portions.append(sum(map(len, texts)))
            return super().read(texts, addressed)

    said = [
        "好" * length for length in (CHARACTERS_AT_ONCE // 2, CHARACTERS_AT_ONCE // 2 + 1, 1, CHARACTERS_AT_ONCE * 2)
    ]
    records = [Record(Channel.WEBSITE, str(number), text) for number, text in enumerate([*said, *["慢"] * 501])]
    assert [found.text for found in read(in_use.Reading(Watched(), VERSION), records)] == [
        record.text for record in records
    ]
    assert portions == [50_000, 50_002, 200_000, 500, 1]


def test_a_word_that_a_letter_repeats_is_held_once() -> None:
    (found,) = Understander().read(["手机银行闪退，" * 50])
    assert len(found.words) >= 50
    assert len({id(word) for word in found.words}) == len(set(found.words))
