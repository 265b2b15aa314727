"""What does feedback itself keep of customers? The voices of each channel, their files, and what could not be read."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback import expiring, guests, row_terms, set_aside, terms
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.feedback.models import Attachment, Import, Quarantined, Term
from huixiang.apps.feedback.names import CHANNELS
from huixiang.domain.feedback import Channel

Text = str | Promise
HOLDS = {
    Channel.HOTLINE.value: _("脱敏后的声音、对话与客户假名；通话记录"),
    Channel.SOCIAL.value: _("脱敏后的声音与客户假名；帖子的传播"),
}


def code_of(channel: str) -> str:
    return f"voices-{channel}"


VOICES = tuple(map(code_of, CHANNELS))


def told_months(term: Term) -> Text:
    """In words: how long the voices of a channel are kept, and what comes then."""
    if term.months is None:
        return _("没有期限：已脱敏、只留假名，供逐年比较")
    told = gettext("%(months)s 个月") % {"months": term.months}
    told += gettext("，之后只留统计") if term.manner == Term.Manner.FIGURES else gettext("，之后全部清除")
    return told + _from(term.from_on)


def told_voices(channel: str) -> Text:
    """The same, with what caps it: what becomes figures takes the words beside it along."""
    told = told_months(terms.of(channel))
    caps = [(each.name, terms.of(code)) for code, each in terms.BESIDES.items() if each.caps == channel]
    for name, term in caps:
        if term.months is not None and term.manner == Term.Manner.FIGURES:
            told = gettext("%(told)s；最长与“%(name)s”一样久：%(months)s 个月") % {
                "told": told,
                "name": name,
                "months": term.months,
            }
    return told


def told_days(term: Term) -> Text:
    """In words: how long the quarantined rows of a channel wait."""
    if term.row_days is None:
        return _("没有期限")
    return gettext("%(days)s 天") % {"days": term.row_days} + _from(term.rows_from_on)


def _from(day: object) -> str:
    is_to_come = day is not None and str(day) > timezone.localdate().isoformat()
    return gettext("（%(day)s 起生效）") % {"day": day} if is_to_come else ""


def _days_of_rows() -> Text:
    found = [each for each in Term.objects.exclude(row_days=None) if each.channel in CHANNELS]
    if not found:
        return _("没有期限，由员工修正或放弃；客户要求删除时清空")
    told = [f"{CHANNELS[each.channel]} {told_days(each)}" for each in found]
    return gettext("%(told)s；其他渠道没有期限") % {"told": "、".join(told)}


def _rows_due(now: datetime) -> int:
    found = Term.objects.exclude(row_days=None)
    return sum(row_terms.over(each, each.row_days, timezone.localdate(now)).count() for each in found)


def _clear_rows(now: datetime) -> int:
    return sum(row_terms.carry_out(each.channel, now) for each in Term.objects.exclude(row_days=None))


def _register(channel: str) -> None:
    def due(now: datetime) -> int:
        count = 0
        for term, before in terms.turns(channel, timezone.localdate(now)):
            found = terms.stored(channel, until=before)
            count = max(count, found.all + (found.figures if term.manner == Term.Manner.DELETE else 0))
        return count

    keeps(
        Keeping(
            code=code_of(channel),
            channel=CHANNELS[channel],
            holds=HOLDS.get(channel, _("脱敏后的声音与客户假名")),
            days=lambda: told_voices(channel),
            ground=_("改进服务质量；个人信息保护法第六条、第十九条：限于必要的最短时间"),
            stored=lambda: terms.stored(channel).all,
            due=due,
            clear=lambda now: expiring.carry_out(channel, now),
            settings=("retention_channel", channel),
            within=lambda reach: terms.stored(channel, reach).all,
        )
    )


for each in CHANNELS:
    _register(each)
keeps(
    Keeping(
        code="attachments",
        channel=_("各渠道"),
        holds=_("照片与附件（加密）"),
        days=lambda: _("随声音保存；所属留言到期或客户要求删除时一并删除"),
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
        holds=_("被隔离的原始行（加密），含已修正、已放弃的"),
        days=_days_of_rows,
        ground=_("核对并补录读不出的内容"),
        stored=lambda: Quarantined.objects.held().filter(of__in=Import.objects.exclude(guests.theirs())).count(),
        due=_rows_due,
        clear=_clear_rows,
    )
)
