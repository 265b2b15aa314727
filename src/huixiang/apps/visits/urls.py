"""Where are the pages of the branch's queue?"""

from django.urls import path

from huixiang.apps.visits import views

urlpatterns = [
    path("waiting/", views.waiting_page, name="waiting"),
    path("waiting/export/", views.waiting_export, name="waiting_export"),
    path("waiting/<str:code>/<slug:day>/", views.waiting_day, name="waiting_day"),
]
