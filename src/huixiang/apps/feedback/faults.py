"""What was wrong, in the reader's language? A fault's Chinese message is its key in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Import
from huixiang.channels.contract import Fault

__all__ = ["calling", "kept", "told", "told_fault"]


def kept(fault: Fault) -> dict[str, object]:
    """The fault's particulars, fit for storage: the cell it quotes may hold a customer's number."""
    return {name: _kept(value) for name, value in fault.params.items()}


def _kept(value: object) -> object:
    if isinstance(value, Fault):
        return {"message": value.message, "params": kept(value)}
    return value if isinstance(value, int | float) else masked_value("", str(value)[:200])


@contextmanager
def calling(imported: Import) -> Iterator[None]:
    """What goes wrong inside is told with the name that the person gave the file, not with that of its place."""
    try:
        yield
    except Fault as fault:
        if fault.params.get("name") != Path(imported.path).name:
            raise
        raise Fault(fault.message, **fault.params | {"name": imported.file_name}) from None  # type: ignore[arg-type]
