"""Who gets a mail that a risk waits for her? Those of the level that must know, once a level; it names nobody."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, beats, jobs
from huixiang.apps.access.models import Job, Post, Staff, bank_name
from huixiang.apps.access.rights import ROLES
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints import risking
from huixiang.apps.complaints.models import Case, RiskMail, RiskMark
from huixiang.apps.intake import leaving
from huixiang.domain.complaints.escalating import is_high_enough
from huixiang.domain.complaints.lifecycle import APPROVE
from huixiang.domain.complaints.warning import Level
from huixiang.gateways.contract import Message

KIND = "complaint_risk_mails"
MOST = 200  # cases looked at in one moment, the newest first
LEVELS = {Level.UNIT: "承办机构", Level.SUPERIOR: "上级机构", Level.HEAD_OFFICE: "总行"}


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):
        count = leaving.send_all(OURS, waiting=progress.beat)
    return Sentence(gettext_noop("送出 %(count)s 封风险上报邮件。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Every few seconds: does a risk wait for somebody who was not written to, and is nobody at it?"""
    if leaving.leaves(RiskMail.Medium.MAIL):
        write_due(now)
    return leaving.begin_due(OURS, Sentence(gettext_noop("发送风险上报邮件"), {}), now)


def write_due(now: datetime) -> int:
    """A row for each who must know by now and was not written to at this level; how many?"""
    chosen = RiskMark.objects.filter(is_known=False, case__is_held=False).order_by("-pk").values_list("case_id")[:MOST]
    cases = Case.objects.filter(pk__in=[pk for (pk,) in chosen]).select_related("unit")
    return sum(_written(case, now) for case in cases.prefetch_related("risk_marks", "accused"))


def _written(case: Case, now: datetime) -> int:
    due = risking.highest((each for each in case.risk_marks.all() if not each.is_known), now)
    if due is None or RiskMail.objects.filter(case=case, level=due.level.value).exists():
        return 0
    made = [
        RiskMail(case=case, staff=staff, level=due.level.value, medium=RiskMail.Medium.MAIL)
        for staff in those_who(case, due.level)
    ]
    RiskMail.objects.bulk_create(made, ignore_conflicts=True)
    if made:
        audit.record("complaint.risk_mail", by="system:risks", on_kind="complaint", on_id=case.number,
                     level=due.level.value, people=len(made))  # fmt: skip
    return len(made)


def those_who(case: Case, level: Level) -> list[Staff]:
    """With an address and a post of that very level; where nobody has one there, those above."""
    above = [part for part in case.unit.path.strip("/").split("/") if part]
    roles = [role for role, rights in ROLES.items() if APPROVE in rights]
    posts = Post.objects.on(timezone.localdate()).filter(role__in=roles, unit__code__in=above)
    accused = {each.staff_id for each in case.accused.all()}
    found: dict[int, tuple[Staff, set[Level]]] = {}
    for post in posts.select_related("staff", "unit").exclude(staff__email="").filter(staff__is_active=True):
        if post.staff_id not in accused:
            ranks = found.setdefault(post.staff_id, (post.staff, risking.ranks(post.staff, case.unit, APPROVE)))[1]
            ranks.discard(Level.HANDLER)
    exact = [staff for staff, ranks in found.values() if level in ranks]
    return exact or [staff for staff, ranks in found.values() if is_high_enough(ranks, level)]


def message_of(mail: RiskMail) -> Message:
    """Chinese, to a colleague: number, level and the risks' names; not a word of the complaint, and nobody's name."""
    marks = [each for each in risking.waits(mail.case)]
    if not marks or not mail.staff.email or mail.case.is_held:
        raise Unsealable  # known meanwhile: nothing need leave
    names = "、".join(dict.fromkeys(risking.name(each.code) for each in marks))
    text = (
        f"投诉 {mail.case.number}（{mail.case.unit.name}）出现风险：{names}。\n"
        f"须由{LEVELS[Level(mail.level)]}知悉，请登录回响，在“投诉 → 需上报”中查看并确认知悉。\n\n"
        "本邮件由系统发出，不含投诉内容与客户信息，请勿直接回复。\n"
    )
    return Message(mail.pk.hex, mail.staff.email, text, f"{bank_name()}：有投诉须您知悉（{mail.case.number}）")


OURS = leaving.Rows(KIND, RiskMail, message_of, ("case__unit", "staff"))
