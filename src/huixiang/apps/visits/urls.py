"""Where are the pages of the branch's queue?"""

from django.urls import path

from huixiang.apps.visits.views import fair, waiting

urlpatterns = [
    path("waiting/", waiting.waiting_page, name="waiting"),
    path("waiting/export/", waiting.waiting_export, name="waiting_export"),
    path("waiting/fair/", fair.fair_page, name="waiting_fair"),
    path("waiting/<str:code>/<slug:day>/", waiting.waiting_day, name="waiting_day"),
]
