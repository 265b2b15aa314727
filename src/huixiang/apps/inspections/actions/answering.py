"""What does the unit say to a finding, and who decides? It accepts or disputes in time; then a third person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.inspections import pictures, pointing
from huixiang.apps.inspections.models import Evidence, Finding, FindingEvent, Visit
from huixiang.apps.inspections.pictures import Kept
from huixiang.apps.inspections.reach import ANSWER, DECIDE
from huixiang.channels.contract import Fault
from huixiang.domain.inspections.findings import DECISIONS, VERBS, may_follow, standing
from huixiang.domain.inspections.scoring import FULLY
from huixiang.domain.understanding.masking import mask

LONGEST = 2_000
SYSTEM = "system:nightly"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with it; `level`: to which the line is set anew; `files`: content and name of each."""

    text: str = ""
    level: int | None = None
    files: Sequence[tuple[bytes, str]] = ()


def accept(pk: int, words: Words = Words(), *, by: Staff, source: str = "") -> Finding:  # frozen
    """The unit agrees. Raises Fault where it answered already, or too late."""
    return _done(pk, "accept", words, by, source)


def dispute(pk: int, words: Words, *, by: Staff, source: str = "") -> Finding:
    """The unit does not agree: with its reason, and what proves it. Raises Fault."""
    if len(words.files) > pictures.MOST_EVIDENCE:
        raise Fault("申诉材料最多 %(most)s 个文件", most=pictures.MOST_EVIDENCE)
    kept: list[Kept] = []
    try:
        kept.extend(pictures.keep_evidence(content, name) for content, name in words.files)
        return _done(pk, "dispute", words, by, source, kept)
    except BaseException:
        pictures.drop(kept)
        raise


def decide(pk: int, verb: str, words: Words, *, by: Staff, source: str = "") -> Finding:
    """Uphold, change or withdraw it. Raises Fault where one inspected or disputed oneself (four eyes)."""
    if verb not in DECISIONS:
        raise ObjectDoesNotExist
    if verb == "change" and words.level not in range(FULLY):
        raise Fault("改判须写明改为“部分做到”还是“未做到”；完全做到请选撤销")
    return _done(pk, verb, words, by, source)


def lapse_due(today: date) -> int:
    """Each night: what no unit answered in time counts as accepted. How many?"""
    count = 0
    for pk in list(Finding.objects.overdue(today).values_list("pk", flat=True)):
        with transaction.atomic():
            finding = Finding.objects.select_for_update().get(pk=pk)
            if finding.state == Finding.State.OPEN:
                _append(finding, "lapse", Words(), None)
                audit.record("inspection.lapse", by=SYSTEM, on_kind="finding", on_id=pk)
                count += 1
    return count


def _done(pk: int, verb: str, words: Words, by: Staff, source: str, kept: Sequence[Kept] = ()) -> Finding:
    right = DECIDE if verb in DECISIONS else ANSWER
    if right not in by.rights:
        raise PermissionDenied
    if not Finding.objects.visible_to(by, right).filter(pk=pk).exists():
        raise ObjectDoesNotExist
    with transaction.atomic():
        finding = Finding.objects.select_for_update(of=("self",)).select_related("visit").get(pk=pk)
        _may(finding, verb, words, by)
        event = _append(finding, verb, words, by)
        Evidence.objects.bulk_create(
            Evidence(id=each.key, event=event, kind=each.kind, bytes=each.bytes, sha256=each.sha256) for each in kept
        )
        audit.record(f"inspection.{verb}", by=by, on_kind="finding", on_id=pk, source=source, files=len(kept))
    return finding


def _may(finding: Finding, verb: str, words: Words, by: Staff) -> None:
    """Raises Fault with what stands in the way."""
    if not may_follow(_state(finding), verb):
        raise Fault("这个问题现在是“%(state)s”，不能这样办",
                    state={"message": str(Finding.State(finding.state).label), "params": {}})  # fmt: skip
    if VERBS[verb].asks_words and not words.text.strip():
        raise Fault("请写明理由")
    if len(words.text) > LONGEST:
        raise Fault("理由超过 %(most)s 字", most=LONGEST)
    if verb in {"accept", "dispute"} and finding.due_on < timezone.localdate():
        raise Fault("已过 %(day)s 的答复期限", day=f"{finding.due_on}")
    inspected = Visit.objects.filter(case=finding.visit.case, inspector=by).exists()
    if inspected or (verb in DECISIONS and finding.events.filter(by=by).exists()):
        raise Fault("您参与了这次检查或申诉：请另一人办理（四眼）")


def _state(finding: Finding) -> Any:
    return standing((each.verb, each.told.get("level")) for each in finding.events.all()).state


def _append(finding: Finding, verb: str, words: Words, by: Staff | None) -> FindingEvent:
    """One event more; state and level are made of all of them, and the points follow."""
    told = {"level": words.level} if verb == "change" else {}
    event = FindingEvent.objects.create(finding=finding, seq=finding.events.count() + 1, verb=verb, by=by, told=told,
                                        words=mask(words.text.strip()).text)  # fmt: skip
    now = standing((each.verb, each.told.get("level")) for each in finding.events.all())
    finding.state, finding.level = now.state.value, now.level
    finding.save(update_fields=["state", "level"])
    visit = Visit.objects.select_for_update().get(pk=finding.visit_id)
    pointing.count(visit)
    return event
