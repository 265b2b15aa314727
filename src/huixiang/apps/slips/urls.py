"""The addresses of paper slips."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.slips.views import bringing, correcting, listing

urlpatterns: list[URLPattern] = [
    path("slips/", listing.slips, name="slips"),
    path("slips/confirm/", listing.slips_confirm, name="slips_confirm"),
    path("slips/blank/<slug:verb>/", listing.slips_blank, name="slips_blank"),
    path("slips/new/", bringing.slips_new, name="slips_new"),
    path("slips/<uuid:pk>/", correcting.slip, name="slip"),
    path("slips/<uuid:pk>/picture/", correcting.slip_picture, name="slip_picture"),
    path("slips/<uuid:pk>/reject/", correcting.slip_reject, name="slip_reject"),
    path("slips/<uuid:pk>/mend/", correcting.slip_mend, name="slip_mend"),
    path("slips/<uuid:pk>/turn/", correcting.slip_turn, name="slip_turn"),
    path("slips/<uuid:pk>/split/", correcting.slip_split, name="slip_split"),
    path("slips/<uuid:pk>/rejoin/", correcting.slip_rejoin, name="slip_rejoin"),
]
