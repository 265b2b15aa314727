"""Where are the pages of the branch's queue, and of the digital channels?"""

from django.urls import path

from huixiang.apps.visits import screen_views, views

urlpatterns = [
    path("waiting/", views.waiting_page, name="waiting"),
    path("waiting/export/", views.waiting_export, name="waiting_export"),
    path("waiting/<str:code>/<slug:day>/", views.waiting_day, name="waiting_day"),
    path("digital/", screen_views.digital_page, name="digital"),
    path("digital/use/", screen_views.digital_use, name="digital_use"),
    path("digital/outages/", screen_views.digital_outages, name="digital_outages"),
    path("digital/export/<slug:part>/", screen_views.digital_export, name="digital_export"),
]
