"""Is a standard's file read as it was written, and is each mistake told where it stands, with what to write instead?"""

from __future__ import annotations

import pytest
from hypothesis import given

from huixiang.domain.standards.reading import read
from huixiang.domain.standards.saying import BadStandard
from huixiang.domain.standards.starter import starter_set
from huixiang.domain.standards.values import Standard, Trust
from huixiang.domain.standards.writing import write
from tests.domain.standards.standards import FEW, standards

WAITING = """\
code = "waiting"
title = "等候"
english = "Waiting"
governs = "waiting"
effective_from = 2027-01-01
source = "本行"
trust = "own"

[owner]
post = "quality_manager"

[measure]
code = "waiting.share_over"
target = 5
parameters = { minutes = 30 }
"""
FORM = (
    WAITING.partition("[measure]")[0]
    + """\
[checklist]
points = 5

[[checklist.item]]
text = "问好"
english = "greets"
points = 2

[[checklist.item]]
text = "道别"
english = "takes leave"
points = 2
"""
)


@FEW
@given(standards)
def test_what_is_written_is_read_again(standard: Standard) -> None:
    assert read(write(standard)) == standard
    assert write(read(write(standard))) == write(standard)


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('title = "等候"\n', "", 1, "title"),
        ('"waiting"\neff', '"queue"\neff', 4, "governs"),
        ("2027-01-01", '"2027-01-01"', 5, "effective_from"),
        ("2027-01-01", "2027-01-01\neffective_until = 2026-12-31", 6, "effective_until"),
        ("target = 5", "target = 105", 14, "measure.target"),
        ("target = 5", "target = nan", 14, "measure.target"),
        ("{ minutes = 30 }", "{ seconds = 30 }", 15, "measure.parameters.seconds"),
        ("\n[owner]\npost", "\n[owner]\npot", 10, "owner.pot"),
        ("[measure]", '[clock]\nof = "reply"\namount = 7\nunit = "calendar_days"\n[measure]', 12, "clock"),
        ("[measure]", '[scope]\nhours = ["09:00-12:00", "11:00-13:00"]\n[measure]', 13, "scope.hours"),
        ("[measure]", "[[measure]]", 12, "measure"),
        ("= 5\n", "= \n", 14, ""),
    ],
)
def test_a_mistake_is_told_by_line_and_key(old: str, new: str, line: int, key: str) -> None:
    assert old in WAITING
    with pytest.raises(BadStandard) as found:
        read(WAITING.replace(old, new, 1))
    assert (line, key) in [(each.line, each.key) for each in found.value.mistakes]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    with pytest.raises(BadStandard) as found:
        read(WAITING.replace('title = "等候"\n', "").replace("target = 5", "target = -1"))
    assert [each.key for each in found.value.mistakes] == ["title", "measure.target"]


def test_a_form_whose_points_do_not_add_up_is_refused() -> None:
    with pytest.raises(BadStandard) as found:
        read(FORM)
    [mistake] = found.value.mistakes
    assert (mistake.line, mistake.key, mistake.params["total"]) == (13, "checklist.points", "4")
    assert read(FORM.replace("points = 5", "points = 4")).checklist


def test_the_set_to_begin_with_names_its_sources() -> None:
    found = starter_set()
    assert len(found) >= 15
    assert sum(each.weight for each in found) == 100
    assert all("待贵行核定" in each.note and each.source for each in found)
    assert {each.trust for each in found} == {Trust.KNOWN, Trust.SEARCHED}
