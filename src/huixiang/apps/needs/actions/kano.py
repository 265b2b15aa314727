"""Of which two questions are the answers that tell a need's Kano class? Linked, linked otherwise, or not any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from huixiang.apps.access.models import Staff
from huixiang.apps.needs.actions.turning import NOTHING, Change, begin, end
from huixiang.apps.needs.models import KanoPair, Need
from huixiang.apps.surveys.models import Version
from huixiang.apps.surveys.result_cells import readable
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.kano_pairs import fitting


@dataclass(frozen=True, slots=True)
class Pairing:
    """A survey by its number, and the codes of two of its questions: how is it with the feature, how without?"""

    survey: int
    functional: str
    dysfunctional: str


def link_kano(pk: int, pairing: Pairing, *, by: Staff, source: str = "") -> Need:
    """Let these answers tell the class, instead of others where there were some.

    Raises ObjectDoesNotExist where the survey's results are out of reach, Fault where they are no such questions.
    """
    made = _checked(pairing, by)
    with transaction.atomic():
        need = begin(pk, "link_kano", by)
        before = _taken_off(need)
        if before == str(made):
            raise Fault("没有任何改动")
        made.need, made.by = need, by
        made.save()
        end(need, "link_kano", by, source, changed={"kano": [before, str(made)]})
    return need


def unlink_kano(pk: int, *, by: Staff, source: str = "") -> Need:
    """No answers tell it any more; the history keeps which did, to link them again. Raises Fault without any."""
    with transaction.atomic():
        need = begin(pk, "unlink_kano", by)
        before = _taken_off(need)
        if not before:
            raise Fault("没有任何改动")
        end(need, "unlink_kano", by, source, changed={"kano": [before, ""]})
    return need


def hand_on(need: Need, into: Need) -> Mapping[str, Change]:
    """Part of merging: a need that has no pair of its own takes over the other's. What changed, for its history."""
    pair = KanoPair.objects.filter(need=need).first()
    if pair is None or KanoPair.objects.filter(need=into).exists():
        return NOTHING
    pair.need = into
    pair.save(update_fields=["need"])
    return {"kano": ["", str(pair)]}


def _taken_off(need: Need) -> str:
    before = KanoPair.objects.filter(need=need).first()
    if before is None:
        return ""
    before.delete()
    return str(before)


def _checked(pairing: Pairing, by: Staff) -> KanoPair:
    survey = readable(by).filter(pk=pairing.survey).first() if "survey.see" in by.rights else None
    if survey is None:
        raise ObjectDoesNotExist
    latest: Version | None = survey.latest
    if latest is None:
        raise Fault("这份问卷还没有发布，没有答卷")
    fit = {question.code for question in fitting(latest.questionnaire)}
    if pairing.functional == pairing.dysfunctional:
        raise Fault("请选两道不同的题：一道问“如果有”，一道问“如果没有”")
    if not {pairing.functional, pairing.dysfunctional} <= fit:
        raise Fault("两道题都须是单选题，正好五个选项，没有可填写的")
    return KanoPair(survey=survey, functional=pairing.functional, dysfunctional=pairing.dysfunctional)
