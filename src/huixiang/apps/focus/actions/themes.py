"""What runs through the talks, who said so, and which need of the library does it bear out?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.facts import lake
from huixiang.apps.focus import reaching
from huixiang.apps.focus.actions.planning import MANAGE
from huixiang.apps.focus.models import Code, Participant, Study, Theme, Utterance
from huixiang.apps.needs import actions as needs
from huixiang.apps.needs import evidence
from huixiang.apps.needs.models import KINDS, Need
from huixiang.channels.contract import Fault

MOST_THEMES, MOST_QUOTES = 40, 20


@dataclass(frozen=True, slots=True)
class Meaning:
    """A theme as people see it; `quotes` are utterances that show it."""

    name: str
    definition: str = ""
    codes: Collection[int] = ()
    quotes: Collection[int] = ()


def make_theme(study_pk: int, meaning: Meaning, *, by: Staff, source: str = "") -> Theme:
    with transaction.atomic():
        study = reaching.study(study_pk, MANAGE, by)
        if study.themes.count() >= MOST_THEMES:
            raise Fault("一项研究最多 %(most)s 个主题", most=MOST_THEMES)
        made = _meant(Theme(study=study, by=by), meaning)
        audit.record("focus.theme", by=by, on_kind="theme", on_id=made.pk, source=source)
    return made


def change_theme(pk: int, meaning: Meaning, *, by: Staff, source: str = "") -> Theme:
    with transaction.atomic():
        made = _meant(theme(pk, by), meaning)
        audit.record("focus.theme_change", by=by, on_kind="theme", on_id=pk, source=source)
    return made


def link(pk: int, need_pk: int, *, by: Staff, source: str = "") -> Theme:
    """The quotes that are voices become evidence of a need. Raises Fault where the need takes no more."""
    with transaction.atomic():
        found = theme(pk, by)
        need = Need.objects.visible_to(by).filter(pk=need_pk).first()
        if need is None or not by.holds("need.manage", need.unit):
            raise ObjectDoesNotExist
        pinned = _pin(found, need, by, source)
        found.need = need
        found.save(update_fields=["need"])
        audit.record("focus.link", by=by, on_kind="theme", on_id=pk, source=source, need=need.pk, quotes=pinned)
    return found


def propose(pk: int, kind: str, *, by: Staff, source: str = "") -> Theme:
    """A need that the library does not know: named as the theme, borne out by its matters and quotes.

    Raises Fault for a kind that no need can have; the rights are those of the needs library.
    """
    with transaction.atomic():
        found = theme(pk, by)
        if found.need_id:
            raise Fault("这个主题已经连到一个需求")
        topics = [code.topic for code in found.codes.all() if code.topic]
        words = [code.name for code in found.codes.all() if not code.topic]
        rules = [evidence.rule(evidence.group(topics, [] if topics else words), kinds=KINDS)]
        unit = "" if found.study.unit.parent_id is None else found.study.unit.code
        need = needs.propose(needs.Wording(found.name, kind, found.definition), rules, unit, by=by, source=source)
        pinned = _pin(found, need, by, source)
        found.need = need
        found.save(update_fields=["need"])
        audit.record("focus.propose", by=by, on_kind="theme", on_id=pk, source=source, need=need.pk, quotes=pinned)
    return found


def theme(pk: int, by: Staff, right: str = MANAGE) -> Theme:
    found = Theme.objects.select_related("study__unit", "need").filter(pk=pk).first()
    if found is None:
        raise ObjectDoesNotExist
    reaching.study(found.study_id, right, by)
    return found


def quotable(study: Study) -> list[Utterance]:
    """What participants allowed to be quoted."""
    scopes = [Participant.Consent.QUOTE, Participant.Consent.VOICE]
    rows = Utterance.objects.worded().filter(session__study=study, participant__consent__in=scopes)
    return list(rows.filter(participant__withdrawn_at=None).select_related("participant", "session"))


def _pin(found: Theme, need: Need, by: Staff, source: str) -> int:
    """Quotes that are in the lake, and not in the evidence already."""
    quoted = found.quotes.exclude(batch=None).filter(batch__confirmed_at__isnull=False)
    ids = set(quoted.values_list("voice_id", flat=True)) - set(
        need.pins.filter(counts=True).values_list("voice_id", flat=True)
    )
    there = sorted(row["id"] for row in lake().rows("voices", ids).select(["id"]).to_pylist()) if ids else []
    for voice_id in there:
        needs.pin(need.pk, voice_id, True, by=by, source=source)
    return len(there)


def _meant(made: Theme, meaning: Meaning) -> Theme:
    made.name, made.definition = reaching.clean(meaning.name, 80), reaching.clean(meaning.definition, 1000)
    if not made.name:
        raise Fault("请给主题起一个名称", column="name")
    if made.study.themes.filter(name=made.name).exclude(pk=made.pk).exists():
        raise Fault("这项研究里已有主题“%(name)s”", name=made.name, column="name")
    codes = list(Code.objects.living().filter(study=made.study, pk__in=set(meaning.codes)))
    if not codes or len(codes) < len(set(meaning.codes)):
        raise Fault("请为主题选择这项研究的代码", column="codes")
    allowed = {each.pk for each in quotable(made.study)}
    quotes = set(meaning.quotes)
    if not quotes <= allowed or len(quotes) > MOST_QUOTES:
        raise Fault("引用最多 %(most)s 句，且参加者须同意被引用", most=MOST_QUOTES, column="quotes")
    made.save()
    made.codes.set(codes)
    made.quotes.set(quotes)
    return made
