"""Who codes which talk, what does each say of an utterance, and who decides where two disagree?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.focus import coded, reaching
from huixiang.apps.focus.actions.planning import MANAGE, MODERATE
from huixiang.apps.focus.models import Code, Coding, Session, Utterance
from huixiang.channels.contract import Fault

CODE = "focus.code"
CODERS = 2
MOST_CODES = 8  # of one utterance: beyond, it should be two


def begin_coding(pk: int, numbers: Collection[str], *, by: Staff, source: str = "") -> Session:
    """From now on these two code it, each for herself. Raises Fault where one of them may not, or nothing is there."""
    with transaction.atomic():
        session = reaching.session(pk, MODERATE, by, locked=True)
        if session.state not in (Session.State.HELD, Session.State.CODING):
            raise Fault("请先导入这场座谈的记录；已完成的请先重新打开")
        wanted = sorted({number.strip() for number in numbers if number.strip()})
        if len(wanted) != CODERS:
            raise Fault("请选两位不同的编码员", column="coders")
        people = list(Staff.objects.filter(number__in=wanted, is_active=True))
        if strange := set(wanted) - {each.number for each in people if each.holds(CODE, session.unit)}:
            raise Fault(
                "工号“%(number)s”不存在，或没有给这里的座谈编码的权限", number=min(strange)[:32], column="coders"
            )
        dropped = _dropped(session, people)
        session.coders.set(people)
        Session.objects.filter(pk=pk).update(state=Session.State.CODING)
        told: dict[str, Any] = {"coders": wanted} | ({"dropped": dropped} if dropped else {})
        audit.record("focus.begin_coding", by=by, on_kind="session", on_id=pk, source=source, **told)
    session.refresh_from_db()
    return session


def _dropped(session: Session, staying: Collection[Staff]) -> int:
    """How many answers go with who codes it no longer? Only where she cannot go on: else a talk would never be done."""
    leaving = session.coders.exclude(pk__in=[each.pk for each in staying])
    given = Coding.objects.filter(utterance__session=session, settles=False, by__in=leaving)
    able = [each.pk for each in leaving if each.is_active and each.holds(CODE, session.unit)]
    if given.filter(by__in=able).exists():
        raise Fault("已经编过码、还在岗的人不能换下；离岗或已无编码权限的可以，其答案一并删除", column="coders")
    count = given.count()
    given.delete()
    return count


def code(utterance_pk: int, codes: Collection[int] | None, *, by: Staff, source: str = "") -> Coding | None:
    """What this person says of an utterance; no codes: nothing of it; None: not said yet, after all (undo).

    The same once more, as by a slow network, is the same. Raises Fault, or ObjectDoesNotExist beyond reach.
    """
    with transaction.atomic():
        utterance = _utterance(utterance_pk, CODE, by)
        if not utterance.session.coders.filter(pk=by.pk).exists():
            raise PermissionDenied
        if codes is None:
            Coding.objects.filter(utterance=utterance, by=by, settles=False).delete()
            found = None
        else:
            found, _new = Coding.objects.update_or_create(
                utterance=utterance, by=by, settles=False, defaults={"at": timezone.now()}
            )
            found.codes.set(_chosen(utterance, codes))
        count = None if codes is None else len(codes)
        audit.record("focus.code", by=by, on_kind="utterance", on_id=utterance_pk, source=source, codes=count)
    return found


def settle(utterance_pk: int, codes: Collection[int], *, by: Staff, source: str = "") -> Coding:
    """A third look decides. Raises Fault where the two do not disagree, or the third is one of them."""
    with transaction.atomic():
        utterance = _utterance(utterance_pk, MANAGE, by)
        given = Coding.objects.filter(utterance=utterance, settles=False)
        if given.filter(by=by).exists():
            raise Fault("自己编过的发言，由第三人裁定")
        if not coded.is_disputed(utterance):
            raise Fault("这句发言没有待裁定的分歧")
        made = Coding.objects.create(utterance=utterance, by=by, settles=True)
        made.codes.set(_chosen(utterance, codes))
        audit.record("focus.settle", by=by, on_kind="utterance", on_id=utterance_pk, source=source, codes=len(codes))
    return made


def finish(pk: int, *, by: Staff, source: str = "") -> Session:
    """All is coded by both and settled. Raises Fault that tells what is left."""
    with transaction.atomic():
        session = reaching.session(pk, MANAGE, by, locked=True)
        if session.state != Session.State.CODING:
            raise Fault("这场座谈不在编码中")
        counts = coded.progress(session)
        if counts.open or counts.disputed or not counts.all:
            message = "还有 %(open)s 句没有两人都编码，%(disputed)s 处分歧没有裁定"
            raise Fault(message, open=counts.open, disputed=counts.disputed)
        Session.objects.filter(pk=pk).update(state=Session.State.DONE)
        audit.record("focus.finish", by=by, on_kind="session", on_id=pk, source=source)
    session.refresh_from_db()
    return session


def reopen(pk: int, *, by: Staff, source: str = "") -> Session:
    with transaction.atomic():
        session = reaching.session(pk, MANAGE, by, locked=True)
        if session.state != Session.State.DONE:
            raise Fault("只有已完成的座谈可以重新打开")
        Session.objects.filter(pk=pk).update(state=Session.State.CODING)
        audit.record("focus.reopen", by=by, on_kind="session", on_id=pk, source=source)
    session.refresh_from_db()
    return session


def _utterance(pk: int, right: str, by: Staff) -> Utterance:
    found = Utterance.objects.of_participants().worded().select_related("session").filter(pk=pk).first()
    if found is None:
        raise ObjectDoesNotExist
    found.session = reaching.session(found.session_id, right, by, locked=True)
    if found.session.state != Session.State.CODING:
        raise Fault("这场座谈不在编码中")
    return found


def _chosen(utterance: Utterance, codes: Collection[int]) -> list[Code]:
    wanted = set(codes)
    if len(wanted) > MOST_CODES:
        raise Fault("一句发言最多 %(most)s 个代码", most=MOST_CODES)
    found = list(Code.objects.living().filter(study=utterance.session.study_id, pk__in=wanted))
    if len(found) < len(wanted):
        raise Fault("有的代码已合并或不属于这项研究；请刷新页面")
    return found
