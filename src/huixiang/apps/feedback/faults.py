"""What was wrong, in the reader's language? A fault's Chinese message is its key in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Import
from huixiang.channels.contract import Fault

__all__ = ["calling", "kept", "kept_open", "masked", "sealable", "told", "told_fault", "told_masked", "veiled"]

HIDDEN = "…"
# near: codes of the bank's own units, words of ours; kind: of an error in our own code; low, high: of the mapping's
# scale; why: a sentence of ours that quotes nothing
OURS = {"column", "near", "kind", "low", "high", "why"}
LONGEST = 200  # characters of what a sentence quotes


def kept(fault: Fault) -> dict[str, object]:
    """The fault's particulars, masked: the cell it quotes may hold a customer's number."""
    return {name: _kept(value) for name, value in fault.params.items()}


def _kept(value: object) -> object:
    if isinstance(value, Fault):
        return {"message": value.message, "params": kept(value)}
    return value if isinstance(value, int | float) else masked_value("", str(value))[:LONGEST]


def masked(fault: Fault) -> Fault:
    """The same fault with masked particulars; a fault within it stays one, and is told in its reader's language."""
    params = {name: masked(v) if isinstance(v, Fault) else _kept(v) for name, v in fault.params.items()}
    return Fault(fault.message, **params)  # type: ignore[arg-type]  # the column is among them


def kept_open(fault: Fault) -> dict[str, object]:
    """The particulars that may stand beside a sealed row: of the cells not even what masking would leave."""
    return {name: value if _is_ours(name, value) else HIDDEN for name, value in kept(fault).items()}


def veiled(fault: Fault) -> Fault:
    """The fault without what it quotes."""
    return Fault(fault.message, column=fault.column, **_without_column(kept_open(fault)))


def sealable(fault: Fault) -> dict[str, object]:
    """All particulars, to be sealed with their row."""
    return {name: value if isinstance(value, int | float) else str(value) for name, value in fault.params.items()}


def _is_ours(name: str, value: object) -> bool:
    return isinstance(value, int | float) or name in OURS


def _without_column(params: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in params.items() if name != "column"}


def told_masked(fault: Fault) -> str:
    return told(fault.message, kept(fault))


@contextmanager
def calling(imported: Import) -> Iterator[None]:
    """What goes wrong inside is told with the name that the person gave the file, not with that of its place."""
    try:
        yield
    except Fault as fault:
        if fault.params.get("name") != Path(imported.path).name:
            raise
        raise Fault(fault.message, **fault.params | {"name": imported.file_name}) from None  # type: ignore[arg-type]
