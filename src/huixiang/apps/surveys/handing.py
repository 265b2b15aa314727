"""How do links reach customers by a colleague's hand, so that it is known afterwards who asked whom?

Three ways: a list of the links of customers who were drawn, given out once; a link made for one customer by his number,
shown as a code at the counter; and a colleague's own code that stands on the desk, of which only the asker is known.
"""

from __future__ import annotations

import hmac
from datetime import date, timedelta
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.access.models.people import StaffQuerySet
from huixiang.apps.access.sealing import key_for
from huixiang.apps.intake.posters import public_address
from huixiang.apps.surveys import drawing, framing, tokens
from huixiang.apps.surveys.models import Invitation, Round, Survey
from huixiang.channels.contract import Fault
from huixiang.domain.surveys import sampling

RIGHT = "survey.send"
SIGNS = 16
DAYS = 30  # so long a link that was handed over works
HEADER = ("邀请编号", "机构号", "客户等级", "到访日期", "经办人工号", "链接")
Line = list[object]


def take_links(round_: Round, origin: str, *, by: Staff, source: str = "") -> list[Line]:
    """The list of links, once: who has it can answer for all of them. Raises Fault the second time."""
    if not by.holds(RIGHT, round_.survey.unit) and round_.by_id != by.pk:
        raise PermissionDenied
    now = timezone.now()
    with transaction.atomic():
        fresh = Round.objects.filter(pk=round_.pk, medium=Round.By.LINK, links_taken_at=None, is_handed=False)
        fresh = fresh.exclude(state=Round.State.STOPPED)
        if not fresh.update(links_taken_at=now, links_taken_by=by, state=Round.State.SENT):
            raise Fault("链接名单只能下载一次；若丢失，请撤回链接，再换发新链接")
        today, rows = timezone.localdate(now), []
        waiting = round_.invitations.filter(state=Invitation.State.WAITING, withdrawn_for="").select_related(
            "unit", "asked_by"
        )
        found = list(waiting.order_by("place"))
        unwilling = drawing.opted_out([one.customer for one in found])
        asked = drawing.asked_on([one.customer for one in found], today)
        for one in found:
            rests = not drawing.rest().is_due(asked.get(one.customer, ()), today)
            if one.customer in unwilling or rests:
                Invitation.objects.filter(pk=one.pk).update(state=Invitation.State.SKIPPED)
                continue
            rows.append(_line(one, origin))
        round_.invitations.filter(state=Invitation.State.WAITING, withdrawn_for="").update(
            state=Invitation.State.SENT, sent_at=now
        )
        audit.record("round.links", by=by, on_kind="round", on_id=round_.pk, source=source, count=len(rows))
    return rows


def hand_over(survey: Survey, customer: str, unit: Unit, *, by: Staff, source: str = "") -> Invitation:
    """A link for one customer whom this colleague asks. Raises Fault where the customer is to be left in peace."""
    if not by.holds(RIGHT, unit) or not unit.path.startswith(survey.unit.path):
        raise PermissionDenied
    if not customer.strip():
        raise Fault("请填写客户号")
    if not Survey.objects.filter(pk=survey.pk, state=Survey.State.OPEN).exists():  # as it stands now
        raise Fault("问卷还没有开放作答；请先在“概况”里发布或恢复")
    if is_stopped(survey):
        raise Fault("当面邀请已经停止；要继续，请在“历次发送”里恢复")
    name, today = framing.pseudonym_of(customer), timezone.localdate()
    if drawing.opted_out([name]):
        raise Fault("这位客户不愿接受调查，请不要再问")
    if not drawing.rest().is_due(drawing.asked_on([name], today).get(name, ()), today):
        raise Fault("这位客户近期已经被问过，请让客户休息一阵")
    with transaction.atomic():
        made = _made(survey, unit, by, name)
        audit.record("round.hand", by=by, on_kind="round", on_id=made.round_id, source=source, unit=unit.code)
    return made


def code_of(survey: Survey, staff: Staff) -> str:
    """Stands in the address of a colleague's own code: nobody makes another's by counting."""
    return f"{survey.pk}-{staff.pk}-{_sign(survey.pk, staff.pk)}"


def desk_link(survey: Survey, staff: Staff, origin: str) -> str:
    """What the colleague's code says."""
    return public_address(reverse("survey_asked_by", args=[code_of(survey, staff)]), origin)


def owner(code: str) -> tuple[Survey, Staff, Unit] | None:
    """Whose code is it? None where it was changed, the survey is not open or the colleague has left."""
    survey_pk, _, rest = code.partition("-")
    staff_pk, _, sign = rest.partition("-")
    if not (survey_pk.isdecimal() and staff_pk.isdecimal() and len(code) < 60):
        return None
    if not hmac.compare_digest(sign.encode(), _sign(int(survey_pk), int(staff_pk)).encode()):
        return None
    survey = Survey.objects.select_related("unit").filter(pk=survey_pk, state=Survey.State.OPEN).first()
    staff = Staff.objects.filter(pk=staff_pk, is_active=True).first()
    unit = post_within(survey, staff) if survey and staff and not is_stopped(survey) else None
    return (survey, staff, unit) if survey and staff and unit else None


def come_in(survey: Survey, staff: Staff, unit: Unit) -> Invitation:
    """A customer scanned the colleague's code: a link of her own, of which only the asker is known."""
    with transaction.atomic():
        return _made(survey, unit, staff, "")


def is_stopped(survey: Survey) -> bool:
    return Round.objects.filter(survey=survey, is_handed=True, state=Round.State.STOPPED).exists()


def post_within(survey: Survey, staff: Staff) -> Unit | None:
    units = (post.unit for post in staff.current_posts)
    return next((unit for unit in units if unit.path.startswith(survey.unit.path)), None)


def colleagues(survey: Survey, reader: Staff, sought: str = "") -> StaffQuerySet:
    """Who has a post in the survey's units and a reader with the right in sight: herself first; by name or number."""
    posts = Post.objects.on(timezone.localdate()).filter(unit__path__startswith=survey.unit.path)
    rows: StaffQuerySet = Staff.objects.visible_to(reader, RIGHT).filter(is_active=True, pk__in=posts.values("staff"))
    if sought:
        rows = rows.filter(Q(name__icontains=sought) | Q(number=sought))
    return rows.order_by(Case(When(pk=reader.pk, then=0), default=1), "number")


def forget_unused(today: date) -> int:
    """Codes scanned and not answered, after their days: they tell nothing.

    Who was named when it was handed over has no name after a year, and still counts as asked.
    """
    lately = Q(keep_until__lt=today, keep_until__gte=today - sampling.YEAR)
    rows = Invitation.objects.filter(lately, round__is_handed=True, customer="", is_used=False)
    return rows.delete()[0]


def _made(survey: Survey, unit: Unit, asker: Staff, customer: str) -> Invitation:
    round_, _ = Round.objects.get_or_create(
        survey=survey,
        is_handed=True,
        defaults={"name": "当面邀请", "medium": Round.By.LINK, "state": Round.State.SENT, "by": asker},
    )
    pk, now = uuid4(), timezone.now()
    return Invitation.objects.create(
        pk=pk,
        round=round_,
        token=tokens.hash_of(pk.hex),
        customer=customer,
        medium=Invitation.Medium.LINK,
        unit=unit,
        probability=1.0,  # not drawn: it stands for nobody but herself
        asked_by=asker,
        state=Invitation.State.SENT,
        sent_at=now,
        keep_until=timezone.localdate(now) + timedelta(days=DAYS),
    )


def _line(one: Invitation, origin: str) -> Line:
    staff = one.asked_by.number if one.asked_by else ""
    unit, day = one.unit.code if one.unit else "", one.met_on.isoformat() if one.met_on else ""
    return [one.pk.hex[:8], unit, one.tier, day, staff, tokens.link(one, origin)]


def _sign(survey: int, staff: int) -> str:
    return hmac.digest(key_for("survey asker v1"), f"{survey} {staff}".encode(), "sha256").hex()[:SIGNS]
