"""The addresses of complaint handling."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.complaints.views import (
    alike,
    assigning,
    cases,
    deputies,
    exporting,
    figures,
    intake,
    letters,
    old_registers,
    register,
    templates,
    warnings,
    webhooks,
    working,
)

urlpatterns: list[URLPattern] = [
    path("complaints/", cases.complaints, name="complaints"),
    path("complaints/new/", intake.complaint_new, name="complaint_new"),
    path("complaints/from/<str:voice_id>/", intake.complaint_from_voice, name="complaint_from_voice"),
    path("complaints/join/<str:voice_id>/", intake.complaint_join, name="complaint_join"),
    path("complaints/export/", exporting.complaint_export, name="complaint_export"),
    path("complaints/assign/", assigning.complaints_assign, name="complaints_assign"),
    path("complaints/warnings/", warnings.complaint_warnings, name="complaint_warnings"),
    path("complaints/register/", register.complaint_register, name="complaint_register"),
    path(
        "complaints/register/export/<str:kind>/", register.complaint_register_export, name="complaint_register_export"
    ),
    path("complaints/figures/", figures.complaint_figures, name="complaint_figures"),
    path("complaints/units/", working.complaint_units, name="complaint_units"),
    path("complaints/staff/", working.complaint_staff, name="complaint_staff"),
    path("complaints/mentions/", working.complaint_mentions, name="complaint_mentions"),
    path("complaints/mentions/<int:key>/", working.complaint_mention_seen, name="complaint_mention_seen"),
    path("complaints/deputies/", deputies.complaint_deputies, name="complaint_deputies"),
    path("complaints/deputies/<int:key>/end/", deputies.complaint_deputy_end, name="complaint_deputy_end"),
    path("complaints/<int:pk>/files/", working.complaint_attach, name="complaint_attach"),
    path("complaints/<int:pk>/files/<uuid:key>/", working.complaint_file, name="complaint_file"),
    path("complaints/<int:pk>/", cases.complaint, name="complaint"),
    path("complaints/<int:pk>/receipt/", intake.complaint_receipt, name="complaint_receipt"),
    path("complaints/<int:pk>/people/", cases.complaint_people, name="complaint_people"),
    path("complaints/letters/", templates.complaint_templates, name="complaint_templates"),
    path("complaints/letters/<slug:kind>/", templates.complaint_template, name="complaint_template"),
    path("complaints/<int:pk>/letter/<slug:verb>/", letters.complaint_letter, name="complaint_letter"),
    path(
        "complaints/<int:pk>/letters/<int:seq>.<slug:ending>",
        letters.complaint_letter_file,
        name="complaint_letter_file",
    ),
    path("complaints/<int:pk>/notices/<uuid:key>/", letters.complaint_notice, name="complaint_notice"),
    path("complaints/export/people/", exporting.complaint_export_people, name="complaint_export_people"),
    path("complaints/import/", old_registers.complaint_import, name="complaint_import"),
    path("complaints/webhooks/", webhooks.complaint_webhooks, name="webhooks"),
    path("complaints/webhooks/<uuid:key>/", webhooks.complaint_webhook, name="webhook"),
    path("complaints/webhooks/<uuid:key>/<slug:deed>/", webhooks.complaint_webhook_do, name="webhook_do"),
    path("complaints/<int:pk>/alike/", alike.complaint_alike, name="complaint_alike"),
    path("complaints/<int:pk>/<slug:verb>/", cases.complaint_do, name="complaint_do"),
]
