"""Who may answer without an invitation, and who printed the way in? By who may, for the units in reach."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit, UnitQuerySet
from huixiang.apps.surveys.actions.settling import reached
from huixiang.apps.surveys.models import Survey


def open_to_public(pk: int, is_public: bool, *, by: Staff | str, source: str = "") -> Survey:
    """Everybody with the code or the address, or only who has a link of her own. Raises ObjectDoesNotExist."""
    with transaction.atomic():
        survey = reached(pk, by)
        if survey.is_public != is_public:
            survey.is_public = is_public
            survey.save(update_fields=["is_public"])
            detail = {"public": is_public}
            audit.record_many([audit.Deed("survey.change", "survey", str(pk), detail)], by=by, source=source)
    return survey


def print_poster(pk: int, unit: str, *, by: Staff | str, source: str = "") -> tuple[Survey, Unit]:
    """The survey, and the branch whose poster it is: one of those below the survey's unit."""
    with transaction.atomic():
        survey = reached(pk, by, is_locked=False)
        where = units_of(survey).filter(code=unit).first()
        if where is None:
            raise ObjectDoesNotExist
        audit.record("survey.poster", by=by, on_kind="survey", on_id=pk, source=source, unit=unit)
    return survey, where


def units_of(survey: Survey) -> UnitQuerySet:
    """Where its posters may hang: the survey's unit and all below that are not closed."""
    return Unit.objects.within([survey.unit]).filter(closed_on=None).order_by("path")
