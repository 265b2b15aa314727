"""What does a person say of a voice, and who decides where two disagree? Kept for good, like corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import gathering, values, wording
from huixiang.apps.annotation.dealing import Sealed
from huixiang.apps.annotation.models import Label, Settled, Task
from huixiang.apps.annotation.permits import RIGHT
from huixiang.apps.feedback.facts import lake
from huixiang.channels.contract import Fault
from huixiang.channels.export import safe_cell
from huixiang.domain.understanding.opinions.tags import marked as tagged
from huixiang.lake import questions

EXPORTED = ("voice_id", "version", "task", "drawn", "label", "settled", "disputed", "by", "text")
TAGS = "bio"  # of opinions, one more column: a tag a character of `text`, as `models train --task opinions` takes them


def exported(task: str) -> tuple[str, ...]:
    """The columns of a task's export."""
    return (*EXPORTED, TAGS) if task == Task.OPINIONS else EXPORTED


def label(task: str, given: Mapping[str, str], dealt: Mapping[str, Sealed], *, by: Staff, source: str = "") -> int:
    """Keep her labels (voice id → value) of what was dealt to her. How many? Said twice, the first stays.

    What left her reach, or was changed by its source meanwhile, is passed over: she did not see what it says now.
    """
    if "voice.correct" not in by.rights:
        raise PermissionDenied
    reach = by.scope("voice.correct")
    wanted = {voice: values.valid(task, value) for voice, value in given.items() if voice in dealt}
    there = questions.labellable(lake(), wanted, reach)
    rows = [
        Label(
            task=task,
            voice_id=each.id,
            voice_version=each.version,
            branch=each.branch or "",
            value=values.fitting(task, wanted[each.id], wording.marked(each)),
            draw=dealt[each.id].draw,
            suggested=dealt[each.id].suggested,
            by=by,
        )
        for each in there
        if each.version == dealt[each.id].version
    ]
    with transaction.atomic():
        had = set(Label.objects.filter(task=task, by=by, voice_id__in=wanted).values_list("voice_id", "voice_version"))
        new = [row for row in rows if (row.voice_id, row.voice_version) not in had]
        Label.objects.bulk_create(new)
        deeds = [audit.Deed("label.give", "voice", row.voice_id, {"task": task, "value": row.value}) for row in new]
        audit.record_many(deeds, by=by, source=source)
    return len(new)


def settle(task: str, voice_id: str, voice_version: int, value: str, *, by: Staff, source: str = "") -> Settled:
    """Decide as a third what two disagree about. Raises Fault, also where there is no such dispute within reach."""
    if RIGHT not in by.rights:
        raise PermissionDenied
    kept = values.valid(task, value)
    reach = by.scope(RIGHT)
    disputed = {(one.voice_id, one.voice_version) for one in gathering.disputed(task, by.number, reach)}
    there = {(each.id, each.version): each for each in questions.labellable(lake(), [voice_id], reach)}
    if (voice_id, voice_version) not in disputed & set(there):
        raise Fault("这条声音没有待裁定的分歧")
    values.fitting(task, kept, wording.marked(there[voice_id, voice_version]))
    with transaction.atomic():
        found = Settled.objects.create(task=task, voice_id=voice_id, voice_version=voice_version, value=kept, by=by)
        told = {"task": task, "value": kept}
        audit.record_many([audit.Deed("label.settle", "voice", voice_id, told)], by=by, source=source)
    return found


def export_labels(task: str, *, by: Staff, source: str = "") -> Iterator[tuple[str, ...]]:
    """All labels within reach, as rows of a table under `exported`; the text is masked.

    Within reach is what belongs to her units now: a voice may have moved since it was labelled.
    """
    if "voice.export" not in by.rights:
        raise PermissionDenied
    reach = by.scope("voice.export")
    every = gathering.judged(task, reach)
    texts = {each.id: each for each in questions.labellable(lake(), [one.voice_id for one in every], reach)}
    if reach is not None:
        every = [one for one in every if one.voice_id in texts]
    audit.record("label.export", by=by, on_kind="voice", source=source, task=task, count=len(every))
    return (_row(task, one, texts.get(one.voice_id)) for one in every)


def _row(task: str, one: gathering.Judged, voice: questions.Candidate | None) -> tuple[str, ...]:
    by = " ".join(f"{number}={value or values.UNSURE}" for number, value in sorted(one.by.items()))
    same = voice is not None and voice.version == one.voice_version
    text = wording.marked(voice) if voice and same else ""
    told = (
        one.voice_id,
        one.voice_version,
        task,
        one.draw,
        one.label,
        one.settled or "",
        int(one.is_disputed),
        by,
        text,
    )
    tags = (" ".join(tagged(values.spans(one.label), len(text))) if one.label else "",) if task == Task.OPINIONS else ()
    return tuple(safe_cell(str(cell)) for cell in (*told, *tags))
