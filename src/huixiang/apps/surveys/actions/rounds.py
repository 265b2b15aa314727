"""How is a round drawn, worded, begun and stopped, and how is somebody left out of it? Each is audited."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import seal
from huixiang.apps.surveys import drawing, framing, tokens
from huixiang.apps.surveys.models import Framed, Invitation, Round, Survey
from huixiang.channels.contract import Fault
from huixiang.domain.surveys.invitations import missing_places, unknown_places
from huixiang.domain.surveys.sampling import Chosen, account
from huixiang.gateways import named

RIGHT = "survey.send"
AT_ONCE = 1_000
LONGEST_SMS, LONGEST_MAIL = 300, 4_000
TEXTS = {
    "sms": "【{bank}】您{day}到过{unit}，想听听您的感受，约 2 分钟：{link} 不想再收到请点：{stop}",
    "subject": "{bank}想听听您的感受",
    "mail": "您好！\n\n您{day}到过{unit}。这次服务怎么样？请用两分钟告诉我们：\n{link}\n\n"
    "链接只供您本人使用，不需要登录。\n\n{bank}\n\n不想再收到这类邮件，请点：{stop}\n",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What customers read, and how often they are reminded."""

    sms: str = TEXTS["sms"]
    subject: str = TEXTS["subject"]
    mail: str = TEXTS["mail"]
    remind_after: int = 0
    remind_most: int = 1


def draw_round(survey: Survey, name: str, plan: drawing.Plan, *, by: Staff, source: str = "") -> Round:
    """Draw and invite, in one transaction. Raises PermissionDenied, and Fault where nobody is drawn."""
    allow(by, survey)
    today, seed = timezone.localdate(), secrets.randbits(48)
    with transaction.atomic():
        frame = drawing.frame_of(survey, plan, today, by)
        sample = drawing.drawn(frame, plan.rule, today, seed)
        if not sample.chosen:
            raise Fault("按这条规则没有抽到任何客户；请看抽样预览里各项原因的人数")
        made = Round.objects.create(
            survey=survey,
            name=name.strip()[:80] or f"{today:%Y-%m-%d}",
            medium=plan.medium,
            rule=drawing.kept_rule(plan, today, seed, frame),
            frame=drawing.sealed(frame),
            account=account(sample),
            texts=dict(TEXTS),
            by=by,
        )
        _invite(made, frame, sample.chosen, today)
        detail: dict[str, Any] = {"survey": survey.pk, "framed": len(frame.lines), "drawn": len(sample.chosen)}
        audit.record("round.draw", by=by, on_kind="round", on_id=made.pk, source=source, seed=seed, **detail)
    return made


def word_round(round_: Round, wording: Wording, *, by: Staff, source: str = "") -> None:
    """The words, checked before any customer reads them. Raises Fault."""
    allow(by, round_.survey)
    for text in (wording.sms, wording.mail, wording.subject):
        if unknown := unknown_places(text):
            raise Fault("没有叫“{%(name)s}”的占位符；可用 {bank} {unit} {day} {link} {stop}", name=unknown[0])
    for text in (wording.sms, wording.mail):
        if missing := missing_places(text):
            raise Fault("正文里缺少 {%(name)s}：作答链接 {link} 与退订链接 {stop} 都要有", name=missing[0])
    if len(wording.sms) > LONGEST_SMS or len(wording.mail) > LONGEST_MAIL or "\n" in wording.subject:
        raise Fault("短信最多 %(sms)s 字，邮件最多 %(mail)s 字，标题只能一行", sms=LONGEST_SMS, mail=LONGEST_MAIL)
    with transaction.atomic():
        Round.objects.filter(pk=round_.pk).update(
            texts={"sms": wording.sms, "subject": wording.subject, "mail": wording.mail},
            remind_after=wording.remind_after,
            remind_most=wording.remind_most,
        )
        audit.record("round.word", by=by, on_kind="round", on_id=round_.pk, source=source)


def begin_round(round_: Round, *, by: Staff | str, source: str = "") -> None:
    """From now on messages go out, by day, and links open again. Raises Fault where something is missing for it."""
    allow(by, round_.survey)
    if round_.medium == Round.By.LINK and round_.state == Round.State.STOPPED:
        was_taken = round_.is_handed or round_.links_taken_at
        after = Round.State.SENT if was_taken else Round.State.DRAWN
        return _turn(round_, (Round.State.STOPPED,), after, "round.begin", by, source)
    _ready(round_)
    before = (Round.State.DRAWN, Round.State.PAUSED, Round.State.STOPPED)
    _turn(round_, before, Round.State.SENDING, "round.begin", by, source)


def pause_round(round_: Round, *, by: Staff | str, source: str = "") -> None:
    """Nothing more goes out until it is begun again; what was sent can be answered."""
    allow(by, round_.survey)
    if round_.medium == Round.By.LINK:
        raise Fault("这一次由本行自行分发，没有可暂停的发送；要让链接失效，请停止")
    _turn(round_, (Round.State.SENDING, Round.State.SENT), Round.State.PAUSED, "round.pause", by, source)


def stop_round(round_: Round, *, by: Staff | str, source: str = "") -> None:
    """Nothing more goes out, no reminder either, and links that were not used yet tell that the survey has ended."""
    allow(by, round_.survey)
    before = tuple(state for state in Round.State if state != Round.State.STOPPED)
    _turn(round_, before, Round.State.STOPPED, "round.stop", by, source)


def send_unsure_again(round_: Round, *, by: Staff, source: str = "") -> int:
    """A person decides that some may rather get two messages than none."""
    allow(by, round_.survey)
    with transaction.atomic():
        rows = round_.invitations.filter(state=Invitation.State.UNSURE)
        count = rows.update(state=Invitation.State.WAITING, tries=0, sent_at=None)
        if count:
            Round.objects.filter(pk=round_.pk, state=Round.State.SENT).update(state=Round.State.SENDING)
        audit.record("round.again", by=by, on_kind="round", on_id=round_.pk, source=source, count=count)
    return count


def leave_out(survey: Survey, customer: str, reason: str, *, by: Staff, source: str = "") -> int:
    """Take a customer, by the bank's number, off the list; in how many lines? Raises Fault without a reason."""
    allow(by, survey)
    if len(reason.strip()) < 2:
        raise Fault("请写明为什么不问这位客户；剔除的人数和原因会留在抽样说明里")
    within = Unit.objects.visible_to(by, RIGHT)
    with transaction.atomic():
        rows = Framed.objects.filter(survey=survey, customer=framing.pseudonym_of(customer), unit__in=within)
        count = rows.update(left_out_for=reason.strip()[:200], left_out_by=by)
        if not count:
            raise Fault("名单里没有这个客户号；请核对")
        audit.record("survey.leave_out", by=by, on_kind="survey", on_id=survey.pk, source=source, lines=count)
    return count


def take_back(survey: Survey, line: int, *, by: Staff, source: str = "") -> None:
    """Put a customer back onto the list, in all his lines."""
    allow(by, survey)
    within = Unit.objects.visible_to(by, RIGHT)
    with transaction.atomic():
        one = Framed.objects.filter(survey=survey, pk=line, unit__in=within).first()
        if one is None:
            raise PermissionDenied
        rows = Framed.objects.filter(survey=survey, customer=one.customer, unit__in=within)
        rows.update(left_out_for="", left_out_by=None)
        audit.record("survey.take_back", by=by, on_kind="survey", on_id=survey.pk, source=source)


def _invite(round_: Round, frame: drawing.Frame, chosen: Sequence[Chosen], today: date) -> None:
    until = today + timedelta(days=round_.survey.retention_days)
    for start in range(0, len(chosen), AT_ONCE):
        part = chosen[start : start + AT_ONCE]
        full = Framed.objects.in_bulk([frame.lines[one.index].pk for one in part])
        rows = [_invitation(round_, full[frame.lines[one.index].pk], one, until) for one in part]
        Invitation.objects.bulk_create(rows, batch_size=500)


def _invitation(round_: Round, line: Framed, one: Chosen, until: date) -> Invitation:
    pk, medium = uuid4(), drawing.medium_of(line, round_.medium)
    contact = framing.opened(line).get({"sms": "phone", "mail": "mail"}.get(medium, ""), "")
    return Invitation(
        pk=pk,
        round=round_,
        token=tokens.hash_of(pk.hex),
        place=one.index,
        customer=line.customer,
        medium=medium,
        contact=seal({"contact": contact}) if contact else None,
        unit_id=line.unit_id,
        tier=line.tier,
        met_on=line.met_on,
        stratum=one.stratum,
        probability=one.probability,
        asked_by_id=line.staff_id if medium == Invitation.Medium.LINK else None,
        keep_until=until,
    )


def _ready(round_: Round) -> None:
    if round_.survey.state != Survey.State.OPEN:
        raise Fault("问卷还没有开放作答；请先在“概况”里发布或恢复")
    if round_.medium == Round.By.LINK:
        raise Fault("这一次由本行自行分发：请下载链接名单，不用发送")
    if not settings.PUBLIC_URL:
        raise Fault("还不知道客户从哪个网址作答；请系统管理员设置 HUIXIANG_PUBLIC_URL")
    for medium in set(round_.invitations.values_list("medium", flat=True)) & {named.SMS, named.MAIL}:
        if named.gateway(medium, os.environ) is None:
            variable = {"sms": "HUIXIANG_SMS_URL", "mail": "HUIXIANG_MAIL_URL"}[medium]
            raise Fault("还没有接好发送通道；请系统管理员设置 %(variable)s", variable=variable)


def _turn(
    round_: Round, before: Sequence[Round.State], after: Round.State, verb: str, by: Staff | str, source: str
) -> None:
    with transaction.atomic():
        if not Round.objects.filter(pk=round_.pk, state__in=before).update(state=after):
            raise Fault("这一次发送现在不能这样改；请刷新页面看看现在的状态")
        audit.record(verb, by=by, on_kind="round", on_id=round_.pk, source=source)
    round_.state = after


def allow(by: Staff | str, survey: Survey) -> None:
    """Who may send to one unit of the survey may send there; the frame is cut to what is in reach."""
    if isinstance(by, str):  # from the shell
        return
    within = Unit.objects.visible_to(by, RIGHT).filter(path__startswith=survey.unit.path)
    if not within.exists():
        raise PermissionDenied
