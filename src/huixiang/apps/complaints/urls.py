"""The addresses of complaint handling."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.complaints.views import cases, figures, intake, register

urlpatterns: list[URLPattern] = [
    path("complaints/", cases.complaints, name="complaints"),
    path("complaints/new/", intake.complaint_new, name="complaint_new"),
    path("complaints/from/<str:voice_id>/", intake.complaint_from_voice, name="complaint_from_voice"),
    path("complaints/join/<str:voice_id>/", intake.complaint_join, name="complaint_join"),
    path("complaints/register/", register.complaint_register, name="complaint_register"),
    path("complaints/register/export/<str:kind>/", register.complaint_export, name="complaint_export"),
    path("complaints/figures/", figures.complaint_figures, name="complaint_figures"),
    path("complaints/<int:pk>/", cases.complaint, name="complaint"),
    path("complaints/<int:pk>/receipt/", intake.complaint_receipt, name="complaint_receipt"),
    path("complaints/<int:pk>/people/", cases.complaint_people, name="complaint_people"),
    path("complaints/<int:pk>/<slug:verb>/", cases.complaint_do, name="complaint_do"),
]
