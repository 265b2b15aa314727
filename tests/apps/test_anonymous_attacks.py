"""Curious colleagues at an anonymous survey: each tries another way to what a few answered, and finds ten or nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import combinations

import pytest
from django.conf import settings

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.models import Import
from huixiang.apps.surveys import analyses, joint, remembered, told_cells
from huixiang.apps.surveys.answer_rows import Filled
from huixiang.apps.surveys.landing import coming
from huixiang.apps.surveys.models import Survey, Version
from huixiang.apps.surveys.portioning import carry_on
from huixiang.apps.surveys.result_cells import Choice, asked
from huixiang.apps.surveys.results import Results, results
from huixiang.apps.surveys.taking import form_of
from huixiang.domain.surveys.scores import FEWEST
from huixiang.lake.questions import Cells
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.surveys import lies_in_the_lake, people, survey
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def version(bank: Bank) -> Version:
    return survey(bank.head_office, is_anonymous=True)


def day(number: int, count: int, **fields: object) -> list[Filled]:
    """Of those who come one in seven gives no age, and another gives no recommendation."""
    found = [replace(each, shown=None) for each in people(count, seed=number + 1, **fields)]
    for at, each in enumerate(found):
        for code in [("age",), (), ("nps",), (), (), (), ()][(at + number) % 7]:
            each.answers.pop(code)  # type: ignore[attr-defined]
    return found


def none_or_ten(figures: set[int]) -> bool:
    return all(abs(a - b) >= FEWEST for a, b in combinations(figures | {0}, 2) if a != b)


def of(found: Results, code: str) -> int:
    return next(result.n for result in found.questions if result.question.code == code)


def test_the_cross_table_beside_each_questions_own_figures_day_by_day(
    version: Version, lake: Lake, quality: Staff
) -> None:
    """Those who answered only one of both stand in the table: nothing is left to be found by subtraction."""
    it = asked(version.survey, Choice(), quality)
    noted: dict[str, set[int]] = {"nps": set(), "age": set()}
    for number, count in enumerate((120, 6, 13, 31)):
        lies_in_the_lake(lake, version, day(number, count, tier=""))
        pairs = joint.pairs(lake, it, "nps", "age")
        found = results(lake, it)
        for code, side in (("nps", "row"), ("age", "column")):
            noted[code] |= {of(found, code), sum(each.n for each in pairs if getattr(each, side))}
        assert any(not each.column for each in pairs), "who gave no age is there"
    assert all(none_or_ten(figures) for figures in noted.values()), noted
    by_unit = Counter[str]()
    for pair in joint.pairs(lake, it, "nps", "unit:"):
        by_unit[pair.column] += pair.n
    assert by_unit.total() == of(results(lake, it), "nps"), "by what is told of each: the question's own groups"
    table = analyses.crossed(lake, it, "nps", "age")
    assert table is not None
    assert table.rows[-1] == table.columns[-1] == "未答"
    counts, hidden = table.table.counts, table.table.hidden
    for line, out in [*zip(counts, hidden, strict=True), *zip(counts.T, hidden.T, strict=True)]:
        assert not out.any() or out.all() or (out.sum() > 1 and line[out].sum() >= FEWEST)
    assert not hidden.all()
    drivers = analyses.key_drivers(lake, it, "csat")
    assert drivers is not None
    shown = {each.question.code: each.score.score.value for each in results(lake, it).questions if each.score}
    assert sorted(each.mean for each in drivers.drivers) == pytest.approx(sorted([shown["staff"], shown["wait"]]))
    assert drivers.n % FEWEST == 0


def test_how_long_one_branch_takes_does_not_depend_on_how_many_portions_there_are(
    version: Version, lake: Lake, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    lies_in_the_lake(lake, version, day(0, 240))
    it = asked(version.survey, Choice(unit="N11"), None)
    joint.pairs(lake, it, "nps", "age")
    with django_assert_max_num_queries(8):  # two for each of both questions
        assert joint.pairs(lake, it, "nps", "age")


def test_what_is_remembered_and_carried_on_is_what_is_made_afresh(
    version: Version, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Day by day, files put in order between, and somebody erased at the end."""
    it, afresh = asked(version.survey, Choice(), None), list[int]()
    read = remembered.survey_people
    monkeypatch.setattr(remembered, "survey_people", lambda *of: afresh.append(number) or read(*of))
    engine, newcomers = list[int](), remembered.survey_newcomers
    monkeypatch.setattr(remembered, "survey_newcomers", lambda *of: engine.append(number) or newcomers(*of))

    def looked() -> list[object]:
        kinds = [("nps", "age"), ("age", "nps"), ("nps", "unit:"), ("what:cash", "tier:")]
        found: list[object] = [
            [(p.row, p.column, p.n, round(p.w, 6), round(p.q, 6)) for p in joint.pairs(lake, it, *kind)]
            for kind in kinds
        ]
        matrix = joint.matrix(lake, it, ["csat", "staff", "wait"])
        return [*found, sorted(zip(matrix.values.tolist(), matrix.weights.round(6).tolist(), strict=True))]

    for number, count in enumerate((120, 13, 31, 40)):
        lies_in_the_lake(lake, version, day(number, count, weight=1.0 + number))
        if number == 2:
            lake.tidy()
        if number == 3:
            lake.erase(
                lake.fetch(f'SELECT id FROM "{lake.view("responses")}" ORDER BY arrival LIMIT 1')["id"].to_pylist()
            )
        carried, kept = looked(), dict(remembered._kept)
        remembered._kept.clear()
        assert looked() == carried
        remembered._kept.update(kept)
    assert Counter(afresh) == {0: 2, 1: 1, 2: 1, 3: 2}, "carried on, but at first and after the erasure"
    assert set(engine) == {2, 3}, "of files that were only added, those alone are read"


def test_two_readers_of_different_reach_put_their_figures_together(
    version: Version, lake: Lake, quality: Staff, manager: Staff
) -> None:
    """On every day, page and interface: her outlets taken from the whole leave none, or ten and more."""
    noted: dict[str, set[int]] = {}
    for number, count in enumerate((60, 5, 19)):
        lies_in_the_lake(lake, version, day(number, count))
        whole, hers = (of(results(lake, asked(version.survey, Choice(), by)), "csat") for by in (quality, manager))
        south = of(results(lake, asked(version.survey, Choice(unit="S11"), quality)), "csat")
        told = {"whole": whole, "hers": hers, "others": whole - hers, "of no branch": whole - hers - south}
        for name, figure in told.items():
            noted.setdefault(name, set()).add(figure)
    assert all(none_or_ten(figures) for figures in noted.values()), noted
    answer = make.client(quality).get(f"/surveys/{version.survey_id}/results/").context["found"]
    assert of(answer, "csat") == whole


def _same(one: Cells | None, other: Cells | None) -> bool:
    assert one is not None
    assert other is not None

    def lines(of: Cells) -> list[tuple[object, ...]]:
        texts = [[of.names[name][at] for at in of.places[name]] for name in sorted(of.places)]
        rest = [of.version, of.is_marked, of.is_clean, of.is_handed, of.n, of.w.round(6), of.q.round(6)]
        return sorted(zip(*texts, map(str, of.value), *(each.tolist() for each in rest), strict=True))

    return lines(one) == lines(other)


def test_what_was_told_is_told_once_whatever_becomes_of_its_import(version: Version, lake: Lake) -> None:
    """Carried on day by day, or afresh when the imports' rows are gone: the same; and who is told is unnamed."""
    ids = set[str]()
    for number, count in enumerate((45, 1, 7, 30, 0, 12)):
        some = day(number, count) if count else []
        ids |= {each.id for each in some}
        if some:
            lies_in_the_lake(lake, version, some)
    slug = version.survey.slug
    carried, waiting = told_cells.told_cells_of(slug), told_cells.waiting_of(slug)
    Import.objects.all().delete()
    assert cli.main(["surveys", "portions", slug]) == 0
    assert _same(carried, told_cells.told_cells_of(slug))
    assert told_cells.waiting_of(slug) == waiting
    assert carry_on(lake, version.survey) == 0, "nobody came since"
    file = (settings.DATA_DIR / "told" / f"{slug}.arrow").read_bytes()
    named = {each for each in ids if each.encode() in file}
    assert 0 < len(named) < len(ids) / 2, "in the file stand those alone who wait for something"
    told_cells.forget(named)
    assert told_cells.left(named) == 0
    assert _same(carried, told_cells.told_cells_of(slug))


def test_a_word_that_lands_nearly_alone_names_no_branch(version: Version) -> None:
    """On the voices' pages words stand at once; three of a branch would be known by it and the week."""
    few, many = people(3, unit="N11"), people(12, seed=2, unit="N12")
    for each in (*few, *many):
        each.answers["why"] = "排队太久"  # type: ignore[index]
    on = people(1)[0].answered_on
    there = coming([(form_of(version), replace(each, answered_on=on)) for each in (*few, *many)], 1)
    assert [each.entries["why"].record.branch for each in there] == [None] * 3 + ["N12"] * 12
    Survey.objects.update(is_anonymous=False)
    named = coming([(form_of(Version.objects.get()), each) for each in few], 1)
    assert {each.entries["why"].record.branch for each in named} == {"N11"}


def test_who_came_by_a_poster_is_not_left_over_beside_the_invited(version: Version, lake: Lake, quality: Staff) -> None:
    """ "Were only the pleased asked" counts those invited: of a group that others share it counts nobody."""
    lies_in_the_lake(lake, version, [*people(30, via="invitation", unit="N11"), *people(3, seed=2, unit="N11")])
    it = asked(version.survey, Choice(), quality)
    invited = len(joint.points_of_invited(lake, it, "csat"))
    assert none_or_ten({invited, of(results(lake, it), "csat")})
