"""Who lets a standard hold? Whoever wrote it submits it; another person approves it or sends it back with a reason."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.standards.actions.writing import demand, record, step
from huixiang.apps.standards.limits import objections
from huixiang.apps.standards.models import APPROVE, EDIT, Standard, State, Version
from huixiang.channels.contract import Fault


def submit(version: Version, *, by: Staff, source: str = "") -> None:
    """Put a draft before a second person. Raises Fault where its day is over, or it would break the law's limits."""
    demand(by, EDIT)
    with transaction.atomic():
        held = _held(version, {State.DRAFT, State.RETURNED})
        _may_begin(held)
        step(held, State.SUBMITTED, by, "")
        record("standard.submit", held, by, source)


def approve(version: Version, *, by: Staff, source: str = "") -> None:
    """Let it hold from its day on. Raises Fault where one wrote or submitted it oneself (four eyes)."""
    demand(by, APPROVE)
    with transaction.atomic():
        held = _held(version, {State.SUBMITTED})
        if by.pk in _authors(held):
            raise Fault("由您编写或提交：请另一人审批（四眼）")
        _may_begin(held)
        step(held, State.APPROVED, by, "")
        record("standard.approve", held, by, source)


def send_back(version: Version, words: str, *, by: Staff, source: str = "") -> None:
    """Say no, and why."""
    demand(by, APPROVE)
    if not words.strip():
        raise Fault("请写明退回的理由")
    with transaction.atomic():
        held = _held(version, {State.SUBMITTED})
        step(held, State.RETURNED, by, words.strip())
        record("standard.return", held, by, source)


def drop(version: Version, *, by: Staff, source: str = "") -> None:
    """Give up what was not approved yet."""
    demand(by, EDIT)
    with transaction.atomic():
        held = _held(version, {State.DRAFT, State.SUBMITTED, State.RETURNED})
        step(held, State.DROPPED, by, "")
        record("standard.drop", held, by, source)


def _held(version: Version, states: Collection[State]) -> Version:
    """The version, its standard held until commit. Raises Fault where it is not so far, or further."""
    Standard.objects.select_for_update().get(pk=version.standard_id)
    held = Version.objects.with_state().select_related("standard").get(pk=version.pk)
    if held.standing not in states:
        raise Fault("第 %(number)s 版现在是“%(state)s”，不能这样办",
                    number=held.number, state=Sentence(str(held.standing.label), {})._asdict())  # fmt: skip
    return held


def _authors(version: Version) -> set[int]:
    """Who wrote this text, and who submitted it."""
    submitted = version.steps.filter(state=State.SUBMITTED).values_list("by_id", flat=True)
    return {version.by_id, *submitted}


def _may_begin(version: Version) -> None:
    """What was measured is not to be judged by a rule made afterwards."""
    if version.effective_from < timezone.localdate():
        raise Fault("起期 %(day)s 已经过去：请改为今天或以后", day=f"{version.effective_from}")
    begun = version.standard.versions.approved().filter(effective_from__gt=version.effective_from).first()
    if begun:
        raise Fault("第 %(number)s 版已批准，从 %(day)s 起执行：起期须在它之后", number=begun.number,
                    day=f"{begun.effective_from}")  # fmt: skip
    for objection in objections(version.value):
        raise objection
