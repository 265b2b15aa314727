"""How long are a talk's words kept that are no voices, and what is left then? By whole months since the talk.

Words, times and quotes go; what two people coded stays by the participant's pseudonym, so that agreement and counts
of themes stand. What nobody coded, and what the moderator said, goes whole. Words that are voices go by the term of
the channel (feedback/expiring.py), and who has left a contact is held until its days are over.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from huixiang.apps.feedback import own_keeping, row_turns, terms
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.feedback.terms import Amount, Besides, Words
from huixiang.apps.focus.models import Coding, Theme, Utterance, UtteranceQuerySet

CODE, VERB = "utterances", "focus.expire"
NAME = gettext_lazy("焦点小组的发言")


def carry_out(now: datetime) -> int:
    return row_turns.carry_out(CODE, VERB, now, _portion)


def stored(reach: frozenset[str] | None = None, until: str = "") -> Amount:
    """Utterances that are no voices; as figures, those of which only the codes are left."""
    rows = Utterance.objects.beside_voices()
    if until:
        rows = _over(row_turns.first_day(until))
    if reach is not None:
        rows = rows.filter(session__unit__code__in=reach)
    return Amount(rows.worded().count(), rows.filter(text="").count())


def _over(before: date) -> UtteranceQuerySet:
    """But for whom something was promised longer, and what is being erased as such, with its certificate."""
    asked = Tombstone.objects.filter(erasure__finished_at=None).values("voice_id")
    rows = Utterance.objects.beside_voices().filter(session__held_on__lt=before)
    return rows.exclude(participant__contact__isnull=False).exclude(voice_id__in=asked)


def _portion(before: date, with_figures: bool) -> int:
    rows = _over(before) if with_figures else _over(before).worded()
    chosen = list(rows.order_by("pk").values_list("pk", flat=True)[: row_turns.AT_ONCE])
    own = Utterance.objects.filter(pk__in=chosen)
    Theme.quotes.through.objects.filter(utterance__in=chosen).delete()
    if not with_figures:
        coded = list(Coding.objects.filter(utterance__in=chosen).values_list("utterance", flat=True))
        own.filter(pk__in=coded).update(text="", start=None)
        own = own.exclude(pk__in=coded)
    own.delete()
    return len(chosen)


def _told() -> str | Promise:
    term = terms.of(CODE)
    if term.months is None:
        return gettext("没有期限；参加者撤回同意或要求删除时删除")
    return own_keeping.told_months(term)


terms.BESIDES[CODE] = Besides(
    NAME,
    stored,
    Words(
        about=gettext_lazy(
            "只留统计：话的内容、时刻与引用清除，两人编的代码按参加者代号留下，一致性与主题的数字不变；没有编过码的、"
            "主持人说的整句清除。计入客户之声的发言按“焦点小组”声音的期限；参加者的联系方式还没到期的，先留着。"
        ),
        since=gettext_lazy("从座谈那个月的月底算起，6 到 240 个月；空着就没有期限。"),
        manners=(
            gettext_lazy("只留统计：编码按代号留下，话清除"),
            gettext_lazy("全部清除，统计数字随之减少"),
        ),
        stored=lambda count: ngettext(
            "现存 %(count)s 句没有计入声音的发言", "现存 %(count)s 句没有计入声音的发言", count
        ),
        figures=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 句没有计入声音的发言，连同引用",
            "%(month)s 之前的 %(count)s 句没有计入声音的发言，连同引用",
            count,
        ),
        deletes=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 句发言，连同编码与引用，只留统计的也在内",
            "%(month)s 之前的 %(count)s 句发言，连同编码与引用，只留统计的也在内",
            count,
        ),
    ),
)
keeps(
    Keeping(
        code=CODE,
        channel=NAME,
        holds=gettext_lazy("未计入客户之声的发言（已脱敏，只有代号）及其编码；计入的随“焦点小组”声音的期限"),
        days=_told,
        ground=gettext_lazy("参加者的书面同意"),
        stored=lambda: stored().voices,
        due=lambda now: terms.due(CODE, now),
        clear=carry_out,
        settings=("retention_channel", CODE),
        within=lambda reach: stored(reach).voices,
    )
)
