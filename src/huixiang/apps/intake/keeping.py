"""How long is kept where customers who wrote can be reached? One line for boxes, one a channel for the others."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.feedback.keeping import Keeping, Terms, keeps
from huixiang.apps.feedback.names import CHANNELS
from huixiang.apps.intake import callers, erasing, reaching
from huixiang.apps.intake.models import RETENTION_DAYS, PostBox, Submission

BOXES = "boxes"
GROUND = gettext_lazy("为答复客户；个人信息保护法第十三条")
HOLDS = gettext_lazy("联系方式（加密）、查询码、答复与发送记录")


def code_of(channel: str) -> str:
    return f"reached-{channel}"


CODES = (BOXES, *map(code_of, reaching.ANSWERED), callers.CODE)


def _days_of_boxes() -> str:
    found = PostBox.objects.aggregate(least=Min("retention_days"), most=Max("retention_days"))
    least, most = found["least"] or RETENTION_DAYS, found["most"] or RETENTION_DAYS
    return _("%(days)s 天") % {"days": least if least == most else f"{least}–{most}"}


def _register(code: str, channel: object, of: Q, **more: object) -> None:
    def due(now: datetime) -> int:
        return erasing.over(timezone.localdate(now), of)

    def clear(now: datetime) -> int:
        return erasing.forget_old(timezone.localdate(now), of)

    def stored() -> int:
        return Submission.objects.filter(of).count()

    keeps(Keeping(code, channel, HOLDS, ground=GROUND, stored=stored, due=due, clear=clear, **more))  # type: ignore[arg-type]


def _register_way(channel: str) -> None:
    def days() -> str:
        way = reaching.way(channel)
        return _("%(days)s 天") % {"days": way.retention_days} if way.keeps else _("不保存")

    def terms() -> Terms:
        way = reaching.way(channel)
        return Terms(way.terms, way.version)

    _register(
        code_of(channel),
        CHANNELS[channel],
        Q(box=None, channel=channel),
        days=days,
        terms=terms,
        settings=("retention_way", channel),
    )


_register(
    BOXES,
    gettext_lazy("意见箱与官网留言（网页）"),
    Q(box__isnull=False),
    days=_days_of_boxes,
    terms=lambda: Terms(PostBox().notice, PostBox().notice_version),
    settings=("boxes",),
)
for each in reaching.ANSWERED:
    _register_way(each)
