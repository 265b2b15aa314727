"""How does who complains learn of it? What is sent from here counts as told in the moment it left, and not before.

A notice waits in a table of its own; the sender (`intake.leaving`) marks it as going before it leaves. In the
transaction that notes that it left, its verb is done. Killed between, it is unsure, and a person
says what became of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import seal, unseal
from huixiang.apps.complaints.actions.doing import Doing, act_of, do, locked
from huixiang.apps.complaints.actions.writing import once
from huixiang.apps.complaints.drafting import drafted
from huixiang.apps.complaints.models import Case, Notice
from huixiang.apps.complaints.models.letters import UNDER_WAY
from huixiang.apps.complaints.reachable import BY_US, address_of, can_leave
from huixiang.apps.complaints.standings import history
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.letters import SHORT, TITLES, BadLetter, check_letter
from huixiang.domain.complaints.lifecycle import HANDLE, VERBS, refusal

FRESH = timedelta(days=15)  # an old register that is brought in tells nobody that it came in
_KEPT = ("words", "reason", "names_grounds", "letter")
State = Notice.State


def do_or_send(pk: int, verb: str, doing: Doing, *, by: Staff, source: str = "") -> Case:
    """Do the verb; or, where the notice is to leave from here, have it sent, and the verb done once it left."""
    if doing.medium in BY_US:
        return _put(pk, verb, doing, by=by, source=source)
    if doing.letter:
        _check(verb, doing.words)
    return do(pk, verb, doing, by=by, source=source)


def send_receipt(case: Case, by: Staff) -> Notice | None:
    """Number, day and limit, in the transaction that registers; None where no contact or no way out is known."""
    if case.received_at < timezone.now() - FRESH:
        return None
    medium = next((each for each in (Notice.Medium.MAIL, Notice.Medium.SMS) if can_leave(case, each)), None)
    if medium is None:
        return None
    words, text = drafted(case, "register")
    sealed = seal({"words": words, "letter": text.version})
    return Notice.objects.create(case=case, verb="register", medium=medium, sealed=sealed, by=by)


def doing_of(notice: Notice) -> Doing:
    """What is to be written down once it has left. Raises Unsealable."""
    said = unseal(notice.sealed)
    return Doing(**{name: said[name] for name in _KEPT if name in said}, remedies=frozenset(said.get("remedies", ())))


def record_sent(notice: Notice, at: datetime) -> None:
    """Do its verb, as told at that moment; in the caller's transaction. Where it cannot be done, people see it."""
    if notice.verb == "register":
        Notice.objects.filter(pk=notice.pk).update(is_recorded=True)
        return
    doing = replace(doing_of(notice), told_at=at, medium=str(notice.medium))
    try:
        with transaction.atomic():
            do(notice.case_id, notice.verb, doing, by=notice.by, source="gateway")
            Notice.objects.filter(pk=notice.pk).update(is_recorded=True)
    except (Fault, PermissionDenied, ObjectDoesNotExist):
        audit.record("complaint.unrecorded", by=notice.by, on_kind="complaint", on_id=notice.case.number,
                     source="gateway", outcome="failed", deed=notice.verb)  # fmt: skip


def settle(pk: int, key: Any, *, has_left: bool, by: Staff, source: str = "") -> None:
    """A person says of an unsure or failed one whether it has left; if not, it is dropped, to be told another way."""
    if HANDLE not in by.rights:
        raise PermissionDenied
    with transaction.atomic():
        case = Case.objects.visible_to(by, HANDLE).select_for_update(of=("self",)).get(pk=pk)
        stays = (State.UNSURE, State.WAITING)
        notice = Notice.objects.select_for_update(of=("self",)).get(pk=key, case=case, state__in=stays)
        if has_left and notice.state != State.UNSURE:
            raise Fault("这条通知还没有发出")
        at = notice.tried_at or notice.created_at
        new = State.SENT if has_left else State.FAILED
        Notice.objects.filter(pk=key).update(state=new, settled_at=at if has_left else timezone.now(), failed="person")
        if has_left:
            record_sent(notice, at)
        audit.record("complaint.notice_settled", by=by, on_kind="complaint", on_id=case.number, source=source,
                     deed=notice.verb, left=has_left)  # fmt: skip


def _put(pk: int, verb: str, doing: Doing, *, by: Staff, source: str) -> Case:
    if verb not in TITLES or "told" not in VERBS[verb].asks:
        raise Fault("这件事不能由系统通知：请用电话、信函或当面告知")
    if VERBS[verb].right not in by.rights:
        raise PermissionDenied
    mark = once(by, doing.key, "notice", verb, str(pk))
    with transaction.atomic():
        case, _other = locked(pk, verb, doing, by)
        if mark and Notice.objects.filter(once=mark).exists():
            return case
        if case.notices.filter(verb=verb, state__in=UNDER_WAY).exists():
            raise Fault("同一件事的通知还没有发完：请看页面上的“通知”")
        doing = _with_words(case, verb, doing)
        _refuse(case, verb, doing, by)
        said = {name: getattr(doing, name) for name in _KEPT} | {"remedies": sorted(doing.remedies)}
        medium = BY_US[doing.medium]
        Notice.objects.create(case=case, verb=verb, medium=medium, sealed=seal(said), by=by, once=mark)
        audit.record("complaint.notice", by=by, on_kind="complaint", on_id=case.number, source=source, deed=verb,
                     medium=str(medium))  # fmt: skip
    return case


def _with_words(case: Case, verb: str, doing: Doing) -> Doing:
    """Where nobody wrote any, the template's, if the case knows all that it asks for."""
    if not doing.words.strip():
        words, text = drafted(case, verb, reason=doing.reason)
        doing = replace(doing, words=words, letter=text.version)
    _check(verb, doing.words)
    return doing


def _check(verb: str, words: str) -> None:
    try:
        check_letter(verb, words)
    except BadLetter as bad:
        raise Fault(bad.message, **bad.params) from None


def _refuse(case: Case, verb: str, doing: Doing, by: Staff) -> None:
    """What could not be done now is not sent: the table is asked before, and again when it has left."""
    medium, now = BY_US[doing.medium], timezone.now()
    if medium == Notice.Medium.SMS and verb not in SHORT:
        raise Fault("答复与决定不能用短信告知：号码可能已换主人。请用邮件、信函或当面")
    if not can_leave(case, medium) or address_of(case, medium) is None:
        raise Fault("没有可用的地址，或没有配置发送的服务器：请用其他方式告知")
    told = history(case)
    act = act_of(case, verb, replace(doing, told_at=now, medium=str(medium)), by, now)
    if found := refusal(told.standing(), act, told.pack):
        raise Fault(found.message, **found.params)
