"""How do other systems of the bank talk to 回响? The same verbs as the pages, by token; docs/guide/api.md shows how."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from huixiang import __version__
from huixiang.web.api import (
    attachments,
    audit,
    deeds,
    erasures,
    focus,
    focus_coding,
    focus_themes,
    hotline,
    ideas,
    imports,
    intake,
    jobs,
    labels,
    models,
    need_verbs,
    organisation,
    overview,
    plugins,
    quarantine,
    reputation,
    retention,
    roster,
    slips,
    sources,
    staff,
    survey_answers,
    survey_fairness,
    survey_handouts,
    survey_links,
    survey_results,
    survey_rounds,
    surveys,
    tiers,
    tokens,
    trends,
    voices,
)
from huixiang.web.api.service import Service

api = Service(
    title="回响 API", version=__version__, urls_namespace="api-1", description=gettext_noop("说明见《接口指南》。")
)
for subject in (
    overview,
    trends,
    hotline,
    ideas,
    reputation,
    voices,
    attachments,
    erasures,
    intake,
    retention,
    slips,
    need_verbs,
    tiers,
    focus,
    focus_coding,
    focus_themes,
    deeds,
    imports,
    quarantine,
    sources,
    survey_handouts,
    survey_links,
    survey_rounds,
    surveys,
    survey_results,
    survey_fairness,
    survey_answers,
    labels,
    models,
    plugins,
    jobs,
    organisation,
    roster,
    staff,
    tokens,
    audit,
):
    api.add_router("", subject.router)
