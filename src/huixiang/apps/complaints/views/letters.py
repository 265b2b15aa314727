"""Where is a letter written, looked at, sent and fetched? Beside the case, with the verb that it tells of."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions, documents
from huixiang.apps.complaints.forms.letters import LetterForm
from huixiang.apps.complaints.letter_files import KINDS, letter
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.standings import history
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.letters import TITLES
from huixiang.domain.complaints.lifecycle import HANDLE, VERBS, open_verbs


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_letter(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The draft; what is sent with it does the verb, by its own right and all guards."""
    case, by = _visible(request, pk), who(request)
    standing = history(case).standing()
    if verb not in TITLES or verb not in dict(open_verbs(standing)) or not by.holds(VERBS[verb].right, case.unit):
        raise Http404
    given = request.POST if request.method == "POST" else None
    reason = str(request.GET.get("reason", ""))[:40]
    form = LetterForm(given, verb=verb, case=case, standing=standing, reason=reason)
    if given is not None and form.is_valid():
        try:
            if "preview" in given:
                return _file(documents.pdf(documents.preview_of(case, form.text.title, form.cleaned_data["words"])))
            actions.do_or_send(pk, verb, form.doing(), by=by, source=audit.origin(request))
        except (ObjectDoesNotExist, PermissionDenied):
            raise Http404 from None
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        else:
            messages.success(request, _("通知已交付发送，发出后即记录。") if form.is_sent() else _("已记录。"))
            return redirect("complaint", pk)
    context = {"case": case, "verb": verb, "form": form, "text": form.text}
    return render(request, "complaints/letter.html", context, status=422 if form.errors else 200)


@never_cache
@requires(SEE)
@require_safe
def complaint_letter_file(request: HttpRequest, pk: int, seq: int, ending: str) -> HttpResponse:
    """As PDF or Word; with the name only for who may know it, and the look is recorded."""
    case = _visible(request, pk)
    try:
        content = letter(case, seq, ending, by=who(request), source=audit.origin(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except Unsealable as lost:
        return _back(request, pk, str(lost))
    except Fault as fault:
        return _back(request, pk, told_fault(fault))
    return _file(content, f"{case.number}-{seq}.{ending}", KINDS[ending][0])


@never_cache
@requires(HANDLE)
@require_POST
def complaint_notice(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """A person says what became of a notice of which nobody can tell, or drops one that has not left."""
    try:
        actions.settle(pk, key, has_left="left" in request.POST, by=who(request), source=audit.origin(request))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    except Fault as fault:
        return _back(request, pk, told_fault(fault))
    messages.success(request, _("已记录。"))
    return redirect("complaint", pk)


def _visible(request: HttpRequest, pk: int) -> Case:
    rows = Case.objects.visible_to(who(request)).select_related("unit", "pack", "handler", "merged_into")
    return get_object_or_404(rows, pk=pk)


def _back(request: HttpRequest, pk: int, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("complaint", pk)


def _file(content: bytes, name: str = "", media_type: str = "application/pdf") -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"' if name else "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
