"""What was wrong, in the reader's language? A fault's Chinese message is its key in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from huixiang.apps.feedback.interpreter import masked_value
from huixiang.channels.contract import Fault


def told(message: str, params: Mapping[str, object]) -> str:
    """The translated sentence; should a translation name a placeholder that is not there, the Chinese one."""
    try:
        return _(message) % params
    except (KeyError, ValueError):
        return message % params


def kept(fault: Fault) -> dict[str, object]:
    """The fault's particulars, fit for storage: the cell it quotes may hold a customer's number."""
    return {
        name: value if isinstance(value, int | float) else masked_value("", str(value)[:200])
        for name, value in fault.params.items()
    }


def told_fault(fault: Fault) -> str:
    return told(fault.message, fault.params)
