"""How long is what customers did on screens kept, and what the bank's list tells of them? Each by its own term."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

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
from huixiang.lake import questions
from huixiang.lake.expiring_facts import expire_facts
from huixiang.lake.locks import patient

CLICKS, CUSTOMERS = gettext_lazy("电子渠道操作记录"), gettext_lazy("客户清单")


@dataclass(frozen=True, slots=True)
class Kept:
    """One table of facts with a term; its code is the table's name."""

    code: str
    verb: str

    def left(self, ids: Collection[str]) -> int:
        """How many of these does the lake's current version hold? What former ones hold, place "lake" tells."""
        return int(the_lake().rows(self.code, ids, columns=("id",)).num_rows) if ids else 0

    def carry_out(self, now: datetime, waiting: Callable[[], None] = patient) -> int:
        """How many went, or lost their names? Month by month; killed, the next night finds the rest."""
        term, lake = terms.of(self.code), the_lake()
        turn = Turn(lake, term, terms.over(term, timezone.localdate(now)), waiting)
        # A customer's request is carried out as such, with its certificate: until then nothing loses its name.
        for month in self._months(turn) if not Erasure.objects.filter(finished_at=None).exists() else ():
            waiting()
            with batches.turn(lake, waiting):
                run = turn.begun()
                gone = expire_facts(lake, self.code, month, figures=not turn.with_figures)
                Expiry.objects.filter(pk=run.pk).update(voices=F("voices") + gone)
                turn.gone += gone
        for run in Expiry.objects.filter(channel=self.code, finished_at=None):
            end(lake, run, waiting, self.verb)
        return turn.gone

    def _months(self, turn: Turn) -> list[str]:
        rows = [each for each in questions.stored(turn.lake, self.code) if turn.before and each.month < turn.before]
        return sorted({each.month for each in rows if each.words or (turn.with_figures and each.figures)})

    def stored(self, reach: frozenset[str] | None = None, until: str = "") -> Amount:
        rows = [
            row
            for row in questions.stored(the_lake(), self.code)
            if (not until or row.month < until) and (reach is None or row.branch in reach)
        ]
        return Amount(sum(row.words for row in rows), sum(row.figures for row in rows))

    def told(self) -> str | Promise:
        term = terms.of(self.code)
        return gettext("没有期限；应客户要求删除") if term.months is None else own_keeping.told_months(term)

    def within(self, reach: frozenset[str] | None) -> int:
        return self.stored(reach).voices


_GROUND = gettext_lazy("改进服务质量；个人信息保护法第六条、第十九条：限于必要的最短时间")


def _keep(kept: Kept, name: str | Promise, holds: str | Promise, words: Words) -> None:
    place(kept.code, name)(kept.left)
    terms.BESIDES[kept.code] = Besides(name, kept.stored, words)
    keeps(
        Keeping(
            code=kept.code,
            channel=name,
            holds=holds,
            days=kept.told,
            ground=_GROUND,
            stored=lambda: kept.stored().voices,
            due=partial(terms.due, kept.code),
            clear=kept.carry_out,
            settings=("retention_channel", kept.code),
            within=kept.within,
        )
    )


_keep(
    Kept("clicks", "click.expire"),
    CLICKS,
    gettext_lazy("客户假名、会话、业务、步骤与时间、设备与版本、错误码"),
    Words(
        about=gettext_lazy("只留统计：哪一天哪一小时、什么业务、走到哪一步、错在哪里；客户假名、会话号与设备清除。"),
        since=gettext_lazy("从操作那个月的月底算起，6 到 240 个月；空着就没有期限。"),
        manners=(
            gettext_lazy("只留统计：业务、步骤与错误，不再属于任何人"),
            gettext_lazy("全部清除，电子渠道的统计随之减少"),
        ),
        stored=lambda count: ngettext("现存 %(count)s 次操作", "现存 %(count)s 次操作", count),
        figures=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 次操作里的客户假名、会话号与设备",
            "%(month)s 之前的 %(count)s 次操作里的客户假名、会话号与设备",
            count,
        ),
        deletes=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 次操作，只留统计的也在内",
            "%(month)s 之前的 %(count)s 次操作，只留统计的也在内",
            count,
        ),
    ),
)
_keep(
    Kept("customers", "customer.expire"),
    CUSTOMERS,
    gettext_lazy("客户假名、年龄段、等级与归属网点；没有姓名、号码与出生日期"),
    Words(
        about=gettext_lazy("只留统计：各网点各年龄段、各等级有多少客户；客户假名清除。"),
        since=gettext_lazy("从最近一次清单那个月的月底算起，6 到 240 个月；空着就没有期限。"),
        manners=(
            gettext_lazy("只留统计：年龄段、等级与网点，不再属于任何人"),
            gettext_lazy("全部清除"),
        ),
        stored=lambda count: ngettext("现存 %(count)s 位客户", "现存 %(count)s 位客户", count),
        figures=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 位客户的假名", "%(month)s 之前的 %(count)s 位客户的假名", count
        ),
        deletes=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 位客户，只留统计的也在内",
            "%(month)s 之前的 %(count)s 位客户，只留统计的也在内",
            count,
        ),
    ),
)
