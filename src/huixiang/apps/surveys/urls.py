"""The addresses of surveys: short ones for customers, the others for staff."""

from __future__ import annotations

from django.urls import URLPattern

from huixiang.apps.surveys.views import customers

urlpatterns: list[URLPattern] = [*customers.urlpatterns]
