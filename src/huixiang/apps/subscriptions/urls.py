"""Where are subscriptions chosen and ended, and what is shown inside other pages?"""

from django.urls import path

from huixiang.apps.subscriptions.views import frames, mails

urlpatterns = [
    path("subscriptions/", mails.subscriptions, name="subscriptions"),
    path("subscriptions/<int:pk>/", mails.subscription_change, name="subscription_change"),
    path("subscriptions/stop/<str:key>/", mails.subscription_stop, name="subscription_stop"),
    path("embeds/", frames.embeds, name="embeds"),
    path("embeds/<int:pk>/revoke/", frames.embed_revoke, name="embed_revoke"),
    path("e/<str:token>/", frames.embedded, name="embedded"),
]
