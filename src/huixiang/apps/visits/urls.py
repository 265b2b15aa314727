"""Where are the pages of the branch's queue, and of the digital channels?"""

from django.urls import path

from huixiang.apps.visits import screen_views
from huixiang.apps.visits.views import fair, waiting

urlpatterns = [
    path("waiting/", waiting.waiting_page, name="waiting"),
    path("waiting/export/", waiting.waiting_export, name="waiting_export"),
    path("waiting/fair/", fair.fair_page, name="waiting_fair"),
    path("waiting/<str:code>/<slug:day>/", waiting.waiting_day, name="waiting_day"),
    path("digital/", screen_views.digital_page, name="digital"),
    path("digital/use/", screen_views.digital_use, name="digital_use"),
    path("digital/outages/", screen_views.digital_outages, name="digital_outages"),
    path("digital/export/<slug:part>/", screen_views.digital_export, name="digital_export"),
]
