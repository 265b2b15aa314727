"""How does a person answer a customer, or look up how to reach her? One verb each, back to the voice."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.intake import actions
from huixiang.apps.intake.forms import AnswerForm
from huixiang.apps.intake.models import Submission
from huixiang.channels.contract import Fault


@requires("voice.answer")
@require_POST
def voice_answer(request: HttpRequest, voice_id: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            told = form.cleaned_data
            actions.answer(voice_id, told["text"], by=who(request), sends=told["sends"], source=audit.origin(request))
        except ObjectDoesNotExist:
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("已答复，客户凭查询码就能看到。"))
            return redirect("voice", voice_id)
    return render(request, "intake/answer.html", {"form": form, "voice_id": voice_id}, status=422)


@never_cache
@requires("contact.see")
@require_POST
def voice_contact(request: HttpRequest, voice_id: str) -> HttpResponse:
    """Shown once, on a page of its own, because somebody asked."""
    try:
        contact = actions.contact_of(voice_id, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Unsealable as fault:
        messages.error(request, str(fault))
        return redirect("voice", voice_id)
    submission = Submission.objects.get(voice_id=voice_id)
    # Of a box's message the customer has her receipt; who wrote or called was given none.
    code = actions.code_of(submission) if contact and submission.box_id is None else ""
    return render(request, "intake/contact.html", {"contact": contact, "code": code, "voice_id": voice_id})


@requires("voice.answer")
@require_POST
def voice_told(request: HttpRequest, voice_id: str) -> HttpResponse:
    """Somebody called her."""
    try:
        actions.told_by_phone(voice_id, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已记下：电话告知客户。"))
    return redirect("voice", voice_id)
