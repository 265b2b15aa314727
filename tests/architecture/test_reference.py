"""Is what is written down of the code current? `make docs` writes it anew."""

from __future__ import annotations

import pytest

from tests.architecture import reference


@pytest.mark.parametrize("name", reference.FILES)
def test_the_committed_reference_is_current(name: str) -> None:
    committed = (reference.FOLDER / name).read_text("utf-8")
    assert committed == reference.FILES[name](), "run `make docs` and commit docs/reference"
