"""The addresses of complaint handling."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.complaints.views import (
    alike,
    assigning,
    cases,
    denominators,
    exporting,
    figures,
    intake,
    letters,
    register,
    returns,
    summary,
    templates,
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
    path("complaints/returns/", returns.complaint_returns, name="complaint_returns"),
    path("complaints/returns/draft/", returns.complaint_return_draft, name="complaint_return_draft"),
    path("complaints/returns/denominators/", denominators.complaint_denominators, name="complaint_denominators"),
    path("complaints/returns/now.<slug:kind>", returns.complaint_returns_file, name="complaint_returns_file"),
    path("complaints/returns/<int:pk>/", returns.complaint_return, name="complaint_return"),
    path("complaints/returns/<int:pk>.<slug:kind>", returns.complaint_return_file, name="complaint_return_file"),
    path("complaints/returns/<int:pk>/<slug:verb>/", returns.complaint_return_do, name="complaint_return_do"),
    path("complaints/summary/", summary.complaint_summary, name="complaint_summary"),
    path("complaints/summary.<slug:kind>", summary.complaint_summary_file, name="complaint_summary_file"),
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
