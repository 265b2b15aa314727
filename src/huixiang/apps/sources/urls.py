"""The addresses of sources."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.sources import views

urlpatterns: list[URLPattern] = [
    path("sources/", views.sources, name="sources"),
    path("sources/new/", views.source_new, name="source_new"),
    path("sources/<uuid:pk>/", views.source, name="source"),
    path("sources/<uuid:pk>/change/", views.source_change, name="source_change"),
    path("sources/<uuid:pk>/test/", views.source_test, name="source_test"),
    path("sources/<uuid:pk>/pause/", views.source_verb, {"verb": "pause"}, name="source_pause"),
    path("sources/<uuid:pk>/resume/", views.source_verb, {"verb": "resume"}, name="source_resume"),
    path("sources/<uuid:pk>/poll/", views.source_verb, {"verb": "poll"}, name="source_poll"),
    path("sources/<uuid:pk>/remove/", views.source_verb, {"verb": "remove"}, name="source_remove"),
]
