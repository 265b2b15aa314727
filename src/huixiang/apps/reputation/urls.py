"""The addresses of what is said in public."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.reputation.views import app_reviews, names, social

urlpatterns: list[URLPattern] = [
    path("reviews/", app_reviews.reviews, name="reviews"),
    path("reviews/export/", app_reviews.reviews_export, name="reviews_export"),
    path("social/", social.social_page, name="social"),
    path("social/export/", social.social_export, name="social_export"),
    path("social/names/", names.social_names, name="social_names"),
]
