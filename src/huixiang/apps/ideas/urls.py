"""The addresses of what the bank's own people propose."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.ideas import views

urlpatterns: list[URLPattern] = [
    path("ideas/", views.ideas, name="ideas"),
    path("ideas/new/", views.idea_new, name="idea_new"),
    path("ideas/recognition/", views.idea_recognition, name="idea_recognition"),
    path("ideas/recognition/export/", views.idea_recognition_export, name="idea_recognition_export"),
    path("ideas/<int:pk>/", views.idea, name="idea"),
    path("ideas/<int:pk>/support/", views.idea_support, name="idea_support"),
    path("ideas/<int:pk>/<slug:verb>/", views.idea_turn, name="idea_turn"),
]
