"""What do later stages know of a voice, to be shown on its page? They register it; feedback knows none of them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from huixiang.lake.questions import Voice

Panel = Callable[[HttpRequest, Voice], str]
PANELS: list[Panel] = []


def panel(function: Panel) -> Panel:
    """Register what makes a part of the page: `f(request, voice)` returns safe HTML, "" where it has nothing to say.

    The module must be imported by its app's `AppConfig.ready`, as for jobs.
    """
    PANELS.append(function)
    return function


def shown(request: HttpRequest, voice: Voice) -> list[str]:
    return [told for each in PANELS if (told := each(request, voice))]
