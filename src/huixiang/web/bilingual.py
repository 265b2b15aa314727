"""In which language does the command line speak? In both, Chinese first: a terminal tells not who reads it.

It reads the catalogue by itself, since `huixiang understand` runs without Django's settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from huixiang.channels.contract import Fault

LOCALE = Path(__file__).with_name("locale")


def both(message: str, params: Mapping[str, object] | None = None) -> str:
    """A message of the catalogue with its values, in Chinese and then, on a line of its own, in English."""
    chinese, english = _told(str, message, params or {}), _told(_english().gettext, message, params or {})
    return chinese if chinese == english else f"{chinese}\n{english}"


def both_of(fault: Fault) -> str:
    return both(fault.message, fault.params)


@cache
def _english() -> NullTranslations:
    return translation("django", LOCALE, ["en"], fallback=True)


def _told(translate: Callable[[str], str], message: str, params: Mapping[str, object]) -> str:
    values = {name: _value(translate, value) for name, value in params.items()}
    for sentence in (translate(message), message):
        try:
            return sentence % values
        except (KeyError, ValueError, TypeError):
            continue
    return message


def _value(translate: Callable[[str], str], value: object) -> object:
    if isinstance(value, Fault):
        return _told(translate, value.message, value.params)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value
