"""The addresses of feedback."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.feedback.views import (
    attachments,
    erasures,
    exports,
    hotline,
    imports,
    keeping,
    overview,
    quarantine,
    tiers,
    trends,
    voices,
    wizard,
)

urlpatterns: list[URLPattern] = [
    path("overview/", overview.overview, name="overview"),
    path("voices/", voices.voices, name="voices"),
    path("trends/", trends.trends, name="trends"),
    path("trends/topics/", trends.topics, name="trend_topics"),
    path("trends/topics/names/", trends.topic_names, name="trend_topic_names"),
    path("retention/", keeping.retention, name="retention"),
    path("retention/voices/<slug:channel>/", keeping.retention_channel, name="retention_channel"),
    path("tiers/", tiers.customer_tiers, name="customer_tiers"),
    path("hotline/", hotline.hotline_page, name="hotline"),
    path("hotline/calls/", hotline.hotline_calls, name="hotline_calls"),
    path("hotline/export/", hotline.hotline_export, name="hotline_export"),
    path("voices/count/", voices.voices_count, name="voices_count"),
    path("voices/export/<slug:kind>/", exports.voices_export, name="voices_export"),
    path("voices/<slug:voice_id>/", voices.voice, name="voice"),
    path("voices/<slug:voice_id>/correct/", voices.voice_correct, name="voice_correct"),
    path("voices/<slug:voice_id>/erase/", erasures.voice_erase, name="voice_erase"),
    path("voices/<slug:voice_id>/attachments/<uuid:key>/", attachments.attachment, name="attachment"),
    path("voices/<slug:voice_id>/attachments/<uuid:key>/small/", attachments.thumbnail, name="attachment_small"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/<uuid:pk>/certificate/", erasures.erasure_certificate, name="erasure_certificate"),
    path("erasures/addenda/<uuid:pk>/", erasures.erasure_addendum, name="erasure_addendum"),
    path("erasures/customer/", erasures.erasure_customer, name="erasure_customer"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", wizard.import_new, name="import_new"),
    path("imports/<uuid:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:pk>/preview/", wizard.import_preview, name="import_preview"),
    path("imports/<uuid:pk>/drop/", wizard.import_drop, name="import_drop"),
    path("imports/<uuid:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<uuid:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<uuid:pk>/resume/", imports.import_resume, name="import_resume"),
    path("imports/<uuid:pk>/quarantine/", quarantine.quarantine_list, name="quarantine"),
    path("imports/<uuid:pk>/quarantine/export/", quarantine.quarantine_export, name="quarantine_export"),
    path("imports/<uuid:pk>/quarantine/retry/", quarantine.quarantine_retry, name="quarantine_retry"),
    path("imports/<uuid:pk>/quarantine/return/", quarantine.quarantine_return, name="quarantine_return"),
    path("imports/<uuid:pk>/quarantine/discard/", quarantine.quarantine_discard, name="quarantine_discard"),
    path("quarantine/<int:pk>/", quarantine.quarantine_row, name="quarantine_row"),
]
