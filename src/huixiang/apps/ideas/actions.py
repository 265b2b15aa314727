"""What can be done with an idea? File it, support it, take it up or decline it; always with an answer."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import AuditRecord, Post, Staff, Unit
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
from huixiang.domain.surveys.scores import FEWEST

UNSIGNED = "staff:unsigned"  # in the audit: somebody of the bank, and nobody shall know who
MOST_AN_HOUR = 10
MOST_UNSIGNED_A_DAY = 60  # of all who work below one unit
HOUR, NOTED_FOR = timedelta(hours=1), timedelta(days=30)
NUMBERS = 2**52  # what a script in a browser counts exactly


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
    whose = str(by.pk) if wanted.is_signed else ""  # unsigned, nobody's number could be tried out against it
    once = hmac.digest(key_for("ideas v1"), f"{whose} {key} {title} {text}".encode(), "sha256").hex()
    if known := Idea.objects.filter(once=once).first():
        return known
    now = timezone.now()
    if _is_flooding(by, now, is_signed=wanted.is_signed):
        raise Fault("一小时内最多提 %(most)s 条，请稍后再提", most=MOST_AN_HOUR)
    unit = posts[0].unit if wanted.is_signed else _in_company(posts[0].unit, timezone.localdate())
    with transaction.atomic():
        if not wanted.is_signed:
            _refuse_flood(unit)
        idea = Idea.objects.create(
            # Drawn: a number in order would tell between which two signed ones, whose minutes are known, it was filed.
            pk=1 + secrets.randbelow(NUMBERS),
            kind=wanted.kind,
            about=wanted.about,
            title=title,
            text=text,
            unit=unit,
            by=by if wanted.is_signed else None,
            is_confidential=wanted.is_confidential,
            filed_on=timezone.localdate(),
            once=once,
        )
        if wanted.is_signed:  # of the others the night tells, see `note_unsigned`
            limits.count("idea", str(by.pk), now)
            audit.record("idea.file", by=by, on_kind="idea", on_id=idea.pk, source=source)
    return idea


def note_unsigned(today: date) -> int:
    """The nightly round's part: how many unsigned ideas had a day that is over?

    Recorded as each is filed, the second beside a colleague's log-in would tell whose it is. May run twice.
    """
    told = AuditRecord.objects.filter(verb="idea.unsigned").values_list("on_id", flat=True)
    rows = Idea.objects.filter(by=None, filed_on__lt=today, filed_on__gte=today - NOTED_FOR)
    days = rows.order_by("filed_on").values_list("filed_on").annotate(count=Count("pk"))
    new = [(day, count) for day, count in days if f"{day:%Y-%m-%d}" not in set(told)]
    for day, count in new:
        audit.record("idea.unsigned", by=UNSIGNED, on_kind="idea", on_id=f"{day:%Y-%m-%d}", count=count)
    return len(new)


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
        if idea.by_id == by.pk:  # what is taken up counts in recognition: nobody honours herself
            raise Fault("这是您自己提的，请上级或另一位同事答复")
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


def _in_company(own: Unit, today: date) -> Unit:
    """Unsigned, the first unit above in and below which FEWEST people work: of fewer, each could be guessed."""
    above = Unit.objects.filter(code__in=own.path.strip("/").split("/")).exclude(pk=own.pk).order_by("-path")
    for unit in above:  # the longest path first: the nearest
        if Post.objects.on(today).filter(unit__path__startswith=unit.path).values("staff").distinct().count() >= FEWEST:
            return unit
    return above.last() or own  # all of a small bank


def _refuse_flood(unit: Unit) -> None:
    """The ideas themselves are the count, the same for all processes: of who filed them nothing is written down."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    if Idea.objects.filter(by=None, unit=unit, filed_on=timezone.localdate()).count() >= MOST_UNSIGNED_A_DAY:
        raise Fault("这里今天不署名的建议已有 %(most)s 条，请明天再提，或署名提出", most=MOST_UNSIGNED_A_DAY)


def _is_flooding(by: Staff, now: datetime, *, is_signed: bool) -> bool:
    """Signed ones are counted in the database; of who files unsigned nothing is written down, not even a hash.

    Of her this process counts in its memory, to slow a script; what holds for all processes is `_refuse_flood`.
    """
    if is_signed:
        return limits.reached("idea", str(by.pk), MOST_AN_HOUR, now)
    key = f"ideas.unsigned.{by.pk}.{now:%Y%m%d%H}"
    cache.add(key, 0, HOUR.seconds)
    return int(cache.incr(key)) > MOST_AN_HOUR


def _clean(text: str, longest: int) -> str:
    return masked_value("", text.strip())[:longest]
