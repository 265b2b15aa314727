"""The addresses of complaint handling."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.complaints.views import alike, cases, intake

urlpatterns: list[URLPattern] = [
    path("complaints/", cases.complaints, name="complaints"),
    path("complaints/new/", intake.complaint_new, name="complaint_new"),
    path("complaints/from/<str:voice_id>/", intake.complaint_from_voice, name="complaint_from_voice"),
    path("complaints/join/<str:voice_id>/", intake.complaint_join, name="complaint_join"),
    path("complaints/<int:pk>/", cases.complaint, name="complaint"),
    path("complaints/<int:pk>/receipt/", intake.complaint_receipt, name="complaint_receipt"),
    path("complaints/<int:pk>/people/", cases.complaint_people, name="complaint_people"),
    path("complaints/<int:pk>/alike/", alike.complaint_alike, name="complaint_alike"),
    path("complaints/<int:pk>/<slug:verb>/", cases.complaint_do, name="complaint_do"),
]
