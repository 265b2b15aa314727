"""Who changes the rules? One person proposes a pack, looks at what it would have done; another makes it hold."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints import packs
from huixiang.apps.complaints.models import PackDraft, RulePack
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.mistakes import line_of
from huixiang.domain.complaints.rulebook import read_pack, shipped_codes
from huixiang.domain.complaints.rules import Pack

RULES = "complaint.rules"
LONGEST_NAME = 40  # of code and version, as their columns are


def checked(text: str) -> Pack:
    """The pack of a text that somebody wants to propose. Raises Fault with the line, and what to write there."""
    try:
        pack = read_pack(text)
    except BadCase as bad:
        why = Fault(bad.message, column=None, **bad.params)
        raise Fault("第 %(line)s 行：%(why)s", line=line_of(text, bad), why=why) from None
    if len(pack.version) > LONGEST_NAME:
        raise Fault("version 最多 %(most)s 个字", most=LONGEST_NAME)
    if pack.code == packs.MAIN and not {"reply", "review_application"} <= {clock.code for clock in pack.clocks}:
        message = "规则包 %(code)s 须有期限 reply（答复）与 review_application（申请核查）：答复书与队列要用"
        raise Fault(message, code=pack.code)
    return pack


def propose_pack(text: str, *, by: Staff, source: str = "") -> PackDraft:
    """Put a pack before a second person. Raises Fault for mistakes, a version there is, or a day that is over."""
    demand(by)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    pack = checked(text)
    _not_yet(pack)
    with transaction.atomic():
        draft = PackDraft.objects.create(code=pack.code, version=pack.version, effective_from=pack.effective_from,
                                         text=text, digest=packs.digest(text), by=by)  # fmt: skip
        _recorded("propose", draft, by, source)
    return draft


def replay_pack(draft: PackDraft, *, by: Staff, source: str = "") -> Job:
    """Hold it against last year's cases, as a job. Raises Fault while one runs already."""
    demand(by)
    with transaction.atomic():
        held = PackDraft.objects.select_for_update().get(pk=draft.pk)
        if held.job_id and Job.objects.filter(pk=held.job_id, state__in=Job.OPEN).exists():
            raise Fault("这一包正在重演：请等它完成，或先取消")
        title = Sentence(marked("用最近一年的投诉重演规则包 %(pack)s"), {"pack": str(held)})
        held.job = jobs.start("complaint_replay", title, by, draft=held.pk)
        held.save(update_fields=["job"])
        _recorded("replay", held, by, source)
    return held.job


def marked(text: str) -> str:
    """A message of the catalogue that is told later."""
    return text


def approve_pack(draft: PackDraft, *, by: Staff, source: str = "") -> RulePack:
    """Let it hold from its day on. Raises Fault where it is one's own, decided already, or its day has come."""
    demand(by)
    with transaction.atomic():
        held = _open(draft, by)
        if held.replayed is None:
            raise Fault("还没有重演：请先看它会使最近一年的哪些投诉另作判断")
        _not_yet(checked(held.text))
        row = RulePack.objects.create(code=held.code, version=held.version, effective_from=held.effective_from,
                                      text=held.text, digest=held.digest, loaded_by=held.by)  # fmt: skip
        _decided(held, PackDraft.State.APPROVED, by)
        _recorded("approve", held, by, source)
    return row


def decline_pack(draft: PackDraft, words: str, *, by: Staff, source: str = "") -> None:
    """Say no, with the reason. Who proposed it may take it back himself."""
    demand(by)
    if not words.strip():
        raise Fault("请写明为什么不批准")
    with transaction.atomic():
        held = PackDraft.objects.select_for_update().get(pk=draft.pk)
        if held.state != PackDraft.State.PROPOSED:
            raise Fault("这一包已有决定")
        held.words = words.strip()[:500]
        _decided(held, PackDraft.State.DECLINED, by)
        _recorded("decline", held, by, source)


def demand(by: Staff) -> None:
    """The whole bank's rules are changed by who has the right for the whole bank."""
    if RULES not in by.rights or by.scope(RULES) is not None:
        raise PermissionDenied


def _open(draft: PackDraft, by: Staff) -> PackDraft:
    held = PackDraft.objects.select_for_update().get(pk=draft.pk)
    if held.state != PackDraft.State.PROPOSED:
        raise Fault("这一包已有决定")
    if held.by_id == by.pk:
        raise Fault("由您提出：请另一人审批（四眼）")
    return held


def _not_yet(pack: Pack) -> None:
    """A case keeps the rules of its first day: what began yesterday cannot be given other rules."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    if pack.effective_from < tomorrow:
        message = "effective_from（%(day)s）须在今天之后：已收到的投诉仍按收到那天的规则办理"
        raise Fault(message, day=f"{pack.effective_from}")
    if pack.code in shipped_codes():
        packs.in_force(timezone.localdate(), pack.code)  # a row of the product's own, so that its version is taken
    if RulePack.objects.filter(code=pack.code, version=pack.version).exists():
        raise Fault("规则包 %(pack)s 已有这个版本：请写新的 version", pack=f"{pack.code} {pack.version}")


def _decided(held: PackDraft, state: str, by: Staff) -> None:
    held.state, held.decided_by, held.decided_at = state, by, timezone.now()
    held.save(update_fields=["state", "decided_by", "decided_at", "words"])


def _recorded(deed: str, draft: PackDraft, by: Staff, source: str) -> None:
    audit.record("complaint.rules", by=by, on_kind="complaint_pack", on_id=str(draft.pk), source=source, deed=deed,
                 pack=str(draft), digest=draft.digest, effective_from=f"{draft.effective_from}")  # fmt: skip
