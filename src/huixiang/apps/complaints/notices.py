"""Which messages to those who complain are on their way? The job that sends them, and what each of them says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import beats, jobs
from huixiang.apps.access.models import Job, bank_name
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints.actions.telling import record_sent
from huixiang.apps.complaints.drafting import day, letterhead, title_of
from huixiang.apps.complaints.models import Notice
from huixiang.apps.complaints.reachable import address_of, name_of
from huixiang.apps.complaints.standings import history
from huixiang.apps.intake import leaving
from huixiang.domain.complaints.letters import addressed
from huixiang.gateways.contract import Message
from huixiang.lake.locks import patient

KIND = "complaint_notices"
# A short message tells what happened, and never why: the number may have another owner by now.
SHORT_WORDS = {
    "register": "您的投诉已登记，编号 {number}",
    "accept": "您的投诉（编号 {number}）已受理",
    "pause": "您的投诉（编号 {number}）因鉴定、检测或评估暂停计算期限，结束后恢复",
    "extend": "您的投诉（编号 {number}）办理期限已延长",
}


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):
        count = send_all(waiting=progress.beat)
    return Sentence(gettext_noop("送出 %(count)s 条给投诉人的通知。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Every few seconds: does a notice wait, and is nobody at it?"""
    return leaving.begin_due(OURS, Sentence(gettext_noop("发送给投诉人的通知"), {}), now)


def send_all(clock: Callable[[], datetime] = timezone.now, waiting: Callable[[], None] = patient) -> int:
    """All that waits; how many left?"""
    return leaving.send_all(OURS, clock, waiting)


def message_of(notice: Notice) -> Message:
    """Chinese, as the bank writes to its customers. Raises Unsealable where it must not go any more."""
    case, bank = notice.case, bank_name()
    to = address_of(case, notice.medium)
    if to is None or case.is_held:
        raise Unsealable
    if notice.medium == Notice.Medium.SMS:
        short = SHORT_WORDS[notice.verb].format(number=case.number)
        return Message(notice.pk.hex, to, f"【{bank}】{short}{_until(notice)}。")
    said, head = unseal(notice.sealed), letterhead(case.unit)
    title = title_of(notice.verb, str(said.get("letter", "")))
    foot = "\n".join(filter(None, (f"{bank} {case.unit.name}", head.address, head.phone and f"电话 {head.phone}")))
    text = f"{addressed(str(said['words']), name_of(case))}\n\n{foot}\n{day(timezone.now())}\n"
    text += "本邮件由系统发出，请勿直接回复。\n"
    return Message(notice.pk.hex, to, text, f"{bank}：{title}（{case.number}）", is_reply=notice.verb == "register")


def _until(notice: Notice) -> str:
    """The limit for the reply, of what a short message may tell."""
    if notice.verb not in {"register", "accept"}:
        return ""
    reply = history(notice.case).clock("reply", timezone.now())
    return f"，答复期限 {day(reply.due)}" if reply and reply.due else ""


OURS = leaving.Rows(KIND, Notice, message_of, ("case__unit", "case__pack", "by"), record_sent)
