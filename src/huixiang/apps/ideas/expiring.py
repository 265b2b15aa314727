"""How long are signed ideas kept, and what is left then? By whole months since something was last said of them.

What was said, by whom, what was answered and who supports it goes; how many a unit had filed of what kind, and what
came of them, stays, so that a year can be compared with the one before. Unsigned ideas are nobody's and have no term.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from typing import NamedTuple

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from huixiang.apps.feedback import own_keeping, row_turns, terms
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.feedback.terms import Amount, Besides, Words
from huixiang.apps.ideas.models import Idea, IdeaFigure

CODE, VERB = "ideas", "idea.expire"
NAME = gettext_lazy("员工建议")


class Alike(NamedTuple):
    """What one figure counts."""

    unit_id: int
    month: date
    kind: str
    about: str
    state: str
    is_confidential: bool

    @classmethod
    def of(cls, figure: IdeaFigure) -> Alike:
        return cls(*(getattr(figure, name) for name in cls._fields))


def carry_out(now: datetime) -> int:
    return row_turns.carry_out(CODE, VERB, now, _portion)


def stored(reach: frozenset[str] | None = None, until: str = "") -> Amount:
    """Signed ideas; as figures, those that are only counted."""
    before = row_turns.first_day(until) if until else None
    ideas = _over(before) if before else Idea.objects.exclude(by=None)
    figures = IdeaFigure.objects.filter(month__lt=before) if before else IdeaFigure.objects.all()
    if reach is not None:
        ideas = ideas.filter(unit__code__in=reach, is_confidential=False)
        figures = figures.filter(unit__code__in=reach, is_confidential=False)
    return Amount(ideas.count(), figures.aggregate(all=Sum("ideas"))["all"] or 0)


def _over(before: date) -> QuerySet[Idea]:
    """Signed ones of which nothing was filed or answered since: what is being worked on is not cut off half-way."""
    since = timezone.make_aware(datetime.combine(before, time()))
    rows = Idea.objects.exclude(by=None).filter(filed_on__lt=before).annotate(last=Max("steps__at"))
    return rows.filter(Q(last=None) | Q(last__lt=since)).order_by("pk")


def _portion(before: date, with_figures: bool) -> int:
    # Unit by unit: a portion of all units would read the figures of all, while others wait.
    over = _over(before).order_by("unit_id", "pk")
    chosen = list(over.values_list("pk", flat=True)[: row_turns.AT_ONCE])
    rows = Idea.objects.filter(pk__in=chosen)
    if with_figures:
        figures = IdeaFigure.objects.filter(month__lt=before)
        counted = figures.aggregate(all=Sum("ideas"))["all"] or 0
        figures.delete()
        rows.delete()
        return len(chosen) + counted
    _count(rows)
    rows.delete()
    return len(chosen)


def _count(rows: QuerySet[Idea]) -> None:
    """Add them to the figures: by few questions, for others wait as long as a portion takes."""
    supported = dict(rows.annotate(count=Count("supports")).values_list("pk", "count"))
    ideas, supports = Counter[Alike](), Counter[Alike]()
    for each in rows:
        alike = Alike(
            each.unit_id, each.filed_on.replace(day=1), each.kind, each.about, each.state, each.is_confidential
        )
        ideas[alike] += 1
        supports[alike] += supported[each.pk]
    IdeaFigure.objects.bulk_create((IdeaFigure(**alike._asdict()) for alike in ideas), ignore_conflicts=True)
    near = IdeaFigure.objects.filter(unit__in={one.unit_id for one in ideas}, month__in={one.month for one in ideas})
    met = [one for one in near.select_for_update() if Alike.of(one) in ideas]
    for figure in met:
        figure.ideas += ideas[Alike.of(figure)]
        figure.supports += supports[Alike.of(figure)]
    IdeaFigure.objects.bulk_update(met, ["ideas", "supports"])


def _told() -> str | Promise:
    term = terms.of(CODE)
    return gettext("没有期限，离职后也保留") if term.months is None else own_keeping.told_months(term)


terms.BESIDES[CODE] = Besides(
    NAME,
    stored,
    Words(
        about=gettext_lazy(
            "只留统计：标题、内容、提出人、答复和支持的人清除；各机构每月提出几条、哪一类、采纳几条留下，表彰里只计入机构，"
            "不再计入个人。不署名的本来就没有提出人，不设期限。审计里仍有谁在何时提出、答复了第几号，没有内容。"
        ),
        since=gettext_lazy("从最后一次答复（没有答复的，提出）那个月的月底算起，6 到 240 个月；空着就没有期限。"),
        manners=(
            gettext_lazy("只留统计：机构、月份、类别与结果的条数"),
            gettext_lazy("全部清除，统计数字随之减少"),
        ),
        stored=lambda count: ngettext("现存 %(count)s 条署名建议", "现存 %(count)s 条署名建议", count),
        figures=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 条署名建议的内容、提出人与答复",
            "%(month)s 之前的 %(count)s 条署名建议的内容、提出人与答复",
            count,
        ),
        deletes=lambda count: ngettext(
            "%(month)s 之前的 %(count)s 条署名建议，只留统计的也在内",
            "%(month)s 之前的 %(count)s 条署名建议，只留统计的也在内",
            count,
        ),
    ),
)
keeps(
    Keeping(
        code=CODE,
        channel=NAME,
        holds=gettext_lazy("署名建议的提出人、内容与答复（不署名的没有提出人）"),
        days=_told,
        ground=gettext_lazy("员工自愿署名；劳动关系中的管理所必需"),
        stored=lambda: stored().voices,
        due=lambda now: terms.due(CODE, now),
        clear=carry_out,
        settings=("retention_channel", CODE),
        within=lambda reach: stored(reach).voices,
    )
)
