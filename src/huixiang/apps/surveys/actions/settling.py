"""How does a survey come to be, and how does it go? By who may, for the units in reach."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys.models import Survey
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.plain import from_plain, to_plain
from huixiang.domain.surveys.questionnaire import Questionnaire

RIGHT = "survey.manage"
# Read aloud or copied from a poster: no letter looks like a digit. 31^10: nobody finds one by trying.
ALPHABET, LENGTH = "23456789abcdefghjkmnpqrstuvwxyz", 10


@dataclass(frozen=True, slots=True)
class Terms:
    """What a survey is called, and what it promises."""

    name: str
    is_anonymous: bool = False
    is_public: bool = False
    retention_days: int = 180


def create_survey(
    unit: Unit, terms: Terms, questionnaire: Questionnaire, *, by: Staff | str, source: str = "", start: str = ""
) -> Survey:
    """A new draft; `start` tells the audit what it was made of. Raises PermissionDenied beyond one's reach, Fault."""
    if not isinstance(by, str) and not by.holds(RIGHT, unit):
        raise PermissionDenied
    made = Survey(unit=unit, slug=_slug(), by=None if isinstance(by, str) else by, draft=to_plain(questionnaire))
    _settle(made, terms)
    with transaction.atomic():
        made.save(force_insert=True)
        detail = {"unit": unit.code, "name": made.name, "start": start}
        audit.record("survey.create", by=by, on_kind="survey", on_id=made.pk, source=source, **detail)
    return made


def change_survey(pk: int, terms: Terms, *, by: Staff, source: str = "") -> Survey:
    """Name, promise and retention. Raises Fault where a promise would be broken that was given to customers."""
    with transaction.atomic():
        survey = reached(pk, by)
        if survey.is_anonymous != terms.is_anonymous and survey.versions.exists():
            raise Fault("发布过的问卷不能再改“匿名”：已作答的客户得到过承诺。可以复制一份另设。")
        _settle(survey, terms)
        survey.save(update_fields=["name", "is_anonymous", "is_public", "retention_days"])
        detail = {"anonymous": survey.is_anonymous, "public": survey.is_public, "days": survey.retention_days}
        audit.record_many([audit.Deed("survey.change", "survey", str(pk), detail)], by=by, source=source)
    return survey


def duplicate_survey(pk: int, *, by: Staff, source: str = "") -> Survey:
    """The same questions as a new draft of the same unit, without versions, answers or counts."""
    found = reached(pk, by, is_locked=False)
    terms = Terms(f"{found.name[:70]}（副本）", found.is_anonymous, found.is_public, found.retention_days)
    return create_survey(found.unit, terms, from_plain(found.draft), by=by, source=source, start=f"survey {pk}")


def delete_survey(pk: int, *, by: Staff, source: str = "") -> None:
    """A draft that nobody was ever shown. What was published stays: answers belong to it. Raises Fault."""
    with transaction.atomic():
        survey = reached(pk, by)
        if survey.versions.exists() or survey.rounds.exists():
            raise Fault("发布过的问卷不能删除：答案属于它。可以结束它。")
        survey.delete()
        audit.record("survey.delete", by=by, on_kind="survey", on_id=pk, source=source, name=survey.name)


def reached(pk: int, by: Staff | str, *, is_locked: bool = True) -> Survey:
    """Whoever is at the shell ("cli:NAME") reaches all. Raises ObjectDoesNotExist where it is out of reach."""
    seen = Survey.objects.all() if isinstance(by, str) else Survey.objects.visible_to(by, RIGHT)
    rows = seen.select_related("unit").filter(pk=pk)
    found = (rows.select_for_update(of=("self",)) if is_locked else rows).first()
    if found is None:
        raise ObjectDoesNotExist
    return found


def titled(questionnaire: Questionnaire, name: str) -> Questionnaire:
    """A title for customers where there is none yet."""
    first = questionnaire.languages[0]
    has_title = bool(questionnaire.title.get(first, "").strip())
    return questionnaire if has_title else replace(questionnaire, title={**questionnaire.title, first: name})


def _settle(survey: Survey, terms: Terms) -> None:
    survey.name = terms.name.strip()[:80]
    survey.is_anonymous, survey.is_public = terms.is_anonymous, terms.is_public
    survey.retention_days = terms.retention_days
    if not survey.name:
        raise Fault("请写明名称")


def _slug() -> str:
    while Survey.objects.filter(slug=(made := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))).exists():
        pass
    return made
