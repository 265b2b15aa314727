"""The addresses of surveys: short ones for customers, the others for staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.surveys.views import (
    answer_files,
    building,
    customers,
    kano,
    listing,
    lists,
    parts,
    previewing,
    results,
    rounds,
    stopping,
    ways,
)

FORMS: list[URLPattern] = [
    path("surveys/", listing.surveys, name="surveys"),
    path("surveys/new/", listing.survey_new, name="survey_new"),
    path("surveys/<int:pk>/", listing.survey, name="survey"),
    path("surveys/<int:pk>/do/<slug:verb>/", listing.survey_verb, name="survey_verb"),
    path("surveys/<int:pk>/versions/<int:number>/", listing.survey_version, name="survey_version"),
    path("surveys/<int:pk>/export/", listing.survey_export, name="survey_export"),
    path("surveys/<int:pk>/limesurvey/", listing.survey_limesurvey, name="survey_limesurvey"),
    path("surveys/<int:pk>/limesurvey/survey.lss", listing.survey_lss, name="survey_lss"),
    path("surveys/<int:pk>/preview/", previewing.survey_preview, name="survey_preview"),
    path("surveys/<int:pk>/questions/", building.survey_questions, name="survey_questions"),
    path("surveys/<int:pk>/questions/<str:code>/", building.survey_question, name="survey_question"),
    path("surveys/<int:pk>/questions/<str:code>/look/", building.question_look, name="survey_question_look"),
    path("surveys/<int:pk>/questions/<str:code>/<slug:verb>/", building.question_verb, name="survey_question_verb"),
    path("surveys/<int:pk>/sections/new/", parts.section_new, name="survey_section_new"),
    path("surveys/<int:pk>/sections/<str:code>/", parts.survey_section, name="survey_section"),
    path("surveys/<int:pk>/sections/<str:section>/add/", building.question_new, name="survey_question_new"),
    path("surveys/<int:pk>/sections/<str:section>/kano/", kano.kano_new, name="survey_kano_new"),
    path("surveys/<int:pk>/sections/<str:code>/<slug:verb>/", parts.section_verb, name="survey_section_verb"),
    path("surveys/<int:pk>/words/", parts.survey_words, name="survey_words"),
    path("surveys/<int:pk>/languages/<str:language>/", parts.survey_translation, name="survey_translation"),
    path("surveys/<int:pk>/quotas/<str:code>/", parts.survey_quota, name="survey_quota"),
]
WAYS: list[URLPattern] = [
    path("surveys/<int:pk>/ways/", ways.survey_ways, name="survey_ways"),
    path("surveys/<int:pk>/ways/public/", ways.survey_public_turn, name="survey_public_turn"),
    path("surveys/<int:pk>/ways/posters/<str:unit>/", ways.survey_poster, name="survey_poster"),
]
SENDING = [*lists.urlpatterns, *rounds.urlpatterns, *stopping.urlpatterns]
urlpatterns = [*results.urlpatterns, *answer_files.urlpatterns, *FORMS, *WAYS, *SENDING, *customers.urlpatterns]
