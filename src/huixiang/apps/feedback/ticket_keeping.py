"""How long are tickets of the branch's queue kept, and what goes at a customer's request? Her number, or all of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from huixiang.apps.feedback import batches, own_keeping, terms
from huixiang.apps.feedback.certifying import place
from huixiang.apps.feedback.expiring import Turn, end
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.feedback.models import Erasure, Expiry
from huixiang.apps.feedback.terms import Amount, Besides, Words
from huixiang.apps.feedback.tickets_landing import TERM
from huixiang.lake import questions
from huixiang.lake.expiring_tickets import expire_tickets
from huixiang.lake.locks import patient

CODE, VERB = TERM, "ticket.expire"
NAME = gettext_lazy("排队叫号记录")


@place("tickets", NAME)
def left(ids: Collection[str]) -> int:
    """How many of these does the lake's current version hold as tickets? What former ones hold, place "lake" tells."""
    return int(the_lake().rows("tickets", ids, columns=("id",)).num_rows) if ids else 0


def carry_out(now: datetime, waiting: Callable[[], None] = patient) -> int:
    """How many tickets went, or lost their names? Month by month; killed, the next night finds the rest."""
    term, lake = terms.of(CODE), the_lake()
    turn = Turn(lake, term, terms.over(term, timezone.localdate(now)), waiting)
    # A customer's request is carried out as such, with its certificate: until then nothing loses its name.
    for month in _months(turn) if not Erasure.objects.filter(finished_at=None).exists() else ():
        waiting()
        with batches.turn(lake, waiting):
            run = turn.begun()
            gone = expire_tickets(lake, month, figures=not turn.with_figures)
            Expiry.objects.filter(pk=run.pk).update(voices=F("voices") + gone)
            turn.gone += gone
    for run in Expiry.objects.filter(channel=CODE, finished_at=None):
        end(lake, run, waiting, VERB)
    return turn.gone


def _months(turn: Turn) -> list[str]:
    rows = [each for each in questions.stored(turn.lake, "tickets") if turn.before and each.month < turn.before]
    return sorted({each.month for each in rows if each.words or (turn.with_figures and each.figures)})


def stored(reach: frozenset[str] | None = None, until: str = "") -> Amount:
    """How many tickets are there; as figures, those of which only waiting and serving is left."""
    rows = [
        row
        for row in questions.stored(the_lake(), "tickets")
        if (not until or row.month < until) and (reach is None or row.branch in reach)
    ]
    return Amount(sum(row.words for row in rows), sum(row.figures for row in rows))


def _told() -> str | Promise:
    term = terms.of(CODE)
    return gettext("没有期限；应客户要求删除") if term.months is None else own_keeping.told_months(term)


terms.BESIDES[CODE] = Besides(
    NAME,
    stored,
    Words(
        about=gettext_lazy(
            "只留统计：等了多久、办了多久、是否弃号，在哪个网点、哪一天的哪一小时、什么业务；客户假名、排队号、窗口与柜员清除。"
        ),
        since=gettext_lazy("从取号那个月的月底算起，6 到 240 个月；空着就没有期限。"),
        manners=(
            gettext_lazy("只留统计：等候与办理的时长，不再属于任何人"),
            gettext_lazy("全部清除，等候的统计随之减少"),
        ),
        stored=lambda count: ngettext("现存 %(count)s 张排队号", "现存 %(count)s 张排队号", count),
        figures=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 张排队号里的客户假名、号码、窗口与柜员",
            "%(month)s 之前的 %(count)s 张排队号里的客户假名、号码、窗口与柜员",
            count,
        ),
        deletes=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 张排队号，只留统计的也在内",
            "%(month)s 之前的 %(count)s 张排队号，只留统计的也在内",
            count,
        ),
    ),
)
keeps(
    Keeping(
        code=CODE,
        channel=NAME,
        holds=gettext_lazy("客户假名、排队号、业务、等候与办理的时长、窗口与柜员工号"),
        days=_told,
        ground=gettext_lazy("改进服务质量；个人信息保护法第六条、第十九条：限于必要的最短时间"),
        stored=lambda: stored().voices,
        due=lambda now: terms.due(CODE, now),
        clear=carry_out,
        settings=("retention_channel", CODE),
        within=lambda reach: stored(reach).voices,
    )
)
