"""Which limits must a standard keep? Later stages, which know the law of their field, register what they object to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from huixiang.channels.contract import Fault
from huixiang.domain.standards.values import Standard

Objects = Callable[[Standard], Iterable[Fault]]
_OBJECTS: list[Objects] = []


def objects(function: Objects) -> Objects:
    """Register what a stage has against a standard, such as a target later than the law allows."""
    _OBJECTS.append(function)
    return function


def objections(standard: Standard) -> list[Fault]:
    return [fault for each in _OBJECTS for fault in each(standard)]
