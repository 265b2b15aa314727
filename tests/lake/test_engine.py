"""Does memory stay bounded however often the lake is written, and does nobody who reads notice how?"""

from __future__ import annotations

from pathlib import Path

import pytest

from huixiang.lake import engine, questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests.lake.voices import row, table

pytestmark = pytest.mark.one_database


def test_what_was_read_of_files_that_went_is_forgotten_and_readers_of_a_former_version_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "FORMER", 4)
    lake = Lake(tmp_path)
    lake.append_once("voices", table([row(n, month="2026-02") for n in range(3)]), writer="import", batch=1)
    former, begun = lake.view("voices"), lake.engine._database
    reader = lake.stream(f'SELECT id FROM "{former}"')  # asks only later
    for time in range(8):
        lake.set_columns("voices", row(0)["id"], {"topics": [f"C.{time}"]})
        assert questions.count(lake, Slice()) == 3
        assert len(lake.engine._read) <= 4 + 2, "of a table's one file, and a few that went"
    assert lake.engine._database is not begun, "which forgot the rest"
    assert sum(len(batch) for batch in reader) == 3, "a former version is read as long as its files are there"
    told = questions.voice(lake, row(0)["id"])
    assert told is not None
    assert told.topics == ("C.7",)
    lake.purge("voices", older_than_hours=0)
    lake.engine._renew()  # views whose files are gone cannot be told to a new engine
    assert lake.fetch(f'SELECT count(*) AS n FROM "{former}"')["n"].to_pylist() == [3], "what is left answers"
