"""What was counted is kept: is it ever wrong, does it ever stand in the way, does it stay small?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from huixiang.lake import kept, questions
from huixiang.lake.kept import Kept
from huixiang.lake.questions import AnyOf, Evidence, PostSlice, Rule, Slice
from huixiang.lake.questions.by_month import Sums
from huixiang.lake.store import Lake
from tests.lake.voices import row, table

pytestmark = pytest.mark.one_database
COUNTS = pa.table({"n": pa.array([1, 2])})


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "part.parquet").touch()
    return str(tmp_path / "part.parquet")


def names(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_a_full_disk_keeps_nothing_and_no_half_of_it(
    tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, write = Kept(tmp_path / "kept"), Path.write_bytes

    def full(place: Path, body: bytes) -> int:
        write(place, body[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    there.put("voices", [file], "q", COUNTS)
    assert names(tmp_path / "kept") == []
    assert there.get("voices", [file], "q") is None


def test_what_is_counted_while_an_erasure_removes_its_files_is_not_kept(
    tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, replace = Kept(tmp_path / "kept"), Path.replace
    there.put("voices", [file], "first", COUNTS)

    def meanwhile(part: Path, target: Path) -> Path:
        Path(file).unlink()
        there.forget("voices", [])  # the erasure comes between the writing and the name
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", meanwhile)
    there.put("voices", [file], "second", COUNTS)
    assert names(tmp_path / "kept") == []
    assert there.stale("voices", []) == [], "the certificate finds nothing"


def test_what_nobody_asks_for_goes_first_by_number_and_by_size(
    tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Kept(tmp_path / "kept")
    monkeypatch.setattr(kept, "MOST", 10)
    for number in range(10):
        there.put("voices", [file], f"{number}", COUNTS)
    for place in names(tmp_path / "kept"):
        os.utime(place, (1, 1))  # long ago
    assert there.get("voices", [file], "0") is not None
    there.put("voices", [file], "new", COUNTS)
    assert len(names(tmp_path / "kept")) == 9
    assert there.get("voices", [file], "0") is not None, "it was asked for"
    monkeypatch.setattr(kept, "MOST_BYTES", 2_000)
    there.put("voices", [file], "other", COUNTS)
    assert sum(each.stat().st_size for each in names(tmp_path / "kept")) <= 2_000


def test_counts_of_an_earlier_version_of_the_product_are_counted_anew(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.append_once("voices", table([row(n, month="2026-02") for n in range(3)]), writer="import", batch=1)

    def sums(schema: pa.Schema) -> list[dict[str, Any]]:
        values = [["2026-02"], [3]]
        told = pa.table([pa.array(v, f.type) for v, f in zip(values, schema, strict=True)], schema=schema)
        found: list[dict[str, Any]] = Sums("one", 10, schema).rows(lake, "", lambda t: told).to_pylist()
        return found

    assert sums(pa.schema([("month", pa.string()), ("n", pa.int32())])) == [{"month": "2026-02", "n": 3}]
    assert sums(pa.schema([("month", pa.string()), ("voices", pa.int64())])) == [{"month": "2026-02", "voices": 3}]


def test_a_voice_put_in_or_left_out_by_hand_counts_so_and_no_text_is_read_again_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    said = [row(n, month="2026-02", searchable="排队" if n % 2 else "贷款", branch="N11") for n in range(8)]
    lake.append_once("voices", table(said), writer="import", batch=1)
    rules = (Rule((AnyOf(terms=("排队",)),)),)
    questions.count_rules(lake, Evidence(rules), ())
    asked = Evidence(rules, pinned=(said[0]["id"], said[1]["id"]), excluded=(said[3]["id"], said[4]["id"]))
    monkeypatch.setattr(Sums, "_read", lambda *_, **__: pytest.fail("read anew"))
    mine = sum(part.mine for part in questions.portrait(lake, Slice(), asked, ()))
    assert mine == questions.count(lake, Slice(evidence=asked)) == 4, "1, 5, 7 by the rule, 0 by hand"
    units = questions.by_branch(lake, Slice(), asked, ())
    assert [(unit.branch, unit.mine) for unit in units] == [("N11", 4)]


def test_a_lake_without_posts_has_no_links(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert questions.count_links(lake) == 0
    assert questions.spread(lake, PostSlice())[0].voices == 0
