"""Who gets a mail a day of what runs out? Each level of the tree that the warnings have come up to; it names nobody.

Written by the nightly round, once a person and day; sent like all messages, by the bank's own server.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, beats, jobs
from huixiang.apps.access.models import Job, Post, Staff, bank_name
from huixiang.apps.access.rights import ROLES
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints import backdating, warnings
from huixiang.apps.complaints.models import Accused, Case, DigestMail, DigestStop
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.intake import leaving
from huixiang.domain.complaints.clocks import State
from huixiang.domain.complaints.lifecycle import APPROVE, HANDLE
from huixiang.domain.complaints.warning import Level
from huixiang.gateways.contract import Message

KIND, SYSTEM = "complaint_digests", "system:nightly"
DAY, KEPT = timedelta(days=1), timedelta(days=30)
ROLES_THAT_ACT = [role for role, rights in ROLES.items() if SEE in rights and {HANDLE, APPROVE} & rights]
APPROVERS = [role for role, rights in ROLES.items() if APPROVE in rights]


@dataclass(slots=True)
class _Waiting:
    """Cases by whom they are to be told: those late, and those that will be."""

    late: set[int] = field(default_factory=set)
    soon: set[int] = field(default_factory=set)

    def add(self, other: _Waiting) -> None:
        self.late |= other.late
        self.soon |= other.soon


@dataclass(slots=True)
class _Tally:
    """Of one night: by handler, by unit and level, whom each case may not be told to, and what was dated back."""

    mine: dict[int, _Waiting] = field(default_factory=lambda: defaultdict(_Waiting))
    at: dict[tuple[Level, str], _Waiting] = field(default_factory=lambda: defaultdict(_Waiting))
    closed_to: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    # By the path of a unit: its lines, each with its case.
    backdated: dict[str, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):
        count = leaving.send_all(OURS, waiting=progress.beat)
    return Sentence(gettext_noop("送出 %(count)s 封每日期限提醒邮件。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Every few seconds: does a mail wait, and is nobody at it?"""
    return leaving.begin_due(OURS, Sentence(gettext_noop("发送每日期限提醒邮件"), {}), now)


def write_for(now: datetime) -> int:
    """One for each colleague who must know of something today, and wants it; how many? None without a mail server."""
    DigestMail.objects.filter(created_at__lt=now - KEPT).delete()
    if not leaving.leaves(DigestMail.Medium.MAIL):
        return 0
    day, tally = timezone.localdate(now), _tallied(now)
    made = [mail for staff in _people(now) if (mail := _mail(staff, tally))]
    for mail in made:
        mail.day, mail.medium = day, DigestMail.Medium.MAIL
    known = set(DigestMail.objects.filter(day=day).values_list("staff_id", flat=True))
    new = [mail for mail in made if mail.staff_id not in known]
    DigestMail.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        audit.record("complaint.digest", by=SYSTEM, on_kind="complaint", people=len(new), day=f"{day}")
    return len(new)


def _tallied(now: datetime) -> _Tally:
    found = _Tally()
    for each in warnings.running_out(now):
        _count(found, each)
    _count_backdated(found, now - DAY)
    return found


def _count_backdated(found: _Tally, since: datetime) -> None:
    lines = backdating.lines(Case.objects.filter(is_held=False), since)
    rows = list(lines.values_list("pk", "case_id", "case__merged_into", "case__unit__path"))
    accused = defaultdict[int | None, set[int]](set)
    of_these = Accused.objects.filter(case__in={pk for row in rows for pk in row[1:3] if pk})
    for pk, staff in of_these.values_list("case", "staff"):
        accused[pk].add(staff)
    for line, case, into, path in rows:
        found.backdated[path].add((line, case))
        for staff in accused[case] | accused[into]:
            found.closed_to[staff].add(case)


def _count(found: _Tally, each: warnings.Warning) -> None:
    """Up the tree: its handler, its unit, those above, head office, each from its own share of the limit on."""
    case, late = each.case, each.reading.state is State.OVERDUE
    one = _Waiting({case.pk} if late else set(), set() if late else {case.pk})
    for row in case.accused.all():
        found.closed_to[row.staff_id].add(case.pk)
    reached = {level for level, percent in each.thresholds.items() if each.percent >= percent}
    if Level.HANDLER in reached and case.handler_id:
        found.mine[case.handler_id].add(one)
    codes = case.unit.path.strip("/").split("/")
    for place, code in enumerate(codes):
        level = Level.UNIT if place == len(codes) - 1 else Level.SUPERIOR if place else Level.HEAD_OFFICE
        if level in reached or (len(codes) == 1 and Level.HEAD_OFFICE in reached):
            found.at[level, code].add(one)


def _people(now: datetime) -> Iterable[Staff]:
    """With an address, a post from which they act, and no wish to be left alone."""
    posts = Post.objects.on(timezone.localdate(now)).filter(role__in=ROLES_THAT_ACT).select_related("unit")
    people = Staff.objects.filter(pk__in=posts.values("staff"), is_active=True).exclude(email="")
    people = people.exclude(pk__in=DigestStop.objects.values("staff"))
    found: Iterable[Staff] = people.prefetch_related(Prefetch("posts", queryset=posts, to_attr="acting"))
    return found


def _mail(staff: Staff, tally: _Tally) -> DigestMail | None:
    told, posts = _Waiting(), staff.acting  # type: ignore[attr-defined]  # of the prefetch above
    told.add(tally.mine.get(staff.pk, _Waiting()))
    for post in posts:
        for level in (Level.UNIT, Level.SUPERIOR, Level.HEAD_OFFICE):
            told.add(tally.at.get((level, post.unit.code), _Waiting()))
    closed = tally.closed_to.get(staff.pk, set())
    above = tuple(post.unit.path for post in posts if post.role in APPROVERS)
    lines = {each for path, found in tally.backdated.items() if above and path.startswith(above) for each in found}
    back = [line for line, case in lines if case not in closed]
    late, soon = len(told.late - closed), len(told.soon - closed)
    return DigestMail(staff=staff, late=late, soon=soon, backdated=len(back)) if late or soon or back else None


def message_of(mail: DigestMail) -> Message:
    """Chinese, to a colleague: how many of each; neither number nor word of any complaint, and nobody's name."""
    acts = mail.staff.is_active and any(post.role in ROLES_THAT_ACT for post in mail.staff.current_posts)
    if not mail.staff.email or not acts or DigestStop.objects.filter(staff=mail.staff_id).exists():
        raise Unsealable  # she has left, or her post, or said meanwhile that she wants none
    lines = [f"已超期：{mail.late} 件", f"将到期：{mail.soon} 件"]
    if mail.backdated:
        lines.append(f"最近一天补录、影响期限的：{mail.backdated} 条（在“投诉 → 更多 → 补录的事项”中核对）")
    text = (
        f"{mail.day:%Y-%m-%d} 须您留意的投诉期限\n\n" + "\n".join(lines) + "\n\n"
        "请登录回响，在“投诉 → 将到期与超期”中查看；不想每天收到，也在那一页关闭。\n"
        "本邮件由系统发出，不含投诉内容与客户信息，请勿直接回复。\n"
    )
    subject = f"{bank_name()}：投诉期限提醒，超期 {mail.late} 件，将到期 {mail.soon} 件"
    return Message(mail.pk.hex, mail.staff.email, text, subject)


OURS = leaving.Rows(KIND, DigestMail, message_of, ("staff",))
