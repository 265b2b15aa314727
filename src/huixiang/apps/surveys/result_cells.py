"""Which answers does a result count? Those of the reader's choice and within her reach, gathered for the formulas."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys.models import Survey, SurveyQuerySet, Version
from huixiang.domain.surveys.plain import to_plain
from huixiang.domain.surveys.questionnaire import Question, Questionnaire
from huixiang.domain.surveys.weighting import Floats, Places, Sample
from huixiang.lake.questions import AnswerSlice, Cells


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader asks of a survey's answers. `version` 0: all, as far as their questions are the same.

    `since`, `until`: months, both inclusive; "" for no end. `marked` False leaves out what bears a mark.
    `handed`: only answers to links that colleagues handed over, which otherwise count in nothing.
    """

    version: int = 0
    since: str = ""
    until: str = ""
    unit: str = ""
    tier: str = ""
    marked: bool = True
    handed: bool = False

    @property
    def is_part(self) -> bool:
        """Does it cut strata apart, or leave part of the sample out?"""
        return bool(self.version or self.since or self.until or self.unit or self.tier or self.handed)


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey with a choice, and who asks: `reach` holds the units that she sees, None for all."""

    survey: Survey
    versions: tuple[Version, ...]  # newest first
    choice: Choice
    reach: frozenset[str] | None

    @property
    def latest(self) -> Version:
        """Whose words the page shows."""
        wanted = [version for version in self.versions if version.number == self.choice.version]
        return (wanted or list(self.versions))[0]

    @property
    def questionnaire(self) -> Questionnaire:
        return self.latest.questionnaire

    def units(self) -> frozenset[str] | None:
        """Of which units are answers counted? None: of all, and of none."""
        if not self.choice.unit:
            return self.reach
        chosen = Unit.objects.get(code=self.choice.unit)
        below = set(Unit.objects.filter(path__startswith=chosen.path).values_list("code", flat=True))
        return frozenset(below if self.reach is None else below & self.reach)

    def slice(self, *questions: str) -> AnswerSlice:
        """The same choice, for what is asked of single responses: in the versions that have these questions alike."""
        versions = {each.number for each in self.versions if self.choice.version in (0, each.number)}
        for code in questions:
            versions &= set(self.same(code))
        c = self.choice
        tiers = (c.tier,) if c.tier else ()
        return AnswerSlice(
            self.survey.slug, self.units(), tiers, tuple(sorted(versions)), c.since, c.until, c.marked, c.handed
        )

    def same(self, code: str) -> tuple[int, ...]:
        """In which versions does this question stand as it stands in the newest? Only those are counted together."""
        if self.choice.version:
            return (self.latest.number,)
        shown = _plain(self.questionnaire, code)
        return tuple(version.number for version in self.versions if _plain(version.questionnaire, code) == shown)


def asked(survey: Survey, choice: Choice, by: Staff | None, right: str = "survey.see") -> Asked:
    """Raises LookupError where the survey was never published, or the unit is out of reach. `by` None: the system."""
    versions = tuple(survey.versions.order_by("-number").select_related("survey"))
    reach = by.scope(right) if by else None
    if not versions:
        raise LookupError("no version was published")
    if choice.unit and (
        not Unit.objects.filter(code=choice.unit).exists() or (reach is not None and choice.unit not in reach)
    ):
        raise LookupError("no such unit")
    return Asked(survey, versions, choice, None if reach is None else frozenset(reach))


def readable(by: Staff, right: str = "survey.see") -> SurveyQuerySet:
    """Surveys of which this person may see results: her units' own, and of units above them her units' part."""
    reach = by.scope(right)
    if reach is None:
        return Survey.objects.all()
    above = {
        code
        for path in Unit.objects.filter(code__in=reach).values_list("path", flat=True)
        for code in path.strip("/").split("/")
    }
    return Survey.objects.filter(unit__code__in=above | set(reach))


def cut(cells: Cells, it: Asked) -> Cells:
    """The cells of the choice; which versions count is each question's matter."""
    mask = np.ones(len(cells), bool)
    if (units := it.units()) is not None:
        mask &= cells.having("unit", units)
    if it.choice.tier:
        mask &= cells.having("tier", {it.choice.tier})
    months = cells.names["month"]
    if it.choice.since:
        mask &= cells.having("month", {month for month in months if month >= it.choice.since})
    if it.choice.until:
        mask &= cells.having("month", {month for month in months if "" < month <= it.choice.until})
    if not it.choice.marked:
        mask &= cells.is_clean
    if it.choice.version:
        mask &= cells.version == it.choice.version
    found = cells.where(mask & (cells.is_handed == it.choice.handed))
    return replace(found, w=found.n, q=found.n) if it.choice.handed else found


def of_question(cells: Cells, code: str, versions: tuple[int, ...]) -> Cells:
    """The cells of one question, in the versions in which it is the same."""
    mask = cells.having("question", {code})
    return cells.where(mask & np.isin(cells.version, versions))


@dataclass(frozen=True, slots=True)
class Gathered:
    """Cells added up to what a formula needs: a sample, and of each of its cells the place of some labels."""

    sample: Sample
    places: tuple[Places, ...]


def gathered(cells: Cells, y: Floats, *labels: str, sizes: Floats | None = None) -> Gathered:
    """Add up what has the same y, stratum and labels (text columns of the cells)."""
    values, key = np.unique(y, return_inverse=True)
    key = key.astype(np.int64)
    columns = ("stratum", *labels)
    for name in columns:
        key = key * max(len(cells.names[name]), 1) + cells.places[name]
    keys, place = np.unique(key, return_inverse=True)
    n, w, q = (np.bincount(place, e, len(keys)).astype(np.float64) for e in (cells.n, cells.w, cells.q))
    found: list[NDArray[np.int64]] = []
    for name in reversed(columns):
        keys, at = np.divmod(keys, max(len(cells.names[name]), 1))
        found.append(at)
    stratum, *others = reversed(found)
    return Gathered(Sample(values[keys] if len(values) else y, stratum, n, w, q, sizes), tuple(others))


def scored_cells(cells: Cells) -> Cells:
    """Those that hold a value of the question itself."""
    return cells.where(~np.isnan(cells.value) & cells.having("item", {""}))


def _plain(questionnaire: Questionnaire, code: str) -> object:
    """A question as it is written down, but for what only matters to who asks it."""
    try:
        question = questionnaire.question(code)
    except KeyError:
        return None
    return _as_asked(questionnaire, question)


def _as_asked(questionnaire: Questionnaire, question: Question) -> object:
    bare = replace(question, aspect="", help={}, is_required=False, is_shuffled=False)
    section = replace(questionnaire.sections[0], questions=(bare,))
    return to_plain(replace(questionnaire, sections=(section,), skips=(), quotas=()))["sections"][0]["questions"][0]
