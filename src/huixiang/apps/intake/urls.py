"""The addresses of the intake: short ones for customers, the others for staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.intake.views import answering, boxes, public, tracking, ways

urlpatterns: list[URLPattern] = [
    path("b/<slug:slug>/", public.box, name="public_box"),
    path("w/<slug:slug>.js", public.widget, name="widget"),
    path("t/", tracking.track, name="track"),
    path("boxes/", boxes.boxes, name="boxes"),
    path("boxes/new/", boxes.box_new, name="box_new"),
    path("boxes/<int:pk>/", boxes.box, name="box"),
    path("boxes/<int:pk>/turn/", boxes.box_turn, name="box_turn"),
    path("boxes/<int:pk>/poster/", boxes.box_poster, name="box_poster"),
    path("voices/<slug:voice_id>/answer/", answering.voice_answer, name="voice_answer"),
    path("retention/<slug:channel>/", ways.retention_way, name="retention_way"),
    path("voices/<slug:voice_id>/told/", answering.voice_told, name="voice_told"),
    path("voices/<slug:voice_id>/contact/", answering.voice_contact, name="voice_contact"),
]
