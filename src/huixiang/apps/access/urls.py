"""The addresses of access."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from huixiang.apps.access.views import audit, entry, jobs, organisation, roster, saved, staff, tokens


class Code(StringConverter):
    """A unit's code or a staff number, as models.valid_code allows."""

    regex = r"[\w.-]+"


register_converter(Code, "code")

urlpatterns: list[URLPattern] = [
    path("locked/", entry.locked, name="locked"),
    path("login/", entry.login, name="login"),
    path("logout/", entry.logout, name="logout"),
    path("password/", entry.password_change, name="password_change"),
    path("password/done/", entry.password_change_done, name="password_change_done"),
    path("healthy/", entry.healthy, name="healthy"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/import/", roster.organisation_import, name="organisation_import"),
    path("organisation/import/<uuid:key>/", roster.organisation_import_apply, name="organisation_import_apply"),
    path("organisation/units/<code:code>/", organisation.unit, name="unit"),
    path("organisation/units/<code:code>/new/", organisation.unit_new, name="unit_new"),
    path("organisation/units/<code:code>/change/", organisation.unit_change, name="unit_change"),
    path("organisation/units/<code:code>/move/", organisation.unit_move, name="unit_move"),
    path("organisation/staff-new/", staff.staff_new, name="staff_new"),
    path("organisation/posts/<int:pk>/end/", staff.post_end, name="post_end"),
    path("organisation/staff/<code:number>/", staff.staff, name="staff"),
    path(
        "organisation/staff/<code:number>/deactivate/",
        staff.staff_access,
        {"verb": "deactivate"},
        name="staff_deactivate",
    ),
    path(
        "organisation/staff/<code:number>/reactivate/",
        staff.staff_access,
        {"verb": "reactivate"},
        name="staff_reactivate",
    ),
    path("organisation/staff/<code:number>/change/", staff.staff_change, name="staff_change"),
    path(
        "organisation/staff/<code:number>/tokens/<int:pk>/revoke/", staff.staff_token_revoke, name="staff_token_revoke"
    ),
    path("organisation/staff/<code:number>/password/", staff.staff_password, name="staff_password"),
    path("organisation/staff/<code:number>/posts/", staff.post_new, name="post_new"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit.audit_verify, name="audit_verify"),
    path("audit/export/", audit.audit_export, name="audit_export"),
    path("saved/", saved.saved_views, name="saved_views"),
    path("saved/new/", saved.saved_view_new, name="saved_view_new"),
    path("saved/<int:pk>/delete/", saved.saved_view_delete, name="saved_view_delete"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
]
