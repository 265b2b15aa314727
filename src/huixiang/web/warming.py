"""Why does nobody wait for the first page after a start? What it would load is loaded before the door opens.

Libraries come with the first question to the lake (pandas alone takes a second), templates are compiled when first
shown. Who answers anonymous surveys' cross tables and drivers is reckoned beside the first visitors, not before them.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import perf_counter

import pyarrow as pa
from django.db import close_old_connections
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template

from huixiang.apps.feedback.facts import lake
from huixiang.apps.surveys import remembered
from huixiang.apps.surveys.models import Survey
from huixiang.lake.questions import last_arrival, survey_newcomers

log = logging.getLogger(__name__)
NO_SURVEY = " "  # has no answers: asked like all others, it loads what they need


def warm() -> None:
    """What the first visitor of this process would wait for. What cannot be loaded is her page's matter to tell."""
    begun = perf_counter()
    for name in _templates():
        with suppress(TemplateDoesNotExist, TemplateSyntaxError):
            get_template(name)
    try:
        _ask()
    except Exception as error:  # a lake on a disk that is not there yet
        log.warning("the lake could not be asked at the start: %s", type(error).__name__)
    Thread(target=_remember, name="warming", daemon=True).start()
    log.info("ready after %.1f s", perf_counter() - begun)


def _templates() -> list[str]:
    found = set[str]()
    for backend in engines.all():
        if isinstance(backend, DjangoTemplates):
            for folder in map(Path, backend.template_dirs):
                found |= {str(place.relative_to(folder)) for place in folder.rglob("*.html")}
    return sorted(found)


def _ask() -> None:
    pa.table({"id": ["x"]}).to_pylist()
    last_arrival(lake(), NO_SURVEY)
    survey_newcomers(lake(), NO_SURVEY, 0, {NO_SURVEY})


def _remember() -> None:
    try:
        for survey in Survey.objects.filter(is_anonymous=True, state=Survey.State.OPEN)[: remembered.MOST]:
            remembered.told(lake(), survey)
    except Exception as error:
        log.warning("anonymous surveys could not be reckoned at the start: %s", type(error).__name__)
    finally:
        close_old_connections()
