"""How far is the coding, how alike are the coders, and what does the study say so far? Read together, from rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from huixiang.apps.focus.models import Code, Coding, Session, Study, Utterance
from huixiang.domain import coding
from huixiang.domain.coding import Agreed, Standing
from huixiang.domain.statistics.sets import Chosen


@dataclass(slots=True)
class Coded:
    """One utterance with what each said of it, by staff number, as sets of codes' keys."""

    utterance: Utterance
    by: dict[str, Chosen] = field(default_factory=dict)
    settled: Chosen | None = None

    @property
    def given(self) -> list[Chosen]:
        return [self.by[number] for number in sorted(self.by)]

    @property
    def standing(self) -> Standing:
        return coding.standing(self.given, self.settled)

    @property
    def final(self) -> Chosen | None:
        return coding.final(self.given, self.settled)


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of participants' utterances."""

    all: int
    open: int
    disputed: int
    mine: int = 0


def of_sessions(sessions: Iterable[Session]) -> list[Coded]:
    """What customers said in these talks, in order."""
    rows = Utterance.objects.of_participants().filter(session__in=[each.pk for each in sessions])
    found = {each.pk: Coded(each) for each in rows.select_related("participant", "session")}
    codings = Coding.objects.filter(utterance__in=rows).select_related("by").prefetch_related("codes")
    for each in codings:
        chosen = frozenset(str(code.pk) for code in each.codes.all())
        if each.settles:
            found[each.utterance_id].settled = chosen
        else:
            found[each.utterance_id].by[each.by.number] = chosen
    return list(found.values())


def progress(session: Session, number: str = "") -> Progress:
    found = [each for each in of_sessions([session]) if each.utterance.text or each.final is not None]
    counts = Counter(each.standing for each in found)
    mine = sum(number in each.by for each in found)
    return Progress(len(found), counts[Standing.OPEN], counts[Standing.DISPUTED], mine)


def is_disputed(utterance: Utterance) -> bool:
    given = Coding.objects.filter(utterance=utterance).prefetch_related("codes")
    sets = [frozenset(str(code.pk) for code in each.codes.all()) for each in given if not each.settles]
    return coding.standing(sets, None) is Standing.DISPUTED and not any(each.settles for each in given)


def agreement(found: Iterable[Coded]) -> tuple[Agreed, dict[str, Agreed]]:
    """Overall, and by code's key. What was settled does not count: it was not coded blind."""
    judged = [
        coding.Judged(each.given[0], each.given[1], each.utterance.session_id) for each in found if len(each.by) > 1
    ]
    return coding.agreement(judged), coding.agreement_by_code(judged)


@dataclass(frozen=True, slots=True)
class Use:
    """How often does a code hold, of how many people, in how many talks?"""

    code: Code
    utterances: int = 0
    people: int = 0
    talks: int = 0


def uses(study: Study, found: Iterable[Coded]) -> list[Use]:
    """By what both said or a third settled; the most used first."""
    counts: dict[str, list[Utterance]] = {}
    for each in found:
        for key in each.final or ():
            counts.setdefault(key, []).append(each.utterance)
    told = [_use(code, counts.get(str(code.pk), [])) for code in study.codes.living()]
    return sorted(told, key=lambda use: (-use.utterances, use.code.pk))


def _use(code: Code, said: list[Utterance]) -> Use:
    people, talks = ({getattr(each, name) for each in said} for name in ("participant_id", "session_id"))
    return Use(code, len(said), len(people), len(talks))


def saturation(sessions: Iterable[Session], found: Iterable[Coded]) -> list[coding.Step]:
    """Talk by talk: new codes. Of talks that are coded at least in part."""
    codes: dict[int, set[str]] = {}
    for each in found:
        codes.setdefault(each.utterance.session_id, set()).update(*each.by.values(), each.settled or ())
    talks = [(str(each), codes[each.pk]) for each in sessions if codes.get(each.pk)]
    return coding.saturation(talks)
