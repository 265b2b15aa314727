"""How much of what 679 hostile texts reveal is hidden, and how much that is harmless is hidden with it?"""

from __future__ import annotations

import re
from functools import cache

from benchmarks.masking import Case, Score, cases, score

RECALL, PRECISION = 0.995, 0.98
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_NOBODY = ("154", "161", "163", "164", "168", "179", "194")  # prefixes that no operator has been given


@cache
def gold() -> list[Case]:
    return cases()


def total(chosen: list[Case]) -> Score:
    found = Score()
    for case in chosen:
        found.add(score(case))
    return found


def test_nearly_all_that_names_a_person_goes_and_nearly_nothing_else() -> None:
    found = total(gold())
    assert found.recall >= RECALL
    assert found.precision >= PRECISION


def test_the_cases_written_before_the_code_was_read_fare_hardly_worse() -> None:
    blind = [case for case in gold() if case.blind]
    assert len(blind) >= len(gold()) / 3
    assert total(blind).recall >= 0.99


def test_a_harmless_text_stays_as_it_is() -> None:
    harmless = [case for case in gold() if case.kind.startswith("keep-")]
    assert len(harmless) >= 100
    assert total(harmless).marks == 0


def test_the_cases_are_many_of_many_kinds_and_their_numbers_belong_to_nobody() -> None:
    assert len(gold()) >= 600
    assert len({case.kind for case in gold() if case.secrets}) >= 12
    for case in gold():
        for start, end in case.secrets:
            for number in _MOBILE.findall(case.text[start:end]):
                assert number.startswith(_NOBODY), case.text
