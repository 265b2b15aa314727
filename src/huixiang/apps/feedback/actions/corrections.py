"""What if the machine misunderstood? A person's correction outranks it, is kept for good and reaches the lake once."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import batches
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Correction
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.contract import LABELS
from huixiang.lake import questions
from huixiang.lake.schema import PERSON
from huixiang.lake.store import Lake

Field = Correction.Field


def correct_voice(voice_id: str, field: str, value: str, note: str, by: Staff, source: str = "") -> Correction:
    """Correct one field of a voice's present version. Raises Fault, or ObjectDoesNotExist where it is out of reach."""
    if "voice.correct" not in by.rights:
        raise PermissionDenied
    reach = by.scope("voice.correct")
    value = _valid(field, value.strip(), reach)
    the_lake = lake()
    with batches.turn(the_lake):
        voice = questions.voice(the_lake, voice_id)
        if voice is None or (reach is not None and voice.branch not in reach):
            raise ObjectDoesNotExist
        before = getattr(voice, field) or ""
        if before == value and not (field == Field.SENTIMENT and voice.understood_by != PERSON):
            raise Fault("与现有内容相同，无需更正")
        with transaction.atomic():
            correction = Correction.objects.create(
                voice_id=voice_id,
                voice_version=voice.version,
                field=field,
                before=before[:120],
                after=value,
                note=masked_value("", note.strip())[:400],
                by=by,
            )
            changed = {"field": field, "before": before[:120], "after": value}
            audit.record("voice.correct", by=by, on_kind="voice", on_id=voice_id, source=source, **changed)
        _apply(the_lake, correction)
    return correction


def apply_corrections() -> int:
    """Carry over corrections whose process died before the lake heard of them; how many? The nightly round's part."""
    waiting = Correction.objects.filter(applied_at=None).order_by("at")
    if not waiting.exists():
        return 0
    the_lake = lake()
    with batches.turn(the_lake):
        applied = [_apply(the_lake, correction) for correction in waiting]
    return sum(applied)


def _apply(the_lake: Lake, correction: Correction) -> bool:
    """It belongs to the version corrected: where the source has changed the voice since, only the record stays."""
    voice = questions.voice(the_lake, correction.voice_id)
    current = voice is not None and voice.version == correction.voice_version
    if current:
        the_lake.set_columns("voices", correction.voice_id, _columns(correction))
    correction.applied_at = timezone.now()
    correction.save(update_fields=["applied_at"])
    return current


def _columns(correction: Correction) -> dict[str, object]:
    if correction.field == Field.SENTIMENT:
        return {"sentiment": correction.after, "understood_by": PERSON}
    if correction.field == Field.BRANCH:
        return {"branch": correction.after or None}
    return {"product": correction.after}


def _valid(field: str, value: str, reach: frozenset[str] | None) -> str:
    """The value as it is kept. Raises Fault where the field cannot take it."""
    if field == Field.SENTIMENT:
        if value not in LABELS:
            raise Fault("请选择负面、中性或正面")
        return value
    if field == Field.BRANCH:
        return _valid_branch(value, reach)
    if field == Field.PRODUCT:
        return masked_value("", value)[:80]
    raise Fault("没有可更正的“%(field)s”", field=field)


def _valid_branch(code: str, reach: frozenset[str] | None) -> str:
    if not code and reach is None:
        return ""
    if not Unit.objects.filter(code=code).exists() or (reach is not None and code not in reach):
        raise Fault("机构号“%(code)s”不存在，或不在您的权限范围内", code=code[:40])
    return code
