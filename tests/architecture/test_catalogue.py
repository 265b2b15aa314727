"""Does the check of the message catalogue see what a translation left out?"""

from __future__ import annotations

import polib
import pytest

from tests.architecture import catalogue


@pytest.mark.parametrize(
    ("english", "is_right"),
    [
        ("Row %(row)s, column %(column)s", True),
        ("Row %(row)s", False),
        ("Row %(row)s, column %(col)s", False),
        ("Row %(row)s, column %(column)s of %(file)s", False),
    ],
)
def test_english_names_just_the_placeholders_of_its_chinese(
    english: str, is_right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "messages", dict)  # all sources are read by make check
    book = polib.POFile()
    book.append(polib.POEntry(msgid="第 %(row)s 行，%(column)s 列", msgstr=english))
    assert any("placeholders" in fault for fault in catalogue.faults(book)) is not is_right
