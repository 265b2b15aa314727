"""What was wrong, in the reader's language? A fault's Chinese message is its key in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from huixiang.channels.contract import Fault


def told(message: str, params: Mapping[str, object]) -> str:
    """The translated sentence; should a translation name a placeholder that is not there, the Chinese one."""
    try:
        return _(message) % params
    except (KeyError, ValueError):
        return message % params


def told_fault(fault: Fault) -> str:
    return told(fault.message, fault.params)
