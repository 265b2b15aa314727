"""What personal data does each channel store, how long, and when was it last removed? Every app registers its own.

Enforced by the nightly round through here alone, so that what the page says was removed is what was removed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import guests, set_aside
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Attachment, Clearing, Import, Quarantined
from huixiang.lake import questions
from huixiang.lake.questions import Slice

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Terms:
    """What the customer is told, and which version of it; "" where nothing is shown to her."""

    words: Text = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """One way in which something personal is kept. `days`: in words. `due` counts, `clear` removes; None: no limit."""

    code: str
    channel: Text
    holds: Text
    days: Callable[[], Text]
    ground: Text
    stored: Callable[[], int]
    due: Callable[[datetime], int] | None = None
    clear: Callable[[datetime], int] | None = None
    terms: Callable[[], Terms] = Terms
    settings: tuple[str, ...] = ()  # name and arguments of the page where it is set


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the page."""

    keeping: Keeping
    days: str
    stored: int
    due: int | None
    terms: Terms
    last: Clearing | None


KEEPINGS: dict[str, Keeping] = {}


def keeps(keeping: Keeping) -> Keeping:
    """Register it. The module must be imported by its app's `AppConfig.ready`."""
    KEEPINGS[keeping.code] = keeping
    return keeping


def clear(now: datetime, *codes: str) -> int:
    """Remove what is over of these, and note how much; doing it again removes nothing more."""
    total = 0
    for code in codes:
        keeping = KEEPINGS[code]
        removed = keeping.clear(now) if keeping.clear else 0
        Clearing.objects.update_or_create(code=code, defaults={"at": timezone.now(), "removed": removed})
        total += removed
    return total


def told(now: datetime) -> list[Told]:
    """All of it, with what would go if the round turned now; nothing is removed by asking."""
    last = {one.code: one for one in Clearing.objects.all()}
    return [_told(keeping, now, last.get(code)) for code, keeping in KEEPINGS.items()]


def _told(keeping: Keeping, now: datetime, last: Clearing | None) -> Told:
    due = keeping.due(now) if keeping.due else None
    return Told(keeping, str(keeping.days()), keeping.stored(), due, keeping.terms(), last)


def _with_their_voice() -> Text:
    return _("随声音保存；所属留言到期或客户要求删除时一并删除")


def _no_limit() -> Text:
    return _("没有期限，由员工修正或放弃；客户要求删除时清空")


def _while_compared() -> Text:
    return _("没有期限：已脱敏、只留假名，供逐年比较；客户要求删除时从湖、索引、汇总与训练集清除")


keeps(
    Keeping(
        code="voices",
        channel=_("各渠道"),
        holds=_("脱敏后的声音与客户假名"),
        days=_while_compared,
        ground=_("改进服务质量；个人信息保护法第六条：限于最小范围"),
        stored=lambda: questions.count(lake(), Slice()),
    )
)
keeps(
    Keeping(
        code="attachments",
        channel=_("各渠道"),
        holds=_("照片与附件（加密）"),
        days=_with_their_voice,
        ground=_("办理客户的来信与留言"),
        stored=lambda: Attachment.objects.count() - set_aside.waiting().count(),
    )
)
keeps(
    Keeping(
        code="set_aside",
        channel=_("导入的文件与邮件"),
        holds=_("被隔离信件的附件（加密）"),
        days=lambda: (
            _("收到后 %(days)s 天；修正入库的随声音保存，放弃或客户要求删除时立即删除") % {"days": set_aside.DAYS}
        ),
        ground=_("补录读不出的来信时，附件随声音入库"),
        stored=lambda: set_aside.waiting().count(),
        due=lambda now: set_aside.due(now).count(),
        clear=set_aside.clear,
    )
)
keeps(
    Keeping(
        code="quarantine",
        channel=_("导入的文件与邮件"),
        holds=_("被隔离的原始行（加密）"),
        days=_no_limit,
        ground=_("核对并补录读不出的内容"),
        stored=lambda: Quarantined.objects.filter(
            state=Quarantined.State.OPEN, of__in=Import.objects.exclude(guests.theirs())
        ).count(),
    )
)
