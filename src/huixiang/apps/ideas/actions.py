"""What can be done with an idea? File it, support it, take it up or decline it; always with an answer."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import key_for
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.ideas.lifecycle import TURNS
from huixiang.apps.ideas.models import (
    ANSWER,
    FILE,
    LONGEST_NOTE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Idea,
    Step,
    Support,
)
from huixiang.apps.intake import limits
from huixiang.channels.contract import Fault

UNSIGNED = "staff:unsigned"  # in the audit: somebody of the bank, and nobody shall know who
MOST_AN_HOUR = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to say."""

    title: str
    text: str
    kind: str = Idea.Kind.SUGGESTION
    about: str = Idea.About.PROCESS
    is_signed: bool = True
    is_confidential: bool = False


def file_idea(wanted: Wanted, key: str, *, by: Staff, source: str = "") -> Idea:
    """File it, once however often the form arrives. Raises Fault, or PermissionDenied without a post."""
    posts = by.posts_with(FILE)
    if not posts:
        raise PermissionDenied
    title, text = _clean(wanted.title, LONGEST_TITLE), _clean(wanted.text, LONGEST_TEXT)
    if not title or not text:
        raise Fault("请写标题和内容")
    once = hmac.digest(key_for("ideas v1"), f"{by.pk} {key} {title} {text}".encode(), "sha256").hex()
    if known := Idea.objects.filter(once=once).first():
        return known
    now = timezone.now()
    if limits.reached("idea", str(by.pk), MOST_AN_HOUR, now):
        raise Fault("一小时内最多提 %(most)s 条，请稍后再提", most=MOST_AN_HOUR)
    with transaction.atomic():
        idea = Idea.objects.create(
            kind=wanted.kind,
            about=wanted.about,
            title=title,
            text=text,
            unit=_unit(posts[0].unit, is_signed=wanted.is_signed),
            by=by if wanted.is_signed else None,
            is_confidential=wanted.is_confidential,
            filed_on=timezone.localdate(),
            once=once,
        )
        limits.count("idea", str(by.pk), now)
        actor, origin = (by, source) if wanted.is_signed else (UNSIGNED, "")
        audit.record("idea.file", by=actor, on_kind="idea", on_id=idea.pk, source=origin)
    return idea


def support_idea(pk: int, *, by: Staff) -> Idea:
    """One has met it too; a second time takes it back. One's own needs no support of one's own."""
    idea = Idea.objects.visible_to(by).filter(pk=pk).first()
    if idea is None:
        raise ObjectDoesNotExist
    if idea.by_id == by.pk:
        raise Fault("这是您自己提的")
    with transaction.atomic():
        _row, is_new = Support.objects.get_or_create(idea=idea, by=by)
        if not is_new:
            Support.objects.filter(idea=idea, by=by).delete()
    return idea


def turn_idea(pk: int, verb: str, note: str, *, by: Staff, source: str = "") -> Idea:
    """Take it up, carry it out, or decline it. Raises Fault, PermissionDenied, or ObjectDoesNotExist out of sight."""
    if ANSWER not in by.rights:
        raise PermissionDenied
    said = _clean(note, LONGEST_NOTE)
    with transaction.atomic():
        found = Idea.objects.answerable_by(by).filter(pk=pk).values_list("pk", flat=True)
        idea = Idea.objects.select_for_update().filter(pk__in=list(found)).first()
        if idea is None:
            raise ObjectDoesNotExist
        if idea.state not in TURNS[verb].of:
            raise Fault("这条已是“%(state)s”，不能这样办理", state=str(idea.get_state_display()))
        if not said:
            raise Fault("请写答复：提出的人和同事都会看到")
        idea.state, idea.is_unread = TURNS[verb].to, idea.by_id is not None
        idea.save(update_fields=["state", "is_unread"])
        Step.objects.create(idea=idea, state=idea.state, note=said, by=by)
        audit.record("idea.turn", by=by, on_kind="idea", on_id=pk, source=source, to=idea.state)
    return idea


def seen(idea: Idea, by: Staff) -> None:
    """Its author has seen what came of it."""
    if idea.is_unread and idea.by_id == by.pk:
        Idea.objects.filter(pk=idea.pk).update(is_unread=False)


def _unit(own: Unit, *, is_signed: bool) -> Unit:
    """Unsigned, the unit above: where five people work, the unit would be a name."""
    return own if is_signed or own.parent is None else own.parent


def _clean(text: str, longest: int) -> str:
    return masked_value("", text.strip())[:longest]
