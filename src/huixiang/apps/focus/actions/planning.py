"""What is to be found out, from whom, and when do they meet?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.focus import outline, reaching
from huixiang.apps.focus.models import CONTACT_DAYS, TIERS, Session, Study
from huixiang.channels.contract import Fault

MANAGE, MODERATE = "focus.manage", "focus.moderate"
MOST_WANTED = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """A study as it is meant. `guide` is an outline, see outline.py; `mix` says how many of each tier are wanted."""

    name: str
    purpose: str = ""
    guide: str = ""
    mix: Mapping[str, int] = field(default_factory=dict)
    contact_days: int = CONTACT_DAYS


@dataclass(frozen=True, slots=True)
class Setting:
    """One talk: where and when, on what, led by whom."""

    held_on: date
    unit: Unit
    place: str = ""
    subject: str = ""
    moderator: Staff | None = None


def open_study(unit: Unit, plan: Plan, *, by: Staff | str, source: str = "") -> Study:
    """A new study of this unit. Raises Fault, or ObjectDoesNotExist beyond one's reach."""
    if not isinstance(by, str) and not by.holds(MANAGE, unit):
        raise ObjectDoesNotExist
    made = _planned(Study(unit=unit, by=None if isinstance(by, str) else by), plan)
    with transaction.atomic():
        made.save(force_insert=True)
        audit.record("focus.study", by=by, on_kind="study", on_id=made.pk, source=source, unit=unit.code)
    return made


def change_study(pk: int, plan: Plan, *, by: Staff, source: str = "") -> Study:
    with transaction.atomic():
        made = _planned(reaching.study(pk, MANAGE, by), plan)
        made.save()
        audit.record("focus.study_change", by=by, on_kind="study", on_id=pk, source=source)
    return made


def add_session(study_pk: int, setting: Setting, *, by: Staff | str, source: str = "") -> Session:
    """A talk of a study that reaches this person, in a unit where she may lead talks."""
    study = _joined(study_pk, by)
    made = _set(Session(study=study), setting, by)
    with transaction.atomic():
        made.save(force_insert=True)
        audit.record("focus.session", by=by, on_kind="session", on_id=made.pk, source=source, unit=made.unit.code)
    return made


def change_session(pk: int, setting: Setting, *, by: Staff, source: str = "") -> Session:
    """Raises Fault where day or unit would change after its words came in: they stand in the lake under them."""
    with transaction.atomic():
        made = reaching.session(pk, MODERATE, by, locked=True)
        if (setting.unit.pk, setting.held_on) != (made.unit_id, made.held_on) and made.utterances.exists():
            raise Fault("记录已经导入，不能再换机构或日期")
        _set(made, setting, by).save()
        audit.record("focus.session_change", by=by, on_kind="session", on_id=pk, source=source)
    return made


def _joined(pk: int, by: Staff | str) -> Study:
    """Who may lead talks below the study's unit may add hers: a branch takes part in the head office's study."""
    found = Study.objects.select_related("unit").filter(pk=pk).first()
    if found is None:
        raise ObjectDoesNotExist
    if isinstance(by, str) or by.holds(MODERATE, found.unit):
        return found
    if any(post.unit.path.startswith(found.unit.path) for post in by.posts_with(MODERATE)):
        return found
    raise ObjectDoesNotExist


def _planned(study: Study, plan: Plan) -> Study:
    study.name, study.purpose = reaching.clean(plan.name, 80), reaching.clean(plan.purpose, 1000)
    if not study.name:
        raise Fault("请给研究起一个名称", column="name")
    outline.read(plan.guide)
    study.guide = reaching.clean(plan.guide, outline.LONGEST)
    if strange := [tier for tier in plan.mix if tier not in TIERS]:
        raise Fault("没有“%(found)s”这个客户等级", found=strange[0][:20], column="mix")
    if any(not 0 <= count <= MOST_WANTED for count in plan.mix.values()):
        raise Fault("每个等级的人数应为 0 到 %(most)s", most=MOST_WANTED, column="mix")
    study.mix = {tier: plan.mix[tier] for tier in TIERS if plan.mix.get(tier)}
    if not 1 <= plan.contact_days <= 730:
        raise Fault("联系方式保存天数应为 1 到 730", column="contact_days")
    study.contact_days = plan.contact_days
    return study


def _set(session: Session, setting: Setting, by: Staff | str) -> Session:
    if not isinstance(by, str) and not by.holds(MODERATE, setting.unit):
        raise Fault("请选择您权限范围内的机构", column="unit")
    session.held_on, session.unit, session.moderator = setting.held_on, setting.unit, setting.moderator
    session.place, session.subject = reaching.clean(setting.place, 80), reaching.clean(setting.subject, 80)
    return session
