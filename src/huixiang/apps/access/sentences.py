"""How is a sentence kept, so that each reader finds it in his own language? As its message and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from huixiang.channels.contract import Fault

_LISTS = {"near", "columns", "known", "choices", "keys", "sheets", "names", "missing", "given"}  # joined by "、"


class Sentence(NamedTuple):
    """A Chinese message, the key of the catalogue, with the values of its placeholders: fit for a JSON column."""

    message: str
    params: dict[str, object]


class _Number(int):
    """33,788 where a sentence says %s of it."""

    def __str__(self) -> str:
        return str(number_format(int(self)))


def told(message: str, params: Mapping[str, object]) -> str:
    """The sentence in the reader's language; should a translation not fit its values, the Chinese one."""
    values = {name: _value(name, value) for name, value in params.items()}
    for sentence in (_(message), message):
        try:
            return sentence % values
        except (KeyError, ValueError, TypeError):
            continue
    return message


def bracketed(name: object, note: object) -> str:
    """林一（1001）."""
    return _("%(name)s（%(note)s）") % {"name": name, "note": note}


def told_fault(fault: Fault) -> str:
    return told(fault.message, fault.params)


def _value(name: str, value: object) -> object:
    """A sentence may stand in a sentence: the reason why a file was refused."""
    if name in _LISTS:
        return str(value).replace("、", _("、"))
    if isinstance(value, Fault):
        return told_fault(value)
    if isinstance(value, Mapping):
        return told(str(value["message"]), value["params"])
    return _Number(value) if isinstance(value, int) and not isinstance(value, bool) else value
