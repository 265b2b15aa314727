"""Does the page on scenario files and exports say what is in them? `make docs` writes it anew."""

from __future__ import annotations

from pathlib import Path

from tests.simulation import reference


def test_the_committed_page_is_current(small: Path) -> None:
    committed = reference.FILE.read_text("utf-8").splitlines()
    current = reference.text(small).splitlines()
    without_font = not list(small.glob("suggestions/pictures/*.png"))
    if without_font:  # as pages are made where slips are drawn
        committed = [line for line in committed if "pictures/*.png" not in line]
    assert committed == current, "run `make docs` and commit docs/reference/simulation.md"
