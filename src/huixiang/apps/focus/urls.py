"""The addresses of focus groups."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.focus.views import coding, exports, people, sessions, studies, themes

urlpatterns: list[URLPattern] = [
    path("focus/", studies.studies, name="focus_studies"),
    path("focus/new/", studies.study_new, name="focus_study_new"),
    path("focus/<int:pk>/", studies.study, name="focus_study"),
    path("focus/<int:pk>/change/", studies.study_change, name="focus_study_change"),
    path("focus/<int:pk>/sessions/new/", sessions.session_new, name="focus_session_new"),
    path("focus/<int:pk>/codes/", themes.codebook, name="focus_codebook"),
    path("focus/<int:pk>/codes/<int:code>/", themes.code_change, name="focus_code_change"),
    path("focus/<int:pk>/themes/new/", themes.theme_new, name="focus_theme_new"),
    path("focus/<int:pk>/export/<str:kind>/", exports.study_export, name="focus_export"),
    path("focus/themes/<int:pk>/", themes.theme, name="focus_theme"),
    path("focus/themes/<int:pk>/change/", themes.theme_change, name="focus_theme_change"),
    path("focus/themes/<int:pk>/link/", themes.theme_link, name="focus_theme_link"),
    path("focus/sessions/<int:pk>/", sessions.session, name="focus_session"),
    path("focus/sessions/<int:pk>/change/", sessions.session_change, name="focus_session_change"),
    path("focus/sessions/<int:pk>/participants/", sessions.seat_add, name="focus_seat_add"),
    path("focus/sessions/<int:pk>/records/", sessions.record_upload, name="focus_record_upload"),
    path("focus/sessions/<int:pk>/coders/", sessions.coding_begin, name="focus_coding_begin"),
    path("focus/sessions/<int:pk>/turn/", sessions.session_turn, name="focus_session_turn"),
    path("focus/sessions/<int:pk>/coding/", coding.coding, name="focus_coding"),
    path("focus/sessions/<int:pk>/open-code/", coding.code_open, name="focus_code_open"),
    path("focus/sessions/<int:pk>/settling/", coding.settling, name="focus_settling"),
    path("focus/sessions/<int:pk>/report/", exports.session_report, name="focus_report"),
    path("focus/utterances/<int:pk>/codes/", coding.code_one, name="focus_code_one"),
    path("focus/records/<uuid:pk>/", sessions.record, name="focus_record"),
    path("focus/participants/<int:pk>/", people.participant, name="focus_participant"),
    path("focus/participants/<int:pk>/contact/", people.contact_keep, name="focus_contact_keep"),
    path("focus/participants/<int:pk>/contact/read/", people.contact, name="focus_contact"),
    path("focus/participants/<int:pk>/withdraw/", people.withdraw, name="focus_withdraw"),
]
