"""Does the lake keep its order and its promises when texts are long, or when putting them in order fails?"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from huixiang.lake import ordering, questions, writing
from huixiang.lake.engine import Engine
from huixiang.lake.questions import Slice
from huixiang.lake.store import APPENDS_BETWEEN_TIDYING, Lake
from tests.lake.voices import row, some, table

MONTH = "2026-02"


def in_order(lake: Lake) -> list[list[str]]:
    """Of each file, its voices as they lie."""
    return [pq.ParquetFile(file).read(["id"])["id"].to_pylist() for file in sorted(lake.files("voices"))]


def as_they_should_lie(rows: list[dict[str, Any]]) -> list[str]:
    return [v["id"] for v in sorted(rows, key=lambda v: (v["said_at"], v["id"]), reverse=True)]


@pytest.fixture
def unsortable(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    def places(engine: Engine, files: Sequence[str], order: Sequence[tuple[str, str]]) -> None:
        raise duckdb.OutOfMemoryException("a customer's text stood here")

    monkeypatch.setattr(Engine, "places", places)
    return monkeypatch


def test_letters_far_longer_than_the_engine_may_hold_are_put_in_order(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.engine._database.execute("SET GLOBAL memory_limit = '16MB'")
    letter = "手机银行转账登录打不开" * 2_000
    letters = [row(n, month=MONTH, text=f"{n}{letter}", searchable=letter) for n in range(200)]
    for batch in range(4):
        lake.append_once("voices", table(letters[batch::4]), writer="import", batch=batch + 1)
    assert lake.tidy() == 1
    assert in_order(lake) == [as_they_should_lie(letters)]
    (file,) = map(pq.ParquetFile, lake.files("voices"))
    assert file.metadata.num_row_groups > 1, "whoever reads them need not hold them all at once either"
    lake.erase([letters[7]["id"]])
    assert questions.count(lake, Slice()) == 199
    assert not (tmp_path / ".spill" / "ordering").exists()


def test_however_many_pieces_and_files_a_month_takes_no_row_is_lost_or_out_of_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "PIECE_BYTES", 8_000)
    monkeypatch.setattr(writing, "FILE_BYTES", 1 << 20)
    lake, voices = Lake(tmp_path), [v | {"month": MONTH} for v in some(600)]
    dice = np.random.default_rng(5)
    voices[300]["text"] = "长" * 50_000  # longer than several pieces
    for batch, part in enumerate(np.array_split(dice.permutation(600), 5)):
        lake.append_once("voices", table([voices[n] for n in part]), writer="import", batch=batch + 1)
    voices[3]["version"] = 2
    lake.upsert_once("voices", table([voices[3]]), writer="import", batch=6)
    before = sorted(voice.text for voice in questions.stream(lake, Slice()))
    assert lake.tidy() == 1
    (lies,) = in_order(lake)
    assert lies == as_they_should_lie(voices)
    assert sorted(voice.text for voice in questions.stream(lake, Slice())) == before
    assert lake.tidy() == 0, "what is in order stays as it is"


def test_a_month_of_many_voices_is_several_files_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "PIECE_BYTES", 8_000)
    monkeypatch.setattr(writing, "FILE_BYTES", 30_000)
    lake, voices = Lake(tmp_path), [v | {"month": MONTH} for v in some(300)]
    lake.append_once("voices", table(voices[::2]), writer="import", batch=1)
    lake.append_once("voices", table(voices[1::2]), writer="import", batch=2)
    lake.tidy()
    files = in_order(lake)
    assert len(files) > 2
    should = as_they_should_lie(voices)
    assert [id_ for file in sorted(files, key=lambda file: should.index(file[0])) for id_ in file] == should


def test_a_correction_stands_where_its_voice_stood_and_makes_no_file_more(tmp_path: Path) -> None:
    lake, voices = Lake(tmp_path), [v | {"month": MONTH} for v in some(300)]
    lake.append_once("voices", table(voices), writer="import", batch=1)
    lake.tidy()
    for number in (3, 70, 71):
        lake.set_columns("voices", voices[number]["id"], {"sentiment": "positive", "understood_by": "person"})
    lake.upsert_once("voices", table([voices[9] | {"version": 2}, row(999, month=MONTH)]), writer="import", batch=2)
    lies, came = sorted(in_order(lake), key=len, reverse=True)
    assert sorted(lies) == sorted(v["id"] for v in voices)
    assert came == [row(999)["id"]]
    assert lake.rows("voices", [voices[9]["id"]])["version"].to_pylist() == [2]
    assert lake.rows("voices", [voices[70]["id"]])["understood_by"].to_pylist() == ["person"]


def test_the_log_tells_of_each_file_what_lies_in_it_and_quotes_no_text(tmp_path: Path) -> None:
    lake, voices = Lake(tmp_path), some(50)
    lake.append_once("voices", table(voices), writer="import", batch=1)
    for month in lake.months("voices"):
        here = [v for v in voices if v["month"] == month]
        (file,) = [each for each in _added(tmp_path) if each["partitionValues"]["month"] == month]
        told = json.loads(file["stats"])
        assert told["numRecords"] == len(here)
        assert told["minValues"]["said_on"] == str(min(v["said_on"] for v in here))
        assert told["maxValues"]["id"] == max(v["id"] for v in here)
        assert told["nullCount"]["branch"] == sum(v["branch"] is None for v in here)
        assert set(told["minValues"]) <= {"id", "said_at", "said_on", "branch"}
        assert file["size"] == (tmp_path / "voices" / file["path"]).stat().st_size


def _added(path: Path) -> list[dict[str, Any]]:
    log = (path / "voices" / "_delta_log" / f"{1:020}.json").read_text("utf-8")
    return [entry["add"] for entry in map(json.loads, log.splitlines()) if "add" in entry]


def test_what_came_in_stays_in_if_it_cannot_be_put_in_order_and_the_night_tries_again(
    tmp_path: Path, unsortable: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lake = Lake(tmp_path)
    with caplog.at_level(logging.ERROR):
        for batch in range(APPENDS_BETWEEN_TIDYING):
            lake.append_once("voices", table(some(20, 20 * batch)), writer="import", batch=batch + 1)
    assert lake.batch_done("voices", "import") == APPENDS_BETWEEN_TIDYING
    assert questions.count(lake, Slice()) == 20 * APPENDS_BETWEEN_TIDYING
    assert "OutOfMemoryException" in caplog.text
    assert "customer" not in caplog.text
    unsortable.undo()
    assert lake.tidy() == len(lake.months("voices"))
    assert questions.count(lake, Slice()) == 20 * APPENDS_BETWEEN_TIDYING


def test_an_erasure_is_complete_although_nothing_can_be_put_in_order(
    tmp_path: Path, unsortable: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    for batch in range(3):
        lake.append_once("voices", table(some(10, 10 * batch)), writer="import", batch=batch + 1)
    lake.append_once("past_voices", table(some(5)), writer="import", batch=1)
    left_behind = tmp_path / ".spill" / "ordering" / "0"  # by a process killed while it sorted
    left_behind.parent.mkdir(parents=True)
    left_behind.write_text(row(2)["text"])
    lake.erase([row(2)["id"]])
    files = [file for file in tmp_path.rglob("*.parquet") if "_delta_log" not in file.parts]
    ids = [each for file in files for each in pq.ParquetFile(file).read(["id"])["id"].to_pylist()]
    assert row(2)["id"] not in ids
    assert len(ids) == 29 + 4
    assert not left_behind.exists()


def test_a_failing_night_still_clears_old_versions_and_tells_of_its_failure(
    tmp_path: Path, unsortable: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    for batch in range(2):
        lake.append_once("voices", table(some(10, 10 * batch)), writer="import", batch=batch + 1)
    lake.set_columns("voices", row(1)["id"], {"sentiment": "positive"})
    old = set(lake.files("voices", version=2))
    with pytest.raises(duckdb.OutOfMemoryException):
        lake.tidy(older_than_hours=0)
    gone = old - set(lake.files("voices"))
    assert gone
    assert not any(Path(file).exists() for file in gone)


def test_the_log_is_shortened_now_and_then_so_that_opening_stays_quick(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for batch in range(22):
        lake.append_once("voices", table([row(batch, month=MONTH)]), writer="import", batch=batch + 1)
    assert list((tmp_path / "voices" / "_delta_log").glob("*.checkpoint*.parquet"))
    assert DeltaTable(tmp_path / "voices").transaction_version("import") == 22


def test_what_a_killed_process_had_to_put_on_disk_goes_with_an_erasure_and_of_a_living_one_it_stays(
    tmp_path: Path,
) -> None:
    lake, reader = Lake(tmp_path), Lake(tmp_path)
    lake.append_once("voices", table(some(5)), writer="import", batch=1)
    code = "import os, sys; from huixiang.lake.store import Lake; L = Lake(sys.argv[1]); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    spilled = tmp_path / ".spill"
    assert len(list(spilled.iterdir())) == 3
    lake.erase([row(2)["id"]])
    assert {str(each) for each in spilled.iterdir()} == {lake.engine._spill.name, reader.engine._spill.name}
