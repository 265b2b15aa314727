"""The addresses of models and labels."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.annotation.views import labelling, models, plugins, rereadings

urlpatterns: list[URLPattern] = [
    path("models/", models.models, name="models"),
    path("models/rollback/", models.rollback, name="model_rollback"),
    path("models/lock/", models.lock, name="model_lock"),
    path("models/plugins/check/", plugins.check, name="model_plugins_check"),
    path("models/plugins/<slug:name>/forget/", plugins.forget, name="model_plugins_forget"),
    path("models/train/", models.train, name="model_train"),
    path("models/rereadings/", rereadings.reread, name="model_reread"),
    path("models/rereadings/<uuid:pk>/", rereadings.rereading, name="rereading"),
    path("models/rereadings/<uuid:pk>/<slug:column>/", rereadings.rereading_voices, name="rereading_voices"),
    path("models/<int:pk>/", models.model, name="model"),
    path("labels/", labelling.labels, name="labels"),
    path("labels/<slug:task>/", labelling.labelling, name="labelling"),
    path("labels/<slug:task>/suggest/", labelling.suggest, name="labels_suggest"),
    path("labels/<slug:task>/disputes/", labelling.disputes, name="disputes"),
    path("labels/<slug:task>/export/", labelling.labels_export, name="labels_export"),
]
