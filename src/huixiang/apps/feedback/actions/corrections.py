"""What if the machine misunderstood? A person's correction outranks it, is kept for good and reaches the lake once."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import batches, findings
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import LONGEST_VALUE, Correction
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.contract import KINDS, LABELS
from huixiang.lake import questions
from huixiang.lake.questions import Voice
from huixiang.lake.schema import FIGURE, PERSON
from huixiang.lake.store import Lake

Field = Correction.Field
MOST_TOPICS, LONGEST_PRODUCT = 8, 80


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
        if voice.understood_by == FIGURE:
            raise Fault("这条声音已过保存期限，只计入统计，不能再更正")
        before = held(voice, field)
        if before == value and not (field == Field.SENTIMENT and voice.understood_by != PERSON):
            raise Fault("与现有内容相同，无需更正")
        with transaction.atomic():
            correction = Correction.objects.create(
                voice_id=voice_id,
                voice_version=voice.version,
                field=field,
                before=before[:LONGEST_VALUE],
                after=value,
                note=masked_value("", note.strip())[:400],
                by=by,
            )
            changed = {"field": field, "before": before[:LONGEST_VALUE], "after": value}
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
    later = Correction.objects.filter(
        voice_id=correction.voice_id,
        voice_version=correction.voice_version,
        field=correction.field,
        pk__gt=correction.pk,
    )
    current = current and not later.exists()  # one that was held up does not undo what was said after it
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
    if correction.field == Field.KIND:
        return {"kind": correction.after}
    if correction.field == Field.TOPICS:
        return {"topics": topics_of(correction.after)}
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
        if len(value) > LONGEST_PRODUCT:
            raise Fault("产品名最多 %(most)s 个字", most=LONGEST_PRODUCT)
        return masked_value("", value)[:LONGEST_PRODUCT]
    if field == Field.KIND:
        if value not in KINDS:
            raise Fault("没有“%(kind)s”这种性质", kind=value[:40])
        return value
    if field == Field.TOPICS:
        return _valid_topics(value)
    raise Fault("没有可更正的“%(field)s”", field=field)


def held(voice: Voice, field: str) -> str:
    """What is held true of a voice's field, as a correction writes it."""
    value = getattr(voice, field)
    return ",".join(value) if isinstance(value, tuple) else value or ""


def topics_of(value: str) -> list[str]:
    return [code for code in value.split(",") if code]


def _valid_topics(value: str) -> str:
    codes = list(dict.fromkeys(code.strip() for code in topics_of(value)))
    if unknown := [code for code in codes if not findings.knows("taxonomy", code)]:
        raise Fault("分类树里没有“%(code)s”", code=unknown[0][:40])
    if len(codes) > MOST_TOPICS:
        raise Fault("一条声音最多 %(most)s 个事项", most=MOST_TOPICS)
    return ",".join(codes)


def _valid_branch(code: str, reach: frozenset[str] | None) -> str:
    if not code and reach is None:
        return ""
    if not Unit.objects.filter(code=code).exists() or (reach is not None and code not in reach):
        raise Fault("机构号“%(code)s”不存在，或不在您的权限范围内", code=code[:40])
    return code
