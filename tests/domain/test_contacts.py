"""Is it the same telephone, however a customer wrote it down?"""

from __future__ import annotations

from time import process_time

import pytest

from huixiang.domain.contacts import left_for_answer, reached_at


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("138 1234 5678", "13812345678"),
        ("+86-138-1234-5678", "13812345678"),
        ("0086 13812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("张女士１３８１２３４５６７８。", "13812345678"),
        ("13812345678 或 13912345678", "13812345678"),
        ("（010）6655 4433", "01066554433"),
        ("+86 10 66554433", "01066554433"),
        ("+852 9123 4567", "+85291234567"),
        ("Wang@Example.com", "wang@example.com"),
        ("微信 wang", None),
        ("12345", None),
        ("6222021234567890123", None),
    ],
)
def test_a_telephone_number_is_the_same_however_it_is_written(typed: str, found: str | None) -> None:
    assert reached_at(typed) == found


@pytest.mark.parametrize("hostile", ["a" * 100_000, "电话" + "\n" * 100_000, "1 " * 50_000, "电话:" * 25_000])
def test_no_long_text_holds_an_import_up(hostile: str) -> None:
    """Searching grew with the square of the length: 100,000 line breaks after a word for "telephone" took minutes."""
    began = process_time()
    reached_at(hostile)
    left_for_answer(hostile)
    assert process_time() - began < 1
