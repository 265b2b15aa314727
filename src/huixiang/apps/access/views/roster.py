"""Units and staff from files: upload, see what would change, import."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huixiang.apps.access import actions, audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.forms import RosterForm
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.rights import ROLE_NAMES
from huixiang.apps.access.roster import files
from huixiang.apps.access.roster.carrying import VERB, carry_out
from huixiang.apps.access.roster.plan import Change, Plan
from huixiang.apps.access.sentences import told_fault
from huixiang.channels.contract import Fault, Refused

CHANGE = "organisation.change"
SHOWN = 200
KEY = "roster"  # in the session: only who uploaded a file may import it


@requires(CHANGE)
def organisation_import(request: HttpRequest) -> HttpResponse:
    by = _who(request)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "access/organisation_import.html", {"form": form})
    key = files.keep(form.cleaned_data)
    try:
        plan = _plan(key, by)
    except Fault as fault:
        files.forget(key)
        form.add_error(None, told_fault(fault))
        return render(request, "access/organisation_import.html", {"form": form})
    request.session[KEY] = str(key)
    return render(request, "access/organisation_import.html", {"form": form, "key": key, **_shown(plan)})


@requires(CHANGE)
@require_POST
def organisation_import_apply(request: HttpRequest, key: UUID) -> HttpResponse:
    by = _who(request)
    if request.session.get(KEY) != str(key) or not files.kept(key):
        messages.error(request, _("预览已过期，请重新选择文件。"))
        return redirect("organisation_import")
    plan = _plan(key, by)  # made again: the organisation may have changed since the preview
    carry_out(plan, by, audit.origin(request), files=files.fingerprint(files.kept(key)))
    files.forget(key)
    del request.session[KEY]
    counts = {"new": plan.count("new"), "changed": plan.count("changed"), "refused": len(plan.refused)}
    messages.success(request, _("已导入：新增 %(new)d 项，变更 %(changed)d 项；%(refused)d 行有误，未导入。") % counts)
    return redirect("organisation")


def _who(request: HttpRequest) -> Staff:
    by = who(request)
    actions.reach_unit(VERB, by, None, audit.origin(request))
    return by


def _plan(key: UUID, by: Staff) -> Plan:
    kept = files.kept(key)
    return files.plan(kept.get("units"), kept.get("staff"), by=by.number, today=timezone.localdate())


def _shown(plan: Plan) -> dict[str, Any]:
    differing = [change for change in plan.changes if change.state != "same"]
    return {
        "plan": plan,
        "counts": {state: plan.count(state) for state in ("new", "changed", "same")},
        "changes": [_change(change) for change in differing[:SHOWN]],
        "more": max(0, len(differing) - SHOWN),
        "refused": [_row(refused) for refused in plan.refused[:SHOWN]],
    }


def _change(change: Change) -> dict[str, Any]:
    """A post's key holds codes; its person's number tells more."""
    key = change.values["number"] if change.kind == "post" else change.key
    values = {name: value for name, value in change.values.items() if value and value != key}
    now, before = (list(map(_value, found.items())) for found in (values, change.before))
    return {"state": change.state, "kind": change.kind, "key": key, "now": now, "before": before}


def _value(field: tuple[str, Any]) -> Any:
    """Levels and roles by their names."""
    name, value = field
    names = {"kind": dict(Unit.Kind.choices), "role": ROLE_NAMES}.get(name, {})
    return names.get(value, "—" if value is None else value)


def _row(refused: Refused) -> dict[str, Any]:
    return {
        "number": refused.number,
        "column": refused.fault.column or "",
        "message": told_fault(refused.fault),
        "fields": " · ".join(value for value in refused.fields.values() if value)[:120],
    }
