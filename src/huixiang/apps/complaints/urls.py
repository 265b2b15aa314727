"""The addresses of complaint handling."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.complaints.views import (
    agents,
    alike,
    assigning,
    cases,
    exporting,
    figures,
    intake,
    letters,
    register,
    retention,
    ruling,
    templates,
    terms,
    warnings,
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
    path("complaints/agents/", agents.complaint_agents, name="complaint_agents"),
    path("complaints/rules/", ruling.complaint_packs, name="complaint_packs"),
    path("complaints/rules/new/", ruling.complaint_pack_new, name="complaint_pack_new"),
    path("complaints/rules/warnings/", terms.complaint_warning_terms, name="complaint_warning_terms"),
    path("complaints/rules/hours/", terms.complaint_hours, name="complaint_hours"),
    path("complaints/rules/holidays/", terms.complaint_holidays, name="complaint_holidays"),
    path("complaints/rules/retention/", retention.complaint_retention, name="complaint_retention"),
    path("complaints/rules/<int:pk>/", ruling.complaint_pack, name="complaint_pack"),
    path("complaints/rules/drafts/<int:pk>/", ruling.complaint_draft, name="complaint_draft"),
    path("complaints/rules/drafts/<int:pk>/<slug:deed>/", ruling.complaint_draft_do, name="complaint_draft_do"),
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
    path("complaints/<int:pk>/alike/", alike.complaint_alike, name="complaint_alike"),
    path("complaints/<int:pk>/<slug:verb>/", cases.complaint_do, name="complaint_do"),
]
