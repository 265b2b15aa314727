"""What stands on a voice's page of complaints? Of which case it is, or how it becomes one."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from huixiang.apps.access.door import who
from huixiang.apps.complaints.models import Case, CaseVoice
from huixiang.apps.feedback.panels import panel
from huixiang.domain.complaints.lifecycle import HANDLE, REGISTER
from huixiang.lake.questions import Voice


@panel
def complaint(request: HttpRequest, voice: Voice) -> str:
    """Only for who may register; of a case out of sight nothing but that there is one."""
    by = who(request)
    if REGISTER not in by.rights or "complaint.see" not in by.rights:
        return ""
    linked = CaseVoice.objects.filter(voice_id=voice.id).select_related("case").first()
    case = Case.objects.visible_to(by).filter(pk=linked.case_id).first() if linked else None
    context = {"voice": voice, "case": case, "is_linked": linked is not None, "may_join": HANDLE in by.rights}
    return render_to_string("complaints/panel.html", context, request)
