"""What if a customer wants his words erased (PIPL art. 47)? One voice or all of his, for a reason, for good."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import tombstones
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Erasure, Tombstone
from huixiang.channels.contract import Fault
from huixiang.lake import questions


def erase_voice(voice_id: str, reason: str, *, by: Staff, source: str = "") -> Erasure:
    """Erase one voice in all its versions. Raises Fault, or ObjectDoesNotExist where it is out of reach."""
    _may_erase(by)
    reach = by.scope("voice.erase")
    voice = questions.voice(lake(), voice_id)
    if voice is None or (reach is not None and voice.branch not in reach):
        raise ObjectDoesNotExist
    return _ask(Erasure.What.VOICE, [voice_id], "", reason, by, source)


def erase_customer(pseudonym: str, reason: str, *, by: Staff, source: str = "") -> Erasure:
    """Erase all voices of one customer within the person's reach. Raises Fault, or ObjectDoesNotExist for none.

    Who reaches the whole bank needs none: the customer's number may stand in quarantined rows alone.
    """
    _may_erase(by)
    reach = by.scope("voice.erase")
    ids = questions.said_by(lake(), pseudonym, reach)
    if not ids and reach is not None:
        raise ObjectDoesNotExist
    return _ask(Erasure.What.CUSTOMER, ids, pseudonym, reason, by, source)


def _ask(what: Erasure.What, ids: Collection[str], pseudonym: str, reason: str, by: Staff, source: str) -> Erasure:
    """From here on it cannot be undone: the tombstones stand, and the job goes on until it is done."""
    if not reason.strip():
        raise Fault("请说明删除的原因，例如客户在何时以何种方式提出")
    with transaction.atomic():
        kept = masked_value("", reason.strip())[:400]
        erasure = Erasure.objects.create(what=what, reason=kept, pseudonym=pseudonym, voices=len(ids), by=by)
        if ids and len(Tombstone.objects.among(ids)) == len(ids):
            raise Fault("这些声音已在删除之中，请稍候")
        tombstones.add(ids, erasure.pk)
        title = Sentence(gettext_noop("应客户要求删除 %(count)s 条声音"), {"count": len(ids)})
        erasure.job = jobs.start("erase", title, by, erasure_id=str(erasure.pk))
        erasure.save(update_fields=["job"])
        deed = {"what": str(what), "count": len(ids), "reason": kept}
        audit.record_many([audit.Deed("voice.erase", "erasure", erasure.pk, deed)], by=by, source=source)
    return erasure


def _may_erase(by: Staff) -> None:
    if "voice.erase" not in by.rights:
        raise PermissionDenied
