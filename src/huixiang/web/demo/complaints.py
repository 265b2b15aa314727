"""Which voices of the made-up bank became complaints? A handful of the angriest, in every state a case can be in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.actions.ruling import title_of
from huixiang.apps.complaints.models import Case, Party
from huixiang.apps.feedback.facts import lake
from huixiang.domain.complaints.acting import REMEDIES
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.web.demo import QUALITY_MANAGER

COUNT = 30
CHANNELS = ("hotline", "website", "suggestion_box")  # of which one knows the outlet, and whom to answer
HOUR = timedelta(hours=1)
WORDS = {
    "contact": "已电话联系，客户要求书面答复。",
    "await": "请客户提供当日的回单。",
    "pause": "签名送外部机构鉴定，已告知客户。",
    "ask_extension": "须向外地网点取证。",
    "decide": "经核实，收费未事先提示，退还并致歉。",
    "propose": "拟退还本金差额，请复核。",
    "reply": "经核实：情况属实。理由与依据见附件；如有异议，可申请核查、调解、仲裁或诉讼。",
    "dispute": "客户认为补偿不足。",
    "mediate": "双方同意由调解中心调解。",
    "withdraw": "客户来电撤回。",
    "refuse": "不是本行业务，已告知客户向该机构投诉。",
}
# How far each goes; the cases take turns, each a little older than the one before.
WAYS: tuple[tuple[str, ...], ...] = (
    (),
    ("accept",),
    ("accept", "take", "contact"),
    ("accept", "take", "await"),
    ("accept", "take", "pause"),
    ("accept", "take", "ask_extension"),
    ("accept", "take", "propose"),
    ("accept", "take", "decide"),
    ("accept", "take", "decide", "reply"),
    ("accept", "take", "decide", "reply", "dispute"),
    ("accept", "take", "decide", "reply", "dispute", "mediate"),
    ("accept", "take", "decide", "reply", "apply_review"),
    ("accept", "take", "decide", "reply", "confirm", "close"),
    ("refuse",),
    ("accept", "withdraw"),
)


def open_some() -> None:
    """Once: what people do with complaints from now on is theirs."""
    if Case.objects.filter(old_number=None).exists():  # what an old register told came before
        return
    by, now = Staff.objects.get(number=QUALITY_MANAGER), timezone.now()
    units = {unit.code: unit for unit in Unit.objects.all()}
    ours = Slice(branches=frozenset(units), channels=CHANNELS, copies=False)
    worst = (questions.voice(lake(), each.id) for each in questions.worst(lake(), ours, COUNT))
    for place, voice in enumerate(each for each in worst if each):
        way = WAYS[place % len(WAYS)]
        received = now - timedelta(hours=20 * (place % 17) + 12)
        receipt = Receipt(
            way="phone" if voice.channel == "hotline" else "web",
            unit=units[voice.branch or ""],
            title=title_of(voice),
            text=voice.text,
            received_at=received,
            people=(Person(Party.Role.COMPLAINANT, Identity(name="示例客户", phone=f"1380000{place:04d}")),),
            voices=(voice.id,),
            risks=voice.risks,
            key=f"demo-{place}",
        )
        case = actions.register(receipt, by=by, source="cli")
        for step, verb in enumerate(way, 1):
            actions.do(case.pk, verb, _said(verb, received + step * HOUR, place), by=by, source="cli")


def _said(verb: str, at: datetime, place: int) -> Doing:
    told = at if verb in {"accept", "refuse", "await", "pause", "reply"} else None
    return Doing(
        words=WORDS.get(verb, ""),
        told_at=told,
        at=at,
        reason={"pause": "appraisal", "refuse": "not_ours"}.get(verb, ""),
        rule="specially-complex" if verb == "ask_extension" else "",
        medium="phone" if verb == "contact" else "",
        direction="out" if verb == "contact" else "",
        outcome="reached" if verb == "contact" else "",
        fen=20_000 if verb == "decide" else 300_000 if verb == "propose" else 0,
        names_grounds=verb == "reply",
        remedies=REMEDIES if verb == "reply" else frozenset(),
        is_simulated=True,
        key=f"demo-{place}-{verb}",
    )
