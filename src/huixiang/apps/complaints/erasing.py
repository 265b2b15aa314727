"""What goes with an erased voice? A complaint made of it must be kept for its term: it is stored, and no more used."""

from __future__ import annotations

from collections.abc import Collection

from huixiang.apps.complaints import actions
from huixiang.apps.complaints.models import CaseVoice, VoiceTaking
from huixiang.apps.feedback.erasing import reaches


@reaches
def keep_for_storage(voice_ids: Collection[str]) -> int:
    """How many cases are held from now on? May be asked twice."""
    listed, held = sorted(voice_ids), 0
    for start in range(0, len(listed), 500):
        VoiceTaking.objects.filter(voice_id__in=listed[start : start + 500]).delete()
        found = CaseVoice.objects.filter(voice_id__in=listed[start : start + 500]).values_list("case", flat=True)
        held += sum(actions.hold(pk) for pk in sorted(set(found)))
    return held
