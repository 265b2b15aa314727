"""The addresses of the needs library."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.needs.views import deeds, did, exports, kano, library, verbs

urlpatterns: list[URLPattern] = [
    path("needs/", library.needs, name="needs"),
    path("needs/new/", verbs.need_new, name="need_new"),
    path("needs/export/<slug:kind>/", exports.needs_export, name="needs_export"),
    path("needs/<int:pk>/", library.need, name="need"),
    path("needs/<int:pk>/deed/", deeds.deed_new, name="deed_new"),
    path("deeds/", deeds.deeds_list, name="deeds"),
    path("deeds/poster/", did.deed_poster, name="deed_poster"),
    path("deeds/<int:pk>/", deeds.deed, name="deed"),
    path("deeds/<int:pk>/since/", deeds.deed_since, name="deed_since"),
    path("deeds/<int:pk>/<slug:verb>/", deeds.deed_turn, name="deed_turn"),
    path("did/<slug:slug>/", did.did, name="did"),
    path("needs/<int:pk>/evidence/", verbs.need_pin, name="need_pin"),
    path("needs/<int:pk>/kano/", kano.need_kano, name="need_kano"),
    path("needs/<int:pk>/kano/off/", kano.need_kano_off, name="need_kano_off"),
    path("needs/<int:pk>/manage/<slug:verb>/", verbs.need_manage, name="need_manage"),
    path("needs/<int:pk>/decide/<slug:verb>/", verbs.need_decide, name="need_decide"),
]
