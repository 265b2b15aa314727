"""How are customers told what was done about what they said? Drafted from a need, published, and withdrawn by a person.

What is published is never changed: it is withdrawn, and written anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.facts import lake
from huixiang.apps.needs.actions.turning import clean
from huixiang.apps.needs.actions.turning import told as step
from huixiang.apps.needs.models import LONGEST_DID, LONGEST_DID_EN, LONGEST_SAID, LONGEST_SAID_EN, Decision, Deed, Need
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.normal import normalise
from huixiang.lake import questions
from huixiang.lake.questions import Slice

RIGHT = "need.decide"
OF = frozenset({"decided", "met"})
# A phrase of this length that fewer voices than these hold is somebody's own; the library's wording has the same bound.
LONG, MANY = 8, 5
_ENDS = " \t。，、！？；：…“”‘’.,!?;:\"'"


@dataclass(frozen=True, slots=True)
class Telling:
    """What customers shall read: what they said in general words, what was done, when, and of which unit ("": all).

    In English both or none.
    """

    said: str
    did: str
    done_on: date | None = None
    unit: str = ""
    said_en: str = ""
    did_en: str = ""


def may_tell(staff: Staff, need: Need) -> bool:
    """A need of the whole bank can be acted upon in any branch: the right is asked of the deed's unit."""
    acts = any(made.kind != Decision.Kind.NONE for made in need.decisions.all())
    return need.state in OF and acts and RIGHT in staff.rights


def draft(need_pk: int, telling: Telling, *, by: Staff, source: str = "") -> Deed:
    """Only staff see it yet. Raises ObjectDoesNotExist, PermissionDenied, or Fault for words that cannot be told."""
    made = _settled(Deed(), telling)
    made.unit = _unit(telling.unit, by)
    with transaction.atomic():
        visible = list(Need.objects.visible_to(by).filter(pk=need_pk).values_list("pk", flat=True))
        need = Need.objects.select_for_update().filter(pk__in=visible).first()
        if need is None:
            raise ObjectDoesNotExist
        if not may_tell(by, need):
            raise Fault("需求“%(name)s”还没有决定采取行动，没有可以告诉客户的", name=need.name)
        alike = need.deeds.filter(unit=made.unit, said=made.said, did=made.did, withdrawn_at=None)
        if alike.exists():
            raise Fault("已经有一条一样的")
        made.need, made.by = need, by
        made.save()
        _record(made, "draft", by, source)
    return made


def reword(pk: int, telling: Telling, *, by: Staff, source: str = "") -> Deed:
    """Of a draft alone; its unit stays."""
    with transaction.atomic():
        deed = _settled(_held(pk, by), telling)
        if deed.published_at:
            raise Fault("已发布的不能改；请撤下后重新起草")
        deed.save()
        _record(deed, "reword", by, source)
    return deed


def publish(pk: int, *, by: Staff, source: str = "") -> Deed:
    """From now on customers read it."""
    with transaction.atomic():
        deed = _held(pk, by)
        if deed.published_at:
            raise Fault("这条已经发布")
        deed.published_at = timezone.now()
        deed.save(update_fields=["published_at"])
        _record(deed, "publish", by, source)
    return deed


def withdraw(pk: int, *, by: Staff, source: str = "") -> Deed:
    """Customers read it no more; a draft is given up. It stays in the list of staff."""
    with transaction.atomic():
        deed = _held(pk, by)
        deed.withdrawn_at = timezone.now()
        deed.save(update_fields=["withdrawn_at"])
        _record(deed, "withdraw", by, source)
    return deed


def print_deeds(slug: str, *, by: Staff, source: str = "") -> None:
    """Who printed what hangs at which box?"""
    audit.record("deed.poster", by=by, on_kind="box", on_id=slug, source=source)


def _held(pk: int, by: Staff) -> Deed:
    """The row, locked until commit, where it is neither out of reach nor over."""
    visible = list(Deed.objects.visible_to(by, RIGHT).filter(pk=pk).values_list("pk", flat=True))
    deed = Deed.objects.select_for_update().filter(pk__in=visible).first()
    if deed is None:
        raise ObjectDoesNotExist
    if not by.holds(RIGHT, deed.unit):
        raise PermissionDenied
    if deed.withdrawn_at:
        raise Fault("这条已经撤下")
    return deed


def _unit(code: str, by: Staff) -> Unit | None:
    """ "" is the whole bank, as its head office is. Raises PermissionDenied beyond the reach of the right."""
    found = Unit.objects.filter(code=code).first() if code else None
    if (code and found is None) or not by.holds(RIGHT, found):
        raise PermissionDenied
    return found if found and found.parent_id else None


def _settled(deed: Deed, telling: Telling) -> Deed:
    day = telling.done_on or timezone.localdate()
    deed.said, deed.did = _words(telling.said, LONGEST_SAID), _words(telling.did, LONGEST_DID)
    deed.said_en, deed.did_en = _in_english(telling)
    deed.done_on = day
    if day > timezone.localdate():
        raise Fault("做完的日期不能晚于今天：还没有做的不能说做了")
    _nobodys_own(deed.said)
    return deed


def _words(text: str, longest: int) -> str:
    """One line, masked, and whole: words cut off at their end would say something else."""
    found = clean(" ".join(text.split()), 1000)
    if not found:
        raise Fault("请写明客户说了什么、我们做了什么")
    if len(found) > longest:
        raise Fault("最多 %(longest)s 个字，这里有 %(found)s 个", longest=longest, found=len(found))
    return found


def _in_english(telling: Telling) -> tuple[str, str]:
    if not (telling.said_en.strip() or telling.did_en.strip()):
        return "", ""
    if not (telling.said_en.strip() and telling.did_en.strip()):
        raise Fault("英文请两句都写，或都不写", column="said_en" if telling.did_en.strip() else "did_en")
    return _words(telling.said_en, LONGEST_SAID_EN), _words(telling.did_en, LONGEST_DID_EN)


def _nobodys_own(said: str) -> None:
    """Raises Fault where a few voices hold these very words: then they are a customer's, not general ones."""
    phrase = normalise(said).strip(_ENDS)
    if len(phrase) >= LONG and 0 < questions.count(lake(), Slice(query=phrase)) < MANY:
        raise Fault("“您说”与某位客户的原话一样；请用概括的说法，别让人认出是谁说的")


def _record(deed: Deed, verb: str, by: Staff, source: str) -> None:
    step(deed.need, f"deed.{verb}", by, "", {"deed": ["", deed.said]})
    unit = deed.unit.code if deed.unit else ""
    detail: dict[str, Any] = {"need": deed.need_id, "unit": unit, "done_on": deed.done_on.isoformat()}
    audit.record(f"deed.{verb}", by=by, on_kind="deed", on_id=deed.pk, source=source, **detail)
