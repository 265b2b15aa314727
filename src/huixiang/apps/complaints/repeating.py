"""Which complaints in sight may be the same one as this? Proposals with reasons; a person merges or leaves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import classing, customers
from huixiang.apps.complaints.models import Case
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.lifecycle import HANDLE, VERBS
from huixiang.domain.complaints.repeats import WINDOW_DAYS, Repeat, Said, Why, repeats
from huixiang.domain.understanding.contract import Understanding
from huixiang.domain.understanding.masking import MARK
from huixiang.domain.understanding.normal import normalise

MOST_OWN, MOST_UNKNOWN = 50, 200  # compared: of the same customer, and of nobody known, the newest of the window
REASONS = {
    Why.CUSTOMER: _("同一客户"),
    Why.CLASSES: _("业务与原因分类相同"),
    Why.PROPOSED: _("本行模型建议的分类相同"),
    Why.TOPICS: _("说的是同样的事项"),
    Why.WORDS: _("用词相同"),
    Why.TEXT: _("文字几乎相同"),
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """Another case that may be the same; `may_merge`: this one, which came later, may be merged into it now."""

    case: Case
    found: Repeat
    may_merge: bool

    @property
    def reasons(self) -> list[object]:
        return [REASONS[why] for why in self.found.reasons]

    @property
    def is_same_customer(self) -> bool:
        return Why.CUSTOMER in self.found.reasons


def proposed(case: Case, by: Staff) -> list[Proposed]:
    """Those that this person may see. Of cases merged already, or kept for storage only, nothing is proposed."""
    if case.merged_into_id or case.is_held:
        return []
    one = customers.one_with(case.customer)
    own, unknown = _near(case, by, one)
    understood = [classing.read_again(_words(each)) for each in (case, *own)] if own else []
    said = _said((case, *own), understood) if own else [_plain(case)]
    this, others = said[0], [replace(each, customer=case.customer) for each in said[1:]]
    found = repeats(this, [*others, *(_plain(each) for each in unknown)])
    rows = {each.number: each for each in (*own, *unknown)}
    return [_proposed(case, rows[each.number], each, by) for each in found]


def matters_alike(this: Case, others: list[Case]) -> list[Case]:
    """Those of the others that may be the same complaint as this one, which need not be kept yet; nearest first."""
    understood = classing.read([_words(each) for each in (this, *others)]) if others else []
    said = _said((this, *others), understood) if others else []
    rows = {each.number: each for each in others}
    return [rows[each.number] for each in repeats(said[0], said[1:])] if others else []


def _near(case: Case, by: Staff, one: set[str]) -> tuple[list[Case], list[Case]]:
    """Within the window: of the same customer; and those where one of both customers is not known."""
    window = timedelta(days=WINDOW_DAYS + 1)
    rows = Case.objects.visible_to(by).exclude(pk=case.pk).filter(merged_into=None, is_held=False)
    rows = rows.filter(received_at__range=(case.received_at - window, case.received_at + window))
    rows = rows.select_related("unit").order_by("-received_at")
    if not case.customer:
        return [], list(rows[:MOST_UNKNOWN])
    return list(rows.filter(customer__in=one)[:MOST_OWN]), list(rows.filter(customer="")[:MOST_UNKNOWN])


def _words(case: Case) -> str:
    return f"{case.title}\n{case.text}"


def _said(cases: Iterable[Case], understood: Iterable[Understanding]) -> list[Said]:
    taught, found = classing.taught(), []
    for case, told in zip(cases, understood, strict=True):
        topics = frozenset(topic.code for topic in told.topics)
        proposed = frozenset(taught(code) for code in topics) - {""}
        found.append(replace(_plain(case), topics=topics, words=frozenset(told.words), proposed=proposed))
    return found


def _plain(case: Case) -> Said:
    """Without understanding its words: enough where only near-same text counts, and a hundred times as fast."""
    classes = {"business": case.business_code, "cause": case.cause_code}
    normal = normalise(MARK.sub("。", _words(case)))
    return Said(case.number, case.customer, moment(case.received_at), normal, frozenset(), frozenset(), classes)


def _proposed(case: Case, other: Case, found: Repeat, by: Staff) -> Proposed:
    is_later = (other.received_at, other.pk) < (case.received_at, case.pk)
    are_owed = all(each.state in VERBS["merge"].of for each in (case, other))
    may = HANDLE in by.rights and all(by.holds(HANDLE, each.unit) for each in (case, other))
    return Proposed(other, found, is_later and are_owed and may)
