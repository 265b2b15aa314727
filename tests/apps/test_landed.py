"""What is counted for the pages when files come in? Each table's own questions, and after file upon file once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huixiang.apps.feedback import landed
from huixiang.lake.store import Lake

pytestmark = pytest.mark.one_database


def test_calls_that_land_count_nothing_of_voices_and_several_files_count_once(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    def counter(name: str) -> Callable[[Lake, Callable[[], None]], object]:
        return lambda lake, waiting: counted.append(name)

    monkeypatch.setattr(landed, "COUNTERS", {counter("needs"): "voices", counter("hotline"): "calls"})
    before = landed.versions(lake)
    landed.count_since(before | {"calls": before["calls"] - 1}, lake, lambda: None)
    assert counted == ["hotline"]
    counted.clear()
    with landed.counted_once(lake):
        for _file in range(3):
            landed.count_since(before | {"voices": before["voices"] - 1}, lake, lambda: None)
        assert counted == []
    assert counted == ["needs"]
