"""Is what the lake says it holds there after a power cut, and is what it was asked to forget gone? Also for readers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from huixiang.lake import disk, questions, spill
from huixiang.lake.disk import keep
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests.lake.voices import row, some, table


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """The files and folders that were brought to the disk, as soon as they are."""
    told: set[Path] = set()

    def kept(places: Iterable[Path]) -> None:
        chosen = list(places)
        keep(chosen)
        told.update(chosen)

    monkeypatch.setattr(disk, "keep", kept)
    return told


def files(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if each.is_file() and "voices" in each.parts)


def test_a_version_counts_only_once_its_files_and_their_names_are_on_the_disk(
    tmp_path: Path, safe: set[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from deltalake import DeltaTable

    committed, before_the_log = DeltaTable.create_write_transaction, []

    def commits(self: DeltaTable, actions: Any, *args: Any, **named: Any) -> None:
        before_the_log.append({each for each in files(tmp_path) if each.suffix == ".parquet"} - safe)
        committed(self, actions, *args, **named)

    monkeypatch.setattr(DeltaTable, "create_write_transaction", commits)
    lake = Lake(tmp_path)
    for batch in range(1, 23):  # the twentieth brings a checkpoint
        lake.append_once("voices", table(some(1, batch)), writer="import", batch=batch)
        assert set(files(tmp_path)) <= safe
    assert not any(before_the_log)
    assert {each.parent for each in files(tmp_path)} <= safe
    lake.erase([row(1)["id"]])
    lake.tidy()
    assert set(files(tmp_path)) <= safe


def test_who_reads_while_another_process_erases_gets_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The erasure comes after the question has chosen its version, and before it opens the files."""
    reader, worker = Lake(tmp_path), Lake(tmp_path)
    reader.append_once("voices", table(some(60)), writer="import", batch=1)
    going = iter([row(n)["id"] for n in range(40, 60)])
    view = Lake.view

    def view_and_erasure(self: Lake, name: str) -> str:
        found = view(self, name)
        if self is reader:
            worker.erase([next(going)])
        return found

    monkeypatch.setattr(Lake, "view", view_and_erasure)
    assert questions.count(reader, Slice()) == 59
    page = questions.page(reader, Slice(), size=10)
    assert len(page.voices) in (9, 10)
    assert page.next
    assert set(questions.known(reader, [row(1)["id"]])) == {row(1)["id"]}
    assert len(list(questions.stream(reader, Slice()))) == 56
    assert reader.version("voices") == worker.version("voices")


def test_a_page_goes_on_where_its_last_voice_was_erased_between_two_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    lake.append_once("voices", table(some(5)), writer="import", batch=1)
    newest = questions.page(lake, Slice(), size=2).voices[1]
    whole = Lake.rows_at

    def after_the_erasure(self: Lake, view: str, *args: Any) -> Any:
        Lake(tmp_path).erase([newest.id])
        return whole(self, view, *args)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Lake, "rows_at", after_the_erasure)
        page = questions.page(lake, Slice(), size=2)
    assert len(page.voices) == 1
    assert len(questions.page(lake, Slice(), before=page.next, size=9).voices) == 3


def test_the_earliest_of_the_copies_takes_the_place_of_an_original_that_goes(tmp_path: Path) -> None:
    lake, days = Lake(tmp_path), [datetime(2026, month, 3, tzinfo=UTC) for month in range(1, 8)]
    first = row(0, duplicate_of=None, said_at=days[0], month="2026-01")
    copies = [row(n, duplicate_of=first["id"], said_at=days[n], month=f"2026-0{1 + n}") for n in range(1, 7)]
    others = [row(n, duplicate_of=None) for n in range(10, 15)]
    lake.append_once("voices", table([first, *copies[3:], *others]), writer="import", batch=1)
    lake.append_once("voices", table(copies[:3]), writer="import", batch=2)
    changed = [first | {"text": "改了", "version": 2}, copies[0] | {"text": "也改了", "duplicate_of": None}]
    lake.upsert_once("voices", table(changed), writer="import", batch=3, strayed=[first["id"]])
    families = {voice.id: voice.duplicate_of for voice in questions.stream(lake, Slice())}
    heir = copies[1]["id"]
    assert {families[each["id"]] for each in copies[2:]} == {heir}
    assert {families[each["id"]] for each in [first, *copies[:2], *others]} == {None}
    lake.upsert_once("voices", table(changed), writer="import", batch=3, strayed=[heir])
    lake.erase([heir, copies[2]["id"]])
    left = {voice.id: voice.duplicate_of for voice in questions.stream(lake, Slice())}
    assert left == {
        each: {copies[4]["id"]: copies[3]["id"], copies[5]["id"]: copies[3]["id"]}.get(each)
        for each in set(families) - {heir, copies[2]["id"]}
    }


def test_a_folder_taken_for_a_dead_process_s_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, purged = os.open, list[Any]()

    def purging(path: Any, *args: Any, **named: Any) -> Any:
        if not purged:  # by another process, before this one has locked its new folder
            purged.append(path)
            spill.remove_orphans(tmp_path)
        return opened(path, *args, **named)

    monkeypatch.setattr(os, "open", purging)
    folder = spill.Spill(tmp_path)
    assert Path(folder.name).is_dir()
    assert folder.name != purged[0]
