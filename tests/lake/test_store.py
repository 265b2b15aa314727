"""Do the facts stay whole, whatever happens to the process that writes them?"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huixiang.domain.feedback import digest
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.schema import GROUP, TABLES, VOICES
from huixiang.lake.schema import UTC as UTC_MOMENT
from huixiang.lake.store import Lake
from tests.lake.voices import row, some, table

ROWS = some(40)
ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pathlib import Path
from huixiang.lake.store import Lake
from tests.lake.voices import some, table
lake = Lake(Path(sys.argv[1]))
for batch in range(1, 16):
    lake.append_once("voices", table(some(40, 40 * batch)), writer=sys.argv[2], batch=batch)
    if batch % 5 == 0:
        lake.upsert_once("voices", table(some(20, 40 * batch)), writer=sys.argv[2] + "-again", batch=batch)
        lake.tidy()
"""


def writing(path: Path, writer: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path), writer], cwd=ROOT)


def content(lake: Lake) -> list[tuple[str, str, int]]:
    return sorted((v.id, v.text, v.version) for v in questions.stream(lake, Slice()))


def test_a_batch_brought_twice_counts_once(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for _ in range(2):
        lake.append_once("voices", table(some(10)), writer="import", batch=1)
    assert questions.count(lake, Slice()) == 10
    assert lake.batch_done("voices", "import") == 1
    assert lake.batch_done("voices", "another") == 0


def test_a_changed_voice_takes_the_place_of_its_former_version_also_in_another_month(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.append_once("voices", table(some(10)), writer="import", batch=1)
    changed = row(3, version=2, month="2027-01", text="改了")
    lake.upsert_once("voices", table([changed, row(99)]), writer="import", batch=2)
    found = questions.voice(lake, changed["id"])
    assert found is not None
    assert (found.version, found.month, found.text) == (2, "2027-01", "改了")
    assert questions.count(lake, Slice()) == 11


def test_a_correction_is_a_new_version_and_the_old_one_can_still_be_read(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.append_once("voices", table([row(1, sentiment="negative")]), writer="import", batch=1)
    before = lake.version("voices")
    lake.set_columns("voices", row(1)["id"], {"sentiment": "positive", "understood_by": "person"})
    assert questions.shares(lake, Slice(), "channel")[0].positive == 1
    then = pa.concat_tables([pq.read_table(file) for file in lake.files("voices", version=before)])
    assert then["sentiment"].to_pylist() == ["negative"]
    with pytest.raises(ValueError, match="no columns"):
        lake.set_columns("voices", row(1)["id"], {"id": "another"})


def test_what_is_erased_is_gone_from_every_table_and_every_former_version(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for name in ("voices", "past_voices"):
        lake.append_once(name, table(some(5)), writer="import", batch=1)
    lake.erase([row(2)["id"]])
    assert questions.voice(lake, row(2)["id"]) is None
    assert questions.history(lake, row(2)["id"]) == []
    files = [file for file in tmp_path.rglob("*.parquet") if "_delta_log" not in file.parts]
    left = [id_ for file in files for id_ in pq.ParquetFile(file).read(["id"])["id"].to_pylist()]
    assert row(2)["id"] not in left
    assert len(left) == 8


def test_nothing_of_an_erased_voice_is_left_in_any_file(tmp_path: Path) -> None:
    lake, reader = Lake(tmp_path), Lake(tmp_path)
    secret = {"text": "只有她这么说", "source_id": "只有她的编号", "extra": '{"备注": "只有她"}'}
    lake.append_once("voices", table([*some(5), row(99, **secret)]), writer="import", batch=1)
    lake.append_once("past_voices", table([row(99, **secret)]), writer="import", batch=1)
    lake.upsert_once("voices", table([row(99, version=2, **secret)]), writer="import", batch=2)
    assert "只有她" not in entries(tmp_path)
    assert questions.count(reader, Slice()) == 6
    lake.erase([row(99)["id"]])
    everything = entries(tmp_path) + "".join(
        str(pq.ParquetFile(each).read().to_pylist()) for each in tmp_path.rglob("*.parquet")
    )
    for value in (*secret.values(), row(99)["id"]):
        assert value not in everything
    assert questions.count(reader, Slice()) == 5
    assert reader.batch_done("voices", "import") == 2
    lake.append_once("voices", table(some(5, 5)), writer="import", batch=3)
    assert questions.count(reader, Slice()) == questions.count(Lake(tmp_path), Slice()) == 10


def entries(lake: Path) -> str:
    """What the tables' logs say."""
    return "".join(each.read_text() for each in lake.rglob("*.json"))


def test_what_is_sorted_on_disk_lies_where_nobody_else_reads(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    ((place,),) = lake.engine.fetch("SELECT current_setting('temp_directory') AS place").to_pydict().values()
    assert Path(place).parent.parent == lake.path / ".spill"
    assert stat.S_IMODE(Path(place).stat().st_mode) == stat.S_IMODE(Path(place).parent.stat().st_mode) == 0o700


def test_a_lake_of_an_earlier_version_gets_the_columns_that_came_since(tmp_path: Path, monkeypatch: Any) -> None:
    older = VOICES
    for name in ("kind", "topics", "risks", "aspects", "findings"):
        older = older.remove(older.get_field_index(name))
    with monkeypatch.context() as then:
        then.setitem(TABLES, "voices", older)
        Lake(tmp_path).append_once("voices", table(ROWS).select(older.names), writer="import", batch=1)
    lake = Lake(tmp_path)
    assert lake.upgrade() > 0
    assert lake.upgrade() == 0
    assert content(lake) == sorted((v["id"], v["text"], v["version"]) for v in ROWS)
    assert {(v.kind, v.topics) for v in questions.stream(lake, Slice())} == {(None, ())}
    assert lake.batch_done("voices", "import") == 1


def test_tidying_changes_the_files_and_nothing_else(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for batch in range(5):
        lake.append_once("voices", table(some(30, 30 * batch)), writer="import", batch=batch + 1)
    before, files = content(lake), len(lake.files("voices"))
    assert lake.tidy() > 0
    assert content(lake) == before
    assert len(lake.files("voices")) < files
    assert lake.tidy() == 0
    assert lake.batch_done("voices", "import") == 5


def test_a_writer_killed_at_any_moment_leaves_whole_batches_and_goes_on(tmp_path: Path) -> None:
    undisturbed = Lake(tmp_path / "undisturbed")
    assert writing(undisturbed.path, "w").wait(60) == 0
    killed = Lake(tmp_path / "killed")
    for pause in (1.5, 1.9, 2.2):
        process = writing(killed.path, "w")
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert questions.count(killed, Slice()) % 40 == 0
    assert writing(killed.path, "w").wait(60) == 0
    assert content(killed) == content(undisturbed)


def test_two_writers_at_once_both_get_their_batches_in(tmp_path: Path) -> None:
    processes = [writing(tmp_path, name) for name in ("one", "two")]
    assert [process.wait(90) for process in processes] == [0, 0]
    lake = Lake(tmp_path)
    assert (lake.batch_done("voices", "one"), lake.batch_done("voices", "two")) == (15, 15)


def test_a_reader_keeps_its_version_while_another_process_tidies(tmp_path: Path) -> None:
    writer, reader = Lake(tmp_path), Lake(tmp_path)
    writer.append_once("voices", table(some(20)), writer="import", batch=1)
    first = questions.stream(reader, Slice())
    next(first)
    writer.append_once("voices", table(some(20, 20)), writer="import", batch=2)
    writer.tidy()
    assert sum(1 for _ in first) == 19
    assert questions.count(reader, Slice()) == 40


def test_the_lock_is_free_again_when_its_holder_dies(tmp_path: Path) -> None:
    holder = "import sys, time; from pathlib import Path; from huixiang.lake.store import Lake\n"
    holder += "with Lake(Path(sys.argv[1])).writing(): print('held', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", holder, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with Lake(tmp_path).writing():
        pass


def in_order(file: str) -> bool:
    """Do the file's row groups follow each other from the newest to the oldest?"""
    footer = pq.read_metadata(file)
    place = footer.schema.names.index("said_at")
    spans = [footer.row_group(n).column(place).statistics for n in range(footer.num_row_groups)]
    assert len(spans) > 2
    return all(newer.min >= older.max for newer, older in pairwise(spans))


def test_a_months_voices_lie_newest_first_and_corrections_keep_it_so(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    number, start = 5 * GROUP, datetime(2026, 3, 2, tzinfo=UTC)
    rows = table([row(1, month="2026-03")]).take([0] * number)
    ids = pa.array([digest("test", str(n)) for n in range(number)])
    moments = pa.array([start + timedelta(seconds=n) for n in range(number)], UTC_MOMENT)
    for name, values in {"id": ids, "said_at": moments}.items():
        rows = rows.set_column(VOICES.get_field_index(name), VOICES.field(name), values)
    lake.append_once("voices", rows, writer="import", batch=1)
    assert all(map(in_order, lake.files("voices")))
    lake.set_columns("voices", digest("test", "7"), {"sentiment": "neutral"})
    lake.append_once("voices", rows.slice(0, 0), writer="import", batch=2)
    assert all(map(in_order, lake.files("voices")))
    lake.append_once("voices", table([row(2, month="2026-03")]), writer="import", batch=3)
    assert lake.tidy() == 1
    assert all(map(in_order, lake.files("voices")))
    assert questions.count(lake, Slice()) == number + 1
