"""What was wrong, in the reader's language? A fault's Chinese message is its key in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from huixiang.apps.feedback.interpreter import masked_value
from huixiang.channels.contract import Fault

HIDDEN = "…"
LONGEST = 200  # characters of what a sentence quotes


def told(message: str, params: Mapping[str, object]) -> str:
    """The translated sentence; should a translation name a placeholder that is not there, the Chinese one."""
    try:
        return _(message) % params
    except (KeyError, ValueError):
        return message % params


def kept(fault: Fault) -> dict[str, object]:
    """The fault's particulars, masked: the cell it quotes may hold a customer's number."""
    return {
        name: value if isinstance(value, int | float) else masked_value("", str(value))[:LONGEST]
        for name, value in fault.params.items()
    }


def kept_open(fault: Fault) -> dict[str, object]:
    """The particulars that may stand beside a sealed row: of the cells not even what masking would leave."""
    return {name: value if _is_ours(name, value) else HIDDEN for name, value in kept(fault).items()}


def sealable(fault: Fault) -> dict[str, object]:
    """All particulars, to be sealed with their row."""
    return {name: value if isinstance(value, int | float) else str(value) for name, value in fault.params.items()}


def _is_ours(name: str, value: object) -> bool:
    return isinstance(value, int | float) or name in {"column", "near"}  # near: codes of the bank's own units


def told_fault(fault: Fault) -> str:
    return told(fault.message, fault.params)


def told_masked(fault: Fault) -> str:
    return told(fault.message, kept(fault))
