"""Where are subscriptions chosen and ended?"""

from django.urls import path

from huixiang.apps.subscriptions import views

urlpatterns = [
    path("subscriptions/", views.subscriptions, name="subscriptions"),
    path("subscriptions/<int:pk>/", views.subscription_change, name="subscription_change"),
    path("subscriptions/stop/<str:key>/", views.subscription_stop, name="subscription_stop"),
]
