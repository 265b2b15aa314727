"""Does the same agent complain again and again for many? Shown with reasons; what it means, a person judges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Case, CaseQuerySet, Party, PartyMark
from huixiang.domain.understanding.duplicates import Likeness
from huixiang.domain.understanding.masking import MARK
from huixiang.domain.understanding.normal import normalise

MOST_READ, MOST_LISTED = 200, 50
SURE = (PartyMark.PAPER, PartyMark.PHONE)  # two of one name need not be one person
KNOWN = (*SURE, PartyMark.NAME)


@dataclass(frozen=True, slots=True)
class Seen:
    """Cases in which the same agent, or his telephone, came up within the window; `alike` have nearly this wording."""

    cases: Sequence[Case]
    by_name_only: bool
    alike: Sequence[Case]

    @property
    def is_many(self) -> bool:
        """This one is counted in."""
        return len(self.cases) + 1 >= settings.COMPLAINT_AGENT_CASES

    @property
    def reasons(self) -> list[str]:
        told = {"days": settings.COMPLAINT_AGENT_DAYS, "count": len(self.cases) + 1}
        found = []
        if self.is_many and self.by_name_only:
            found.append(_("同名的代理人 %(days)s 天内有 %(count)s 件（只凭姓名，可能不是同一人）") % told)
        elif self.is_many:
            found.append(_("同一代理人或电话 %(days)s 天内有 %(count)s 件") % told)
        if self.alike:
            found.append(_("%(count)s 件别的投诉文字几乎相同") % {"count": len(self.alike)})
        return found


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent by a keyed hash: how many cases, for how many customers, the newest first. Who it is stays sealed."""

    kind: str
    cases: Sequence[Case]

    @property
    def customers(self) -> int:
        return len({case.customer or f"?{case.pk}" for case in self.cases})


def seen(case: Case, by: Staff) -> Seen | None:
    """Of the agent of this case, other cases in sight; None where nobody speaks for another."""
    if case.complainant != Case.Kind.AGENT:
        return None
    marks = PartyMark.objects.filter(case=case, role=Party.Role.AGENT, kind__in=KNOWN).values_list("kind", "mark")
    found = dict[str, str]((mark, kind) for kind, mark in marks)
    rows = _near(Case.objects.visible_to(by), case.received_at).exclude(pk=case.pk)
    sure = [mark for mark, kind in found.items() if kind in SURE]
    cases = _with(rows, sure) if sure else _with(rows, list(found))
    return Seen(cases, not sure, _alike(case, cases))


def many(by: Staff, now: datetime) -> list[Agent]:
    """Agents with many cases in sight within the window, who has the most first; by telephone or paper alone."""
    rows = _near(Case.objects.visible_to(by), now).order_by().values("pk")
    marks = PartyMark.objects.filter(role=Party.Role.AGENT, kind__in=SURE, case__in=rows)
    counted = marks.values("mark").annotate(count=Count("case", distinct=True))
    often = counted.filter(count__gte=settings.COMPLAINT_AGENT_CASES).order_by("-count", "mark")
    heads = [each["mark"] for each in often[:MOST_LISTED]]
    held, kinds = defaultdict[str, list[int]](list), dict[str, str]()
    for mark in marks.filter(mark__in=heads).order_by("-case_id"):
        held[mark.mark].append(mark.case_id)
        kinds[mark.mark] = mark.kind
    cases = Case.objects.select_related("unit").in_bulk([pk for pks in held.values() for pk in pks[:MOST_READ]])
    return list(_once(Agent(kinds[each], [cases[pk] for pk in held[each] if pk in cases]) for each in heads))


def _once(found: Iterable[Agent]) -> Iterable[Agent]:
    """One agent is known by telephone and by paper: the same cases are told once."""
    told = set[frozenset[int]]()
    for each in found:
        pks = frozenset(case.pk for case in each.cases)
        if pks not in told:
            told.add(pks)
            yield each


def _near(rows: CaseQuerySet, at: datetime) -> CaseQuerySet:
    return rows.filter(received_at__range=(at - timedelta(days=settings.COMPLAINT_AGENT_DAYS), at), is_held=False)


def _with(rows: CaseQuerySet, marks: list[str]) -> list[Case]:
    its = PartyMark.objects.filter(role=Party.Role.AGENT, mark__in=marks).values("case")
    return list(rows.filter(pk__in=its).select_related("unit").order_by("-received_at")[:MOST_READ])


def _alike(case: Case, others: Iterable[Case]) -> list[Case]:
    like = Likeness(_plain(case))
    return [each for each in others if each.customer != case.customer and like.of(_plain(each))]


def _plain(case: Case) -> str:
    return normalise(MARK.sub("。", f"{case.title}\n{case.text}"))
